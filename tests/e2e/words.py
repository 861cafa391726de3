#!/usr/bin/env python3
"""`symbolon diff`, `lint` and `schema …` as a user calls them: files, git, a registry, exit codes.

Usage: tests/e2e/words.py [--binary build/release/symbolon]
"""

import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import unittest

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import ROOT, main  # noqa: E402
from program import FolderTest, RegistryTest, run  # noqa: E402

FIELD_ID = {"name": "id", "type": "int", "doc": "Unique."}


def order(*fields):
    return json.dumps({"type": "record", "name": "Order", "namespace": "com.acme", "doc": "An order.",
                       "fields": [FIELD_ID, *fields]}, indent=2)


V1 = order()
V2 = order({"name": "total", "type": "double", "default": 0})
V3 = order({"name": "total", "type": "double", "default": 0}, {"name": "score", "type": "int"})


class Good:
    def good(self, *words, **more):
        status, out, said = run(*words, **more)
        self.assertEqual(status, 0, f"{words}: {out}{said}")
        return out


class DiffOfRegistered(Good, RegistryTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.request("PUT", "/config", {"compatibility": "NONE"})
        cls.ids = [cls.server.register("orders-value", text)["id"] for text in (V1, V2, V3)]

    def diff(self, *words):
        return self.good("diff", *words, "--registry", self.url)

    def test_a_subject_alone_is_its_last_two_versions(self):
        out = self.diff("orders-value")
        self.assertIn("orders-value version 2 → orders-value version 3\n", out)
        self.assertIn("  + field /score (int)\n      forward compatible\n      not backward compatible: ", out)
        self.assertIn("[READER_FIELD_MISSING_DEFAULT_VALUE]", out)
        self.assertIn("1 added, 0 removed, 0 changed; backward compatible: no; forward compatible: yes", out)

    def test_versions_ids_and_the_latest_may_be_named(self):
        first = self.diff("orders-value", "1", "2")
        self.assertIn("+ field /total (double, default 0)\n      backward compatible, forward compatible", first)
        for words in (("orders-value@1", "orders-value@2"), (f"id:{self.ids[0]}", f"id:{self.ids[1]}")):
            self.assertEqual(self.diff(*words).splitlines()[1:], first.splitlines()[1:])
        self.assertIn("version 3", self.diff("orders-value@1", "orders-value").splitlines()[0])
        self.assertIn("version 3", self.diff("orders-value", "1", "latest").splitlines()[0])

    def test_a_file_is_compared_with_what_is_registered(self):
        path = self.write("order.avsc", V2)
        self.assertIn("no difference", self.diff("orders-value@2", path))
        status, out, _ = run("diff", "orders-value@3", path, "--exit-code", "--registry", self.url)
        self.assertEqual(status, 100)
        self.assertIn("- field /score (int)", out)
        status, _, _ = run("diff", "orders-value@2", path, "--exit-code", "--registry", self.url)
        self.assertEqual(status, 0)

    def test_json_is_for_machines(self):
        found = json.loads(self.diff("orders-value", "1", "3", "--output", "json"))
        self.assertEqual([change["words"] for change in found["changes"]],
                         ["field /total (double, default 0)", "field /score (int)"])
        self.assertEqual((found["backwardCompatible"], found["forwardCompatible"]), (False, True))
        finding = found["changes"][1]["findings"][0]
        self.assertEqual((finding["rule"], finding["direction"], finding["readerPath"]),
                         ("READER_FIELD_MISSING_DEFAULT_VALUE", "backward", "/fields/2"))

    def test_what_is_not_there_ends_with_1(self):
        for words in (("nothing-value",), ("orders-value", "1", "99"), ("id:4711", "orders-value")):
            status, _, said = run("diff", *words, "--registry", self.url)
            self.assertEqual(status, 1, words)
            self.assertTrue(said)
        status, _, said = run("diff", "orders-value", "--registry", "http://127.0.0.1:9", "--timeout-ms", "200")
        self.assertEqual(status, 1, said)


class DiffOfFiles(Good, FolderTest):
    def test_the_text_is_a_diff_that_patch_understands(self):
        old, new = self.write("old.avsc", V1), self.write("new.avsc", V3)
        patch = self.good("diff", old, new, "--text")
        self.assertTrue(patch.startswith(f"--- {old}\n+++ {new}\n@@ -"), patch)
        laid_out = self.write("laid_out.json", self.good("schema", "canonical", old, "--pretty"))
        subprocess.run(["git", "apply", "--unsafe-paths", "-p0", "-"], check=True, cwd=self.folder,
                       input=patch.replace(str(old), "laid_out.json").replace(str(new), "laid_out.json").encode())
        self.assertEqual(laid_out.read_text(),
                         self.good("schema", "canonical", new, "--pretty"))

    def test_json_schemas_and_protobuf(self):
        old = self.write("old.json", '{"type": "object", "properties": {"a": {"type": "string", "maxLength": 9}}}')
        new = self.write("new.json", '{"type": "object", "properties": {"a": {"type": "string", "maxLength": 5}}}')
        out = self.good("diff", old, new)
        self.assertIn("~ maxLength of /a: 9 → 5", out)
        self.assertIn("[MAX_LENGTH_DECREASED]", out)
        old = self.write("old.proto", 'syntax = "proto3"; message A { int32 x = 1; }')
        new = self.write("new.proto", 'syntax = "proto3"; message A { string x = 1; }')
        self.assertIn("[FIELD_SCALAR_KIND_CHANGED]", self.good("diff", old, new))

    def test_a_revision_of_git_is_compared_with_the_working_tree(self):
        self.git("init", "-q", "-b", "main")
        self.write("schemas/order.avsc", V1)
        self.git("add", ".")
        self.git("commit", "-q", "-m", "first")
        self.write("schemas/order.avsc", V2)
        out = self.good("diff", "git#main:schemas/order.avsc", "schemas/order.avsc", cwd=self.folder)
        self.assertIn("+ field /total", out)
        status, _, said = run("diff", "git#main:nothing.avsc", "schemas/order.avsc", cwd=self.folder)
        self.assertEqual(status, 1)
        self.assertIn("nothing.avsc", said)

    def test_references_are_found_around_the_file_or_named(self):
        uses = {"type": "record", "name": "A", "fields": [{"name": "b", "type": "com.acme.Order"}]}
        user = self.write("a.avsc", json.dumps(uses))
        self.write("order.avsc", V1)
        self.assertIn("no difference", self.good("diff", user, user))
        other = self.write("elsewhere/b.avsc", json.dumps(uses))
        status, _, said = run("diff", other, other)
        self.assertEqual(status, 1)
        self.assertIn("com.acme.Order", said)
        ref = f"com.acme.Order={self.folder}/order.avsc"
        self.assertIn("no difference", self.good("diff", other, other, "--reference", ref))

    def test_calls_that_are_wrong_end_with_2(self):
        old = self.write("old.avsc", V1)
        proto = self.write("a.proto", 'syntax = "proto3"; message A {}')
        for words in ((), (old,), ("a", "b", "c", "d"), (old, proto), ("orders-value", "1", "x"),
                      ("orders-value",), (old, old, "--output", "xml"), (old, old, "--text", "--output", "json"),
                      ("git#main", old), ("id:x", old), (old, old, "--type", "XML")):
            status, out, said = run("diff", *words)
            self.assertEqual(status, 2, f"{words}: {out}{said}")
        status, _, said = run("diff", old, self.folder / "missing.avsc")
        self.assertEqual(status, 1)
        self.assertIn("missing.avsc", said)

    def test_names_do_not_steer_the_terminal(self):
        old = self.write("old.json", '{"title": "a"}')
        new = self.write("new.json", '{"title": "\\u001b[2J"}')
        self.assertNotIn("\x1b", self.good("diff", old, new))


class Lint(Good, FolderTest):
    def test_findings_have_places_and_only_errors_end_with_100(self):
        self.write("order.avsc", '{"type": "record", "name": "order", "namespace": "com.acme", "doc": "d",\n'
                                 ' "fields": []}')
        status, out, _ = run("lint", self.folder)
        self.assertEqual(status, 0, out)
        self.assertRegex(out, r"order\.avsc:1:28")
        self.assertIn("LINT_TYPE_NAME", out)
        status, out, _ = run("lint", "--strict", cwd=self.folder)
        self.assertEqual(status, 100, out)
        self.good("lint", "--strict", "--except", "LINT_TYPE_NAME", self.folder)
        self.good("lint", "--strict", "--rule", "LINT_FIELD_DOC", self.folder)

    def test_symbolon_yaml_chooses_rules_and_agrees_on_exceptions(self):
        self.write("order.avsc", '{"type": "fixed", "name": "md5", "size": 16}')
        self.write("symbolon.yaml", "version: 1\nlint: {except: [LINT_NAMESPACE_MISSING]}\n")
        found = json.loads(run("lint", "--strict", "--format", "json", cwd=self.folder)[1])
        rules = [one["rule"] for subject in found["subjects"] for one in subject["findings"]]
        self.assertEqual(rules, ["LINT_TYPE_NAME"])
        self.write("symbolon.yaml", "version: 1\nlint: {except: [LINT_NAMESPACE_MISSING]}\nignore:\n"
                   "  - {rule: LINT_TYPE_NAME, reason: as the standard says, expires: 2099-01-01}\n")
        self.good("lint", "--strict", cwd=self.folder)

    def test_the_symbolon_yaml_of_the_manual_is_one(self):
        manual = (ROOT / "docs/gate.md").read_text()
        self.write("symbolon.yaml", manual.split("```yaml\n")[1].split("```")[0])
        self.write("order.avsc", '{"type": "fixed", "name": "Digest", "namespace": "a", "size": 16}')
        self.good("lint", cwd=self.folder)

    def test_what_does_not_parse_is_a_finding(self):
        self.write("bad.avsc", '{"type": "record"}')
        status, out, _ = run("lint", self.folder)
        self.assertEqual(status, 100)
        self.assertIn("INVALID_SCHEMA", out)

    def test_every_format_is_written(self):
        self.write("order.avsc", '{"type": "fixed", "name": "md5", "size": 16}')
        for name in ("text", "json", "junit", "sarif", "github-actions", "gitlab-code-quality", "markdown"):
            self.assertIn("LINT_TYPE_NAME", self.good("lint", "--format", name, self.folder), name)
        path = self.folder / "report.sarif"
        self.assertEqual(self.good("lint", "--format", "sarif", "--output-file", path, self.folder), "")
        self.assertIn("LINT_TYPE_NAME", path.read_text())

    def test_the_rules_are_listed(self):
        out = self.good("lint", "--list-rules")
        rules = json.loads(self.good("lint", "--list-rules", "--format", "json"))
        self.assertGreaterEqual(len(rules), 12)
        for rule in rules:
            self.assertIn(f"{rule['rule']} ({rule['severity']})", out)

    def test_wrong_calls_end_with_1(self):
        self.write("order.avsc", V1)
        for words in (("--rule", "LINT_NOTHING"), ("--format", "xml"), ("/no/such/folder",),
                      ("--output-file", "/no/such/folder/x")):
            status, out, said = run("lint", *words, cwd=self.folder)
            self.assertEqual(status, 1, f"{words}: {out}{said}")
            self.assertTrue(said)


class Schema(Good, FolderTest):
    def test_fingerprints(self):
        path = self.write("a.avsc", '"int"')
        found = json.loads(self.good("schema", "fingerprint", path, "--output", "json"))
        self.assertEqual(found["parsingFormCrc64Avro"], "7275d51a3f395c8f")
        self.assertEqual(found["storedTextMd5"], hashlib.md5(b'"int"').hexdigest())
        self.assertIn("7275d51a3f395c8f", self.good("schema", "fingerprint", path))

    def test_the_guid_and_the_text_are_those_of_a_registry(self):
        server = self.serve()
        for name, kind, text in (("a.avsc", "AVRO", V2), ("a.json", "JSON", '{ "b": 1, "a": 2 }'),
                                 ("a.proto", "PROTOBUF", 'syntax = "proto3";message A{int32 x=1;}')):
            path = self.write(name, text)
            answer = server.register(kind, text, kind)
            found = json.loads(self.good("schema", "fingerprint", path, "--output", "json"))
            self.assertEqual(found["guid"], answer["guid"])
            stored = server.request("GET", f"/schemas/ids/{answer['id']}")[1]["schema"]
            self.assertEqual(self.good("schema", "canonical", path).rstrip("\n"), stored.rstrip("\n"))
            _, answer = server.request("POST", f"/subjects/{kind}-2/versions?normalize=true",
                                       {"schema": text, "schemaType": kind})
            stored = server.request("GET", f"/schemas/ids/{answer['id']}")[1]["schema"]
            self.assertEqual(self.good("schema", "normalize", path).rstrip("\n"), stored.rstrip("\n"))

    def test_standard_input_wants_a_type(self):
        self.assertEqual(self.good("schema", "canonical", "-", "--type", "AVRO", data=' "int" '), '"int"\n')
        self.assertEqual(run("schema", "canonical", "-", data='"int"')[0], 2)

    def test_avro_data_are_valid_by_the_json_schema_as_others_see_it(self):
        path = self.write("a.avsc", json.dumps({"type": "record", "name": "A", "fields": [
            {"name": "i", "type": ["null", "int"]}, {"name": "next", "type": ["null", "A"]}]}))
        for encoding, good, bad in (("avro", {"i": {"int": 1}, "next": None}, {"i": 1, "next": None}),
                                    ("plain", {"i": 1, "next": {"i": None, "next": None}}, {"i": 1})):
            schema = json.loads(self.good("schema", "convert", path, "--to", "json-schema", "--encoding", encoding))
            jsonschema.Draft7Validator.check_schema(schema)
            jsonschema.validate(good, schema)
            self.assertFalse(jsonschema.Draft7Validator(schema).is_valid(bad))
            # What comes out is a schema for this program as well.
            self.good("schema", "canonical", self.write("out.json", json.dumps(schema)))

    def test_what_is_left_out_is_told(self):
        path = self.write("a.avsc", '{"type": "record", "name": "A", "aliases": ["B"], "fields": []}')
        status, _, said = run("schema", "convert", path, "--to", "json-schema")
        self.assertEqual(status, 0)
        self.assertIn("aliases of types", said)

    def test_protobuf_goes_to_a_descriptor_and_back(self):
        text = 'syntax = "proto3";\npackage a;\n\nmessage A {\n  int32 x = 1;\n}\n'
        path = self.write("a.proto", text)
        descriptor = self.good("schema", "convert", path, "--to", "descriptor")
        self.assertIn(b"A", base64.b64decode(descriptor))
        back = self.good("schema", "convert", "-", "--type", "PROTOBUF", "--to", "text", data=descriptor)
        self.assertEqual(back, self.good("schema", "canonical", path))

    def test_json_is_bundled_with_the_files_around_it(self):
        self.write("money.json", '{"$schema": "http://json-schema.org/draft-07/schema#", "type": "integer"}')
        path = self.write("order.json", '{"$schema": "http://json-schema.org/draft-07/schema#",\n'
                                        ' "properties": {"total": {"$ref": "money.json"}}}')
        bundle = json.loads(self.good("schema", "convert", path, "--to", "bundled"))
        self.assertTrue(jsonschema.Draft7Validator(bundle).is_valid({"total": 1}))
        self.assertFalse(jsonschema.Draft7Validator(bundle).is_valid({"total": "x"}))

    def test_avro_is_written_out_with_what_it_names(self):
        user = self.write("a.avsc", '{"type": "array", "items": "com.acme.Order"}')
        self.write("order.avsc", V1)
        resolved = json.loads(self.good("schema", "convert", user, "--to", "resolved"))
        self.assertEqual(resolved["items"]["name"], "Order")

    def test_what_cannot_be_done_is_refused(self):
        avro, proto, plain = (self.write("a.avsc", '"int"'), self.write("a.json", "{}"),
                              self.write("a.proto", 'syntax = "proto3"; message A {}'))
        for words in (("convert", avro, "--to", "descriptor"), ("convert", plain, "--to", "json-schema"),
                      ("convert", proto, "--to", "resolved"), ("convert", avro), ("convert", avro, "--to", "x"),
                      ("canonical", plain, "--parsing-form"), ("fingerprint",), ()):
            status, out, said = run("schema", *words)
            self.assertEqual(status, 2, f"{words}: {out}{said}")
        for words in (("canonical", self.write("bad.avsc", "{")), ("canonical", "/no/such.avsc")):
            status, _, said = run("schema", *words)
            self.assertEqual(status, 1, words)
            self.assertTrue(said)


class Help(unittest.TestCase):
    def test_each_command_has_an_example_and_its_exit_status(self):
        for words in (("diff",), ("lint",), ("schema",), ("schema", "fingerprint"), ("schema", "canonical"),
                      ("schema", "normalize"), ("schema", "convert")):
            status, out, _ = run(*words, "--help")
            self.assertEqual(status, 0)
            self.assertIn("Example: symbolon", out)
            self.assertIn("Exit status:", out)


if __name__ == "__main__":
    main()
