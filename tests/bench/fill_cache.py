#!/usr/bin/env python3
"""Fills the node cache with the machines of ironic-sim: fill_cache.py DATABASE-FILE NODES

Every tenth waits for its report, the others are finished and their data is kept.
"""
import sqlite3
import sys
import time
import uuid


def main(file, count):
    now = time.strftime('%Y-%m-%d %H:%M:%S.000000', time.gmtime())
    nodes, attributes, data = [], [], []
    for i in range(count):
        node = f'5a1a0000-0000-4000-8000-{i:012x}'
        if i % 10 == 0:
            nodes.append((node, 'waiting', now, None))
            attributes.append((str(uuid.uuid4()), node, 'bmc_address', f'198.18.{i // 256 % 256}.{i % 256}'))
            attributes.append((str(uuid.uuid4()), node, 'mac', '52:54:00:%02x:%02x:01' % (i // 256 % 256, i % 256)))
        else:
            nodes.append((node, 'finished', now, now))
            data += [(node, processed, '{"inventory": "%s"}' % ('x' * 2500)) for processed in (0, 1)]
    database = sqlite3.connect(file)
    with database:
        database.executemany('INSERT INTO nodes (uuid, state, started_at, finished_at, manage_boot) '
                             'VALUES (?, ?, ?, ?, 1)', nodes)
        database.executemany('INSERT INTO attributes (uuid, node_uuid, name, value) VALUES (?, ?, ?, ?)', attributes)
        database.executemany('INSERT INTO introspection_data (uuid, processed, data) VALUES (?, ?, ?)', data)
    database.close()


if __name__ == '__main__':
    main(sys.argv[1], int(sys.argv[2]))
