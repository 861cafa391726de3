"""The program as a user calls it, and what most cases need around it: a folder, a registry, processes that end.

Example:
    class Orders(RegistryTest):
        def test_a_schema_is_registered(self):
            code, out, said = run("register", "orders", self.write("orders.avsc", '"int"'), "--registry", self.url)
            self.assertEqual(code, 0, said)

Tested by tests/e2e/everyday.py.
"""

import fcntl
import json
import os
import pathlib
import select
import socket
import struct
import subprocess
import tempfile
import termios
import time
import unittest

from cases import OPTIONS
from server_process import ServerProcess

STEERING = ("SYMBOLON_", "SCHEMA_REGISTRY", "GITHUB_", "GIT_", "CI")


def environment(**more):
    """The caller's, without what would steer the program, git or a pipeline."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(STEERING)}
    return {**kept, "XDG_CONFIG_HOME": "/nonexistent", "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull, "no_proxy": "127.0.0.1", **more}


def run(*words, data=b"", env=None, cwd=None):
    """Exit status, what was printed, and what was said on standard error."""
    done = subprocess.run([OPTIONS.binary, *map(str, words)], capture_output=True, check=False, timeout=60, cwd=cwd,
                          input=data.encode() if isinstance(data, str) else data, env=environment(**(env or {})))
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def run_on_terminal(*words, typed="", columns=80, **streams):
    """Exit status and all that appeared on a terminal of so many columns; `streams` go elsewhere."""
    terminal, end = os.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen([OPTIONS.binary, *map(str, words)], env=environment(TERM="xterm"),
                               **{"stdin": end, "stdout": end, "stderr": end, **streams})
    os.close(end)
    try:
        os.write(terminal, typed.encode())
        shown = b""
        while select.select([terminal], [], [], 30)[0]:
            try:
                shown += os.read(terminal, 65536)
            except OSError:  # how a terminal says that nobody is there any more
                break
        return process.wait(30), shown.decode()
    finally:
        process.kill()
        os.close(terminal)


def wait_until(is_so, what, seconds=20):
    """What `is_so()` answers, once that is true; `what` tells what did not come, or makes a text that does."""
    until = time.monotonic() + seconds
    while not (found := is_so()):
        if time.monotonic() > until:
            raise AssertionError(f"still waiting after {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.02)
    return found


def wait_until_taken(pipe):
    """Returns when the process at the other end has taken everything out of the pipe."""
    wait_until(lambda: fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)) == bytes(4), "what was written is not read")


class FolderTest(unittest.TestCase):
    """Each case has a folder of its own, and what it starts has ended after it."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="symbolon-", ignore_cleanup_errors=True)
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, content):
        """The path of a file with this text, or with this value as JSON."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content, indent=1), encoding="utf-8")
        return path

    def serve(self, store="memory:", *arguments, **more):
        """A server that listens."""
        server = ServerProcess(OPTIONS.binary, store, [str(word) for word in arguments], **more)
        self.addCleanup(server.close)
        return server.wait_until_listening()

    def start(self, *words, **more):
        """A process with pipes for what it reads and says, as text."""
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        process = subprocess.Popen([OPTIONS.binary, *map(str, words)],
                                   **{**pipes, "text": True, "cwd": self.folder, "env": environment(), **more})
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream and not stream.closed:
                stream.close()

    def kafka(self, topic):
        """The address of a mock of a cluster, which has the topic; for scripts with --mock."""
        mock = subprocess.Popen([OPTIONS.mock, topic], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addCleanup(mock.communicate)  # which closes its input: it ends
        return mock.stdout.readline().strip()

    def git(self, *words, cwd=None):
        """What git printed, in the case's folder."""
        return subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *words], check=True,
                              cwd=cwd or self.folder, capture_output=True, env=environment(), text=True).stdout

    def free_port(self):
        """A port that nobody else gets before the end of the case, and at which nobody listens."""
        place = socket.socket()
        self.addCleanup(place.close)
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


class RegistryTest(FolderTest):
    """The cases of a class share an empty registry."""

    @classmethod
    def setUpClass(cls):
        cls.server = ServerProcess(OPTIONS.binary, "memory:").wait_until_listening()
        cls.addClassCleanup(cls.server.close)
        cls.url = cls.server.url
