#!/usr/bin/env python3
"""Installs the build into a folder of its own and builds a stranger's program against it.

    test_package.py SOURCE_DIR BUILD_DIR
"""
import os
import pathlib
import subprocess
import sys
import tempfile


def run(*command, **more):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=300, **more)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}")
    return done.stdout


def use(program, folder):
    """Takes a lock in a folder; each time with a greater token."""
    tokens = [int(run(program, f"file://{folder}").split()[-1]) for _ in range(2)]
    if not tokens[0] < tokens[1]:
        sys.exit(f"tokens do not grow: {tokens}")


def look_at_the_api(prefix):
    """It runs from where it is installed, and a container that loads it gets as far as its configuration."""
    script = prefix / "bin/ironic-inspector-api-wsgi"
    run(script, "--version")
    program = f"import importlib.machinery as m; m.SourceFileLoader('loaded', {str(script)!r}).load_module()"
    (prefix / "none.conf").touch()
    done = subprocess.run(["/usr/bin/python3", "-B", "-c", program], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=300,
                          env={**os.environ, "IRONIC_INSPECTOR_CONFIG_FILES": str(prefix / "none.conf")})
    if not done.stdout.endswith("[DEFAULT]standalone should be set to False.\n"):
        sys.exit(f"the installed API is not loaded as expected:\n{done.stdout}")


def look_at_the_units(prefix):
    """They start what is installed, and let those who drive a PXE filter use sudo."""
    for unit in (prefix / "lib/systemd/system").iterdir():
        text = unit.read_text()
        for line in text.splitlines():
            name, _, value = line.partition("=")
            if name in ("ExecStart", "ExecStartPre") and not pathlib.Path(value.split()[0]).exists():
                sys.exit(f"{unit.name}: {line}: there is no such program")
        if "-api." not in unit.name and ("NoNewPrivileges" in text or "ProtectSystem=strict" in text):
            sys.exit(f"{unit.name}: sudo would not work under it")


def main():
    source, build = map(pathlib.Path, sys.argv[1:])
    client = source / "tests/package"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        prefix = folder / "prefix"
        run("cmake", "--install", build, "--prefix", prefix)
        for file in ("bin/toozctl", "bin/ironic-inspector", "share/man/man1/toozctl.1",
                     "share/bash-completion/completions/toozctl", "share/man/man8/ironic-inspector.8",
                     "share/ironic-inspector/inspector.conf.sample",
                     "share/ironic-inspector/inspector.conf.reference", "share/ironic-inspector/rootwrap.conf",
                     "share/ironic-inspector/rootwrap/ironic-inspector.filters",
                     "share/ironic-inspector/sudoers", "lib/sysusers.d/ironic-inspector.conf",
                     "lib/systemd/system/ironic-inspector.service"):
            if not (prefix / file).exists():
                sys.exit(f"{file} is not installed")
        look_at_the_units(prefix)
        look_at_the_api(prefix)
        if list((prefix / "include").iterdir()) != [prefix / "include/tooz-cc"] and \
                {each.name for each in (prefix / "include").iterdir()} != {"tooz-cc", "ironic-inspector"}:
            sys.exit("something else than our folders lies in include/")

        run("cmake", "-S", client, "-B", folder / "by_cmake", f"-DCMAKE_PREFIX_PATH={prefix}")
        run("cmake", "--build", folder / "by_cmake")
        use(folder / "by_cmake/client", folder / "state1")

        found = next(prefix.rglob("tooz.pc")).parent
        words = run("pkg-config", "--cflags", "--libs", "tooz",
                    env={**os.environ, "PKG_CONFIG_PATH": str(found)}).split()
        cflags = [word for word in words if not word.startswith(("-l", "-L"))]
        libs = [word for word in words if word.startswith(("-l", "-L"))]
        run("c++", *cflags, client / "client.cc", "-o", folder / "by_pkg_config", *libs)
        use(folder / "by_pkg_config", folder / "state2")
    print("installed, found by CMake and by pkg-config, built, run")


main()
