#!/usr/bin/env python3
"""Runs the README's walk against the binary and compares every answer with the one that is printed there.
The same for the pages of the manual that have commands.

Usage: tests/e2e/readme_walk.py [--binary build/release/symbolon] [--page docs/clients.md] [--show]

Each page has a server of its own, and a folder in which its commands run one after the other; `symbolon`
is the binary, and `examples` are the repository's.

In a page's `console` blocks a line that begins with `$ ` is a command (a line that ends in a
backslash goes on in the next), and what follows is its output; `…` stands for any text.
--show prints what the commands answer instead of comparing.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, ROOT, add_options  # noqa: E402
from server_process import ServerProcess  # noqa: E402

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


def walk(steps, address, directory):
    failures = 0
    environment = {**os.environ, "PATH": f"{OPTIONS.binary.parent}:{os.environ['PATH']}"}
    for command, expected in steps:
        done = subprocess.run(["bash", "-c", command.replace(ADDRESS, address)], capture_output=True,
                              text=True, timeout=60, cwd=directory, env=environment)
        actual = done.stdout.strip().replace(address, ADDRESS)
        if OPTIONS.show:
            print(f"$ {command}\n{actual}{done.stderr}")
        elif done.returncode != 0 or not matches(expected, actual):
            failures += 1
            print(f"$ {command}\nexpected: {expected}\nactual:   {actual}{done.stderr}\n")
    return failures


def walk_page(page):
    """Whether the page's commands answer as printed."""
    steps = steps_of((ROOT / page).read_text(encoding="utf-8"))
    if len(steps) < 6:
        raise SystemExit(f"{page} has {len(steps)} commands; was its form changed?")
    with tempfile.TemporaryDirectory() as directory:
        (pathlib.Path(directory) / "examples").symlink_to(ROOT / "examples")
        with ServerProcess(OPTIONS.binary, f"sqlite:{directory}/walk.db") as server:
            failures = walk(steps, server.url, directory)
    print(f"{page}: {len(steps) - failures} of {len(steps)} commands answer as printed")
    return failures == 0


def main():
    parser = add_options(show=False)
    parser.add_argument("--page", choices=PAGES, action="append")
    parser.parse_args(namespace=OPTIONS)
    results = [walk_page(page) for page in OPTIONS.page or PAGES]
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
