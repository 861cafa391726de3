#!/usr/bin/env python3
"""`symbolon decode` and `symbolon guard` on the real registry and a stand-in for the event platform:
each rule of the decoder, with servers that refuse, stall and break off, payloads that are broken on
purpose, and a process that is killed.

Usage: decode.py [--binary build/release/symbolon] [unittest's own arguments]
"""

# Long: one command, whose tests share two servers and the makers of messages.
import base64
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import main  # noqa: E402
from fake_http import FakeHttp, pass_on  # noqa: E402
from program import RegistryTest, run, wait_until, wait_until_taken  # noqa: E402
from stand_in_platform import StandInPlatform  # noqa: E402

ORDER = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}
ORDER_2 = {"type": "record", "name": "Order", "fields": [
    {"name": "id", "type": "string"},
    {"name": "note", "type": ["null", "string"], "default": None}]}
TREE = {"type": "record", "name": "Tree", "fields": [{"name": "next", "type": ["null", "Tree"]}]}
COUNTS = re.compile(r"events: (.*)")
# Of a process that decodes nothing large; a bomb that goes off takes gigabytes.
MEMORY_KB_MAX = 400_000


def long_bytes(number):
    """An Avro int or long."""
    number = (number << 1) ^ (number >> 63)
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def text_bytes(text):
    data = text.encode()
    return long_bytes(len(data)) + data


def order(name, note=...):
    """A datum of ORDER, or with a note of ORDER_2."""
    body = text_bytes(name)
    if note is ...:
        return body
    return body + (b"\x00" if note is None else b"\x02" + text_bytes(note))


def confluent(schema_id, body):
    return b"\x00" + schema_id.to_bytes(4, "big") + body


def envelope(subject, version, payload, event_type=None):
    detail = {"schema_id": subject, "schema_version": version,
              "avro_payload": base64.b64encode(payload).decode()}
    if event_type:
        detail["event_type"] = event_type
    return json.dumps({"source": "genesys.cloud", "detail": detail})


def wrapped(payload):
    """A line that stands for any bytes."""
    return json.dumps({"payload_base64": base64.b64encode(payload).decode()})


def container(schema, bodies, codec=b"null", block=None, records=None):
    """A container file of one block."""
    marker = bytes(range(16))
    metadata = {b"avro.schema": json.dumps(schema).encode(), b"avro.codec": codec}
    out = b"Obj\x01" + long_bytes(len(metadata))
    for name, value in metadata.items():
        out += long_bytes(len(name)) + name + long_bytes(len(value)) + value
    data = b"".join(bodies) if block is None else block
    return (out + b"\x00" + marker + long_bytes(len(bodies) if records is None else records) +
            long_bytes(len(data)) + data + marker)


class FaultyRegistry(FakeHttp):
    """In front of a registry: answers GET as it is told, else passes on."""

    def __init__(self, port, faults=(), always=None):
        super().__init__(self.answer_or_fail)
        self.port, self.faults, self.always, self.asked = port, iter(faults), always, []

    def answer_or_fail(self, request, body):
        if request.command != "GET":
            return pass_on(self.port, request, body)
        self.asked.append(request.path)
        fault = next(self.faults, self.always)
        if fault == "slow":
            time.sleep(2)
            return None
        if fault == "cut":
            request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"half")
            return None
        if fault == "no page":
            return 404, b"<html>default backend - 404</html>"
        if fault == "wrong":
            return 200, b"<html>hello</html>"
        if fault is not None:
            status, headers = fault
            return status, {"error_code": status, "message": "as told"}, headers
        return pass_on(self.port, request, body)


def counts_of(text):
    found = COUNTS.search(text)
    assert found, text
    return {name: int(number) for name, number in
            (pair.split("=") for pair in found.group(1).replace(";", "").split())}


class DecodeTest(RegistryTest):
    def setUp(self):
        super().setUp()
        # Each test has subjects of its own.
        self.subject = self.id().rpartition(".")[2] + "-value"

    def register(self, schema, subject=None, kind="AVRO"):
        return self.server.register(subject or self.subject, schema, kind)["id"]

    def set_level(self, level, subject=None):
        status, answer = self.server.request("PUT", f"/config/{subject or self.subject}",
                                             {"compatibility": level})
        self.assertEqual(status, 200, answer)

    def start_decode(self, *arguments, registry=None, **more):
        """A running decoder, whose pipes are of bytes."""
        return self.start("decode", "--registry", registry or self.url, *arguments, text=False, **more)

    def faulty(self, faults=(), always=None):
        fake = FaultyRegistry(self.server.port, faults, always)
        self.addCleanup(fake.close)
        return fake

    def decode(self, events, *arguments, registry=None, exit_code=0):
        """Decodes lines (or bytes) from standard input: records, counts."""
        data = events if isinstance(events, bytes) else ("\n".join(events) + "\n").encode()
        code, out, self.words = run("decode", "--registry", registry or self.url, *arguments, data=data,
                                    cwd=self.folder)
        self.assertEqual(code, exit_code, self.words)
        self.assertNotIn("AddressSanitizer", self.words)
        self.assertNotIn("runtime error", self.words)
        if exit_code == 2:
            return [], {}
        counts = counts_of(self.words)
        self.assertEqual(counts["in"], counts["decoded"] + counts["retry"] +
                         counts["dead_letter"] + counts["diagnostic"], self.words)
        return [json.loads(line) for line in out.split("\n") if line], counts

    def queue(self, name="dead_letters.jsonl"):
        path = self.folder / name
        if not path.exists():
            return []
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def reasons(self, name="dead_letters.jsonl"):
        return [letter["reason"] for letter in self.queue(name)]

    def guard(self, *arguments, exit_code=0):
        code, out, said = run("guard", *arguments, cwd=self.folder)
        self.assertEqual(code, exit_code, said)
        return out


class Framings(DecodeTest):
    def test_every_framing_is_recognised(self):
        schema_id = self.register(ORDER)
        _, answer = self.server.request("GET", f"/subjects/{self.subject}/versions/1")
        guid = bytes.fromhex(answer["guid"].replace("-", ""))
        lines = [wrapped(confluent(schema_id, order("a"))),
                 wrapped(b"\x01" + guid + order("b")),
                 json.dumps({"payload_base64": base64.b64encode(order("c")).decode(),
                             "headers": [["__value_schema_id",
                                          {"base64": base64.b64encode(b"\x01" + guid).decode()}]]}),
                 envelope(self.subject, 1, order("d"), "order.created"),
                 envelope(self.subject, "1", container(ORDER, [order("e"), order("f")])),
                 wrapped(container(ORDER, [order("g")], b"deflate",
                                   zlib.compress(order("g"))[2:-4], 1))]
        records, counts = self.decode(lines)
        self.assertEqual([record["decoded_payload"]["id"] for record in records],
                         list("abcdefg"), self.words)
        self.assertEqual((counts["in"], counts["decoded"], counts["records"]), (6, 6, 7))
        self.assertEqual(records[0]["schema_id"], schema_id)
        self.assertEqual(records[3], {"decoded_payload": {"id": "d"}, "schema_id": self.subject,
                                      "schema_version": 1, "event_type": "order.created"})
        self.assertEqual(records[6]["schema_id"], None)

    def test_a_bare_body_has_the_schema_that_is_given(self):
        schema_id = self.register(ORDER)
        for flags in (["--subject", self.subject], ["--id", schema_id],
                      ["--subject", self.subject, "--version", 1]):
            records, _ = self.decode(order("a"), "--input-form", "message", "--framing", "bare",
                                     *flags)
            self.assertEqual(records[0]["decoded_payload"], {"id": "a"})

    def test_other_schema_types(self):
        json_id = self.register('{"type":"object","required":["id"]}', "json-orders", "JSON")
        proto_id = self.register('syntax = "proto3"; message Order { string id = 1; }',
                                 "proto-orders", "PROTOBUF")
        records, counts = self.decode([wrapped(confluent(json_id, b'{"id": "a"}')),
                                       wrapped(confluent(json_id, b'{}')),
                                       wrapped(confluent(proto_id, b"\x00\x0a\x01b")),
                                       wrapped(confluent(proto_id, b"\x00\x0a\x09b"))])
        self.assertEqual([record["decoded_payload"] for record in records],
                         [{"id": "a"}, {"id": "b"}], self.words)
        self.assertEqual(counts["decoded"], 2)
        self.assertEqual(counts["dead_letter"] + counts["retry"], 2)

    def test_a_reader_schema_and_defaults(self):
        self.register(ORDER)
        (self.folder / "reader.avsc").write_text(json.dumps(ORDER_2))
        records, _ = self.decode([envelope(self.subject, 1, order("a"))], "--reader-schema",
                                 "reader.avsc", "--default", "/note=none", "--default",
                                 "/agent/id=7")
        self.assertEqual(records[0]["decoded_payload"],
                         {"id": "a", "note": "none", "agent": {"id": 7}})
        self.register(ORDER_2)
        records, _ = self.decode([envelope(self.subject, 1, order("a"))], "--reader-subject",
                                 self.subject)
        self.assertEqual(records[0]["decoded_payload"], {"id": "a", "note": None})

    def test_bytes_and_logical_types(self):
        schema = {"type": "record", "name": "R", "fields": [
            {"name": "data", "type": "bytes"},
            {"name": "day", "type": {"type": "int", "logicalType": "date"}}]}
        self.register(schema)
        line = envelope(self.subject, 1, long_bytes(2) + b"\x00\xff" + long_bytes(19_000))
        records, _ = self.decode([line])
        self.assertEqual(records[0]["decoded_payload"], {"data": "AP8=", "day": 19_000})
        records, _ = self.decode([line], "--bytes", "avro", "--logical", "readable")
        self.assertEqual(records[0]["decoded_payload"], {"data": "\0\u00ff", "day": "2022-01-08"})

    def test_a_container_file_is_streamed_without_a_registry(self):
        many = container(ORDER, [order(f"order-{number}") for number in range(20_000)])
        file = self.folder / "orders.avro"
        file.write_bytes(many[:-1] + b"\xee")  # the last marker is wrong
        counts = counts_of(run("decode", file, cwd=self.folder)[2])
        self.assertEqual(counts["in"], counts["decoded"] + 1)
        self.assertEqual(self.reasons(), ["payload_corrupt"])
        file.write_bytes(many)
        _, out, said = run("decode", file, cwd=self.folder)
        self.assertEqual(counts_of(said)["decoded"], 20_000)
        self.assertEqual(json.loads(out.splitlines()[-1])["decoded_payload"],
                         {"id": "order-19999"})

    def test_without_a_registry_nothing_is_lost_either(self):
        code, _, said = run("decode", data=wrapped(confluent(1, b"")), cwd=self.folder)
        self.assertEqual(code, 1)
        self.assertIn("--registry", said)


class Guard(DecodeTest):
    def test_rule_2_and_1_level_none_flags_and_the_flag_survives_a_restart(self):
        self.set_level("NONE")
        self.register(ORDER)
        event = envelope(self.subject, 1, order("a"))
        for _ in range(2):
            records, counts = self.decode([event, event])
            self.assertEqual((records, counts["dead_letter"]), ([], 2))
        letters = self.queue()
        self.assertEqual(len(letters), 4)
        for letter in letters:
            self.assertEqual(letter["status"], "routed_to_dlq")
            self.assertEqual(letter["reason"], "backward_incompatible_schema")
            self.assertEqual((letter["schema_id"], letter["version"]), (self.subject, 1))
            self.assertEqual(letter["original_event"], json.loads(event))
        listed = self.guard("list").split("\t")
        self.assertEqual(listed[:3], [self.subject, "flagged", "1"])
        # Cleared while the level is NONE it is flagged again; accepted, or with a level, it passes.
        self.guard("clear", self.subject)
        self.assertEqual(self.decode([event])[1]["dead_letter"], 1)
        self.guard("accept", self.subject, "1")
        self.assertEqual(self.decode([event])[1]["decoded"], 1)
        self.guard("forget", self.subject)
        self.assertEqual(self.guard("list"), "")
        self.set_level("BACKWARD")
        # The dead letters themselves are read again.
        os.rename(self.folder / "dead_letters.jsonl", self.folder / "again.jsonl")
        self.assertEqual(self.decode(b"", "again.jsonl")[1]["decoded"], 5)
        self.assertEqual(self.guard("list").split("\t")[1:], ["ok", "-", "-", "1\n"])

    def test_rule_4_the_last_good_version_then_retries_then_the_dead_letter_queue(self):
        self.register(ORDER)
        self.register(ORDER_2)
        self.decode([envelope(self.subject, 1, order("a"))])
        bad_note = envelope(self.subject, 2, order("b") + b"\x02\x02\xff")
        records, counts = self.decode([bad_note])
        self.assertEqual(records[0]["decoded_payload"], {"id": "b"}, self.words)
        self.assertEqual(counts["by_last_good"], 1)
        cut = envelope(self.subject, 2, order("b")[:-1])
        _, counts = self.decode([cut])
        self.assertEqual(counts["retry"], 1)
        for attempt in (1, 2, 3):
            letter = self.queue("retry.jsonl")[0]
            self.assertEqual((letter["status"], letter["attempt"]), ("routed_to_retry", attempt))
            os.rename(self.folder / "retry.jsonl", self.folder / "again.jsonl")
            _, counts = self.decode(b"", "again.jsonl")
            self.assertEqual(counts["retry"], 1 if attempt < 3 else 0)
        self.assertEqual(self.reasons(), ["payload_corrupt"])
        self.assertEqual(self.queue()[0]["original_event"], json.loads(cut))

    def test_rule_5_a_schema_that_does_not_parse_is_diagnosed(self):
        self.register(ORDER)
        status, answer = self.server.request("GET", f"/subjects/{self.subject}/versions/1")
        self.assertEqual(status, 200)
        answer["schema"] = '{"type":"nonsense"}'
        with FakeHttp(lambda *_: (200, answer)) as fake:
            _, counts = self.decode([envelope(self.subject, 1, order("a"))], registry=fake.url)
        self.assertEqual(counts["diagnostic"], 1)
        letter = self.queue("diagnostics.jsonl")[0]
        self.assertEqual(letter["reason"], "schema_unparseable")
        self.assertEqual(letter["raw_schema"], '{"type":"nonsense"}')

    def test_a_state_that_is_not_there_is_told(self):
        for words in (["list"], ["clear", "orders"]):
            code, out, said = run("guard", *words, cwd=self.folder)
            self.assertEqual((code, out), (0, ""))
            self.assertIn("decoder_state.json is not there; --state FILE", said)
        self.register(ORDER)
        self.decode([envelope(self.subject, 1, order("a"))])
        self.assertEqual(run("guard", "list", cwd=self.folder)[2], "")

    def test_what_a_subject_is_called_does_not_steer_a_terminal(self):
        (self.folder / "decoder_state.json").write_text(json.dumps(
            {"format": 1, "subjects": {"a\x1b[31m\tb": {"last_good_version": 3}}}))
        self.assertEqual(self.guard("list"), "a\\x1b[31m\\x09b\tok\t-\t-\t3\n")

    def test_a_second_decoder_on_one_state_is_refused(self):
        self.register(ORDER)
        first = self.start_decode()
        first.stdin.write((envelope(self.subject, 1, order("a")) + "\n").encode())
        first.stdin.flush()
        first.stdout.readline()
        code, _, said = run("decode", "--registry", self.url, cwd=self.folder)
        self.assertEqual(code, 1)
        self.assertIn("a running decoder uses it", said)
        self.guard("clear", self.subject, exit_code=1)
        first.communicate(timeout=30)


class RegistryFaults(DecodeTest):
    def fate(self, faults=(), always=None, flags=(), exit_code=0):
        """Of one event when the registry behaves so: the counts and the reason."""
        self.register(ORDER)
        faulty = self.faulty(faults, always)
        _, counts = self.decode([envelope(self.subject, 1, order("a"))], *flags, registry=faulty.url,
                                exit_code=exit_code)
        self.asked = faulty.asked
        place = next((name for name in ("decoded", "retry", "dead_letter", "diagnostic")
                      if counts[name]), "nowhere")
        letters = self.queue() + self.queue("retry.jsonl")
        return place, letters[0]["reason"] if letters else None

    def test_401_and_403_are_a_retry(self):
        for status in (401, 403):
            with self.subTest(status):
                shutil.rmtree(self.folder)
                self.folder.mkdir()
                self.assertEqual(self.fate(always=(status, {})),
                                 ("retry", "registry_not_authorised"))
                self.assertTrue(self.queue("retry.jsonl")[0]["retry_eligible"])

    def test_404_of_the_schema_is_a_dead_letter(self):
        self.assertEqual(self.fate(always=(404, {})), ("dead_letter", "schema_not_found"))

    def test_a_404_that_is_not_in_a_registrys_words_is_a_retry(self):
        self.assertEqual(self.fate(always="no page"), ("retry", "registry_unavailable"))

    def test_404_of_the_level_counts_as_backward(self):
        self.register(ORDER)
        faulty = self.faulty()
        self.decode([envelope(self.subject, 1, order("a"))], registry=faulty.url)
        before = next(at for at, path in enumerate(faulty.asked) if path.endswith("compatibility"))
        self.assertEqual(self.fate(faults=[None] * before + [(404, {})]), ("decoded", None))
        self.assertTrue(self.asked[before].endswith("compatibility"), self.asked)

    def test_429_and_5xx_that_pass_are_repeated(self):
        self.assertEqual(self.fate(faults=[(429, {"Retry-After": "1"}), (429, {}), (503, {})]),
                         ("decoded", None))
        self.assertEqual(self.fate(faults=[(500, {}), "cut"]), ("decoded", None))

    def test_a_registry_that_stays_away_sends_events_to_the_retry_queue(self):
        self.assertEqual(self.fate(always=(503, {})), ("retry", "registry_unavailable"))
        self.assertEqual(len(self.asked), 4)

    def test_a_registry_that_stays_away_may_stop_the_run(self):
        place, reason = self.fate(always="cut", flags=["--when-unavailable", "stop"], exit_code=1)
        self.assertEqual((place, reason), ("nowhere", None))
        self.assertIn("nothing of its batch is committed", self.words)

    def test_a_slow_registry_is_given_up_in_its_time(self):
        self.assertEqual(self.fate(always="slow", flags=["--timeout-ms", "200"]),
                         ("retry", "registry_unavailable"))

    def test_an_answer_that_is_none_is_no_schema(self):
        self.assertEqual(self.fate(always="wrong"), ("retry", "registry_unavailable"))

    def test_a_registry_that_is_not_there(self):
        port = self.free_port()
        _, counts = self.decode([envelope(self.subject, 1, order(str(at))) for at in range(200)],
                                registry=f"http://127.0.0.1:{port}")
        self.assertEqual(counts["retry"], 200)
        self.register(ORDER)
        os.rename(self.folder / "retry.jsonl", self.folder / "again.jsonl")
        self.assertEqual(self.decode(b"", "again.jsonl")[1]["decoded"], 200)

    def test_an_outage_makes_no_dead_letter_of_an_event_that_failed_before(self):
        tired = {"status": "routed_to_retry", "attempt": 3,
                 "original_event": json.loads(envelope(self.subject, 1, order("a")))}
        self.register(ORDER)
        faulty = self.faulty(always=(503, {}))
        _, counts = self.decode([json.dumps(tired)], registry=faulty.url)
        self.assertEqual((counts["retry"], counts["dead_letter"]), (1, 0))
        letter = self.queue("retry.jsonl")[0]
        self.assertEqual((letter["attempt"], letter["retry_eligible"]), (3, True))
        os.rename(self.folder / "retry.jsonl", self.folder / "again.jsonl")
        self.assertEqual(self.decode(b"", "again.jsonl")[1]["decoded"], 1)

    def test_a_question_that_the_registry_refuses_stops_nobody(self):
        self.register(ORDER)
        lines = [envelope("x" * 20_000, 1, order("a")), envelope(self.subject, 1, order("b"))]
        _, counts = self.decode(lines, "--when-unavailable", "stop")
        self.assertEqual((counts["decoded"], counts["dead_letter"]), (1, 1))
        self.assertEqual(self.reasons(), ["schema_not_found"])
        self.assertIn("431", self.queue()[0]["error"])


class EventTypes(DecodeTest):
    def check(self, mode, *answers, event_type="interaction.started", flags=()):
        """What becomes of one event when the platform answers so."""
        self.register(ORDER)
        with StandInPlatform() as platform:
            if answers:
                platform.script("eventtypes", *answers)
            _, counts = self.decode(
                [envelope(self.subject, 1, order("a"), event_type)] * 2, "--event-types", mode,
                "--platform-url", platform.url, "--platform-oauth-token-url",
                platform.url + "/oauth/token", "--platform-oauth-client-id", "client",
                "--platform-oauth-client-secret", "secret", "--platform-oauth-scope",
                "events:read", *flags)
            self.asked = platform.requests("eventtypes")
            self.tokens = platform.requests("token")
        letters = self.queue() + self.queue("retry.jsonl")
        self.assertEqual(counts["in"], 2)
        return counts, letters[0]["reason"] if letters else None

    def test_a_known_type_is_asked_for_once_with_a_token(self):
        counts, _ = self.check("strict")
        self.assertEqual((counts["decoded"], len(self.asked), len(self.tokens)), (2, 1, 1))
        self.assertEqual(self.asked[0]["path"], "/api/v2/events/eventtypes/interaction.started")
        self.assertTrue(self.asked[0]["headers"]["authorization"].startswith("Bearer "))

    def test_404_is_a_warning_or_when_strict_a_dead_letter(self):
        counts, _ = self.check("warn", event_type="no.such")
        self.assertEqual((counts["decoded"], counts["type_warnings"], len(self.asked)), (2, 2, 1))
        self.assertIn('warning: the event platform knows no event type "no.such"', self.words)
        counts, reason = self.check("strict", event_type="no.such")
        self.assertEqual((counts["dead_letter"], reason), (2, "event_type_unknown"))

    def test_an_event_type_does_not_steer_a_terminal(self):
        self.check("warn", event_type="no.\x1b[2J\u202e")
        self.assertIn(r'knows no event type "no.\x1b[2J\u202e"', self.words)

    def test_401_renews_the_token_once(self):
        counts, _ = self.check("strict", {"status": 401})
        self.assertEqual((counts["decoded"], len(self.asked), len(self.tokens)), (2, 2, 2))

    def test_403_is_a_retry(self):
        counts, reason = self.check("strict", {"status": 403, "times": 9})
        self.assertEqual((counts["retry"], reason), (2, "platform_not_authorised"))

    def test_429_500_503_and_answers_cut_off_are_repeated(self):
        counts, _ = self.check("strict", {"status": 429, "retry_after": 1}, {"status": 429},
                               {"status": 500})
        self.assertEqual(counts["decoded"], 2)
        counts, _ = self.check("strict", {"cut": "body"}, {"cut": "before"}, {"status": 503})
        self.assertEqual(counts["decoded"], 2)

    def test_a_platform_that_stays_away_is_a_retry_or_a_warning(self):
        counts, reason = self.check("strict", {"status": 503, "times": 99})
        self.assertEqual((counts["retry"], reason), (2, "platform_unavailable"))
        self.assertEqual(len(self.asked), 4)

    def test_a_slow_platform_is_given_up_and_a_warning(self):
        counts, _ = self.check("warn", {"delay": 3, "times": 99},
                               flags=["--platform-timeout-ms", "200"])
        self.assertEqual((counts["decoded"], counts["type_warnings"]), (2, 2))

    def test_an_answer_that_is_none_is_no_answer(self):
        counts, reason = self.check("strict", {"malformed": True, "times": 99})
        self.assertEqual((counts["retry"], reason), (2, "platform_unavailable"))


class Corrupt(DecodeTest):
    def test_every_corrupt_payload_is_a_dead_letter_with_its_reason(self):
        order_id = self.register(ORDER)
        tree_id = self.register(TREE, "trees")
        list_id = self.register({"type": "array", "items": "null"}, "lists")
        bomb = container(TREE, [], b"deflate", zlib.compress(bytes(300 << 20), 9)[2:-4], 300 << 20)
        cases = {
            "truncated": (confluent(order_id, b"\x40abc"), "payload_corrupt"),
            "empty body": (confluent(order_id, b""), "payload_corrupt"),
            "an overlong varint": (confluent(order_id, b"\xff" * 10 + b"\x01"), "payload_corrupt"),
            "a negative length": (confluent(order_id, b"\x01"), "payload_corrupt"),
            "bytes behind": (confluent(order_id, order("a") + b"x"), "payload_corrupt"),
            "a huge count": (confluent(list_id, long_bytes(1 << 62)), "payload_corrupt"),
            "deep recursion": (confluent(tree_id, b"\x02" * 1_000_000), "payload_corrupt"),
            "a wrong id": (confluent(999_999, order("a")), "schema_not_found"),
            "an id of zero": (b"\x00\x00\x00\x00\x00a", "missing_schema_metadata"),
            "a container cut off": (container(ORDER, [order("a")])[:-17], "payload_corrupt"),
            "a container that says too much": (container(ORDER, [order("a")], records=1 << 40),
                                               "payload_corrupt"),
            "a bomb": (bomb, "payload_corrupt"),
            "noise": (bytes(range(128, 256)), "missing_schema_metadata"),
        }
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        _, counts = self.decode([wrapped(case) for case, _ in cases.values()])
        letters = self.queue()
        self.assertEqual([letter["reason"] for letter in letters],
                         [reason for _, reason in cases.values()],
                         json.dumps(dict(zip(cases, [letter["error"] for letter in letters])),
                                    indent=1))
        self.assertEqual(counts["dead_letter"], len(cases))
        for letter, (case, _) in zip(letters, cases.values()):
            self.assertTrue(letter["error"])
            self.assertEqual(base64.b64decode(letter["original_event"]["payload_base64"]), case)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        if peak > before:
            self.assertLess(peak, MEMORY_KB_MAX)

    def test_lines_that_are_no_events(self):
        lines = ["", "no json", "{", "[]", "7", "null", '{"detail":{}}',
                 '{"detail":{"schema_id":"x"}}', envelope("nobody", 1, b"a"),
                 envelope(self.subject, 1, b"a").replace('avro_payload": "', 'avro_payload": "*'),
                 '{"status":"routed_to_retry","original_event":7,"attempt":-1}', "\x00\xff"]
        _, counts = self.decode(lines)
        self.assertEqual((counts["in"], counts["dead_letter"]), (11, 11))

    def test_a_line_beyond_the_bound_is_a_dead_letter_with_its_beginning(self):
        self.register(ORDER)
        data = b"x" * (33 << 20) + b"\n" + envelope(self.subject, 1, order("a")).encode()
        records, counts = self.decode(data, "--input-form", "lines")
        self.assertEqual((len(records), counts["in"]), (1, 2))
        letter = self.queue()[0]
        self.assertEqual(letter["reason"], "event_too_large")
        self.assertEqual(len(base64.b64decode(letter["original_event"]["payload_base64"])), 4096)

    def test_a_broken_record_of_a_container_file_spoils_its_block_and_no_other(self):
        block = order("c") + b"\x01" + order("d")
        data = container(ORDER, [order("a"), order("b")])
        data += long_bytes(3) + long_bytes(len(block)) + block + data[-16:]
        data += long_bytes(1) + long_bytes(len(order("e"))) + order("e") + data[-16:]
        records, counts = self.decode(data)
        self.assertEqual([record["decoded_payload"]["id"] for record in records], list("abce"))
        self.assertEqual((counts["in"], counts["dead_letter"]), (5, 1))
        letter = self.queue()[0]
        self.assertIn("2 records in", letter["error"])
        self.assertIn(b"\x01" + order("d"),
                      base64.b64decode(letter["original_event"]["payload_base64"]))

    def test_a_letter_about_a_record_of_a_container_file_is_read_again(self):
        reader = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "int"}]}
        (self.folder / "reader.avsc").write_text(json.dumps(reader))
        _, counts = self.decode(container(ORDER, [order("a"), order("b")]), "--reader-schema",
                                "reader.avsc")
        self.assertEqual(counts["dead_letter"], 2)
        os.rename(self.folder / "dead_letters.jsonl", self.folder / "again.jsonl")
        records, _ = self.decode(b"", "again.jsonl")
        self.assertEqual([record["decoded_payload"]["id"] for record in records], ["a", "b"])

    def test_mutations_never_crash_and_the_counts_agree(self):
        order_id = self.register(ORDER_2)
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        samples = [confluent(order_id, order("name", "note")),
                   envelope(self.subject, 1, order("name", "note")).encode(),
                   envelope(self.subject, 1, container(ORDER_2, [order("a", None)] * 3)).encode(),
                   container(ORDER_2, [order("a", "b")] * 3)]
        lines = []
        for _ in range(3_000):
            data = bytearray(chance.choice(samples))
            for _ in range(chance.randrange(1, 4)):
                if not data:
                    break
                at = chance.randrange(len(data))
                kind = chance.randrange(3)
                if kind == 0:
                    data[at] = chance.randrange(256)
                elif kind == 1:
                    del data[at:at + chance.randrange(1, 9)]
                else:
                    data[at:at] = chance.randbytes(chance.randrange(1, 9))
            lines.append(wrapped(bytes(data)))
        _, counts = self.decode(lines)
        self.assertEqual(counts["in"], 3_000, f"seed {seed}")
        self.assertEqual(len(self.queue()) + len(self.queue("retry.jsonl")),
                         counts["dead_letter"] + counts["retry"])


class Process(DecodeTest):
    def test_kill_9_in_the_middle_loses_nothing(self):
        schema_id = self.register(ORDER)
        names = [f"order-{number}" for number in range(30_000)]
        lines = [wrapped(confluent(schema_id, order(name))) for name in names]
        lines[::100] = [wrapped(confluent(schema_id, b"\x40")) for _ in lines[::100]]
        file = self.folder / "events.jsonl"
        file.write_text("\n".join(lines) + "\n")
        output = self.folder / "records.jsonl"
        flags = ["events.jsonl", "--output", "records.jsonl"]
        for round_ in range(3):
            process = self.start_decode(*flags, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            deadline = time.monotonic() + 20
            size = output.stat().st_size if output.exists() else 0
            while (time.monotonic() < deadline and process.poll() is None and
                   (output.stat().st_size if output.exists() else 0) <= size + round_ * 100_000):
                time.sleep(0.001)
            process.kill()
            process.wait()
        with output.open("ab") as half:
            half.write(b'{"decoded_payload":{"id":"ha')
        _, counts = self.decode(b"", *flags)
        self.assertEqual(counts["in"], 30_000)
        seen = {json.loads(line)["decoded_payload"]["id"]
                for line in output.read_text().splitlines()}
        self.assertEqual(seen, {name for at, name in enumerate(names) if at % 100})
        retries = {letter["original_event"]["payload_base64"] for letter in
                   self.queue("retry.jsonl") + self.queue()}
        self.assertEqual(len(retries), 1)

    def test_sigterm_finishes_the_batch_and_prints_the_counts(self):
        schema_id = self.register(ORDER)
        process = self.start_decode()
        for number in range(10):
            process.stdin.write(wrapped(confluent(schema_id, order(str(number)))).encode() + b"\n")
        process.stdin.flush()
        records = [process.stdout.readline() for _ in range(10)]
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(10), 0)
        words = process.stderr.read().decode()
        self.assertEqual(json.loads(records[-1])["decoded_payload"], {"id": "9"})
        self.assertEqual(counts_of(words)["decoded"], 10)
        self.assertIn("SIGTERM", words)

    def test_sigterm_carries_what_came_through_the_pipe(self):
        schema_id = self.register(ORDER)
        # The first batch is in work for two seconds.
        faulty = self.faulty(["slow"])
        process = self.start_decode("--output", "records.jsonl", registry=faulty.url)
        lines = [wrapped(confluent(schema_id, order(str(number)))) for number in range(1_200)]
        data = "\n".join(lines).encode()
        self.assertLess(len(data), 65_536)
        process.stdin.write(data)  # no end of file, and the last line has none either
        process.stdin.flush()
        wait_until(lambda: faulty.asked, "it asks for no schema")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(20), 0)
        words = process.stderr.read().decode()
        self.assertEqual(counts_of(words)["decoded"], 1_200, words)
        self.assertEqual(len(self.queue("records.jsonl")), 1_200)

    def test_sigterm_ends_the_wait_for_half_a_container_file(self):
        process = self.start_decode()
        process.stdin.write(container(ORDER, [order("a")])[:-5])
        process.stdin.flush()
        wait_until_taken(process.stdin)
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(10), 0)
        words = process.stderr.read().decode()
        self.assertEqual(counts_of(words)["dead_letter"], 1)
        self.assertIn("cut off", self.queue()[0]["error"])

    def test_metrics_tell_the_same_counts(self):
        schema_id = self.register(ORDER)
        process = self.start_decode("--metrics-listen", "http://127.0.0.1:0")
        url = process.stderr.readline().decode().split()[-1]
        lines = [wrapped(confluent(schema_id, order("a"))), wrapped(confluent(999, b""))]
        process.stdin.write("\n".join(lines).encode() + b"\n")
        process.stdin.flush()
        process.stdout.readline()

        def metrics():
            with urllib.request.urlopen(url, timeout=5) as page:
                return page.read().decode()

        wait_until(lambda: "symbolon_decoder_events_in_total 2" in metrics(), metrics)
        self.assertIn('symbolon_decoder_events_total{outcome="decoded"} 1', metrics())
        self.assertIn('symbolon_decoder_letters_total{queue="dead_letter",'
                      'reason="schema_not_found"} 1', metrics())
        process.communicate(timeout=30)

    def test_reading_what_is_written_is_refused(self):
        (self.folder / "retry.jsonl").write_text("")
        self.decode(b"", "retry.jsonl", exit_code=2)
        self.assertIn("both read and written", self.words)
        self.decode(b"", "kafka:orders,retries", "--retry", "kafka:retries", "--brokers", "127.0.0.1:1",
                    "--group", "g", exit_code=2)
        self.assertIn("both read and written", self.words)

    def test_reading_what_is_written_is_refused_by_whatever_name(self):
        path = self.folder / "events.jsonl"
        path.write_text(envelope(self.subject, 1, order("a")) + "\n")
        before = path.read_bytes()
        for words in (["./events.jsonl", "--output", "x", "--retry", "events.jsonl"],
                      ["-", "--output", "events.jsonl"], ["file:events.jsonl"], ["-"]):
            with path.open("rb") as source, path.open("ab") as sink:
                process = self.start_decode(*words, stdin=source, stdout=sink)
                _, said = process.communicate(timeout=30)
            self.assertEqual(process.returncode, 2, said)
            self.assertIn(b"both read and written", said)
            self.assertEqual(path.read_bytes(), before)

    def test_wrong_calls_are_told(self):
        for flags in (["--framing", "x"], ["--event-types", "strict"], ["--version", "zero"],
                      ["--default", "x"], ["--kafka-property", "x"], ["--default", "agent=1"],
                      ["--dead-letter", "kafka:letters"], ["--retry", "s3:bucket"],
                      ["--diagnostic", "no/such/folder/letters.jsonl"], ["--output", ""],
                      ["--event-types", "warn", "--platform-url", "http://127.0.0.1:1,http://127.0.0.1:2"],
                      ["kafka:orders"], ["kafka:orders", "--brokers", "127.0.0.1:9"]):
            self.decode(b"", *flags, exit_code=2)
        self.assertIn("--group NAME", self.words)

    def test_the_end_tells_where_events_are_and_why(self):
        schema_id = self.register(ORDER)
        self.decode([wrapped(confluent(schema_id, order("a"))), wrapped(confluent(999, b"")), '{"a":1}',
                     wrapped(confluent(schema_id, b"\x40"))], "--dead-letter", "dead.jsonl")
        self.assertIn("  1 in dead.jsonl: missing_schema_metadata (the event does not say which schema "
                      "it has)\n", self.words)
        self.assertIn("  1 in dead.jsonl: schema_not_found (", self.words)
        self.assertIn("  1 in dead.jsonl: payload_corrupt (", self.words)
        self.decode([wrapped(confluent(schema_id, order("a")))], registry="http://127.0.0.1:1")
        self.assertIn("  1 in retry.jsonl: registry_unavailable (", self.words)
        self.decode([wrapped(confluent(schema_id, order("a")))])
        self.assertNotIn("jsonl", self.words)

    def test_a_readers_subject_that_is_not_there_is_told_with_the_nearest(self):
        self.register(ORDER)
        code, _, said = run("decode", "--registry", self.url, "--reader-subject", self.subject + "s", cwd=self.folder)
        self.assertEqual(code, 1)
        self.assertIn(f"hint: Did you mean {self.subject}", said)

    def test_a_full_disk_stops_the_run(self):
        schema_id = self.register(ORDER)
        self.decode([wrapped(confluent(schema_id, order("a")))], "--output", "/dev/full",
                    exit_code=1)
        self.assertIn("No space left", self.words)


if __name__ == "__main__":
    main()
