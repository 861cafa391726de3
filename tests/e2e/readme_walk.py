#!/usr/bin/env python3
"""Runs the README's walk against the binary and compares every answer with the one that is printed there.
The same for the pages of the manual that have commands.

Usage: tests/e2e/readme_walk.py --binary build/release/symbolon [--page docs/clients.md] [--show]

Each page has a server of its own, and a folder in which its commands run one after the other; `symbolon`
is the binary, and `examples` are the repository's.

In a page's `console` blocks a line that begins with `$ ` is a command (a line that ends in a
backslash goes on in the next), and what follows is its output; `…` stands for any text.
--show prints what the commands answer instead of comparing.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGES = ("README.md", "docs/gate.md", "docs/commands.md", "docs/clients.md", "docs/pipelines.md")
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
        [str(binary), "serve", "--listen", "http://127.0.0.1:0", "--store", f"sqlite:{directory}/walk.db"],
        stdout=subprocess.PIPE, stderr=errors, text=True)
    for line in process.stdout:
        if found := re.search(r"listening on (http://\S+)", line):
            return process, found.group(1)
    raise SystemExit("the server did not start:\n" + (pathlib.Path(directory) / "log").read_text())


def walk(steps, address, binary, directory, show):
    failures = 0
    environment = {**os.environ, "PATH": f"{binary.parent}:{os.environ['PATH']}"}
    for command, expected in steps:
        done = subprocess.run(["bash", "-c", command.replace(ADDRESS, address)], capture_output=True,
                              text=True, timeout=60, cwd=directory, env=environment)
        actual = done.stdout.strip().replace(address, ADDRESS)
        if show:
            print(f"$ {command}\n{actual}{done.stderr}")
        elif done.returncode != 0 or not matches(expected, actual):
            failures += 1
            print(f"$ {command}\nexpected: {expected}\nactual:   {actual}{done.stderr}\n")
    return failures


def walk_page(page, binary, show):
    """Whether the page's commands answer as printed."""
    steps = steps_of((ROOT / page).read_text(encoding="utf-8"))
    if len(steps) < 6:
        raise SystemExit(f"{page} has {len(steps)} commands; was its form changed?")
    with tempfile.TemporaryDirectory() as directory:
        (pathlib.Path(directory) / "examples").symlink_to(ROOT / "examples")
        process, address = start(binary, directory)
        try:
            failures = walk(steps, address, binary, directory, show)
        finally:
            process.terminate()
            process.wait(timeout=60)
    print(f"{page}: {len(steps) - failures} of {len(steps)} commands answer as printed")
    return failures == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--page", choices=PAGES, action="append")
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    binary = pathlib.Path(options.binary).resolve()
    results = [walk_page(page, binary, options.show) for page in options.page or PAGES]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
