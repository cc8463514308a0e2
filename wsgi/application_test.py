#!/usr/bin/python3
"""The application as a container would use it, without a container: application_test.py BUILD_DIR"""
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import textwrap
import threading
import unittest
from wsgiref.validate import validator

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


class Requests(unittest.TestCase):
    def test_it_answers_as_pep_3333_says(self):
        checked = validator(application)
        answer = ask(to=checked)
        self.assertEqual(answer.status, '200 OK')
        self.assertEqual(answer.header('Content-Length'), [str(len(answer.body))])
        self.assertEqual(answer.header('X-OpenStack-Ironic-Inspector-API-Maximum-Version'), ['1.18'])
        self.assertEqual(ask('GET', '/v1/nothing', to=checked).status, '404 NOT FOUND')

    def test_head_is_answered_without_a_body_and_with_its_length(self):
        got, head = ask(), ask('HEAD')
        self.assertEqual((head.status, head.body), (got.status, b''))
        self.assertEqual(head.headers, got.headers)

    def test_an_answer_without_content_has_no_length(self):
        self.assertEqual(ask('POST', '/v1/rules', RULE).code, 201)
        answer = ask('DELETE', '/v1/rules')
        self.assertEqual((answer.status, answer.body), ('204 NO CONTENT', b''))
        self.assertEqual(answer.header('Content-Length'), [])

    def test_the_path_is_decoded_by_the_container_and_the_query_is_not(self):
        self.assertEqual(ask('GET', '/v1/rules/a b%41?\xc3\xa9').text(), '404 Rule a b%41 was not found')
        self.assertEqual(ask('GET', '/v1/introspection', QUERY_STRING='limit=%30').code, 200)
        self.assertEqual(ask('GET', '/v1/introspection', QUERY_STRING='limit=%GG').code, 400)
        self.assertEqual(ask('GET', '/v1/introspection/\xff').code, 400)
        self.assertEqual(ask('GET', '').code, 200)

    def test_links_name_host_scheme_and_mount(self):
        def link(**more):
            return ask(**more).json()['versions'][0]['links'][0]['href']
        self.assertEqual(link(), 'http://inspector.example:5050/v1')
        self.assertEqual(link(HTTP_HOST='a.example', SCRIPT_NAME='/bare metal'),
                         'http://a.example/bare%20metal/v1')
        self.assertEqual(link(SERVER_NAME='::1', **{'wsgi.url_scheme': 'https'}), 'https://[::1]:5050/v1')
        self.assertEqual(link(HTTP_HOST='a', SCRIPT_NAME='/b', HTTP_X_FORWARDED_PREFIX='/c'), 'http://a/c/v1')
        rule = ask('POST', '/v1/rules', RULE, SCRIPT_NAME='/b').json()
        self.assertEqual(rule['links'][0]['href'], f"/b/v1/rules/{rule['uuid']}")

    def test_headers_arrive(self):
        self.assertEqual(ask('GET', '/v1', HTTP_X_OPENSTACK_IRONIC_INSPECTOR_API_VERSION='9.9').code, 406)
        self.assertEqual(ask('GET', '/healthcheck', HTTP_ACCEPT='application/json').header('Content-Type'),
                         ['application/json; charset=UTF-8'])

    def test_what_is_no_environ_is_a_type_error(self):
        self.assertRaises(TypeError, application, [], lambda *_: None)
        self.assertRaises(TypeError, ask, PATH_INFO=b'/')
        self.assertRaises(TypeError, application)


class Bodies(unittest.TestCase):
    def post(self, body=RULE, **more):
        return ask('POST', '/v1/rules', body, **more)

    def test_a_body_without_a_length_is_read_to_its_end_where_the_container_ends_it(self):
        chunked = {'CONTENT_LENGTH': None, 'HTTP_TRANSFER_ENCODING': 'chunked'}
        self.assertEqual(self.post(**chunked, **{'wsgi.input_terminated': True}).code, 201)
        self.assertEqual(self.post(**chunked, **{'mod_wsgi.input_chunked': '1'}).code, 201)
        self.assertEqual(self.post(**chunked).code, 411)
        self.assertEqual(self.post(HTTP_TRANSFER_ENCODING='chunked').code, 400)

    def test_a_container_may_have_a_function_for_chunks(self):
        chunks = iter([RULE[:10], RULE[10:], b''])
        of_uwsgi = native.Application([FILE], [], lambda: next(chunks))
        answer = ask('POST', '/v1/rules', b'', to=of_uwsgi, HTTP_TRANSFER_ENCODING='chunked')
        self.assertEqual(answer.code, 201)

    def test_a_body_that_does_not_arrive_changes_nothing(self):
        before = len(ask('GET', '/v1/rules').json()['rules'])
        self.assertEqual(self.post(CONTENT_LENGTH='1000').text(), '400 The body of the request did not arrive')

        class Broken:
            def read(self, size):
                raise OSError('the client has gone')
        self.assertEqual(self.post(**{'wsgi.input': Broken()}).code, 400)
        self.assertEqual(len(ask('GET', '/v1/rules').json()['rules']), before)

    def test_what_ends_the_worker_is_passed_on(self):
        class Ending:
            def read(self, size):
                raise SystemExit(3)
        with self.assertRaises(SystemExit):
            self.post(**{'wsgi.input': Ending()})

    def test_lengths_that_are_none_and_inputs_that_lie_are_refused(self):
        for length in ('-1', '1x', ' 5', '99999999999999999999'):
            self.assertEqual(self.post(CONTENT_LENGTH=length).code, 400, length)

        class Longer:
            def read(self, size):
                return RULE + b' ' * size
        self.assertEqual(self.post(**{'wsgi.input': Longer()}).code, 400)

        class Text:
            def read(self, size):
                return 'text'
        self.assertRaises(TypeError, self.post, **{'wsgi.input': Text()})

    def test_a_body_that_is_too_large_is_not_read(self):
        class Unread:
            def read(self, size):
                raise AssertionError('read')
        refused = self.post(CONTENT_LENGTH=str(64 * 1024 * 1024 + 1), **{'wsgi.input': Unread()})
        self.assertEqual(refused.text(), '413 The body of the request is too large')

        class Endless:
            given = 0

            def read(self, size):
                self.given += size
                return b' ' * size
        endless = Endless()
        self.assertEqual(self.post(CONTENT_LENGTH=None, HTTP_TRANSFER_ENCODING='chunked',
                                   **{'wsgi.input': endless, 'wsgi.input_terminated': True}).code, 413)
        self.assertLess(endless.given, 65 * 1024 * 1024)


class Loading(unittest.TestCase):
    def loaded(self, **environment):
        return run_python('import ironic_inspector.wsgi', **environment)

    def test_a_missing_file_fails_with_its_name(self):
        code, output = self.loaded(IRONIC_INSPECTOR_CONFIG_FILES=f'{FILE}:{path}/absent.conf')
        self.assertEqual(code, 1)
        self.assertIn(f'RuntimeError: cannot read configuration file {path}/absent.conf\n', output)

    def test_the_wrong_mode_fails_with_upstreams_text(self):
        (path / 'standalone.conf').write_text('[DEFAULT]\nstandalone = True\n')
        code, output = self.loaded(IRONIC_INSPECTOR_CONFIG_FILES=f'{path}/standalone.conf')
        self.assertEqual(code, 1)
        self.assertTrue(output.endswith('RuntimeError: To run ironic-inspector-api, [DEFAULT]standalone '
                                        'should be set to False.\n'), output)

    def test_a_missing_file_of_users_or_a_bad_url_fails(self):
        users = write_config('users.conf', more=f'http_basic_auth_user_file = {path}/absent\n'
                             ).replace('noauth', 'http_basic')
        pathlib.Path(users).write_text(pathlib.Path(users).read_text().replace('noauth', 'http_basic'))
        code, output = self.loaded(IRONIC_INSPECTOR_CONFIG_FILES=users)
        self.assertEqual(code, 1)
        self.assertIn(f'{path}/absent', output)
        code, output = self.loaded(IRONIC_INSPECTOR_CONFIG_FILES=write_config('url.conf', 'oracle://x'))
        self.assertEqual(code, 1)
        self.assertIn('RuntimeError: ', output)

    def test_directories_are_read_and_defaults_are_searched(self):
        directory = path / 'conf.d'
        directory.mkdir()
        (directory / 'a.conf').write_text('[DEFAULT]\nstandalone = True\n')
        code, output = self.loaded(IRONIC_INSPECTOR_CONFIG_DIRS=str(directory))
        self.assertIn('[DEFAULT]standalone should be set to False', output)
        home = path / 'home'
        home.mkdir()
        (home / 'ironic-inspector.conf').write_text(pathlib.Path(FILE).read_text())
        self.assertEqual(self.loaded(IRONIC_INSPECTOR_CONFIG_FILES='', HOME=str(home))[0], 0)

    def test_the_script_has_the_application_from_its_build_and_through_a_link(self):
        link = path / 'linked'
        link.symlink_to(SCRIPT)
        for script in (SCRIPT, link):
            code, output = run_python(f'''
                import importlib.machinery
                loader = importlib.machinery.SourceFileLoader('any_name', {str(script)!r})
                module = loader.load_module()
                print(type(module.application).__name__)
                ''', PYTHONPATH='')
            self.assertEqual((code, output.split()[-1]), (0, 'Application'), output)

    def test_the_script_serves_when_it_is_run(self):
        done = subprocess.run([SCRIPT, '--help'], stdout=subprocess.PIPE, text=True, check=True)
        self.assertTrue(done.stdout.startswith('usage: ironic-inspector-api-wsgi [-p PORT] [-b HOST]'))
        done = subprocess.run([SCRIPT, '--', '--config-file', path / 'absent'], stderr=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f'{path}/absent', done.stderr)

    def test_the_script_that_is_run_is_configured_by_the_environment_where_no_option_says_more(self):
        def refusal(*options, **environment):
            done = subprocess.run([SCRIPT, '-p', '0', *options], stderr=subprocess.PIPE, text=True, timeout=60,
                                  env={**os.environ, **environment})
            self.assertEqual(done.returncode, 1)
            return done.stderr
        self.assertIn(f'{path}/lost\n', refusal(IRONIC_INSPECTOR_CONFIG_FILES=f'{FILE}:{path}/lost'))
        self.assertIn(f'{path}/lost.d: ', refusal('--', IRONIC_INSPECTOR_CONFIG_FILES=FILE,
                                                  IRONIC_INSPECTOR_CONFIG_DIRS=f'{path}/lost.d'))
        self.assertIn(f'{path}/other\n', refusal('--', f'--config-file={path}/other',
                                                 IRONIC_INSPECTOR_CONFIG_FILES=f'{path}/lost'))


FRAME = f'''
import os, sys, threading
from ironic_inspector import wsgi

def code(target='/v1/introspection'):
    seen = []
    wsgi.application({{'REQUEST_METHOD': 'GET', 'PATH_INFO': target, 'SERVER_NAME': 'a', 'SERVER_PORT': '1'}},
                     lambda status, headers: seen.append(status))
    return int(seen[0][:3])

def threads():
    return len(os.listdir('/proc/self/task'))
'''


class Processes(unittest.TestCase):
    def run_code(self, body):
        code, output = run_python(f'FRAME = {FRAME!r}\nexec(FRAME)\n' + textwrap.dedent(body))
        self.assertEqual(code, 0, output)
        return output

    def test_nothing_runs_before_the_first_request(self):
        output = self.run_code('''
            sockets = [f for f in os.listdir('/proc/self/fd')
                       if os.path.exists(f'/proc/self/fd/{f}')
                       and os.readlink(f'/proc/self/fd/{f}').startswith('socket')]
            assert threads() == 1 and not sockets, (threads(), sockets)
            assert code() == 200 and threads() > 1
            ''')
        self.assertIn('The API serves in a WSGI container', output)

    def test_a_child_serves_after_a_fork_whether_its_parent_has_served_or_not(self):
        output = self.run_code('''
            def child():
                pid = os.fork()
                if pid == 0:
                    os._exit(0 if code() == 200 else 1)
                return os.waitpid(pid, 0)[1]
            assert child() == 0
            assert code() == 200
            assert child() == 0
            assert code() == 200
            ''')
        self.assertEqual(output.count('The API serves in a WSGI container'), 4, output)

    def test_a_child_forked_while_its_parent_answers_has_an_api_of_its_own(self):
        self.run_code('''
            end = threading.Event()
            def busy():
                while not end.is_set():
                    assert code() == 200
            workers = [threading.Thread(target=busy) for _ in range(4)]
            for each in workers: each.start()
            for _ in range(5):
                pid = os.fork()
                if pid == 0:
                    os._exit(0 if code() == 200 else 1)
                assert os.waitpid(pid, 0)[1] == 0
            end.set()
            for each in workers: each.join()
            ''')

    def test_each_sub_interpreter_has_an_api_of_its_own(self):
        output = self.run_code('''
            import _xxsubinterpreters as interpreters
            for _ in range(2):
                each = interpreters.create()
                interpreters.run_string(each, FRAME + 'assert [code() for _ in range(3)] == [200] * 3')
                interpreters.destroy(each)
                assert threads() == 1, threads()
            assert code() == 200
            ''')
        self.assertEqual(output.count('The API serves in a WSGI container'), 3, output)

    def test_threads_of_the_container_are_answered_at_the_same_time(self):
        self.run_code('''
            answers = []
            workers = [threading.Thread(target=lambda: answers.append(code())) for _ in range(16)]
            for each in workers: each.start()
            for each in workers: each.join()
            assert answers == [200] * 16, answers
            ''')

    def test_our_threads_take_no_signals(self):
        self.run_code('''
            assert code() == 200
            for task in os.listdir('/proc/self/task'):
                if int(task) == os.getpid(): continue
                with open(f'/proc/self/task/{task}/status') as status:
                    blocked = next(line for line in status if line.startswith('SigBlk'))
                assert int(blocked.split()[1], 16) & (1 << 14), blocked  # SIGTERM
            ''')

    def test_what_is_asked_after_the_end_is_503(self):
        self.run_code('''
            assert code() == 200
            wsgi.application.close()
            assert threads() == 1, threads()
            assert code() == 503
            ''')

    def test_a_database_that_is_away_is_503_until_it_is_there(self):
        code, output = run_python(FRAME + textwrap.dedent(f'''
            import subprocess, time
            assert code() == 503
            subprocess.run([{str(BUILD / 'bin/ironic-inspector-dbsync')!r}, '--config-file',
                            os.environ['IRONIC_INSPECTOR_CONFIG_FILES'], 'upgrade'], check=True)
            end = time.monotonic() + 60
            while code() != 200:
                assert time.monotonic() < end
            '''), IRONIC_INSPECTOR_CONFIG_FILES=write_config('late.conf', f'sqlite:///{path}/late'))
        self.assertEqual(code, 0, output)
        self.assertIn('The API does not start: ', output)


if __name__ == '__main__':
    unittest.main(verbosity=2)
