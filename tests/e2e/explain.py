#!/usr/bin/env python3
"""`symbolon explain` against the real registry: what messages are, what is in them, where reading stops.

Usage: tests/e2e/explain.py [--binary build/release/symbolon]
"""

import base64
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import main  # noqa: E402
from program import RegistryTest, run, run_on_terminal  # noqa: E402

ORDER = {"type": "record", "name": "Order", "fields": [
    {"name": "id", "type": "int"}, {"name": "note", "type": "string"}]}
ORDER_PROTO = 'syntax = "proto3"; message Order { int32 id = 1; message Line { string item = 1; } }'
GOOD_BODY = b"\x0e\x04hi"


def framed(schema_id, body):
    return b"\0" + schema_id.to_bytes(4, "big") + body


def explain(*words, **more):
    return run("explain", *words, **more)


class Explain(RegistryTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ids, cls.guids = {}, {}
        for subject, kind, schema in (
                ("orders-value", "AVRO", ORDER), ("copies-value", "AVRO", ORDER),
                ("plain-value", "JSON", {
                    "type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}),
                ("proto-value", "PROTOBUF", ORDER_PROTO)):
            answer = cls.server.register(subject, schema, kind)
            cls.ids[subject], cls.guids[subject] = answer["id"], answer["guid"]

    def explain(self, data, *words, status=0):
        """The JSON report of a message, with the registry."""
        code, out, said = explain("--output", "json", "--registry", self.url, *words, data=data)
        self.assertEqual(code, status, out + said)
        return json.loads(out)

    def good(self):
        return framed(self.ids["orders-value"], GOOD_BODY)

    def test_a_message_of_avro_names_its_schema_and_subjects(self):
        found = self.explain(self.good())
        self.assertEqual(found["framing"], "confluent")
        self.assertEqual(found["schema_id"], self.ids["orders-value"])
        self.assertEqual(found["schema_type"], "AVRO")
        self.assertEqual(sorted((each["subject"], each["version"]) for each in found["subjects"]),
                         [("copies-value", 1), ("orders-value", 1)])
        self.assertEqual(found["value"], {"id": 7, "note": "hi"})
        self.assertEqual((found["body_offset"], found["body_bytes"]), (5, 4))

    def test_bytes_come_as_hexadecimal_base64_a_file_or_standard_input(self):
        wanted = {"id": 7, "note": "hi"}
        digits = self.good().hex()
        for text in (digits, "0x" + digits.upper(), " ".join(digits[at:at + 2] for at in range(0, 18, 2))):
            self.assertEqual(self.explain(b"", "--hex", text)["value"], wanted)
        text = base64.b64encode(self.good()).decode()
        self.assertEqual(self.explain(b"", "--base64", text)["value"], wanted)
        self.assertEqual(self.explain(self.good(), "-")["value"], wanted)
        file = self.folder / "message"
        file.write_bytes(self.good())
        self.assertEqual(self.explain(b"", file)["value"], wanted)

    def test_a_guid_before_the_body_or_in_a_header(self):
        guid = b"\1" + bytes.fromhex(self.guids["orders-value"].replace("-", ""))
        for found in (self.explain(guid + GOOD_BODY),
                      self.explain(GOOD_BODY, "--header", f"__value_schema_id={guid.hex()}"),
                      self.explain(GOOD_BODY, "--header", f"__key_schema_id={guid.hex()}", "--is-key")):
            self.assertEqual(found["framing"], "confluent-guid")
            self.assertEqual(found["guid"], self.guids["orders-value"])
            self.assertEqual(found["value"], {"id": 7, "note": "hi"})
            self.assertIn("orders-value", [each["subject"] for each in found["subjects"]])

    def test_a_message_does_not_steer_a_terminal(self):
        note = "a\u009b2Jb\u202ec\x7f"
        text = note.encode()
        message = framed(self.ids["orders-value"], b"\x0e" + bytes([2 * len(text)]) + text)
        for words in ((), ("--output", "json")):
            status, shown = run_on_terminal("explain", "--registry", self.url, "--hex", message.hex(), *words)
            self.assertEqual(status, 0, shown)
            self.assertIn(r"a\u009b2Jb\u202ec\u007f", shown)
            self.assertFalse(set(shown) & set(note[1] + "\u202e\x7f"), shown)
        self.assertEqual(self.explain(message)["value"]["note"], note)

    def test_json_schema_and_protobuf(self):
        found = self.explain(framed(self.ids["plain-value"], b'{"id": 7}'))
        self.assertEqual((found["schema_type"], found["value"]), ("JSON", {"id": 7}))
        found = self.explain(framed(self.ids["plain-value"], b'{"id": "x"}'), status=1)
        self.assertEqual(found["error"]["field"], "/id")
        found = self.explain(framed(self.ids["proto-value"], b"\0\x08\x07"))
        self.assertEqual((found["schema_type"], found["value"]), ("PROTOBUF", {"id": 7}))
        found = self.explain(framed(self.ids["proto-value"], b"\4\0\0\x0a\1a"))
        self.assertEqual(found["value"], {"item": "a"})
        found = self.explain(framed(self.ids["proto-value"], b"\0\x08"), status=1)
        self.assertEqual((found["error"]["offset"], found["error"]["field"]), (7, "/id"))

    def test_an_envelope_and_a_bare_body(self):
        event = {"detail": {"schema_id": "orders-value", "schema_version": "1", "event_type": "created",
                            "avro_payload": base64.b64encode(GOOD_BODY).decode()}}
        found = self.explain(json.dumps(event).encode())
        self.assertEqual((found["framing"], found["event_type"]), ("envelope", "created"))
        self.assertEqual(found["value"], {"id": 7, "note": "hi"})
        self.assertEqual(found["subjects"], [{"subject": "orders-value", "version": 1}])
        del event["detail"]["schema_version"]
        found = self.explain(json.dumps(event).encode(), status=1)
        self.assertEqual((found["error"]["reason"], found["error"]["field"]),
                         ("missing_schema_metadata", "detail.schema_version"))
        for words in (("--subject", "orders-value"), ("--subject", "orders-value", "--version", "1"),
                      ("--id", str(self.ids["orders-value"]))):
            found = self.explain(GOOD_BODY, "--framing", "bare", *words)
            self.assertEqual(found["value"], {"id": 7, "note": "hi"})

    def test_what_a_message_holds_does_not_steer_the_terminal(self):
        event = {"detail": {"schema_id": "orders-value", "schema_version": 1, "event_type": "\x1b[2J\n",
                            "avro_payload": base64.b64encode(GOOD_BODY).decode()}}
        _, out, _ = explain("--registry", self.url, data=json.dumps(event).encode())
        self.assertIn("\\x1b[2J\\x0a", out)
        self.assertNotIn("\x1b", out)

    def test_where_reading_stops_is_shown_with_the_bytes_around(self):
        bad = framed(self.ids["orders-value"], b"\x0e\x08hi")
        found = self.explain(bad, status=1)
        self.assertEqual((found["error"]["reason"], found["error"]["field"]),
                         ("payload_corrupt", "/note"))
        self.assertNotIn("value", found)
        status, out, _ = explain("--registry", self.url, data=bad)
        self.assertEqual(status, 1)
        self.assertIn("^^ offset", out)
        self.assertIn("00000000  00 00 00 00", out)
        self.assertRegex(out, r"(?m)^field: +/note$")
        self.assertRegex(out, r"(?m)^hint: +\S")

    def test_bytes_after_the_datum_and_double_framing_are_told(self):
        found = self.explain(self.good() + b"x", status=1)
        self.assertIn("left after the datum", found["error"]["message"])
        self.assertEqual(found["error"]["offset"], 9)
        found = self.explain(framed(self.ids["orders-value"], self.good()), status=1)
        self.assertIn("framed twice", found["error"]["hint"])

    def test_unknown_schemas_carry_the_registrys_word(self):
        found = self.explain(framed(4711, GOOD_BODY), status=1)
        self.assertEqual(found["error"]["reason"], "schema_not_found")
        self.assertIn("4711", found["error"]["message"])
        self.assertEqual(found["schema_id"], 4711)

    def test_what_is_not_framed_gets_a_hint(self):
        for data, hint in ((b'{"id":7}', "plain JSON"), (self.good().hex().encode() + b"\n", "--hex"),
                           (base64.b64encode(self.good()), "--base64"), (b"\x1f\x8b\x08\0", "gzip")):
            found = self.explain(data, status=1)
            self.assertEqual(found["error"]["reason"], "unknown_framing")
            self.assertIn(hint, found["error"]["hint"])

    def test_a_registry_that_is_away_is_not_the_messages_fault(self):
        status, out, _ = explain("--output", "json", "--registry", "http://127.0.0.1:9", "--timeout-ms", "300",
                             data=self.good())
        self.assertEqual(status, 1)
        found = json.loads(out)
        self.assertNotIn("reason", found["error"])
        self.assertEqual(found["schema_id"], self.ids["orders-value"])

    def test_the_registry_may_come_from_the_environment(self):
        status, out, said = explain("--output", "json", data=self.good(), env={"SYMBOLON_REGISTRY": self.url})
        self.assertEqual(status, 0, said)
        self.assertEqual(json.loads(out)["value"], {"id": 7, "note": "hi"})

    def test_without_a_registry_the_framing_and_id_are_told(self):
        status, out, said = explain(data=framed(7, GOOD_BODY))
        self.assertEqual(status, 0, said)
        self.assertRegex(out, r"(?m)^framing: +confluent ")
        self.assertRegex(out, r"(?m)^schema id: +7$")
        self.assertIn("no registry", out)

    def test_the_schema_may_be_a_file(self):
        schema = self.write("order.avsc", ORDER)
        for data, words in ((self.good(), ()), (GOOD_BODY, ("--framing", "bare"))):
            status, out, said = explain("--output", "json", "--schema", schema, *words, data=data)
            self.assertEqual(status, 0, said + out)
            self.assertEqual(json.loads(out)["value"], {"id": 7, "note": "hi"})
        proto = self.write("order.proto",
                           'syntax = "proto3"; import "line.proto"; message Order { Line line = 1; }')
        line = self.write("line.txt", 'syntax = "proto3"; message Line { int32 x = 1; }')
        status, out, said = explain("--output", "json", "--schema", proto, "--reference", f"line.proto={line}",
                                    "--framing", "bare", data=b"\0\x0a\2\x08\7")
        self.assertEqual(status, 0, said + out)
        self.assertEqual(json.loads(out)["value"], {"line": {"x": 7}})

    def test_a_record_of_a_decoders_queue_is_the_event_that_it_keeps(self):
        event = {"detail": {"schema_id": "orders-value", "schema_version": 1,
                            "avro_payload": base64.b64encode(GOOD_BODY).decode()}}
        kept = {"payload_base64": base64.b64encode(self.good()).decode()}
        for original, framing in ((event, "envelope"), (kept, "confluent")):
            letter = {"status": "routed_to_dlq", "reason": "payload_corrupt", "original_event": original}
            found = self.explain(json.dumps(letter).encode() + b"\n")
            self.assertEqual((found["framing"], found["value"]), (framing, {"id": 7, "note": "hi"}))
            self.assertIn("record of a queue", found["note"])

    def test_a_header_that_is_no_hexadecimal_is_named(self):
        _, _, said = explain("--header", "x=0g", "--hex", "00")
        self.assertIn("--header x: not hexadecimal", said)

    def test_calls_that_are_wrong_end_with_2(self):
        for words in (("--hex", "0g"), ("--base64", "a"), ("--framing", "none"), ("--hex", "00", "--base64",
                      "AA=="), ("/no/such/file",), ("--header", "x"), ("--version", "0", "--subject", "s"),
                      ("--schema", "/no/such/file"), ("--nope",), ("--id", "0"), ("--output", "xml")):
            status, out, said = explain(*words)
            self.assertEqual(status, 2, f"{words}: {out}{said}")
            self.assertTrue(said)


if __name__ == "__main__":
    main()
