"""What the tests of the application share: a configuration, the application of the build whose folder
is the first argument, and how it is asked."""
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap

BUILD = pathlib.Path(sys.argv.pop(1)).resolve()
PYTHON = BUILD / 'python'
SCRIPT = BUILD / 'bin/ironic-inspector-api-wsgi'
CONFIG = '''[DEFAULT]
standalone = False
auth_strategy = noauth
default_log_levels = api=WARNING
{more}
[ironic]
auth_type = none
endpoint_override = http://127.0.0.1:1
[database]
connection = {database}
[coordination]
backend_url = file://{folder}/coordination
[healthcheck]
enabled = true
[pxe_filter]
driver = noop
'''

folder = tempfile.TemporaryDirectory()
path = pathlib.Path(folder.name)


def write_config(name, database=None, more=''):
    file = path / name
    file.write_text(CONFIG.format(folder=path, more=more, database=database or f'sqlite:///{path}/db'))
    return str(file)


FILE = write_config('inspector.conf')
subprocess.run([BUILD / 'bin/ironic-inspector-dbsync', '--config-file', FILE, 'upgrade'],
               check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
sys.path.insert(0, str(PYTHON))
os.environ['IRONIC_INSPECTOR_CONFIG_FILES'] = FILE
os.environ.pop('IRONIC_INSPECTOR_CONFIG_DIRS', None)
from ironic_inspector import native  # noqa: E402
from ironic_inspector.wsgi import application  # noqa: E402


class Answer:
    def __init__(self, status, headers, body):
        self.code = int(status.split()[0])
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def json(self):
        return json.loads(self.body)

    def text(self):
        return f"{self.code} {self.json()['error']['message']}"


def environ_of(method='GET', target='/', body=b'', **more):
    at, _, query = target.partition('?')
    environ = {
        'REQUEST_METHOD': method, 'SCRIPT_NAME': '', 'PATH_INFO': at, 'QUERY_STRING': query,
        'SERVER_NAME': 'inspector.example', 'SERVER_PORT': '5050', 'SERVER_PROTOCOL': 'HTTP/1.1',
        'REMOTE_ADDR': '192.0.2.7', 'wsgi.version': (1, 0), 'wsgi.url_scheme': 'http',
        'wsgi.input': io.BytesIO(body), 'wsgi.errors': sys.stderr, 'wsgi.multithread': True,
        'wsgi.multiprocess': True, 'wsgi.run_once': False}
    if body:
        environ['CONTENT_LENGTH'] = str(len(body))
    environ.update(more)
    return {key: value for key, value in environ.items() if value is not None}


def ask(*arguments, to=application, **more):
    seen = []
    parts = to(environ_of(*arguments, **more), lambda status, headers: seen.append((status, headers)))
    body = b''.join(parts)
    if hasattr(parts, 'close'):
        parts.close()
    return Answer(*seen[0], body)


def run_python(code, **environment):
    """Its exit code and all it wrote."""
    done = subprocess.run([sys.executable, '-B', '-c', textwrap.dedent(code)], timeout=120, text=True,
                          env={**os.environ, 'PYTHONPATH': str(PYTHON), **environment},
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


RULE = b'{"conditions": [], "actions": [{"action": "fail", "message": "no"}]}'
