#!/usr/bin/python3
"""The application in threads, forked processes and sub-interpreters: processes_test.py BUILD_DIR"""
import textwrap
import unittest

from application_support import BUILD, path, run_python, write_config


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
