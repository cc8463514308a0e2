"""openstacksdk's baremetal_introspection against an inspector: each call that it has.

usage: sdk_calls.py INSPECTOR_URL NODE NODE_THAT_NEVER_BOOTS

The first node's ramdisk posts by itself. Prints one line per call; ends with an error otherwise.
"""
import sys

import openstack
from openstack import exceptions

URL, NODE, SILENT = sys.argv[1:]
connection = openstack.connect(
    load_yaml_config=False, load_envvars=False, auth_type="none", endpoint=URL,
    baremetal_introspection_endpoint_override=URL)
proxy = connection.baremetal_introspection


def expect(what, seen, wanted):
    if seen != wanted:
        raise SystemExit(f"{what}: {seen!r} instead of {wanted!r}")
    print(what)


started = proxy.start_introspection(NODE)
expect("start", started.id, NODE)
proxy.start_introspection(SILENT, manage_boot=False)
finished = proxy.wait_for_introspection(NODE, timeout=60)
expect("wait", (finished.is_finished, finished.error), (True, None))
seen = proxy.get_introspection(NODE)
expect("get", (seen.id, seen.is_finished, seen.state), (NODE, True, "finished"))
expect("list", {each.id for each in proxy.introspections()}, {NODE, SILENT})
data = proxy.get_introspection_data(NODE)
expect("data", "macs" in data, True)
posted = proxy.get_introspection_data(NODE, processed=False)
expect("unprocessed data", ("macs" in posted, "inventory" in posted), (False, True))
proxy.abort_introspection(SILENT)
try:
    proxy.wait_for_introspection(SILENT, timeout=60)
    raise SystemExit("an aborted introspection does not fail")
except exceptions.ResourceFailure as error:
    expect("abort", "Canceled by operator" in str(error), True)
ignored = proxy.wait_for_introspection(SILENT, timeout=60, ignore_error=True)
expect("aborted", ignored.error, "Canceled by operator")
try:
    proxy.get_introspection("99999999-0000-4000-8000-000000000000")
    raise SystemExit("what nobody knows is found")
except exceptions.ResourceNotFound as error:
    expect("not found", "in cache" in str(error), True)
