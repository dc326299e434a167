"""wire.py NUMBER MS NAMESPACE ADDRESS: a cable that delays, for kernels without `tc netem`.

Joins two tap devices, v<NUMBER> on the bridge and eth0 in the host; every frame is held MS milliseconds each way.
"""
import fcntl
import heapq
import os
import select
import struct
import subprocess
import sys
import time

TUNSETIFF, TAP, NO_PI = 0x400454CA, 0x0002, 0x1000


def tap(name):
    end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(end, TUNSETIFF, struct.pack("16sH", name.encode(), TAP | NO_PI))
    return end


def ip(*words):
    subprocess.run(["ip", *words], check=True)


def connect(number, namespace, address):
    outer, inner = tap(f"v{number}"), tap(f"e{number}")
    ip("link", "set", f"v{number}", "master", "br0", "up")
    ip("link", "set", f"e{number}", "netns", namespace)
    # the address of the cable before, so that nobody's ARP cache is wrong
    ip("-n", namespace, "link", "set", f"e{number}", "name", "eth0", "address", f"02:00:00:00:00:{number:02x}")
    ip("-n", namespace, "addr", "add", address, "dev", "eth0")
    ip("-n", namespace, "link", "set", "eth0", "up")
    return outer, inner


def carry(outer, inner, delay):
    other = {outer: inner, inner: outer}
    held, count = [], 0
    while True:
        wait = max(0, held[0][0] - time.monotonic()) if held else None
        for end in select.select([outer, inner], [], [], wait)[0]:
            try:
                while True:
                    frame = os.read(end, 65536)
                    count += 1
                    heapq.heappush(held, (time.monotonic() + delay, count, other[end], frame))
            except BlockingIOError:
                pass
        while held and held[0][0] <= time.monotonic():
            _, _, end, frame = heapq.heappop(held)
            try:
                os.write(end, frame)
            except OSError:
                pass  # that end is down: the frame is lost


ends = connect(int(sys.argv[1]), sys.argv[3], sys.argv[4])
print("ready", flush=True)
carry(*ends, float(sys.argv[2]) / 1000)
