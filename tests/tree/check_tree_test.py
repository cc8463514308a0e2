#!/usr/bin/env python3
"""Shows that each check of check_tree.py bites, and what it lets pass."""
import os
import tempfile
import unittest

import check_tree


def findings(check, files):
    """Of `check` in a tree that has these files (path: text) only."""
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.join(root, os.path.dirname(path)), exist_ok=True)
            with open(os.path.join(root, path), 'w', encoding='utf-8') as f:
                f.write(text)
        return list(check_tree.CHECKS[check](root))


def include_is_refused(path, target):
    return findings('includes', files={path: f'#pragma once\n#include "{target}"\n'}) != []


class Includes(unittest.TestCase):
    def test_upward_and_sideways_are_refused(self):
        for path, target in (('src/base/a.cc', 'tooz/lock.h'), ('src/tooz/a.h', 'http/client.h'),
                             ('src/tooz/a.cc', 'inspector/error.h'), ('src/http/a.cc', 'rpc/rpc.h'),
                             ('src/sql/a.cc', 'tooz/lock.h'), ('src/rpc/a.cc', 'sql/database.h'),
                             ('src/inspector/api/a.cc', 'bin/main.h'), ('sim/a.cc', 'inspector/error.h'),
                             ('sim/a.cc', 'sql/database.h'), ('src/base/a.cc', '../tooz/lock.h')):
            with self.subTest(path=path, target=target):
                self.assertTrue(include_is_refused(path, target))

    def test_angle_brackets_are_no_way_round(self):
        self.assertEqual(findings('includes', files={'src/base/a.cc': '\n#include <tooz/lock.h>\n'}),
                         ['src/base/a.cc:2: tooz/lock.h: base must not include tooz'])

    def test_a_folder_without_a_place_in_the_table_is_refused(self):
        self.assertTrue(include_is_refused('src/util/a.cc', 'base/env.h'))

    def test_downward_is_allowed(self):
        for path, target in (('src/tooz/a.cc', 'base/env.h'), ('src/rpc/a.cc', 'http/client.h'),
                             ('src/inspector/node/a.cc', 'sql/database.h'), ('src/bin/a.cc', 'inspector/error.h'),
                             ('src/base/a.cc', 'sys/random.h'), ('src/http/a.cc', 'boost/asio.hpp'),
                             ('sim/a.cc', 'tooz/backend.h'), ('tests/sim/a.cc', 'inspector/error.h')):
            with self.subTest(path=path, target=target):
                self.assertFalse(include_is_refused(path, target))

    def test_only_tests_and_the_simulator_program_see_the_simulation(self):
        self.assertTrue(include_is_refused('src/tooz/a.cc', 'sim/sim_env.h'))
        self.assertTrue(include_is_refused('src/bin/toozctl.cc', 'sim/sim_env.h'))
        for path in ('src/tooz/a_test.cc', 'src/tooz/testing/a.cc', 'src/bin/ironic_sim.cc'):
            self.assertFalse(include_is_refused(path, 'sim/sim_env.h'), path)

    def test_recipes_and_drivers_do_not_see_each_other(self):
        self.assertTrue(include_is_refused('src/tooz/recipes/lock.cc', 'tooz/drivers/etcd/client.h'))
        self.assertTrue(include_is_refused('src/tooz/drivers/etcd/a.cc', 'tooz/recipes/lock.h'))
        self.assertFalse(include_is_refused('src/tooz/recipes/lock.cc', 'tooz/backend.h'))
        self.assertFalse(include_is_refused('src/tooz/recipes/lock.cc', 'tooz/recipes/keys.h'))
        self.assertFalse(include_is_refused('src/tooz/drivers/etcd/a.cc', 'tooz/backend.h'))


class Env(unittest.TestCase):
    def refused(self, line, path='src/tooz/a.cc'):
        return findings('env', files={path: line + '\n'}) != []

    def test_each_forbidden_name_is_found(self):
        for line in ('std::thread t;', 'std::jthread t;', 'std::condition_variable c;',
                     'std::condition_variable_any c;', 'std::this_thread::sleep_for(1s);', 'sleep(1);',
                     '::usleep(1);', 'nanosleep(&t, nullptr);', 'auto t = std::chrono::steady_clock::now();',
                     'system_clock::now()', 'std::random_device d;', 'auto f = std::async(g);',
                     '#include <thread>', '#include <semaphore>', '#include <condition_variable>', 'clock_gettime(CLOCK_MONOTONIC, &t);',
                     'pthread_create(&t, nullptr, f, nullptr);', 'time(nullptr)', 'int x = rand();',
                     "auto n = 1'000'000; std::thread t; char c = 'x';"):
            with self.subTest(line=line):
                self.assertTrue(self.refused(line))

    def test_tests_of_other_folders_are_bound_as_well(self):
        self.assertTrue(self.refused('std::thread t;', 'src/tooz/a_test.cc'))
        self.assertTrue(self.refused('std::thread t;', 'tests/sim/a.cc'))

    def test_the_env_comments_and_texts_pass(self):
        for line in ('env.sleep_for(1s, stop);', 'env_->sleep_until(t, stop);', 'env.now();', 'env.random();',
                     '// no std::thread here', '/* system_clock::now()\n std::thread */', 'log("sleep(1)");',
                     'R"(std::thread)"', 'std::chrono::system_clock::time_point t;', 'operand(1);'):
            with self.subTest(line=line):
                self.assertFalse(self.refused(line))

    def test_base_and_the_simulation_pass(self):
        self.assertFalse(self.refused('std::thread t;', 'src/base/system_env.cc'))
        self.assertFalse(self.refused('std::thread t;', 'sim/scheduler.cc'))


class Length(unittest.TestCase):
    def test_600_lines_pass_and_601_do_not(self):
        self.assertEqual(findings('length', files={'src/a.cc': '\n' * 600, 'docs/a.md': '\n' * 900}), [])
        for path in ('src/a.cc', 'sim/a.h', 'tests/a.py', 'demo'):
            self.assertEqual(len(findings('length', files={path: '\n' * 601})), 1, path)


class Words(unittest.TestCase):
    def test_each_is_found_in_any_file(self):
        for text in ('see /wo' + 'rk/x', 'cd /wo' + 'rk', '../sha' + 'red/design.md', 'as iss' + 'ue 2 says',
                     '// TO' + 'DO later', '# FIX' + 'ME'):
            for path in ('README.md', 'src/a.cc', 'demo'):
                with self.subTest(text=text, path=path):
                    self.assertEqual(len(findings('words', files={path: 'x\n' + text + '\n'})), 1)

    def test_words_that_only_look_alike_pass(self):
        self.assertEqual(findings('words', files={'a.md': 'src/work /worker net/workers ../shared_ptr an issue'}), [])

    def test_the_build_is_not_looked_at(self):
        self.assertEqual(findings('words', files={'build/dev/a.txt': 'cd /wo' + 'rk'}), [])


class Sql(unittest.TestCase):
    def refused(self, code, path='src/inspector/node/a.cc'):
        return findings('sql', files={path: f'void f() {{\n  {code};\n}}\n'})

    def test_a_value_in_the_text_is_refused(self):
        for code in ('t.exec("DELETE FROM nodes WHERE uuid = \'" + value + "\'")',
                     't.exec("DELETE FROM nodes WHERE uuid = " + quoted(value))',
                     't.query("SELECT uuid FROM nodes LIMIT " + std::to_string(limit))',
                     't.query("SELECT uuid FROM nodes WHERE name = \'" + std::string(value) + "\'")',
                     'text += value + " ORDER BY uuid"'):
            with self.subTest(code=code):
                self.assertTrue(self.refused(code))

    def test_its_line_is_named(self):
        self.assertEqual(self.refused('t.query("SELECT 1 FROM t WHERE a = " + b)'),
                         ['src/inspector/node/a.cc:2: b is joined to a statement: values are bound as :p1'])

    def test_constants_names_of_parameters_and_other_texts_are_allowed(self):
        for code in ('t.query("SELECT " + std::string(kNodeColumns) + " FROM nodes WHERE uuid = :p1", {uuid})',
                     't.query("SELECT uuid FROM nodes LIMIT :p" + std::to_string(parameters.size()))',
                     'throw Error("node " + uuid + " was not found")'):
            with self.subTest(code=code):
                self.assertEqual(self.refused(code), [])
        self.assertEqual(self.refused('t.exec("DELETE FROM t WHERE a = " + b)', 'src/sql/a_test.cc'), [])


if __name__ == '__main__':
    unittest.main()
