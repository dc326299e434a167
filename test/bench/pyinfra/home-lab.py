"""What playbooks/home-lab.yml makes of the hosts, and its proof, for pyinfra, as ../ansible/home-lab.yml is for Ansible: as
sparingly as possible, with the same templates and certificates. It is measured on hosts where nothing is to be done."""
import os

from pyinfra import host, inventory
from pyinfra.operations import apt, files, server, systemd

work, proof = os.environ["BENCH_WORK"], os.environ["BENCH_PROOF"]
ansible = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../ansible")
tls = "/etc/rsyslog.d/provision-tls"
is_server = "log_server" in host.groups
clients = sorted(client.name for client in inventory.get_group("log_clients"))
certificates = f"{work}/certificates/{host.name}"
with open(f"{certificates}/version.yml") as version_file:
    version = version_file.read().split()[1]
own = f"{tls}/own/{version}"
plain = {"user": "root", "group": "root", "mode": "644"}

made = [apt.packages(packages=["rsyslog", "rsyslog-openssl", "openssl"])]
made += [files.directory(path=path, user="root", group="root", mode="755") for path in (tls, own)]
made += [
    files.put(src=f"{certificates}/fullchain.pem", dest=f"{own}/fullchain.pem", **plain),
    files.put(src=f"{certificates}/privkey.pem", dest=f"{own}/privkey.pem", user="root", group="root", mode="600"),
    files.link(path=f"{tls}/own/current", target=version),
]
if is_server:
    made += [
        files.put(src=f"{work}/ca/ca.pem", dest=f"{tls}/client-ca.pem", **plain),
        files.directory(path="/var/log/remote", user="root", group="adm", mode="750"),
    ]
else:
    made += [
        files.put(src=f"{work}/authority/root.pem", dest=f"{tls}/server-ca.pem", **plain),
        files.put(
            src=f"{ansible}/files/zz-provision-rsyslog.conf",
            dest="/etc/systemd/journald.conf.d/zz-provision-rsyslog.conf",
            **plain,
        ),
        files.put(
            src=f"{ansible}/files/05-provision-journal.conf", dest="/etc/rsyslog.d/05-provision-journal.conf", **plain
        ),
        files.replace(
            path="/etc/rsyslog.conf",
            text=r'^module(load="im\(uxsock\|klog\)".*$',
            replace="#provision, the journal is read instead: &",
        ),
    ]
kind = "server" if is_server else "client"
made += [
    files.template(
        src=f"{ansible}/templates/{kind}.conf.j2",
        dest=f"/etc/rsyslog.d/10-provision-tls-{kind}.conf",
        tls=tls,
        log_server_name="logs.lab",
        groups={"log_clients": clients},
        **plain,
    )
]


def changed():
    return any(operation.changed for operation in made)


systemd.service(service="systemd-journald", restarted=True, _if=[changed])
systemd.service(service="rsyslog", restarted=True, enabled=True, _if=[changed])
systemd.service(service="rsyslog", running=True, enabled=True)

if not is_server:
    server.shell(name="Every client logs a line", commands=[f"logger -t bench {proof}"])
if is_server:
    server.shell(
        name="Every line arrives",
        commands=[
            f"timeout 20 sh -c 'until grep -qs {proof} /var/log/remote/{client}/syslog.log; do sleep 0.05; done'"
            for client in clients
        ],
    )
