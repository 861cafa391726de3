#!/usr/bin/env python3
"""Runs the README's walk against the binary and compares every answer with the one that is printed there.

Usage: tests/e2e/readme_walk.py --binary build/release/symbolon [--show]

In the README's `console` blocks a line that begins with `$ ` is a command (a line that ends in a
backslash goes on in the next), and what follows is its output; `…` stands for any text.
--show prints what the commands answer instead of comparing.
"""

import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

README = pathlib.Path(__file__).parents[2] / "README.md"
ADDRESS = "http://127.0.0.1:8081"


def steps_of(text):
    """(command, expected output) of every command in the console blocks."""
    steps = []
    for block in re.findall(r"(?ms)^```console\n(.*?)^```", text):
        going_on = False
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append([line[2:], []])
            elif going_on:
                steps[-1][0] += "\n" + line
            else:
                steps[-1][1].append(line)
                continue
            going_on = line.endswith("\\")
    return [(command, "\n".join(expected).strip()) for command, expected in steps]


def matches(expected, actual):
    pattern = ".*".join(re.escape(part) for part in expected.split("…"))
    return re.fullmatch(pattern, actual, re.DOTALL) is not None


def start(binary, directory):
    """The running server and its address."""
    errors = open(pathlib.Path(directory) / "log", "w")
    process = subprocess.Popen(
        [binary, "serve", "--listen", "http://127.0.0.1:0", "--store", f"sqlite:{directory}/walk.db"],
        stdout=subprocess.PIPE, stderr=errors, text=True)
    for line in process.stdout:
        if found := re.search(r"listening on (http://\S+)", line):
            return process, found.group(1)
    raise SystemExit("the server did not start:\n" + (pathlib.Path(directory) / "log").read_text())


def walk(steps, address, show):
    failures = 0
    for command, expected in steps:
        done = subprocess.run(["bash", "-c", command.replace(ADDRESS, address)], capture_output=True,
                              text=True, timeout=60)
        actual = done.stdout.strip()
        if show:
            print(f"$ {command}\n{actual}{done.stderr}")
        elif done.returncode != 0 or not matches(expected, actual):
            failures += 1
            print(f"$ {command}\nexpected: {expected}\nactual:   {actual}{done.stderr}\n")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    steps = steps_of(README.read_text(encoding="utf-8"))
    if len(steps) < 6:
        raise SystemExit(f"the README's walk has {len(steps)} commands; was its form changed?")
    with tempfile.TemporaryDirectory() as directory:
        process, address = start(str(pathlib.Path(options.binary).resolve()), directory)
        try:
            failures = walk(steps, address, options.show)
        finally:
            process.terminate()
            process.wait(timeout=60)
    print(f"README: {len(steps) - failures} of {len(steps)} commands answer as printed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
