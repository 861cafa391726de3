#!/usr/bin/env python3
"""Types the commands of docs/terminal.md into a real terminal (tmux) and compares what it shows with what is printed there.

Usage: tests/e2e/terminal_session.py [--binary build/release/symbolon] [--write]

--write puts what the terminal shows into the page instead. `…` in the page stands for any text within a line.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, ROOT, parse_options  # noqa: E402
from program import wait_until  # noqa: E402
from server_process import ServerProcess  # noqa: E402

PAGE = ROOT / "docs" / "terminal.md"
ADDRESS = "http://127.0.0.1:8081"
BLOCK = re.compile(r"(?ms)^```terminal\n(.*?)^```")
COLUMNS, LINES = 110, 200


class Terminal:
    """A shell in a terminal of tmux."""

    def __init__(self, folder, environment):
        self.socket = f"symbolon-{os.getpid()}"
        # Without a history the shell, which ends by itself later, writes nothing into a folder that is being removed.
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(COLUMNS), "-y", str(LINES), "-c", str(folder),
                  "env", "PS1=$ ", "HISTFILE=", "bash", "--norc", "--noprofile", environment=environment)

    def tmux(self, *arguments, environment=None):
        return subprocess.run(["tmux", "-L", self.socket, *arguments], check=True, capture_output=True, text=True,
                              env=environment, timeout=30).stdout

    def screen(self):
        return [line.rstrip() for line in self.tmux("capture-pane", "-p", "-J").rstrip().splitlines()]

    def run(self, command):
        """What the terminal shows below the command."""
        self.tmux("send-keys", "clear", "Enter")
        self.wait(lambda lines: lines == ["$"])
        self.tmux("send-keys", "-l", command)
        self.tmux("send-keys", "Enter")
        lines = self.wait(lambda lines: len(lines) > 1 and lines[-1] == "$")
        return lines[1:-1]

    def wait(self, is_there):
        shown = []

        def is_shown():
            shown[:] = self.screen()
            return is_there(shown)

        wait_until(is_shown, lambda: "\n".join(shown))
        return shown

    def close(self):
        self.tmux("kill-server")


def matches(expected, actual):
    return len(expected) == len(actual) and all(
        re.fullmatch(".*".join(re.escape(part) for part in line.split("…")), shown)
        for line, shown in zip(expected, actual))


def main():
    parse_options(write=False)
    text = PAGE.read_text(encoding="utf-8")
    failures = commands = 0

    with tempfile.TemporaryDirectory() as folder, ServerProcess(OPTIONS.binary, "memory:") as server:
        address = server.url
        (pathlib.Path(folder) / "examples").symlink_to(ROOT / "examples")
        terminal = Terminal(folder, {"PATH": f"{OPTIONS.binary.parent}:/usr/bin:/bin", "TERM": "xterm-256color",
                                     "LANG": "C.UTF-8", "HOME": folder, "SYMBOLON_REGISTRY": address})

        def type_block(found):
            nonlocal failures, commands
            shown = []
            for step in re.split(r"(?m)^(?=\$ )", found.group(1))[1:]:
                command, *expected = step.rstrip("\n").split("\n")
                actual = [line.replace(address, ADDRESS)
                          for line in terminal.run(command[2:].replace(ADDRESS, address))]
                commands += 1
                shown += [command, *actual]
                if not OPTIONS.write and not matches(expected, actual):
                    failures += 1
                    print(f"{command}\nexpected:", *expected, "actual:", *actual, sep="\n")
            return "```terminal\n" + "\n".join(shown) + "\n```"

        try:
            written = BLOCK.sub(type_block, text)
        finally:
            terminal.close()
    if commands < 5:
        raise SystemExit(f"{PAGE.name} has {commands} commands; was its form changed?")
    if OPTIONS.write:
        PAGE.write_text(written, encoding="utf-8")
    print(f"{PAGE.name}: the terminal shows what is printed for {commands - failures} of {commands} commands")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
