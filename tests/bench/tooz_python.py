"""How often Python's tooz takes and gives back a lock in a second: tooz_python.py URL SECONDS."""
import sys
import time

import etcd3gw.client

# Debian's tooz 3.1.0 calls the function that etcd3gw 2.0.0 offers with what only its class takes.
etcd3gw.client = sys.modules['etcd3gw.client'].Etcd3Client

from tooz import coordination  # noqa: E402

url, seconds = sys.argv[1], float(sys.argv[2])
coordinator = coordination.get_coordinator(url, b'bench-python')
coordinator.start()
lock = coordinator.get_lock(b'bench-python')
number = -1  # the first one opens the connection
begin = time.monotonic()
while number < 0 or time.monotonic() < begin + seconds:
    if not lock.acquire(blocking=False):
        sys.exit('somebody else has the lock')
    lock.release()
    number += 1
    if number == 0:
        begin = time.monotonic()
print(number / (time.monotonic() - begin))
coordinator.stop()
