#!/usr/bin/env python3
"""Every command where standard output or standard error is full, closed, or read by nobody.

Usage: tests/e2e/descriptors.py [--binary build/release/symbolon]

What could not be written of the results is a failure; words that nobody can read change nothing.
The commands are those that `symbolon __complete` names: one that this file has no call for fails.
"""

import itertools
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from cases import OPTIONS, main  # noqa: E402
from program import FolderTest, environment, run, wait_until  # noqa: E402
from server_process import ServerProcess  # noqa: E402

ORDER = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "int"}]}
OTHER = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}
EVENT_SCHEMA = {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}}
UUID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FULL = "cannot be written; is the disk full?"

# What is called, with {n} for a number that no other call has; a second call is one that has much to say on
# standard error. Paths are in the folder that the calls run in.
CALLS = {
    "apply": ["apply plan.json --yes --registry {url}", "apply nothing.json --yes --registry {url}"],
    "check": ["check schemas --against {url}", "check nothing --against {url}"],
    "completion bash": ["completion bash"],
    "completion fish": ["completion fish"],
    "completion zsh": ["completion zsh"],
    "config delete": ["config delete gone-{n} --registry {url}", "config delete never --registry {url}"],
    "config get": ["config get --registry {url}"],
    "config set": ["config set gone-{n} level=NONE --registry {url}", "config set gone-{n} level=X --registry {url}"],
    "contexts": ["contexts --registry {url}"],
    "contexts delete": ["contexts delete .gone{n} --registry {url}"],
    "decode": ["decode events.bin --framing confluent --registry {url}",
               "decode events.bin --framing confluent --registry {url} --output decoded-{n}.jsonl"],
    "delete": ["delete gone-{n} --registry {url}", "delete never --registry {url}"],
    "diff": ["diff schemas/orders-value.avsc other.avsc", "diff schemas/orders-value.avsc nothing.avsc"],
    "explain": ["explain event.bin --registry {url}", "explain nothing.bin"],
    "gateway": ["gateway --once --subject events --registry {url} --anomalies anomalies.jsonl"],
    "get": ["get orders-value --registry {url}", "get never --registry {url}"],
    "guard accept": ["guard accept kept-{n} 1 --state state.json"],
    "guard clear": ["guard clear orders-value --state state.json"],
    "guard forget": ["guard forget orders-value --state state.json"],
    "guard list": ["guard list --state state.json", "guard list --state nothing.json"],
    "help": ["help", "help nothing"],
    "lint": ["lint schemas", "lint nothing"],
    "list": ["list --registry {url}", "list"],
    "man": ["man get", "man nothing"],
    "mode delete": ["mode delete gone-{n} --registry {url}"],
    "mode get": ["mode get --registry {url}"],
    "mode set": ["mode set gone-{n} READONLY --registry {url}", "mode set gone-{n} NEVER --registry {url}"],
    "plan": ["plan schemas --registry {url}", "plan schemas --registry {url} --output-file plan-{n}.json"],
    "produce": ["produce events.jsonl --schema event.schema.json --to file:sent-{n}.jsonl",
                "produce events.jsonl --schema event.schema.json --dry-run --progress always"],
    "prune": ["prune --dry-run --store sqlite:registry.db"],
    "register": ["register new-{n} other.avsc --registry {url}", "register orders-value other.avsc --registry {url}"],
    "schema canonical": ["schema canonical other.avsc"],
    "schema convert": ["schema convert other.avsc --to json-schema", "schema convert other.avsc --to nothing"],
    "schema fingerprint": ["schema fingerprint other.avsc", "schema fingerprint nothing.avsc"],
    "schema normalize": ["schema normalize other.avsc"],
    "serve": [],
    "undelete": ["undelete deleted-{n} --registry {url}", "undelete never --registry {url}"],
    "versions": ["versions orders-value --registry {url}", "versions never --registry {url}"],
}


def leaves():
    """Every command that can be called, with its words."""
    found, waiting = [], [[]]
    while waiting:
        words = waiting.pop()
        _, out, _ = run("__complete", "help", *words, "")
        below = [line.split("\t")[0] for line in out.splitlines()[1:]]
        waiting += [[*words, name] for name in below]
        if words and (not below or words == ["contexts"]):
            found.append(" ".join(words))
    return sorted(found)


class Descriptors(FolderTest):
    numbers = itertools.count(7_310_001)

    @classmethod
    def setUpClass(cls):
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="symbolon-descriptors-"))
        cls.addClassCleanup(shutil.rmtree, cls.place, ignore_errors=True)
        store = f"sqlite:{cls.place / 'registry.db'}"
        cls.registry = ServerProcess(OPTIONS.binary, store).wait_until_listening()
        cls.addClassCleanup(cls.registry.close)
        cls.url = cls.registry.url
        cls.register("orders-value", ORDER)
        cls.register("events", EVENT_SCHEMA, "JSON")
        (cls.place / "schemas").mkdir()
        files = {"schemas/orders-value.avsc": ORDER, "other.avsc": OTHER, "event.schema.json": EVENT_SCHEMA}
        for name, schema in files.items():
            (cls.place / name).write_text(json.dumps(schema))
        event = b"\0" + (1).to_bytes(4, "big") + b"\x0e"
        (cls.place / "event.bin").write_bytes(event)
        (cls.place / "events.bin").write_bytes(event)
        (cls.place / "events.jsonl").write_text('{"id": 1}\n{"id": 2}\n')
        cls.prepare("guard accept orders-value 1 --state state.json")
        cls.prepare("plan schemas --registry {url} --output-file plan.json")

    @classmethod
    def register(cls, subject, schema, kind="AVRO"):
        status, answer = cls.registry.request("POST", f"/subjects/{subject}/versions",
                                              {"schema": json.dumps(schema), "schemaType": kind})
        assert status == 200, answer

    @classmethod
    def prepare(cls, line):
        code, _, said = run(*line.format(url=cls.url).split(), cwd=cls.place)
        assert code == 0, said

    def run_line(self, line, out=None, err=None, closed=""):
        """Exit status, output and words of a call on fresh names; `closed` is a redirection of the shell."""
        number = next(self.numbers)
        if "gone-{n}" in line and "delete" in line.split():
            self.register(f"gone-{number}", ORDER)
            for kind, value in (("config", {"compatibility": "NONE"}), ("mode", {"mode": "READWRITE"})):
                if line.startswith(kind):
                    self.registry.request("PUT", f"/{kind}/gone-{number}", value)
        if "deleted-{n}" in line:
            self.register(f"deleted-{number}", ORDER)
            self.registry.request("DELETE", f"/subjects/deleted-{number}")
        words = line.format(n=number, url=self.url).split()
        done = subprocess.run(["sh", "-c", f'exec "$@" {closed}', "sh", OPTIONS.binary, *words],
                              stdin=subprocess.DEVNULL, stdout=out or subprocess.PIPE, stderr=err or subprocess.PIPE,
                              check=False, timeout=60, cwd=self.place, env=environment())
        plain = UUID.sub("ID", (done.stdout or b"").decode().replace(str(number), "N"))
        return done.returncode, plain, (done.stderr or b"").decode()

    def lines(self):
        for command in leaves():
            self.assertIn(command, CALLS, "a command that this test does not call")
            yield from CALLS[command]
            yield f"{command} --help"
            yield f"{command} --no-such-flag"

    def test_words_that_nobody_can_read_change_nothing(self):
        for line in ["", *self.lines()]:
            status, out, _ = self.run_line(line)
            self.assertGreaterEqual(status, 0, line)
            for closed in ("2>/dev/full", "2>&-"):
                self.assertEqual(self.run_line(line, closed=closed)[:2], (status, out), (line, closed))
            reader, writer = os.pipe()
            os.close(reader)
            try:
                self.assertEqual(self.run_line(line, err=writer)[:2], (status, out), (line, "nobody reads"))
            finally:
                os.close(writer)

    def test_results_that_cannot_be_written_are_a_failure(self):
        for line in self.lines():
            status, out, _ = self.run_line(line)
            failed = 1 if out and status in (0, 100) else status
            for closed in (">/dev/full", ">&-"):
                code, _, said = self.run_line(line, closed=closed)
                self.assertEqual(code, failed, (line, closed, said))
                if out and not line.startswith("decode"):
                    self.assertIn(FULL, said, (line, closed))
                self.assertNotIn("internal error", said, line)
                self.assertEqual(self.run_line(line, closed=f"{closed} 2{closed}")[0], failed, (line, closed))
            reader, writer = os.pipe()
            os.close(reader)
            try:
                code, _, said = self.run_line(line, out=writer)
                self.assertEqual(code, failed, (line, "nobody reads", said))
                self.assertNotIn(FULL, said, line)
            finally:
                os.close(writer)

    def test_a_server_runs_on_although_nobody_can_read_what_it_says(self):
        registry = f"--registry {self.url} --subject events --anomalies anomalies.jsonl"
        for line, path in (("serve --store memory:", "/subjects"), (f"gateway {registry}", "/health")):
            for closed in (">/dev/full 2>/dev/full", ">&- 2>&-"):
                with self.subTest(line=line.split()[0], closed=closed):
                    self.serve_silently(line, path, closed)

    def serve_silently(self, line, path, closed):
        url = f"http://127.0.0.1:{self.free_port()}"  # nobody tells the port
        server = subprocess.Popen(["sh", "-c", f'exec "$@" {closed}', "sh", OPTIONS.binary, *line.split(),
                                   "--listen", url], cwd=self.place, env=environment())
        try:
            def answers():
                self.assertIsNone(server.poll(), "it ended")
                try:
                    return urllib.request.urlopen(url + path, timeout=5).close() or True
                except OSError:
                    return False
            wait_until(answers, "an answer")
            server.send_signal(signal.SIGTERM)
            self.assertEqual(server.wait(30), 0)
        finally:
            server.kill()
            server.wait()


if __name__ == "__main__":
    main()
