import os

log_server = ["h1"]
log_clients = [f"h{number}" for number in range(2, int(os.environ["BENCH_HOSTS"]) + 1)]
