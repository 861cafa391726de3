#!/usr/bin/env python3
"""What `symbolon check` compares with: a registry of 650 subjects over HTTP, its store file while it runs and when
it is stopped, a folder; and registries that are not there, refuse, or are something else.

Usage: tests/e2e/against.py [--binary build/release/symbolon]
"""

import hashlib
import json
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, main  # noqa: E402
from fake_http import FakeHttp  # noqa: E402
from program import FolderTest, run  # noqa: E402
from server_process import ServerProcess  # noqa: E402

SUBJECTS = 640

MONEY = {"type": "record", "name": "Money", "namespace": "shop", "fields": [{"name": "cents", "type": "long"}]}


def order(*fields):
    return {"type": "record", "name": "Order", "namespace": "shop",
            "fields": [{"name": "id", "type": "long"}, {"name": "price", "type": "shop.Money"}, *fields]}


PERSON = {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object",
          "properties": {"name": {"type": "string"}}, "additionalProperties": False}
LINE = 'syntax = "proto3";\nmessage Line {\n  string item = 1;\n}\n'
LINE_BROKEN = 'syntax = "proto3";\nmessage Line {\n  int32 item = 1;\n}\n'
PLAIN = {"type": "record", "name": "Plain", "fields": [{"name": "a", "type": "string"}]}
PLAIN_BROKEN = {"type": "record", "name": "Plain", "fields": [
    {"name": "a", "type": "string"}, {"name": "customer_satisfaction_score", "type": "int"}]}

CONFIG = """version: 1
schemas:
  - {path: "ctx/*.avsc", subject: ":.ctx:{stem}-value"}
  - {path: "money.avsc", subject: money-value}
  - {path: "short.avsc", subject: short}
  - {path: "**", subject: "{stem}-value"}
"""


def picture_of(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


class Against(FolderTest):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.TemporaryDirectory(prefix="symbolon-")
        cls.addClassCleanup(cls.place.cleanup)
        cls.store = pathlib.Path(cls.place.name, "store.db")
        cls.start_server()
        cls.addClassCleanup(lambda: cls.server.close())
        cls.fill()

    @classmethod
    def start_server(cls):
        cls.server = ServerProcess(OPTIONS.binary, f"sqlite:{cls.store}").wait_until_listening()
        cls.url = cls.server.url

    @classmethod
    def config(cls, subject, **settings):
        status, answer = cls.server.request("PUT", f"/config/{subject.replace(':', '%3A')}", settings)
        assert status == 200, answer

    @classmethod
    def fill(cls):
        money = [{"name": "shop.Money", "subject": "money-value", "version": 1}]
        register = cls.server.register
        register("money-value", MONEY)
        register("orders-value", order(), references=money)
        register("orders-value", order({"name": "note", "type": "string", "default": ""}), references=money)
        register("people-value", PERSON, "JSON")
        register("lines-value", LINE, "PROTOBUF")
        register(":.ctx:money-value", PLAIN)
        register(":.ctx:only-value", PLAIN)
        register("free-value", PLAIN)
        cls.config("free-value", compatibility="NONE")
        cls.config("short", alias="plain-0000-value")
        for number in range(SUBJECTS):
            register(f"plain-{number:04}-value", PLAIN)

    def setUp(self):
        super().setUp()
        self.tree = self.folder / "schemas"
        self.write("schemas/symbolon.yaml", CONFIG)

    def check(self, against, status, *words):
        code, out, err = run("check", self.tree, "--against", against, "--format", "json", *words)
        self.assertEqual(code, status, out + err)
        if status == 1:
            self.assertEqual(out.strip(), "")
            return err
        return {entry["subject"]: entry for entry in json.loads(out)["subjects"]}

    def write_everything(self):
        self.write("schemas/money.avsc", MONEY)
        self.write("schemas/orders.avsc", order({"name": "note", "type": "string", "default": ""},
                                        {"name": "more", "type": "int"}))
        self.write("schemas/people.schema.json", {**PERSON, "properties": {"name": {"type": "integer"}}})
        self.write("schemas/lines.proto", LINE_BROKEN)
        self.write("schemas/ctx/money.avsc", PLAIN_BROKEN)
        self.write("schemas/free.avsc", PLAIN_BROKEN)
        self.write("schemas/short.avsc", PLAIN_BROKEN)
        self.write("schemas/only.avsc", PLAIN_BROKEN)  # its namesake of another context does not count
        for number in range(0, SUBJECTS, 10):
            self.write(f"schemas/plain-{number:04}.avsc", PLAIN)

    def expect_everything(self, found, asked):
        verdicts = {subject: entry["verdict"] for subject, entry in found.items()
                    if not subject.startswith("plain-")}
        self.assertEqual(verdicts, {
            "money-value": "unchanged", "orders-value": "incompatible", "people-value": "incompatible",
            "lines-value": "incompatible", ":.ctx:money-value": "incompatible", "free-value": "compatible",
            "short": "incompatible", "only-value": "new"})
        plain = [entry["verdict"] for subject, entry in found.items() if subject.startswith("plain-")]
        self.assertEqual(plain, ["unchanged"] * (SUBJECTS // 10))
        self.assertIn("orders-value version 2", found["orders-value"]["compared"])
        self.assertEqual(found["free-value"]["level"], "NONE")
        rules = {rule["rule"] for entry in found.values() for rule in entry["findings"]}
        self.assertNotIn("SERVER_DISAGREES", rules)
        if asked:
            self.assertIs(found["lines-value"]["serverCompatible"], False)
        else:
            self.assertNotIn("serverCompatible", found["lines-value"])

    def test_a_registry_over_http_and_its_file_say_the_same(self):
        self.write_everything()
        self.expect_everything(self.check(self.url, 100), asked=True)
        self.expect_everything(self.check(self.store, 100), asked=False)

    def test_the_file_of_a_stopped_server_stays_as_it_is(self):
        self.write_everything()
        self.assertEqual(self.server.stop(), 0)
        self.server.close()
        before = picture_of(self.store.parent)
        try:
            self.expect_everything(self.check(self.store, 100), asked=False)
            self.assertEqual(picture_of(self.store.parent), before)
        finally:
            self.start_server()

    def test_nothing_is_stored(self):
        self.write_everything()
        status, before = self.server.request("GET", "/subjects")
        self.check(self.url, 100)
        self.assertEqual(self.server.request("GET", "/subjects"), (status, before))
        self.assertEqual(self.server.request("GET", "/subjects/orders-value/versions"), (200, [1, 2]))

    def test_a_read_only_subject_is_told(self):
        self.server.request("PUT", "/mode/plain-0001-value", {"mode": "READONLY"})
        self.write("schemas/plain-0001.avsc", {**PLAIN, "doc": "new"})
        code, out, _ = run("check", self.tree, "--against", self.url, "--format", "json")
        rules = [finding["rule"] for entry in json.loads(out)["subjects"] for finding in entry["findings"]]
        self.assertIn("SUBJECT_READ_ONLY", rules, (code, out))
        self.server.request("DELETE", "/mode/plain-0001-value")

    def test_a_folder_is_a_baseline(self):
        other = self.write("other/lines.proto", LINE).parent
        self.write("schemas/lines.proto", LINE_BROKEN)
        found = self.check(other, 100)
        self.assertEqual(found["lines-value"]["verdict"], "incompatible", "the candidates' settings name it")

    def test_a_registry_that_is_not_there_is_an_error(self):
        self.write("schemas/lines.proto", LINE)
        message = self.check(f"http://user:secret@127.0.0.1:{self.free_port()}", 1)
        self.assertIn("No registry answered", message)
        self.assertNotIn("secret", message)

    def test_a_wrong_path_makes_nothing_new(self):
        self.write("schemas/lines.proto", LINE)
        self.assertIn("404", self.check(self.url + "/nowhere", 1))

    def test_what_refuses_or_is_no_registry_is_an_error(self):
        self.write("schemas/lines.proto", LINE)
        for status, body, words in (
                (401, b'{"error_code":401,"message":"who are you?"}', "who are you?"),
                (403, b"", "403"), (404, b"<html>", "404"), (200, b"<html>", "registry"),
                (200, b"[[[[[[[[", "registry"), (302, b"", "redirect")):
            with self.subTest((status, body)), FakeHttp(lambda *_: (status, body)) as fake:
                self.assertIn(words, self.check(fake.url, 1))

    def test_what_is_named_wrongly_is_told_with_what_was_meant(self):
        self.write("schemas/lines.proto", LINE)
        damaged = self.folder / "damaged.db"
        damaged.write_bytes(b"SQLite format 3\0" + b"\xa5" * 5000)
        for what, words in (("./nowhere/", "no such folder or file"), ("main", "git#main"),
                            ("localhost:8081", "http://localhost:8081"),
                            (self.tree / "lines.proto", "does not begin like an SQLite file"),
                            (damaged, "cannot be used as a registry")):
            self.assertIn(words, self.check(what, 1), what)

    def test_every_subject_is_listed(self):
        code, out, err = run("list", "--registry", self.url, "--output", "json")
        self.assertEqual(code, 0, err)
        names = json.dumps(json.loads(out))
        for name in ("orders-value", ":.ctx:only-value", "plain-0000-value", f"plain-{SUBJECTS - 1:04}-value"):
            self.assertIn(f'"{name}"', names)


if __name__ == "__main__":
    main(processes=2)
