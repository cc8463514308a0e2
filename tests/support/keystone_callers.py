"""Fills a fresh Keystone with roles, callers and endpoints, and prints each caller's token.

usage: keystone_callers.py KEYSTONE_URL BAREMETAL_URL [TYPE=URL...]
"""
import json
import sys
import urllib.request

KEYSTONE, BAREMETAL, *MORE = sys.argv[1:]
PASSWORD = "secret"
DEFAULT = {"id": "default"}


def call(method, path, body=None, token=None):
    request = urllib.request.Request(
        KEYSTONE + path, method=method, data=json.dumps(body).encode() if body else None,
        headers={"Content-Type": "application/json", **({"X-Auth-Token": token} if token else {})})
    with urllib.request.urlopen(request, timeout=50) as answer:
        text = answer.read()
        return answer.headers, json.loads(text) if text else None


def token_of(user, scope):
    identity = {"methods": ["password"], "password": {
        "user": {"name": user, "domain": DEFAULT, "password": PASSWORD}}}
    body = {"auth": {"identity": identity, "scope": scope}}
    return call("POST", "/auth/tokens", body)[0]["X-Subject-Token"]


PROJECT = {"project": {"name": "service", "domain": DEFAULT}}
SYSTEM = {"system": {"all": True}}
ADMIN = token_of("admin", {"project": {"name": "admin", "domain": DEFAULT}})


def make(kind, **fields):
    return call("POST", f"/{kind}s", {kind: fields}, ADMIN)[1][kind]["id"]


def role_id(name):
    found = call("GET", f"/roles?name={name}", token=ADMIN)[1]["roles"]
    return found[0]["id"] if found else make("role", name=name)


def make_user(name, role, system=False):
    user = make("user", name=name, password=PASSWORD, domain_id="default")
    if role:
        place = "/system" if system else f"/projects/{PROJECT_ID}"
        call("PUT", f"{place}/users/{user}/roles/{role_id(role)}", token=ADMIN)


PROJECT_ID = make("project", name="service", domain_id="default")
SERVICES = {"baremetal": BAREMETAL, **dict(each.split("=", 1) for each in MORE)}
for kind, url in SERVICES.items():
    service = make("service", type=kind, name=kind)
    for interface in ("public", "internal"):
        make("endpoint", service_id=service, interface=interface, url=url, region_id="RegionOne")
make_user("inspector", "service")
make_user("ironic", "admin")

CALLERS = [("unscoped", None, None), ("member", "member", PROJECT), ("reader", "reader", PROJECT),
           ("bm_observer", "baremetal_observer", PROJECT), ("bm_admin", "baremetal_admin", PROJECT),
           ("caller_admin", "admin", PROJECT), ("service", "service", PROJECT),
           ("sys-reader", "reader", SYSTEM), ("sys-admin", "admin", SYSTEM)]
for caller, role, scope in CALLERS:
    make_user(caller, role, scope is SYSTEM)
    print(caller.removeprefix("caller_"), token_of(caller, scope or "unscoped"))
