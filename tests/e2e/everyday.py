#!/usr/bin/env python3
"""The everyday commands against the real registry: register, get, list, versions, config, mode, delete, undelete,
contexts.

Usage: tests/e2e/everyday.py [--binary build/release/symbolon]
"""

import json
import pathlib
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, main  # noqa: E402
from fake_http import FakeHttp  # noqa: E402
from program import RegistryTest, environment, run, run_on_terminal  # noqa: E402

ORDER = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "int"}]}
NOTED = {**ORDER, "fields": ORDER["fields"] + [{"name": "note", "type": "string", "default": ""}]}
BROKEN = '{"type": "record", "name": "Order", "fields": [\n  {"name": "id", "type": "int"},\n' \
         '  {"name": "customer_satisfaction_score", "type": "int"}\n]}\n'
COMMANDS = ("list", "versions", "get", "register", "config", "mode", "delete", "undelete", "contexts",
            "config get", "config set", "config delete", "mode get", "mode set", "mode delete", "contexts delete")


class Everyday(RegistryTest):
    def setUp(self):
        super().setUp()
        self.subject = self._testMethodName.removeprefix("test_")

    def call(self, *words, status=0, data=b"", env=None):
        """What a command printed, with the registry."""
        code, out, said = run(*words, "--registry", self.url, data=data, env=env)
        self.assertEqual(code, status, f"{words}: {out}{said}")
        return out if status == 0 else said

    def json(self, *words, status=0, data=b""):
        code, out, said = run(*words, "--registry", self.url, "--output", "json", data=data)
        self.assertEqual(code, status, f"{words}: {out}{said}")
        return json.loads(out)

    def file(self, content, name="orders.avsc"):
        return str(self.write(name, content))

    def post(self, *schema, **more):
        return self.server.register(*schema, **more)

    # --- register

    def test_register_tells_what_is_new_and_what_was_there(self):
        out = self.call("register", self.subject, self.file(ORDER))
        self.assertRegex(out, rf"^{self.subject} version 1, id \d+: registered\n$")
        out = self.call("register", self.subject, self.file(ORDER))
        self.assertRegex(out, rf"^{self.subject} version 1, id \d+: was there already\n$")
        found = self.json("register", self.subject, "-", "--type", "avro", data=json.dumps(NOTED).encode())
        self.assertEqual((found["status"], found["version"], found["type"]), ("registered", 2, "AVRO"))
        self.assertEqual(len(found["guid"]), 36)
        # The earlier version again is no new one.
        self.assertEqual(self.json("register", self.subject, self.file(ORDER))["version"], 1)

    def test_register_tells_the_type_by_the_files_name(self):
        self.call("register", self.subject, self.file('syntax = "proto3"; message A { int32 x = 1; }', "a.proto"))
        self.assertEqual(self.json("get", self.subject)["schemaType"], "PROTOBUF")
        self.call("register", self.subject + "j", self.file({"type": "object"}, "a.json"))
        self.assertEqual(self.json("get", self.subject + "j")["schemaType"], "JSON")
        code, _, said = run("register", self.subject, self.file(ORDER, "a.txt"), "--registry", self.url)
        self.assertEqual(code, 2)
        self.assertIn("--type", said)

    def test_register_shows_findings_at_their_place_and_stores_nothing(self):
        self.post(self.subject, ORDER)
        path = self.file(BROKEN)
        for words in ((), ("--dry-run",)):
            said = self.call("register", self.subject, path, *words, status=1)
            self.assertRegex(said, rf"{path}:3:\d+: error: READER_FIELD_MISSING_DEFAULT_VALUE: ")
            self.assertIn("symbolon check", said)
            self.assertNotIn("\x1b", said)
            found = self.json("register", self.subject, path, *words, status=1)
            self.assertEqual(found["status"], "refused")
            self.assertEqual(found["findings"][0]["readerLine"], 3)
        self.assertEqual(self.server.request("GET", f"/subjects/{self.subject}/versions")[1], [1])

    def test_register_tries_without_storing(self):
        self.assertIn("would be registered", self.call("register", self.subject, self.file(ORDER), "--dry-run"))
        self.assertEqual(self.server.request("GET", f"/subjects/{self.subject}/versions")[0], 404)
        self.post(self.subject, ORDER)
        self.assertEqual(self.json("register", self.subject, self.file(NOTED), "--dry-run")["status"],
                         "would_register")
        self.assertEqual(self.json("register", self.subject, self.file(ORDER), "--dry-run")["status"], "unchanged")
        self.assertIn("symbolon: ", self.call("register", self.subject + "-new", self.file("{}"), "--dry-run",
                                              status=1))

    def test_register_names_references(self):
        address = self.subject + "-address"
        self.post(address, {"type": "record", "name": "a.Address", "fields": []})
        order = {"type": "record", "name": "Order", "fields": [{"name": "to", "type": "a.Address"}]}
        self.call("register", self.subject, self.file(order), "--reference", f"a.Address={address}:1")
        self.assertEqual(self.json("get", self.subject)["references"],
                         [{"name": "a.Address", "subject": address, "version": 1}])
        self.call("register", self.subject + "l", self.file(order), "--reference", f"a.Address={address}:latest")

    # --- get

    def test_get_prints_the_text_as_it_is_stored(self):
        text = json.dumps(NOTED, separators=(",", ":"))
        schema_id = self.post(self.subject, text)["id"]
        self.assertEqual(self.call("get", self.subject), text + "\n")
        self.assertEqual(self.call("get", self.subject, "1"), text + "\n")
        self.assertEqual(self.call("get", "--id", str(schema_id)), text + "\n")
        document = self.json("get", self.subject, "latest")
        self.assertEqual((document["subject"], document["version"], document["id"], document["schemaType"],
                          document["references"], document["schema"]),
                         (self.subject, 1, schema_id, "AVRO", [], text))
        self.assertEqual(self.call("get", "--guid", document["guid"]), text + "\n")
        target = self.folder / "out.avsc"
        self.assertEqual(self.call("get", self.subject, "-o", str(target)), "")
        self.assertEqual(target.read_text(), text)
        pretty = self.call("get", self.subject, "--pretty")
        self.assertEqual(json.loads(pretty), NOTED)
        self.assertIn('\n  "fields": [\n', pretty)

    def test_get_follows_references_and_writes_them_as_files(self):
        money, names = self.subject + "-money", ["../../evil.proto", "common/money.proto"]
        self.post(money, 'syntax = "proto3"; message Money { int32 x = 1; }', "PROTOBUF")
        for at, name in enumerate(names):
            subject = f"{self.subject}{at}"
            self.post(subject, f'syntax = "proto3"; import "{name}"; message Order {{ Money m = 1; }}', "PROTOBUF",
                      [{"name": name, "subject": money, "version": 1}])
            self.assertEqual(self.json("get", subject, "--references")["references"], [
                {"name": name, "subject": money, "version": 1,
                 "schema": self.json("get", money)["schema"]}])
            self.assertIn(money, self.call("get", subject, "--references"))
            target = self.folder / "a" / "b" / str(at)
            self.call("get", subject, "--with-references", str(target))
        self.assertEqual(sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*.proto")), [
            "a/b/0/evil.proto", f"a/b/0/{self.subject}0.proto", "a/b/1/common/money.proto",
            f"a/b/1/{self.subject}1.proto"])
        (self.folder / "a/b/1/common/money.proto").write_text("mine")
        words = ("get", self.subject + "1", "--with-references", str(self.folder / "a/b/1"))
        self.assertIn("--overwrite", self.call(*words, status=1))
        self.call(*words, "--overwrite")

    def test_get_asks_for_other_formats(self):
        self.post(self.subject, 'syntax = "proto3"; message A { int32 x = 1; }', "PROTOBUF")
        self.assertNotIn("message", self.call("get", self.subject, "--format", "serialized"))

    # --- list and versions

    def test_list_aligns_names_and_marks_what_is_deleted(self):
        for at in range(12):
            self.post(f"{self.subject}-{at}", ORDER)
        self.call("delete", f"{self.subject}-3")
        names = sorted(f"{self.subject}-{at}" for at in range(12) if at != 3)
        self.assertEqual(self.call("list", self.subject, "--names").split(), names)
        self.assertEqual(self.call("list", self.subject).split(), ["SUBJECT", *names])
        self.assertEqual(self.call("list", self.subject, "--only-deleted", "--names").split(), [f"{self.subject}-3"])
        found = self.json("list", self.subject, "--deleted", "--long")["subjects"]
        self.assertEqual([each["subject"] for each in found if each["deleted"]], [f"{self.subject}-3"])
        self.assertEqual(len(found), 12)
        self.assertEqual({(each["type"], each["version"], each["level"], each["mode"]) for each in found},
                         {("AVRO", 1, "BACKWARD", "READWRITE")})
        lines = self.call("list", self.subject, "--long").splitlines()
        self.assertEqual(lines[0].split(), ["SUBJECT", "TYPE", "VERSION", "ID", "LEVEL", "MODE"])
        self.assertEqual({line.index("AVRO") for line in lines[1:]}, {lines[0].index("TYPE")})
        self.assertEqual(self.call("list", "no-such-prefix"), "SUBJECT\n")

    def test_list_looks_into_contexts(self):
        self.post(f":.{self.subject}:a", ORDER)
        self.assertEqual(self.call("list", "--context", self.subject, "--names"), f":.{self.subject}:a\n")
        self.assertIn(f":.{self.subject}:a", self.call("list", "--names").split())
        self.assertNotIn(f":.{self.subject}:a", self.call("list", "--context", ".", "--names").split())
        self.assertIn(f":.{self.subject}:a", self.call("list", "a", "--context", "*", "--names").split())
        self.assertEqual(json.loads(self.call("get", "a", "--context", self.subject)), ORDER)
        self.assertEqual(self.json("versions", "a", "--context", "." + self.subject)["subject"],
                         f":.{self.subject}:a")

    def test_versions_show_their_references_and_deletions(self):
        self.post(self.subject, ORDER)
        self.post(self.subject, NOTED)
        self.call("delete", self.subject, "--version", "1")
        self.assertEqual([each["version"] for each in self.json("versions", self.subject)["versions"]], [2])
        found = self.json("versions", self.subject, "--deleted")["versions"]
        self.assertEqual([(each["version"], each["type"], each["references"], each["deleted"]) for each in found],
                         [(1, "AVRO", [], True), (2, "AVRO", [], False)])
        self.assertRegex(self.call("versions", self.subject, "--deleted"), r"(?m)^ +1 +\d+ +AVRO +yes$")

    def test_a_terminal_gets_cut_lines_and_pipes_get_all(self):
        subject = self.subject + "-" + "x" * 100
        self.post(subject, ORDER)
        code, shown = run_on_terminal("list", subject, "--long", "--registry", self.url, columns=60)
        self.assertEqual(code, 0, shown)
        self.assertIn("\N{HORIZONTAL ELLIPSIS}", shown)
        self.assertLessEqual(max(len(line) for line in shown.splitlines()), 60)
        self.assertIn(subject, self.call("list", subject, "--long"))

    # --- config and mode

    def test_config_tells_where_values_come_from(self):
        self.post(self.subject, ORDER)
        found = self.json("config", "get", self.subject)
        self.assertEqual((found["effective"]["compatibilityLevel"], found["own"]), ("BACKWARD", None))
        self.assertEqual(found["from"]["compatibilityLevel"], "global")
        out = self.call("config", "set", self.subject, "level=full", "normalize=true")
        self.assertRegex(out, r"(?m)^level +FULL +subject$")
        self.assertRegex(out, r"(?m)^normalize +true +subject$")
        self.assertEqual(self.json("config", "get", self.subject)["own"]["compatibilityLevel"], "FULL")
        self.assertRegex(self.call("config", "delete", self.subject), r"(?m)^level +BACKWARD +global$")
        said = self.call("config", "delete", self.subject, status=1)
        self.assertIn("no config of its own", said)

    def test_config_of_a_context_is_inherited(self):
        self.post(f":.{self.subject}:a", ORDER)
        self.call("config", "set", "--context", self.subject, "level=NONE")
        found = self.json("config", "get", "a", "--context", self.subject)
        self.assertEqual(found["effective"]["compatibilityLevel"], "NONE")
        self.assertEqual(found["from"]["compatibilityLevel"], f"context .{self.subject}")

    def test_config_of_all(self):
        self.assertRegex(self.call("config", "set", "--global", "validateFields=true"), "validateFields +true +global")
        self.assertEqual(self.json("config", "get", "--global")["scope"], "")
        self.assertNotIn("validateFields", self.call("config", "set", "--global", "validateFields="))

    def test_config_warns_of_subjects_that_are_not_there(self):
        self.post(self.subject, ORDER)
        wrong = self.subject[:-1] + "x" + self.subject[-1]
        _, _, said = run("config", "set", wrong, "level=NONE", "--registry", self.url)
        self.assertIn(f"Did you mean {self.subject}", said)

    def test_mode_tells_where_it_comes_from(self):
        self.post(self.subject, ORDER)
        self.assertEqual(self.json("mode", "get", self.subject),
                         {"scope": self.subject, "effective": "READWRITE", "own": None, "from": "global"})
        self.assertRegex(self.call("mode", "set", self.subject, "readonly"), rf"{self.subject} +READONLY +subject")
        said = self.call("register", self.subject, self.file(NOTED), status=1)
        self.assertIn("symbolon mode", said)
        self.call("mode", "delete", self.subject)
        self.assertIn("no mode of its own", self.call("mode", "delete", self.subject, status=1))
        self.assertIn("--force", self.call("mode", "set", self.subject, "IMPORT", status=1))
        self.call("mode", "set", self.subject, "IMPORT", "--force")

    # --- delete and undelete

    def test_delete_has_two_steps(self):
        self.post(self.subject, ORDER)
        said = self.call("delete", self.subject, "--permanent", "--yes", status=1)
        self.assertIn("--both-steps", said)
        self.assertIn(f"symbolon delete {self.subject}", said)
        self.assertIn("deleted version 1 softly", self.call("delete", self.subject))
        self.assertIn("softly deleted already", self.call("delete", self.subject, status=1))
        self.assertIn("undelete", self.call("get", self.subject, status=1))
        self.assertIn("restored version 1", self.call("undelete", self.subject))
        self.assertIn("nothing to restore", self.call("undelete", self.subject))
        self.call("delete", self.subject)
        code, _, said = run("delete", self.subject, "--permanent", "--registry", self.url)
        self.assertEqual((code, "--yes" in said), (2, True), said)
        self.assertEqual(self.json("delete", self.subject, "--permanent", "--yes"),
                         {"subject": self.subject, "versions": [1], "permanent": True, "dry_run": False,
                          "allowed": True, "refusal": "", "referrers": []})
        self.call("get", self.subject, "1", "--deleted", status=1)

    def test_delete_quotes_what_it_says_to_type(self):
        subject = self.subject + "$(touch x)"
        self.post(subject, ORDER)
        self.assertIn(f"symbolon delete '{subject}' --permanent",
                      self.call("delete", subject, "--permanent", "--yes", status=1))

    def test_delete_does_both_steps_when_that_is_said(self):
        self.post(self.subject, ORDER)
        self.post(self.subject, NOTED)
        out = self.call("delete", self.subject, "--version", "1", "--permanent", "--both-steps", "--yes")
        self.assertIn("deleted version 1 for good", out)
        self.assertEqual([each["version"] for each in self.json("versions", self.subject, "--deleted")["versions"]],
                         [2])
        self.assertIn("version 2", self.call("delete", self.subject, "--version", "7", status=1))

    def test_delete_tells_who_refers_to_it(self):
        self.post(self.subject, {"type": "record", "name": "a.Address", "fields": []})
        self.post(self.subject + "-user",
                  {"type": "record", "name": "U", "fields": [{"name": "to", "type": "a.Address"}]},
                  references=[{"name": "a.Address", "subject": self.subject, "version": 1}])
        code, out, said = run("delete", self.subject, "--dry-run", "--registry", self.url)
        self.assertEqual(code, 1, out + said)
        self.assertIn(f"version 1 is referred to by {self.subject}-user version 1", said)
        self.assertIn("would refuse", said)
        self.call("delete", self.subject, status=1)
        self.assertEqual(self.json("delete", self.subject, "--dry-run", status=1)["allowed"], False)
        self.assertEqual([each["version"] for each in self.json("versions", self.subject)["versions"]], [1])

    def test_delete_asks_on_a_terminal(self):
        self.post(self.subject, ORDER)
        words = ("delete", self.subject, "--registry", self.url)
        code, shown = run_on_terminal(*words, typed="n\n")
        self.assertEqual((code, "Nothing was deleted" in shown), (1, True), shown)
        code, shown = run_on_terminal(*words, typed="y\n")
        self.assertEqual((code, "[y/N]" in shown), (0, True), shown)
        code, shown = run_on_terminal(*words, "--permanent", typed="y\n")
        self.assertEqual((code, "Nothing was deleted" in shown), (1, True), shown)
        code, shown = run_on_terminal(*words, "--permanent", typed=self.subject + "\n")
        self.assertEqual((code, "for good" in shown), (0, True), shown)

    def test_undelete_takes_one_version(self):
        self.post(self.subject, ORDER)
        self.post(self.subject, NOTED)
        self.call("delete", self.subject)
        self.assertEqual(self.json("undelete", self.subject, "--version", "2"),
                         {"subject": self.subject, "versions": [2]})

    # --- contexts

    def test_contexts_are_counted_and_deleted_when_empty(self):
        self.post(f":.{self.subject}:a", ORDER)
        found = {each["context"]: each["subjects"] for each in self.json("contexts")["contexts"]}
        self.assertEqual(found[f".{self.subject}"], 1)
        self.assertIn(".", found)
        self.assertRegex(self.call("contexts"), rf"(?m)^\.{self.subject} +1$")
        said = self.call("contexts", "delete", self.subject, status=1)
        self.assertIn("for good first", said)
        self.call("delete", "a", "--context", self.subject, "--permanent", "--both-steps", "--yes")
        self.assertIn("deleted context", self.call("contexts", "delete", "." + self.subject))
        self.assertNotIn(f".{self.subject}",
                         [each["context"] for each in self.json("contexts")["contexts"]])

    def test_contexts_delete_takes_the_registry_of_the_flag_and_not_of_the_environment(self):
        code, _, said = run("contexts", "--registry", self.url, "delete", "no-such",
                            env={"SYMBOLON_REGISTRY": "http://127.0.0.1:9", "SCHEMA_REGISTRY_URL": "http://127.0.0.1:9"})
        self.assertEqual(code, 1)
        self.assertIn("There is no context .no-such", said)
        code, _, said = run("config", "get", "--registry", self.url,
                            env={"SYMBOLON_REGISTRY": "http://127.0.0.1:9", "SCHEMA_REGISTRY_URL": "http://127.0.0.1:9"})
        self.assertEqual(code, 0, said)

    # --- what goes wrong

    def test_unknown_names_are_told_with_what_is_near(self):
        self.post(self.subject, ORDER)
        wrong = self.subject[:-2] + "x" + self.subject[-2:]
        for words in (("get", wrong), ("versions", wrong), ("delete", wrong), ("undelete", wrong)):
            said = self.call(*words, status=1)
            self.assertIn(f"Did you mean {self.subject}", said, words)
            self.assertIn("40401", str(self.server.request("GET", f"/subjects/{wrong}/versions")))
        self.assertIn("has version 1", self.call("get", self.subject, "9", status=1))

    def test_calls_that_are_wrong_end_with_2(self):
        for words, hint in (
                (("get",), "SUBJECT"), (("get", "a", "--id", "7"), "one of"), (("get", "a", "0"), "latest"),
                (("config", "set", "a", "levl=FULL"), "Did you mean level?"),
                (("config", "set", "level=FULL"), "scope"), (("config", "set", "a"), "KEY=VALUE"),
                (("mode", "set", "a", "READONYL"), "Did you mean READONLY"), (("mode", "set", "READONLY"), "scope"),
                (("register", "a", "b.txt"), "--type"), (("register", "a", "b.avsc", "--reference", "x"), "NAME="),
                (("list", "--names", "--long"), "--long"), (("delete", "a", "--both-steps"), "--permanent"),
                (("undelete", "a", "--version", "latest"), "number"), (("contexts", "delete", "."), "default"),
                (("get", "a", "--deleted", "--references"), "--deleted"),
                (("get", "--id", "7", "--context", "c", "--references"), "SUBJECT"),
                (("config", "set", ".", "level=NONE"), "no subject"), (("mode", "set", "..", "READONLY"), "no subject"),
                (("delete", "."), "no subject"), (("register", "", "b.avsc"), "is empty"), (("versions", ""), "is empty"),
                (("versions", ":.a:b", "--context", "c"), "--context"), (("list", "--nope"), "nope")):
            code, out, said = run(*words, "--registry", self.url)
            self.assertEqual(code, 2, f"{words}: {out}{said}")
            self.assertIn(hint, said + out, words)
        for command in ("list", "contexts"):
            code, _, said = run(command)
            self.assertEqual(code, 2, said)

    def test_a_result_that_nobody_can_read_is_a_failure(self):
        self.call("register", "orders-value", self.file(ORDER))
        with open("/dev/full", "wb") as full:
            for words in (("get", "orders-value"), ("list",), ("versions", "orders-value"), ("config", "get"),
                          ("help",), ("get", "--help"), ("man", "get"), ("lint", "--list-rules")):
                done = subprocess.run([OPTIONS.binary, *words], stdout=full, stderr=subprocess.PIPE, check=False,
                                      timeout=60, env=environment(SYMBOLON_REGISTRY=self.url))
                self.assertEqual(done.returncode, 1, words)
                self.assertIn(b"standard output cannot be written", done.stderr, words)

    def test_files_that_cannot_be_read_and_registries_that_are_away_are_failures(self):
        self.assertIn("No such file", self.call("register", "a", "/no/such.avsc", status=1))
        self.assertIn("symbolon: ", self.call("register", "a", self.file("{", "a.avsc"), status=1))
        code, _, said = run("list", "--registry", "http://user:hidden@127.0.0.1:9", "--timeout-ms", "300")
        self.assertEqual(code, 1, said)
        self.assertIn("hint:", said)
        self.assertNotIn("hidden", said)

    def test_every_command_has_help_with_an_example(self):
        for command in COMMANDS:
            code, out, _ = run(*command.split(), "--help")
            self.assertEqual(code, 0, command)
            self.assertIn(f"Example: symbolon {command.split()[0]}", out, command)
            self.assertIn("Exit status:", out, command)
            if command not in ("config", "mode"):
                self.assertIn("JSON:", out, command)


class HostileRegistry(unittest.TestCase):
    """Names and texts that would steer a terminal, from a registry that is somebody else's."""

    @classmethod
    def setUpClass(cls):
        cls.fake = FakeHttp(cls.answer)
        cls.addClassCleanup(cls.fake.close)

    @staticmethod
    def answer(request, _):
        if request.command != "GET":
            return 422, {"error_code": 42205, "message": "no\x1b[2J\nsymbolon: yes"}
        steer = "a\x1b[2J\u202eb"
        path = request.path.split("?")[0]
        answer = {"/subjects": [steer], "/contexts": [steer]}.get(path)
        if "slow" in request.path:
            time.sleep(0.2)
            answer = ["slow-1", "slow-2"] if path == "/subjects" else answer
        if path.endswith("/versions"):
            answer = [1]
        return 200, answer or {"subject": steer, "version": 1, "id": 1, "schema": steer + "\n", "mode": steer,
                               "compatibilityLevel": steer, "references": []}

    def test_nothing_steers_a_terminal(self):
        for words in (("list",), ("list", "--long"), ("list", "--names"), ("list", "--output", "json"), ("versions", "x"),
                      ("get", "x"), ("get", "x", "--output", "json"), ("config", "get", "x"), ("mode", "get", "x"),
                      ("contexts",), ("delete", "x", "--yes"), ("undelete", "x"), ("contexts", "delete", "x"),
                      ("config", "set", "x", "level=NONE"), ("mode", "set", "x", "READONLY")):
            _, shown = run_on_terminal(*words, "--registry", self.fake.url)
            self.assertNotIn("\x1b[2J", shown, words)
            self.assertNotIn("\u202e", shown, words)
            self.assertTrue(shown, words)

    def test_a_long_listing_tells_on_a_terminal_how_far_it_is(self):
        words = ("list", "slow", "--long", "--registry", self.fake.url)
        code, shown = run_on_terminal(*words)
        self.assertEqual(code, 0, shown)
        self.assertRegex(shown, r"\r\x1b\[Kasked about \d of 2 subjects(.*)\r\x1b\[KSUBJECT")
        code, out, said = run(*words)
        self.assertEqual((code, said), (0, ""), out)


if __name__ == "__main__":
    main()
