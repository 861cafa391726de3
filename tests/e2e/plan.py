#!/usr/bin/env python3
"""`symbolon plan` and `symbolon apply` against the real server, on memory and SQLite, and against one without plans.

Usage: tests/e2e/plan.py [--binary build/release/symbolon]
"""

import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import main  # noqa: E402
from fake_http import FakeHttp, pass_on  # noqa: E402
from program import FolderTest, run  # noqa: E402

ADDRESS = {"type": "record", "name": "Address", "namespace": "com.acme", "fields": [
    {"name": "street", "type": "string"}]}
PERSON = {"type": "record", "name": "Person", "namespace": "com.acme", "fields": [
    {"name": "home", "type": "com.acme.Address"}]}
ZIP = {**ADDRESS, "fields": ADDRESS["fields"] + [{"name": "zip", "type": "string"}]}
OPTIONAL_ZIP = {**ADDRESS, "fields": ADDRESS["fields"] + [{"name": "zip", "type": "string", "default": ""}]}


class WithoutPlans(FakeHttp):
    """Passes requests on to a server, as one that has never heard of /plans; may refuse some."""

    def __init__(self, port):
        super().__init__(self.pass_on)
        self.port = port
        self.refused = None

    def pass_on(self, request, body):
        line = f"{request.command} {request.path}"
        if request.path.startswith("/plans"):
            return 404, {"error_code": 404, "message": "HTTP 404 Not Found"}
        if line == self.refused:
            return 422, {"error_code": 42205, "message": "refused by the test"}
        return pass_on(self.port, request, body)


class Plans:
    """What holds on every store."""

    def setUp(self):
        super().setUp()
        self.tree = self.folder / "schemas"
        self.plan_file = self.folder / "plan.json"
        self.start_server()
        self.write("schemas/address.avsc", ADDRESS)
        self.write("schemas/person.avsc", PERSON)

    def start_server(self):
        self.server = self.serve(self.store())
        self.url = self.server.url

    def plan(self, *words, status=0, url=None):
        code, out, said = run("plan", self.tree, "--registry", url or self.url,
                              "--output-file", self.plan_file, *words)
        self.assertEqual(code, status, out + said)
        return out, said

    def apply(self, *words, status=0, url=None):
        code, out, said = run("apply", self.plan_file, "--registry", url or self.url, "--yes",
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
        self.write("schemas/address.avsc", ZIP)
        self.write("schemas/new.proto", 'syntax = "proto3"; message New { int32 id = 1; }')
        self.write("schemas/symbolon.yaml", "version: 1\nschemas:\n"
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
        self.write("schemas/address.avsc", json.dumps(ADDRESS, indent=7) + "\n\n")
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
        self.write("schemas/address.avsc", ZIP)
        _, said = self.plan(status=1)
        self.assertIn("READER_FIELD_MISSING_DEFAULT_VALUE", said)
        self.assertFalse(self.plan_file.exists())
        self.write("schemas/address.avsc", OPTIONAL_ZIP)
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
        code, _, said = run("apply", self.plan_file, "--registry", self.url)
        self.assertEqual(code, 2)
        self.assertIn("--yes", said)
        self.assertEqual(self.get("/subjects"), [])

    def test_another_registry_goes_step_by_step_only_when_told(self):
        prune = self.everything()
        other = WithoutPlans(self.server.port)
        self.addCleanup(other.close)
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
        for words in (["plan", self.tree], ["plan", "--registry", self.url, "--prune"],
                      ["plan", "--registry", self.url, "--prune-prefix", "x"],
                      ["apply", "--registry", self.url], ["apply", self.plan_file]):
            self.assertEqual(run(*words)[0], 2, words)

    def test_a_tree_that_is_not_there_is_1(self):
        code, _, said = run("plan", self.folder / "none", "--registry", self.url)
        self.assertEqual(code, 1)
        self.assertIn("none", said)

    def test_a_registry_that_is_not_there_is_1(self):
        self.plan()
        self.server.close()
        self.assertEqual(self.plan(status=1)[0], "")
        self.apply(status=1)


class OnMemory(Plans, FolderTest):
    def store(self):
        return "memory:"


class OnSqlite(Plans, FolderTest):
    def store(self):
        return f"sqlite:{self.folder / 'store.db'}"

    def test_kill_9_on_the_way_leaves_all_or_nothing(self):
        prune = self.everything()
        self.plan(*prune)
        callers = []
        for delay in (0.0, 0.002, 0.005, 0.01, 0.02, 0.05):
            callers.append(self.start("apply", self.plan_file, "--registry", self.url, "--yes"))
            time.sleep(delay)
            self.server.kill()
            self.start_server()
            state = (len(self.get("/subjects/address/versions")) == 2,
                     "new" in self.get("/subjects"), "old-a" not in self.get("/subjects"),
                     self.server.request("GET", "/mode/address")[0] == 200)
            self.assertEqual(len(set(state)), 1, f"half done: {state}")
            if state[0]:
                break
        for caller in callers:  # each tries its server, which is gone, for a while
            caller.communicate(timeout=60)
        self.apply()
        self.plan(*prune, "--detailed-exit-code")


if __name__ == "__main__":
    main()
