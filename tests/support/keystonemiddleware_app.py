"""Behind keystonemiddleware's auth_token, once for each strategy of its cache: prints what each
token gets.

usage: keystonemiddleware_app.py KEYSTONE_URL MEMCACHED TOKEN...
"""
import logging
import sys

import webob
from keystonemiddleware import auth_token

logging.disable()
KEYSTONE, MEMCACHED, *TOKENS = sys.argv[1:]


@webob.dec.wsgify
def who(request):
    return request.headers["X-User-Name"]


def ask(strategy, token):
    app = auth_token.AuthProtocol(who, {
        "auth_type": "password", "auth_url": KEYSTONE, "www_authenticate_uri": KEYSTONE,
        "username": "inspector", "password": "secret", "user_domain_name": "Default",
        "project_name": "service", "project_domain_name": "Default",
        "http_connect_timeout": "60", "http_request_max_retries": "0",
        "memcached_servers": MEMCACHED, "memcache_security_strategy": strategy,
        "memcache_secret_key": "s3cret"})
    answer = webob.Request.blank("/", headers={"X-Auth-Token": token}).get_response(app)
    return answer.text if answer.status_int == 200 else answer.status_int


for strategy in "None", "MAC", "ENCRYPT":
    print(strategy, *[ask(strategy, token) for token in TOKENS])
