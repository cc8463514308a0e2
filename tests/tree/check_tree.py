#!/usr/bin/env python3
"""Checks of the source tree that no compiler makes: check_tree.py CHECK [ROOT]

CHECK is one of includes, env, length, words, sql. Prints each finding as file:line: text, and exits
with 1 when there is one.
"""
import os
import re
import sys

CODE = ('.h', '.cc')
SKIPPED = {'.git', 'build', '__pycache__'}
LONGEST_FILE = 600

# Who may include whom, besides itself.
LAYERS = {
    'base': set(),
    'tooz': {'base'},
    'http': {'base'},
    'rpc': {'http', 'base'},
    'sql': {'base'},
    'inspector': {'rpc', 'http', 'sql', 'tooz', 'base'},
    'toozctl': {'tooz', 'base'},
    'bin': {'inspector', 'toozctl', 'rpc', 'http', 'sql', 'tooz', 'base'},
    'wsgi': {'inspector', 'rpc', 'http', 'sql', 'tooz', 'base'},
    'sim': {'tooz', 'http', 'base'},
}
SIMULATOR_PROGRAM = 'src/bin/ironic_sim.cc'  # the one program that has sim/ in it

# Time, chance and threads come from base::Env.
NOT_DETERMINISTIC = re.compile(r'''
    \bstd::j?thread\b | \bpthread_create\b | \bstd::async\b | \bthis_thread::sleep
  | \bcondition_variable | \#\s*include\s*<(thread|condition_variable|future|semaphore|latch|barrier)>
  | \w_clock::now\b | \bclock_gettime\b | \bgettimeofday\b | \b(std::)?time\((nullptr|NULL|0)\)
  | \brandom_device\b | (?<![\w.>:])s?rand\(
  | (?<![\w.>])(::)?(u|nano|clock_nano)?sleep\(
''', re.VERBOSE)
OUTSIDE_ENV = ('src/base/', 'sim/')

# Statements of the inspector bind their values. What may be joined to one's text besides constants
# is made of constants and of the names of parameters (:p1), by these:
SQL_FOLDERS = ('src/inspector/', 'src/sql/')
SQL_PIECES = {
    'after_marker()', 'newest_first()', 'placeholders()', 'behind', 'conditions', 'list', 'rest',  # node/store_read.cc
    'uuid', 'started',  # there: names of parameters
    'statement',  # conductor/journal_takeover.cc: one begun above it
    'where',  # rules/rule_store.cc
    'table',  # there: of three constants
}
SQL_TEXT = re.compile(r'"\s*(?:SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|WHERE|VALUES|LIMIT|ORDER BY|GROUP BY|AND \w+ [=<>I])\s')
JOINED = re.compile(r'"(?P<text>(?:\\.|[^"\\])*)"|(?P<plus>\+=?)|(?P<name>[A-Za-z_][\w:.>-]*)(?P<call>\()?|(?P<other>\S)')

# Where this was written is nobody's business who reads it. (Spelt so that this file passes.)
WORDS = re.compile(r'(?<![\w.])/wor' r'k\b(?!\w)|\.\./share' r'd\b|\b[Ii]ssu' r'e \d+|\bTO' r'DO\b|\bFIX' r'ME\b')


def files(root, wanted):
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED)
        for name in sorted(set(names) - SKIPPED):
            path = os.path.relpath(os.path.join(folder, name), root).replace(os.sep, '/')
            if wanted(path):
                yield path


def lines(root, path):
    with open(os.path.join(root, path), encoding='utf-8', errors='replace') as f:
        return f.read().splitlines()


def is_code(path):
    return path.endswith(CODE) and path.split('/')[0] in ('src', 'sim', 'tests', 'wsgi')


def is_test(path):
    return path.endswith('_test.cc') or '/testing/' in path or '/conformance/' in path


def layer_of(path):
    parts = path.split('/')
    return parts[1] if parts[0] == 'src' else parts[0]


def refused_include(path, target):
    """Why `path` may not include `target`; None if it may, or `target` is not ours."""
    layer, other = layer_of(path), target.split('/')[0]
    if layer not in LAYERS and layer != 'tests':
        return f'{layer} has no place in the table of layers yet'
    if target.startswith('..'):
        return 'names a file from outside its folder'
    if layer == 'tests' or '/' not in target or other not in LAYERS:
        return None
    allowed = LAYERS[layer] | {layer}
    if is_test(path) or path == SIMULATOR_PROGRAM:
        allowed = allowed | {'sim'}
    if other not in allowed:
        return f'{layer} must not include {other}'
    if is_test(path):
        return None
    inner = target.split('/')[1:-1]
    if path.startswith('src/tooz/recipes/') and other == 'tooz' and inner[:1] not in ([], ['recipes']):
        return 'recipes see backend.h and the public headers only'
    if path.startswith('src/tooz/drivers/') and other == 'tooz' and inner[:1] == ['recipes']:
        return 'drivers do not see recipes'
    return None


def includes(root):
    pattern = re.compile(r'\s*#\s*include\s*["<]([^">]+)[">]')
    for path in files(root, is_code):
        for number, line in enumerate(lines(root, path), 1):
            match = pattern.match(line)
            why = refused_include(path, match[1]) if match else None
            if why:
                yield f'{path}:{number}: {match[1]}: {why}'


def without_comments_and_texts(text):
    """The same text, comments and string literals blanked, line numbers kept."""
    pattern = re.compile(
        r'R"(?P<mark>[^()\\ ]{0,16})\(.*?\)(?P=mark)"|"(?:\\.|[^"\\\n])*"'
        r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'|//[^\n]*|/\*.*?\*/", re.DOTALL)
    return pattern.sub(lambda m: '\n' * m[0].count('\n'), text)


def env(root):
    for path in files(root, lambda p: is_code(p) and not p.startswith(OUTSIDE_ENV)):
        text = without_comments_and_texts('\n'.join(lines(root, path)))
        for number, line in enumerate(text.split('\n'), 1):
            match = NOT_DETERMINISTIC.search(line)
            if match:
                yield f'{path}:{number}: {match[0].strip()}: time, chance and threads come from base::Env'


def length(root):
    def counted(path):
        return path.endswith(CODE + ('.py', '.sh', '.cmake', 'CMakeLists.txt')) or path in ('demo', 'test')
    for path in files(root, counted):
        count = len(lines(root, path))
        if count > LONGEST_FILE:
            yield f'{path}:{count}: longer than {LONGEST_FILE} lines'


def words(root):
    for path in files(root, lambda p: True):
        with open(os.path.join(root, path), 'rb') as f:
            if b'\0' in f.read(8192):
                continue
        for number, line in enumerate(lines(root, path), 1):
            match = WORDS.search(line)
            if match:
                yield f'{path}:{number}: {match[0]}: does not belong into this repository'


def joined_pieces(statement):
    """What `+` joins to texts in a piece of C++, names, and calls as name(); and the text before each."""
    tokens = list(JOINED.finditer(statement)) + [None, None]
    for i, token in enumerate(tokens[:-2]):
        if not token['plus']:
            continue
        left, right = tokens[i - 1], tokens[i + 1]
        if i and left['name'] and not left['call']:
            yield '', left['name']
        if right and right['name'] == 'std::string' and right['call'] and tokens[i + 2]:
            right = tokens[i + 2]
        if right and right['name']:
            yield left['text'] or '' if i else '', right['name'] + ('()' if right['call'] else '')


def sql(root):
    def counted(path):
        return path.startswith(SQL_FOLDERS) and is_code(path) and not is_test(path)
    for path in files(root, counted):
        number = 1
        for statement in re.split(r'(?<=[;{}])', '\n'.join(lines(root, path))):
            if SQL_TEXT.search(statement):
                for before, piece in joined_pieces(statement):
                    parameter = piece == 'std::to_string()' and before.endswith(':p')
                    if not (parameter or piece in SQL_PIECES or re.fullmatch(r'k[A-Z]\w*', piece)):
                        at = number + re.match(r'\s*', statement)[0].count('\n')
                        yield f'{path}:{at}: {piece} is joined to a statement: values are bound as :p1'
            number += statement.count('\n')


CHECKS = {'includes': includes, 'env': env, 'length': length, 'words': words, 'sql': sql}


def main(arguments):
    if not 1 <= len(arguments) <= 2 or arguments[0] not in CHECKS:
        print(__doc__, file=sys.stderr)
        return 2
    root = arguments[1] if len(arguments) == 2 else '.'
    findings = list(CHECKS[arguments[0]](root))
    for finding in findings:
        print(finding)
    return 1 if findings else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
