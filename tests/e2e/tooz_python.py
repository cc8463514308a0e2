"""Python's tooz beside ours: tooz_python.py URL COMMAND..., one line for each event.

  join GROUP MEMBER CAPABILITIES   creates the group if need be, joins, leaves at SIGTERM
  members GROUP                    {"member": capabilities, ...}
  groups                           [...]
  hold NAME | wait NAME            held or refused; released at SIGTERM
  take NAME                        breaks the lock: broken
  contend NAME FOLDER TURNS        counts up a file under a lock, rests, again
  ring GROUP FIRST LAST            the owners of the keys key-FIRST ... key-LAST, KEY<TAB>MEMBER each
"""
import json
import os
import random
import signal
import sys
import threading

import etcd3gw.client

# Debian's tooz 3.1.0 calls the function that etcd3gw 2.0.0 offers with what only its class takes.
etcd3gw.client = sys.modules['etcd3gw.client'].Etcd3Client

from tooz import coordination  # noqa: E402
from tooz import hashring  # noqa: E402

ended = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: ended.set())


def say(text):
    print(text, flush=True)


def wait_for_end():
    while not ended.wait(0.05):
        pass


def members_of(coordinator, group):
    return {m.decode(): coordinator.get_member_capabilities(group.encode(), m).get()
            for m in coordinator.get_members(group.encode()).get()}


def join(coordinator, group, _, capabilities):
    coordinator.join_group_create(group.encode(), json.loads(capabilities))
    say('joined')
    wait_for_end()


def members(coordinator, group):
    say(json.dumps(members_of(coordinator, group), sort_keys=True))


def groups(coordinator):
    say(json.dumps(sorted(g.decode() for g in coordinator.get_groups().get())))


def hold(coordinator, name, blocking=False):
    lock = coordinator.get_lock(name.encode())
    if not lock.acquire(blocking=blocking):
        say('refused')
        return
    say('held')
    wait_for_end()
    say('released' if lock.release() else 'was not ours')


def wait(coordinator, name):
    hold(coordinator, name, True)


def take(coordinator, name):
    say('broken' if coordinator.get_lock(name.encode()).break_() else 'nobody held it')


def take_turn(folder):
    busy = os.path.join(folder, 'busy')
    try:
        os.close(os.open(busy, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return False
    path = os.path.join(folder, 'count')
    with open(path) as f:
        count = int(f.read())
    ended.wait(0.002)
    with open(path, 'w') as f:
        f.write(f'{count + 1}\n')
    os.unlink(busy)
    return True


def contend(coordinator, name, folder, turns):
    lock = coordinator.get_lock(name.encode())
    for _ in range(int(turns)):
        with lock:
            if not take_turn(folder):
                say('two at once')
                sys.exit(1)
        say('turn')
        ended.wait(random.uniform(0.2, 0.4))
    say('done')


def ring(coordinator, group, first, last):
    nodes = hashring.HashRing([])
    for member, capabilities in members_of(coordinator, group).items():
        nodes.add_node(member.encode(), weight=capabilities.get('weight', 1))
    for i in range(int(first), int(last) + 1):
        owner, = nodes.get_nodes(f'key-{i}'.encode())
        say(f'key-{i}\t{owner.decode()}')


def main():
    url, command, *words = sys.argv[1:]
    member = words[1] if command == 'join' else f'python-{os.getpid()}'
    coordinator = coordination.get_coordinator(url, member.encode())
    # Who only asks needs no heart, which takes its time to end.
    coordinator.start(start_heart=command in ('join', 'hold', 'wait', 'contend'))
    try:
        globals()[command](coordinator, *words)
    finally:
        coordinator.stop()


main()
