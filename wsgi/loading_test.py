#!/usr/bin/python3
"""What happens when the application is loaded, and the script: loading_test.py BUILD_DIR"""
import os
import pathlib
import subprocess
import unittest

from application_support import FILE, path, run_python, SCRIPT, write_config


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


if __name__ == '__main__':
    unittest.main(verbosity=2)
