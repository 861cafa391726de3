#!/usr/bin/env python3
"""Runs clang-tidy over the units of a build, as many at a time as there are processors.

Usage: tests/tidy/clang_tidy.py BUILD_DIRECTORY

A unit that passed is not read again until something it is made of has changed: the compiler's
command, .clang-tidy, clang-tidy itself, or the text of any file that the unit includes. What passed
is remembered in $XDG_CACHE_HOME/symbolon/clang-tidy (default ~/.cache), also from checkout to
checkout. documents.cpp, which is nothing but openapi.yaml, is left out.

Tested by tests/tidy/clang_tidy_test.py.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import subprocess
import sys

TIDY = "clang-tidy-19"


def command_of(unit):
    """The compiler's command without ccache and without what it writes."""
    words = shlex.split(unit["command"]) if "command" in unit else list(unit["arguments"])
    if pathlib.Path(words[0]).name == "ccache":
        words = words[1:]
    kept, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in ("-o", "-MF", "-MT"):
            skip = True
        elif word not in ("-c", "-MD"):
            kept.append(word)
    return kept


def files_of(unit):
    """Every file that the unit is made of."""
    answer = subprocess.run(command_of(unit) + ["-M"], cwd=unit["directory"], text=True, check=True,
                            stdout=subprocess.PIPE)
    rule = answer.stdout.replace("\\\n", " ").partition(":")[2]
    return sorted({os.path.normpath(os.path.join(unit["directory"], word))
                   for word in shlex.split(rule)})


class Fingerprints:
    """What a unit's verdict depends on, as one hash; the same in every checkout of the same text."""

    def __init__(self, root, version):
        self.root = os.path.normpath(root)
        self.version = version
        self.settings = pathlib.Path(root, ".clang-tidy").read_bytes()
        self.by_file = {}

    def of_file(self, path):
        if path not in self.by_file:
            content = pathlib.Path(path).read_bytes().replace(self.root.encode(), b"")
            self.by_file[path] = hashlib.sha256(content).hexdigest()
        return self.by_file[path]

    def of_unit(self, unit):
        parts = [self.version, " ".join(command_of(unit)).replace(self.root, "")]
        parts += [f"{path.replace(self.root, '')} {self.of_file(path)}" for path in files_of(unit)]
        return hashlib.sha256(self.settings + "\n".join(parts).encode()).hexdigest()


def check(unit, build, fingerprints, passed):
    """(what clang-tidy said, whether it passed, whether it was asked at all)"""
    try:
        mark = passed / fingerprints.of_unit(unit)
    except (subprocess.CalledProcessError, OSError) as problem:
        return f"{unit['file']}: {problem}", False, True
    if mark.exists():
        return "", True, False
    answer = subprocess.run([TIDY, "--quiet", "-p", str(build), unit["file"]], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if answer.returncode == 0:
        passed.mkdir(parents=True, exist_ok=True)
        mark.touch()
    return answer.stdout, answer.returncode == 0, True


def main(build):
    units = [unit for unit in json.loads(pathlib.Path(build, "compile_commands.json").read_text())
             if not unit["file"].endswith("/documents.cpp")]
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
    passed = cache / "symbolon" / "clang-tidy"
    version = subprocess.run([TIDY, "--version"], text=True, check=True,
                             stdout=subprocess.PIPE).stdout
    fingerprints = Fingerprints(os.getcwd(), version)
    failures = asked = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for said, fine, was_asked in pool.map(
                lambda unit: check(unit, build, fingerprints, passed), units):
            asked += was_asked
            failures += not fine
            if said and not fine:
                print(said, flush=True)
    print(f"clang-tidy: {failures} of {len(units)} units failed; {len(units) - asked} were as they "
          "had passed before")
    return 1 if failures or not units else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
