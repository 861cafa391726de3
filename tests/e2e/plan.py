#!/usr/bin/env python3
"""`symbolon plan` and `symbolon apply` against the real server, on memory and SQLite, and against one without plans.

Usage: tests/e2e/plan.py [--binary build/release/symbolon]
"""

import argparse
import http.client
import http.server
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from server_process import ServerProcess  # noqa: E402

OPTIONS = argparse.Namespace(binary=str(ROOT / "build/release/symbolon"))
ADDRESS = {"type": "record", "name": "Address", "namespace": "com.acme", "fields": [
    {"name": "street", "type": "string"}]}
PERSON = {"type": "record", "name": "Person", "namespace": "com.acme", "fields": [
    {"name": "home", "type": "com.acme.Address"}]}
ZIP = {**ADDRESS, "fields": ADDRESS["fields"] + [{"name": "zip", "type": "string"}]}
OPTIONAL_ZIP = {**ADDRESS, "fields": ADDRESS["fields"] + [{"name": "zip", "type": "string", "default": ""}]}


def run(*words, stdin=subprocess.DEVNULL):
    """Exit status, what was printed, and what was said on standard error."""
    clean = {name: value for name, value in os.environ.items()
             if not name.startswith(("SYMBOLON_", "SCHEMA_REGISTRY_"))}
    done = subprocess.run([OPTIONS.binary, *words], stdin=stdin, capture_output=True,
                          check=False, timeout=60, env=clean)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class WithoutPlans(http.server.ThreadingHTTPServer):
    """Passes requests on to a server, as one that has never heard of /plans; may refuse some."""

    def __init__(self, port):
        self.upstream = port
        self.refused = None
        self.seen = []
        super().__init__(("127.0.0.1", 0), PassOn)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class PassOn(http.server.BaseHTTPRequestHandler):
    def pass_on(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        line = f"{self.command} {self.path}"
        self.server.seen.append(line)
        if self.path.startswith("/plans"):
            status, answer = 404, b'{"error_code":404,"message":"HTTP 404 Not Found"}'
        elif line == self.server.refused:
            status, answer = 422, b'{"error_code":42205,"message":"refused by the test"}'
        else:
            upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream, timeout=30)
            upstream.request(self.command, self.path, body or None,
                             {"Content-Type": self.headers.get("Content-Type", "application/json")})
            response = upstream.getresponse()
            status, answer = response.status, response.read()
            upstream.close()
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PUT = do_DELETE = pass_on  # noqa: N815

    def log_message(self, *_):
        pass


class Plans:
    """What holds on every store."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.tree = self.folder / "schemas"
        self.tree.mkdir()
        self.plan_file = self.folder / "plan.json"
        self.server = ServerProcess(OPTIONS.binary, self.store()).wait_until_listening()
        self.addCleanup(self.server.close)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.write("address.avsc", ADDRESS)
        self.write("person.avsc", PERSON)

    def write(self, name, schema):
        text = schema if isinstance(schema, str) else json.dumps(schema, indent=2)
        (self.tree / name).write_text(text, encoding="utf-8")

    def plan(self, *words, status=0, url=None):
        code, out, said = run("plan", str(self.tree), "--registry", url or self.url,
                              "--output-file", str(self.plan_file), *words)
        self.assertEqual(code, status, out + said)
        return out, said

    def apply(self, *words, status=0, url=None):
        code, out, said = run("apply", str(self.plan_file), "--registry", url or self.url, "--yes",
                              *words)
        self.assertEqual(code, status, out + said)
        return out, said

    def get(self, path, status=200):
        found, answer = self.server.request("GET", path)
        self.assertEqual(found, status, answer)
        return answer

    def settle(self):
        self.plan()
        self.apply()

    def everything(self):
        """A tree and a registry between which all kinds of changes lie."""
        self.settle()
        for name, schema in (("old-a", '{"type":"record","name":"A","fields":[]}'),
                             ("old-b", '"int"')):
            self.server.request("POST", f"/subjects/{name}/versions", {"schema": schema})
        self.write("address.avsc", ZIP)
        self.write("new.proto", 'syntax = "proto3"; message New { int32 id = 1; }')
        self.write("symbolon.yaml", "version: 1\nschemas:\n"
                   "  - {path: address.avsc, level: NONE, mode: READONLY}\n"
                   "  - {path: person.avsc, level: NONE, normalize: true}\n")
        return ["--prune", "--prune-prefix", "old-"]

    def test_a_tree_is_planned_applied_and_then_there_is_nothing_to_change(self):
        out, _ = self.plan()
        self.assertIn("+ address  new subject", out)
        self.assertIn("+ person  new subject", out)
        self.assertIn("2 to create, 0 to update, 0 to delete", out)
        self.assertEqual(self.get("/subjects"), [], "planning changes nothing")
        out, _ = self.apply()
        self.assertIn("address: version 1 (id 1)", out)
        self.assertEqual(self.get("/subjects/person/versions/1")["references"],
                         [{"name": "com.acme.Address", "subject": "address", "version": 1}])
        self.assertEqual(self.plan("--detailed-exit-code")[0], "nothing to change\n")
        self.write("address.avsc", json.dumps(ADDRESS, indent=7) + "\n\n")
        self.assertEqual(self.plan("--detailed-exit-code")[0], "nothing to change\n")

    def test_settings_schemas_and_deletions_are_done_in_one_go(self):
        prune = self.everything()
        self.plan(*prune, "--detailed-exit-code", status=100)
        self.apply()
        self.assertEqual(self.get("/subjects"), ["address", "new", "person"])
        self.assertEqual(self.get("/subjects/address/versions"), [1, 2])
        self.assertEqual(self.get("/config/address")["compatibilityLevel"], "NONE")
        self.assertEqual(self.get("/mode/address")["mode"], "READONLY")
        self.assertEqual(self.get("/config/person"),
                         {"compatibilityLevel": "NONE", "normalize": True})
        self.assertEqual(self.get("/subjects/person/versions/2")["references"][0]["version"], 2)
        self.assertIn("old-a", self.get("/subjects?deleted=true"), "softly")
        self.plan(*prune, "--detailed-exit-code")
        out, _ = self.apply()
        self.assertIn("nothing to change", out)

    def test_drift_of_any_kind_stops_all(self):
        prune = self.everything()
        self.plan(*prune)
        changes = (("PUT", "/config/address", {"compatibility": "FULL"}, "address: config"),
                   ("PUT", "/mode/person", {"mode": "READWRITE"}, "person: mode"),
                   ("POST", "/subjects/old-a/versions",
                    {"schema": '{"type":"record","name":"A","fields":[],"doc":"d"}'}, "old-a: latest"),
                   ("POST", "/subjects/new/versions", {"schema": '"string"'}, "new: latest"))
        told = []
        for method, path, body, words in changes:
            status, answer = self.server.request(method, path, body)
            self.assertEqual(status, 200, answer)
            told.append(words)
            _, said = self.apply(status=1)
            for each in told:
                self.assertIn(f"drift: {each}", said)
            self.assertIn("nothing was done", said)
            self.assertEqual(self.get("/subjects/address/versions"), [1])
            self.assertIn("old-b", self.get("/subjects"))

    def test_what_the_registry_would_refuse_is_refused_when_it_is_planned(self):
        self.settle()
        self.plan_file.unlink()
        self.write("address.avsc", ZIP)
        _, said = self.plan(status=1)
        self.assertIn("READER_FIELD_MISSING_DEFAULT_VALUE", said)
        self.assertFalse(self.plan_file.exists())
        self.write("address.avsc", OPTIONAL_ZIP)
        self.plan()
        self.server.request("PUT", "/mode", {"mode": "READONLY"})
        _, said = self.plan(status=1)
        self.assertIn("read-only", said.lower())
        _, said = self.apply(status=1)
        self.assertIn("read-only mode", said)
        self.assertEqual(self.get("/subjects/address/versions"), [1])

    def test_a_dry_run_changes_nothing(self):
        self.plan()
        out, _ = self.apply("--dry-run")
        self.assertIn("nothing was done", out)
        self.assertEqual(self.get("/subjects"), [])

    def test_without_a_terminal_nobody_is_asked(self):
        self.plan()
        code, _, said = run("apply", str(self.plan_file), "--registry", self.url)
        self.assertEqual(code, 2)
        self.assertIn("--yes", said)
        self.assertEqual(self.get("/subjects"), [])

    def test_another_registry_goes_step_by_step_only_when_told(self):
        prune = self.everything()
        other = WithoutPlans(self.server.port)
        self.addCleanup(other.server_close)
        self.addCleanup(other.shutdown)
        _, said = self.plan(*prune, url=other.url)
        self.assertIn("--not-atomic", said)
        _, said = self.apply(status=1, url=other.url)
        self.assertIn("--not-atomic", said)
        self.assertEqual(self.get("/subjects/address/versions"), [1])
        other.refused = "POST /subjects/person/versions"
        _, said = self.apply("--not-atomic", status=1, url=other.url)
        self.assertIn("not atomic", said)
        self.assertIn("refused by the test", said)
        self.assertIn("not done: person: a new version", said)
        self.assertEqual(self.get("/subjects/address/versions"), [1, 2])
        other.refused = None
        out, _ = self.apply("--not-atomic", url=other.url)
        self.assertNotIn("address: version", out)
        self.plan(*prune, "--detailed-exit-code", url=other.url)

    def test_machines_get_json(self):
        out, _ = self.plan("--output", "json")
        self.assertEqual(json.loads(out), json.loads(self.plan_file.read_text()))
        out, _ = self.apply("--output", "json")
        answer = json.loads(out)
        self.assertTrue(answer["atomic"] and answer["changed"])
        self.assertEqual(answer["drift"], [])

    def test_hostile_plans_end_in_words_and_not_in_changes(self):
        self.plan()
        good = json.loads(self.plan_file.read_text())
        bad = [b"", b"\x00\xff", b"[" * 100_000, b"{}", b'{"symbolonPlan": 9}']
        for pointer in ("symbolonPlan", "changes", "normalize"):
            bad.append(json.dumps({name: value for name, value in good.items()
                                   if name != pointer}).encode())
        bad.append(json.dumps({**good, "changes": [{**good["changes"][0], "x\x1b[31m": 1}]}).encode())
        bad.append(json.dumps({**good, "changes": good["changes"][:1] * 2}).encode())
        for text in bad:
            self.plan_file.write_bytes(text)
            _, said = self.apply(status=1)
            self.assertIn("plan.json", said)
            self.assertNotIn("\x1b", said)
        self.assertEqual(self.get("/subjects"), [])

    def test_called_wrongly_is_2(self):
        for words in (["plan", str(self.tree)], ["plan", "--registry", self.url, "--prune"],
                      ["plan", "--registry", self.url, "--prune-prefix", "x"],
                      ["apply", "--registry", self.url], ["apply", str(self.plan_file)]):
            self.assertEqual(run(*words)[0], 2, words)

    def test_a_tree_that_is_not_there_is_1(self):
        code, _, said = run("plan", str(self.folder / "none"), "--registry", self.url)
        self.assertEqual(code, 1)
        self.assertIn("none", said)

    def test_a_registry_that_is_not_there_is_1(self):
        self.plan()
        self.server.close()
        self.assertEqual(self.plan(status=1)[0], "")
        self.apply(status=1)


class OnMemory(Plans, unittest.TestCase):
    def store(self):
        return "memory:"


class OnSqlite(Plans, unittest.TestCase):
    def store(self):
        return f"sqlite:{self.folder / 'store.db'}"

    def test_kill_9_on_the_way_leaves_all_or_nothing(self):
        prune = self.everything()
        self.plan(*prune)
        outcomes = set()
        for delay in (0.0, 0.002, 0.005, 0.01, 0.02, 0.05):
            applying = subprocess.Popen(
                [OPTIONS.binary, "apply", str(self.plan_file), "--registry", self.url, "--yes"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            threading.Event().wait(delay)
            os.kill(self.server.process.pid, signal.SIGKILL)
            applying.wait(timeout=60)
            self.server.close()
            self.server = ServerProcess(OPTIONS.binary, self.store()).wait_until_listening()
            self.addCleanup(self.server.close)
            self.url = f"http://127.0.0.1:{self.server.port}"
            state = (len(self.get("/subjects/address/versions")) == 2,
                     "new" in self.get("/subjects"), "old-a" not in self.get("/subjects"),
                     self.server.request("GET", "/mode/address")[0] == 200)
            self.assertEqual(len(set(state)), 1, f"half done: {state}")
            outcomes.add(state[0])
            if state[0]:
                break
        self.apply()
        self.plan(*prune, "--detailed-exit-code")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default=OPTIONS.binary)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
