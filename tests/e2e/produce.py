#!/usr/bin/env python3
"""`symbolon produce` against a real registry and a stand-in for the event platform: each rule of
sending, the spool, the checkpoint, draining and kill -9. In every run the counts agree with what the
platform saw, to the last event.

Usage: produce.py [--binary build/release/symbolon] [unittest's own arguments]
"""

# Long: one test class for each part of the contract, over the same helpers.

import base64
import itertools
import json
import pathlib
import random
import re
import signal
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, ROOT, main  # noqa: E402
from program import FolderTest, RegistryTest, environment, run, run_on_terminal, wait_until, wait_until_taken  # noqa: E402
from stand_in_platform import StandInPlatform  # noqa: E402

SCHEMA = ROOT / "examples/genesys/ingest_event.schema.json"
COUNTS = re.compile(r"in (\d+) = sent (\d+) \+ rejected (\d+) \+ duplicates (\d+) \+ spooled (\d+)")
AVRO = {"type": "record", "name": "Order", "fields": [
    {"name": "id", "type": "string"}, {"name": "note", "type": ["null", "string"], "default": None}]}


def event(number, **changes):
    """An event of the shipped schema."""
    return {"eventType": "interaction.queued", "eventTime": "2024-03-04T08:15:30Z",
            "interactionId": f"i-{number}", "attributes": {"n": number}, "schemaVersion": 1,
            "routingMetadata": {"queueId": "q", "skill": "s", "actionType": "QUEUE"}, **changes}


class Run:
    """What a run of the command printed."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err
        found = COUNTS.search(out)
        self.counts = tuple(int(number) for number in found.groups()) if found else None


class ProduceTest(RegistryTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.register("ingest", SCHEMA.read_text(encoding="utf-8"), "JSON")
        cls.server.register("orders", AVRO)

    def setUp(self):
        super().setUp()
        self.platform = StandInPlatform().start()
        self.addCleanup(self.platform.stop)
        self.spool = self.folder / "spool.jsonl"

    def command(self, *arguments, url=None, subject="ingest", to="http"):
        given = [str(argument) for argument in arguments]
        for flag in ("--connect-wait-ms", "--retry-after-ms"):
            given += [] if flag in given else [flag, "50"]
        return ["produce", "--registry", self.url, "--subject", subject, "--to", to, "--spool", str(self.spool),
                "--platform-url", url or self.platform.url,
                "--platform-oauth-token-url", (url or self.platform.url) + "/oauth/token",
                "--platform-oauth-client-id", "client", "--platform-oauth-client-secret", "secret",
                *given]

    def run_command(self, *arguments, lines=None, **options):
        ended = Run(*run(*self.command(*arguments, **options), data=lines or ""))
        if ended.counts:
            self.assertEqual(ended.counts[0], sum(ended.counts[1:]), ended.out)
        return ended

    def start_command(self, *arguments, **options):
        return self.start(*self.command(*arguments, **options))

    def run_in_shell(self, redirection, *arguments, lines=None, **options):
        return subprocess.run(["sh", "-c", f'exec "$@" {redirection}', "sh", OPTIONS.binary,
                               *self.command(*arguments, **options)], input=lines, text=True, capture_output=True,
                              timeout=30, check=False, env=environment())

    def write_events(self, events):
        return self.write("events.jsonl", "".join((one if isinstance(one, str) else json.dumps(one)) + "\n"
                                                  for one in events))

    def send(self, count, *arguments, **options):
        return self.run_command(self.write_events(event(n) for n in range(count)), *arguments, **options)

    def acknowledged(self, platform=None):
        """(request id, ids of events) of every ingest request that was answered 200."""
        return [(entry["headers"]["x-request-id"],
                 [one["interactionId"] for one in json.loads(entry["body"])])
                for entry in (platform or self.platform).requests("ingest")
                if entry["status"] == 200]

    def assert_each_once(self, count, platform=None):
        seen = [one for _, ids in self.acknowledged(platform) for one in ids]
        self.assertEqual(sorted(seen), sorted(f"i-{n}" for n in range(count)))

    def resume(self, count):
        """Sends the spool; answers the run."""
        run = self.run_command("--resume")
        self.assertEqual(run.counts, (count, count, 0, 0, 0), run.err)
        self.assertEqual(run.code, 0, run.err)
        self.assertFalse(self.spool.exists(), "an empty spool leaves no file")
        return run


class Pipeline(ProduceTest):
    def test_valid_events_are_sent_once_and_the_others_rejected_with_index_and_reason(self):
        lines = [event(n) for n in range(250)]
        lines[7] = event(7, schemaVersion=4)
        lines[9] = "{oops"
        lines[20] = event(19)
        rejects = self.folder / "rejects.jsonl"
        run = self.run_command(self.write_events(lines), "--rejects", rejects)
        self.assertEqual((run.code, run.counts), (1, (250, 247, 2, 1, 0)), run.err)
        self.assertEqual(len(self.acknowledged()), 3)
        records = [json.loads(line) for line in rejects.read_text().splitlines()]
        self.assertEqual([record["index"] for record in records], [7, 9])
        self.assertIn("/schemaVersion", records[0]["reason"])
        self.assertIn("no JSON", records[1]["reason"])
        self.assertEqual(records[1]["event"], "{oops")
        request = self.platform.requests("ingest")[0]
        self.assertTrue(request["headers"]["authorization"].startswith("Bearer "))
        self.assertLessEqual(len(json.loads(request["body"])), 100)

    def test_standard_input_is_read_and_absent_attributes_get_their_default(self):
        plain = event(0)
        del plain["attributes"]
        run = self.run_command(lines=json.dumps(plain) + "\n\n" + json.dumps(event(1)))
        self.assertEqual((run.code, run.counts), (0, (2, 2, 0, 0, 0)), run.err)
        body = json.loads(self.platform.requests("ingest")[0]["body"])
        self.assertEqual(body[0], {**plain, "attributes": {}})

    def test_atomic_rejects_the_batch_of_an_invalid_event_and_no_other(self):
        lines = [event(n) for n in range(300)]
        lines[150] = event(150, schemaVersion=0)
        run = self.run_command(self.write_events(lines), "--atomic")
        self.assertEqual((run.code, run.counts), (1, (300, 200, 100, 0, 0)), run.err)
        self.assertIn("rejected with its batch: event 150 is invalid", run.err)

    def test_no_batch_exceeds_its_bytes_and_a_single_larger_event_is_rejected(self):
        lines = [event(n, attributes={"x": "ä" * 3_000}) for n in range(100)]
        lines[50] = event(50, attributes={"x": "y" * 40_000})
        run = self.run_command(self.write_events(lines), "--batch-bytes", "30000")
        self.assertEqual((run.code, run.counts), (1, (100, 99, 1, 0, 0)), run.err)
        for entry in self.platform.requests("ingest"):
            self.assertLessEqual(len(entry["body"].encode()), 30_000)

    def test_a_dry_run_sends_nothing(self):
        run = self.send(120, "--dry-run")
        self.assertEqual((run.code, run.counts), (0, (120, 120, 0, 0, 0)), run.err)
        self.assertEqual(self.platform.requests(), [])

    def test_a_dry_run_leaves_the_registry_as_it_is(self):
        schema = self.folder / "trial.avsc"
        schema.write_text('{"type":"record","name":"Trial","fields":[{"name":"n","type":"int"}]}')
        path = self.write_events([{"n": 1}, {"n": "one"}])
        run = self.run_command(path, "--schema", schema, "--auto-register", "--dry-run", subject="trials")
        self.assertEqual((run.code, run.counts), (1, (2, 1, 1, 0, 0)), run.err)
        self.assertEqual(self.server.request("GET", "/subjects/trials/versions")[0], 404)
        # What the registry would refuse is told, and what is there already is taken.
        run = self.run_command(path, "--schema", schema, "--auto-register", "--dry-run", subject="orders")
        self.assertEqual((run.code, run.counts), (1, None), run.err)
        self.assertIn("does not fit orders", run.err)
        self.assertEqual(self.server.request("GET", "/subjects/orders/versions"), (200, [1]))

    def test_a_subject_that_is_not_there_is_told_with_what_to_do(self):
        path = self.write_events(["{}"])
        run = self.run_command(path, subject="odrers")
        self.assertEqual((run.code, run.counts), (1, None), run.err)
        self.assertIn("--auto-register", run.err)
        self.assertIn("hint: Did you mean orders?", run.err)

    def test_a_schema_file_alone_needs_no_registry(self):
        path = self.write_events([event(1), event(2, schemaVersion=9)])
        code, out, said = run("produce", path, "--schema", SCHEMA, "--dry-run", cwd=self.folder)
        self.assertEqual(code, 1, said)
        self.assertIn("in 2 = sent 1 + rejected 1", out)

    def test_an_unregistered_schema_is_looked_up_in_vain_and_registered_where_allowed(self):
        schema = self.folder / "other.avsc"
        schema.write_text('{"type":"record","name":"Other","fields":[]}')
        path = self.write_events(["{}"])
        run = self.run_command(path, "--schema", schema, subject="others")
        self.assertEqual(run.code, 1)
        self.assertIsNone(run.counts)
        run = self.run_command(path, "--schema", schema, "--auto-register", subject="others")
        self.assertEqual((run.code, run.counts), (0, (1, 1, 0, 0, 0)), run.err)
        self.assertEqual(self.server.request("GET", "/subjects/others/versions"), (200, [1]))

    def test_avro_events_travel_with_confluent_framing(self):
        path = self.write_events([{"id": "a"}, {"id": "b", "note": "n"}, {"id": 1}])
        run = self.run_command(path, "--encoding", "confluent", subject="orders")
        self.assertEqual(run.counts, (3, 2, 1, 0, 0), run.err)
        values = [base64.b64decode(one)
                  for one in json.loads(self.platform.requests("ingest")[0]["body"])]
        schema_id = self.server.request("GET", "/subjects/orders/versions/1")[1]["id"]
        head = b"\0" + schema_id.to_bytes(4, "big")
        self.assertEqual(values, [head + b"\2a\0", head + b"\2b\2\2n"])

    def test_files_and_container_files_hold_each_event(self):
        out = self.folder / "out.jsonl"
        run = self.send(150, to=f"file:{out}")
        self.assertEqual((run.code, run.counts), (0, (150, 150, 0, 0, 0)), run.err)
        self.assertEqual([json.loads(line)["interactionId"] for line in out.read_text().split("\n")[:-1]],
                         [f"i-{n}" for n in range(150)], "in their order")
        box = self.folder / "out.avro"
        run = self.run_command(self.write_events([{"id": "a"}, {"id": "b"}]), "--codec", "null",
                               subject="orders", to=f"container:{box}")
        self.assertEqual((run.code, run.counts), (0, (2, 2, 0, 0, 0)), run.err)
        content = box.read_bytes()
        self.assertTrue(content.startswith(b"Obj\1"))
        self.assertIn(b"\2a\0\2b\0", content)

    def test_a_byte_order_mark_is_no_part_of_the_first_event(self):
        out = self.folder / "out.jsonl"
        path = self.folder / "events.jsonl"
        path.write_bytes(b"\xef\xbb\xbf" + json.dumps(event(0)).encode() + b"\r\n")
        run = self.run_command(path, to=f"file:{out}")
        self.assertEqual((run.code, run.counts), (0, (1, 1, 0, 0, 0)), run.err)
        self.assertEqual(json.loads(out.read_text(encoding="utf-8")), event(0))

    def test_a_standard_input_that_is_closed_is_an_error_and_no_other_file_is_read(self):
        done = self.run_in_shell("<&-", to=f"file:{self.folder / 'out'}")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("standard input cannot be read", done.stderr)

    def test_that_nobody_reads_standard_error_loses_no_event(self):
        """A full disk behind 2>, or a closed one: rejects and progress cannot be written."""
        for redirection in ("2>/dev/full", "2>&-"):
            out = self.folder / f"out{len(redirection)}.jsonl"
            path = self.write_events(event(n) for n in range(250))
            done = self.run_in_shell(redirection, path, "--progress", "always", to=f"file:{out}")
            self.assertEqual(done.returncode, 0, (redirection, done.stdout))
            self.assertIn("in 250 = sent 250", done.stdout)
            self.assertEqual(len(out.read_text().splitlines()), 250)
            # That a rejection cannot be told ends the run, in order.
            done = self.run_in_shell(redirection, "-", to=f"file:{out}",
                                     lines="{oops\n" + json.dumps(event(1)) + "\n")
            self.assertEqual(done.returncode, 1, redirection)
            self.assertIn("rejected 1", done.stdout)

    def test_what_is_called_wrongly_exits_with_2_and_says_what_to_do(self):
        for arguments, words in ((["--to", "http"], "--subject"),
                                 (["--to", "ftp", "--schema", str(SCHEMA)], "kafka:TOPIC"),
                                 (["--schema", str(SCHEMA)], "--to"),
                                 (["--to", "http", "--schema", str(SCHEMA)], "--platform-url"),
                                 (["--to", "kafka:t", "--schema", str(SCHEMA)], "--brokers"),
                                 (["--to", "file:/tmp/x", "--subject", "s"], "--registry"),
                                 (["--to", "http", "--schema", str(SCHEMA), "--platform-url",
                                   "http://a", "--platform-url", "http://b"], "one --platform-url"),
                                 (["--batch-min", "0"], "--batch-min")):
            code, _, said = run("produce", "-", *arguments, cwd=self.folder)
            self.assertEqual(code, 2, (arguments, said))
            self.assertIn(words, said)


LOGICAL = {"type": "record", "name": "Payment", "fields": [
    {"name": "interactionId", "type": "string"},
    {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 2}},
    {"name": "fee", "type": ["null", {"type": "fixed", "name": "Fee", "size": 4, "logicalType": "decimal",
                                      "precision": 8, "scale": 2}]},
    {"name": "day", "type": {"type": "int", "logicalType": "date"}},
    {"name": "clock", "type": {"type": "int", "logicalType": "time-millis"}},
    {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
    {"name": "at_micros", "type": {"type": "long", "logicalType": "timestamp-micros"}},
    {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-micros"}},
    {"name": "took", "type": {"type": "fixed", "name": "Took", "size": 12, "logicalType": "duration"}},
    {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
    {"name": "raw", "type": "bytes"}]}
PAYMENT = {"interactionId": "p-1", "amount": "1234.50", "fee": "-0.25", "day": "2026-02-28", "clock": "23:59:59.001",
           "at": "2026-02-28T23:59:59.001Z", "at_micros": "1969-12-31T23:59:59.999999Z",
           "local": "2026-02-28T23:59:59.000001", "took": "P1M2DT3.004S",
           "id": "5b1a5c1e-0f6d-4d0a-9b0f-6a1f6a1d2c01", "raw": "AP9h"}


class RoundTrip(FolderTest):
    def produce_then_decode(self, events, name, produced, decoded):
        box = self.folder / f"{name}.avro"
        code, _, said = run("produce", self.write(f"{name}.jsonl", "".join(json.dumps(each) + "\n" for each in events)),
                            "--schema", self.write("payment.avsc", LOGICAL), "--to", f"container:{box}",
                            "--spool", self.folder / "spool", *produced)
        self.assertEqual(code, 0, said)
        code, out, said = run("decode", box, *decoded, cwd=self.folder)
        self.assertEqual(code, 0, said)
        return [json.loads(line)["decoded_payload"] for line in out.splitlines()]

    def test_what_decode_prints_with_a_choice_of_forms_produce_reads_with_the_same(self):
        readable = ["--logical", "readable"]
        self.assertEqual(self.produce_then_decode([PAYMENT], "first", readable, readable), [PAYMENT])
        for number, forms in enumerate(itertools.product(("raw", "readable"), ("base64", "avro"))):
            flags = ["--logical", forms[0], "--bytes", forms[1]]
            printed = self.produce_then_decode([PAYMENT], f"a{number}", readable, flags)
            self.assertEqual(self.produce_then_decode(printed, f"b{number}", flags, flags), printed, flags)
            self.assertEqual(self.produce_then_decode(printed, f"c{number}", flags, readable), [PAYMENT], flags)

    def test_a_form_that_was_not_chosen_is_a_reason_to_reject(self):
        code, out, said = run("produce", self.write("a.jsonl", json.dumps(PAYMENT) + "\n"), "--dry-run",
                              "--schema", self.write("payment.avsc", LOGICAL))
        self.assertEqual(code, 1)
        self.assertIn("rejected 1", out)
        self.assertIn("/amount", said)


class Answers(ProduceTest):
    """One rule of the sender each; the platform answers as scripted, then 200."""

    def statuses(self):
        return [entry["status"] for entry in self.platform.requests("ingest")]

    def ids(self):
        return [entry["headers"]["x-request-id"] for entry in self.platform.requests("ingest")]

    def assert_spooled_and_resumed(self, run, count, requests=1):
        """The batch was not acknowledged; --resume sends it, with the id that it had."""
        self.assertEqual((run.code, run.counts), (1, (count, 0, 0, 0, count)), run.err)
        self.assertEqual(len(self.statuses()), requests)
        self.resume(count)
        self.assertEqual(len(set(self.ids())), 1, "the X-Request-Id stays")
        self.assertEqual(len(self.ids()), requests + 1)

    def test_429_waits_for_retry_after(self):
        self.platform.script("ingest", {"status": 429, "retry_after": 1})
        begun = time.monotonic()
        run = self.send(10)
        self.assertEqual((run.code, run.counts), (0, (10, 10, 0, 0, 0)), run.err)
        self.assertGreaterEqual(time.monotonic() - begun, 1)
        self.assertEqual(self.statuses(), [429, 200])
        self.assertEqual(len(set(self.ids())), 1)

    def test_429_without_retry_after_waits_the_default_times_the_growth(self):
        self.platform.script("ingest", {"status": 429, "times": 2})
        run = self.send(10, "--retry-after-ms", "300")
        self.assertEqual((run.code, run.counts), (0, (10, 10, 0, 0, 0)), run.err)
        at = [entry["at"] for entry in self.platform.requests("ingest")]
        self.assertGreaterEqual(at[1] - at[0], 0.3)
        self.assertGreaterEqual(at[2] - at[1], 0.45)

    def test_429_is_sent_three_times_at_most(self):
        self.platform.script("ingest", {"status": 429, "times": 3})
        self.assert_spooled_and_resumed(self.send(10), 10, requests=3)

    def test_503_is_waited_for_like_429(self):
        self.platform.script("ingest", {"status": 503, "times": 2})
        self.assertEqual(self.send(10).counts, (10, 10, 0, 0, 0))
        self.assertEqual(self.statuses(), [503, 503, 200])

    def test_401_renews_the_token_once(self):
        self.platform.script("ingest", {"status": 401})
        self.assertEqual(self.send(10).counts, (10, 10, 0, 0, 0))
        self.assertEqual(self.statuses(), [401, 200])
        tokens = [entry["headers"]["authorization"] for entry in self.platform.requests("ingest")]
        self.assertNotEqual(tokens[0], tokens[1])

    def test_a_second_401_spools(self):
        self.platform.script("ingest", {"status": 401, "times": 2})
        self.assert_spooled_and_resumed(self.send(10), 10, requests=2)

    def test_400_and_413_are_final(self):
        for status in (400, 413):
            self.platform.reset()
            self.platform.script("ingest", {"status": status})
            run = self.send(10)
            self.assertEqual((run.code, run.counts), (1, (10, 0, 10, 0, 0)), run.err)
            self.assertEqual(self.statuses(), [status])
            self.assertIn(f"answered {status}", run.err)
            self.assertFalse(self.spool.exists())

    def test_other_answers_spool_and_are_not_sent_again(self):
        for status in (403, 404, 500, 502, 504):
            self.platform.reset()
            self.platform.script("ingest", {"status": status})
            with self.subTest(status=status):
                self.assert_spooled_and_resumed(self.send(10), 10)

    def test_a_slow_answer_spools(self):
        self.platform.script("ingest", {"delay": 4})
        self.assert_spooled_and_resumed(self.send(10, "--send-timeout-ms", "1000"), 10)

    def test_an_answer_that_was_cut_off_spools(self):
        for cut in ("before", "head", "body"):
            self.platform.reset()
            self.platform.script("ingest", {"cut": cut})
            with self.subTest(cut=cut):
                self.assert_spooled_and_resumed(self.send(10), 10)

    def test_a_lost_answer_is_sent_again_where_that_is_asked_for(self):
        self.platform.script("ingest", {"cut": "body"})
        run = self.send(10, "--resend-lost")
        self.assertEqual((run.code, run.counts), (0, (10, 10, 0, 0, 0)), run.err)
        self.assertEqual(len(self.ids()), 2)
        self.assertEqual(len(set(self.ids())), 1)

    def test_a_200_whose_body_is_no_json_acknowledges(self):
        self.platform.script("ingest", {"malformed": True})
        self.assertEqual(self.send(10).counts, (10, 10, 0, 0, 0))
        self.assertEqual(self.statuses(), [200])

    def test_a_platform_that_is_not_there_is_tried_again_and_then_spooled(self):
        port = self.free_port()
        run = self.send(10, url=f"http://127.0.0.1:{port}")
        self.assertEqual((run.code, run.counts), (1, (10, 0, 0, 0, 10)), run.err)
        self.assertIn(f"127.0.0.1 port {port}", run.err, "why, and not only that")
        self.resume(10)
        self.assert_each_once(10)

    def test_a_platform_that_comes_back_in_time_gets_the_batch(self):
        port = self.free_port()
        process = self.start_command(self.write_events(event(n) for n in range(10)), "--connect-wait-ms",
                                     "1000", url=f"http://127.0.0.1:{port}")
        time.sleep(0.5)
        platform = StandInPlatform(port).start()
        self.addCleanup(platform.stop)
        out, _ = process.communicate(timeout=30)
        self.assertIn("sent 10", out)
        self.assert_each_once(10, platform)

    def test_at_most_five_requests_are_on_their_way(self):
        self.platform.script("ingest", {"delay": 0.3, "times": 100})
        begun = time.monotonic()
        self.assertEqual(self.send(1_500).counts[1], 1_500)
        # Fifteen batches, five at a time, 0.3 s each.
        self.assertGreaterEqual(time.monotonic() - begun, 0.9)
        at = sorted(entry["at"] for entry in self.platform.requests("ingest"))
        for first, sixth in zip(at, at[5:]):
            self.assertGreaterEqual(sixth - first, 0.25)


class Hand(ProduceTest):
    def test_acknowledged_batches_are_handed_on_and_audited(self):
        audit, lake, lines = (self.folder / name for name in ("audit", "lake.avro", "lake.jsonl"))
        self.platform.script("ingest", {}, {"status": 400}, {"status": 500})
        self.platform.script("webhook", {"status": 500})
        run = self.send(320, "--requests", "1", "--audit", audit, "--hand-off", f"container:{lake}",
                        "--hand-off", f"file:{lines}", "--hand-off",
                        f"webhook:{self.platform.url}/webhook/lake")
        self.assertEqual(run.counts, (320, 120, 100, 0, 100), run.err)
        records = [json.loads(line) for line in audit.read_text().splitlines()]
        kinds = {}
        for record in records:
            kinds[record["type"]] = kinds.get(record["type"], 0) + 1
            self.assertTrue({"timestamp", "type", "request_id", "latency_ms", "sync_status",
                             "target"} <= set(record), record)
        self.assertEqual(kinds, {"BATCH_SUBMITTED": 4, "INGESTION_REJECTED": 1,
                                 "INGESTION_SUCCEEDED": 2, "INGESTION_FAILED": 1,
                                 "DATA_LAKE_SYNC": 6})
        self.assertEqual({record["sync_status"] for record in records
                          if record["type"] == "DATA_LAKE_SYNC"}, {"synced"})
        ids = {request_id for request_id, _ in self.acknowledged()}
        hooks = self.platform.requests("webhook")
        self.assertEqual({hook["headers"]["x-request-id"] for hook in hooks}, ids)
        self.assertEqual([hook["status"] for hook in hooks], [500, 200, 200])
        sent = sorted(one for _, batch in self.acknowledged() for one in batch)
        self.assertEqual(sorted(json.loads(line)["interactionId"]
                                for line in lines.read_text().splitlines()), sent)
        self.assertTrue(lake.read_bytes().startswith(b"Obj\1"))

    def test_metrics_and_progress_tell_the_counts(self):
        metrics = self.folder / "metrics"
        run = self.send(130, "--metrics-file", metrics, "--progress", "always")
        self.assertEqual(run.code, 0, run.err)
        self.assertIn('symbolon_producer_events_total{outcome="sent"} 130', metrics.read_text())
        self.assertIn("130 in, 130 sent, 0 rejected, 0 duplicates, 0 spooled, 0 pending", run.err)
        self.assertIn("events/s", run.err)
        self.assertNotIn("events/s", self.send(10).err, "not without a terminal")

    def test_progress_fits_the_terminal(self):
        code, shown = run_on_terminal(*self.command(self.write_events(event(n) for n in range(130))), columns=40,
                                      stdout=subprocess.DEVNULL)
        self.assertEqual(code, 0, shown)
        lines = re.split(r"[\r\n]+", shown.replace("\x1b[K", ""))
        self.assertTrue(any(line.startswith("130 in, 130 sent") for line in lines), shown)
        self.assertLess(max(len(line) for line in lines), 40, "a wrapped line is not written over")


class Spools(ProduceTest):
    """What keeps the events that are not acknowledged is there before it is needed."""

    def test_a_spool_that_cannot_be_made_is_told_before_anything_is_read(self):
        self.spool = self.folder / "no" / "such" / "spool"
        run = self.send(10)
        self.assertEqual((run.code, run.counts), (1, None), run.out)
        self.assertIn("needs a spool file", run.err)
        self.assertEqual(self.platform.requests("ingest"), [])

    def test_a_second_run_on_the_spool_is_refused_before_it_reads(self):
        first = self.start_command("-")
        wait_until(self.spool.exists, "the spool")
        run = self.send(10)
        self.assertEqual((run.code, run.counts), (1, None), run.out)
        self.assertIn("another process", run.err)
        out, _ = first.communicate(json.dumps(event(1)) + "\n", timeout=30)
        self.assertIn("in 1 = sent 1", out)

    def test_a_dry_run_makes_no_spool_and_needs_no_place_for_one(self):
        self.spool = self.folder / "no" / "such" / "spool"
        run = self.send(3, "--dry-run")
        self.assertEqual((run.code, run.counts), (0, (3, 3, 0, 0, 0)), run.err)

    def test_a_spool_that_was_resumed_without_the_checkpoint_is_not_said_to_wait(self):
        checkpoint = self.folder / "checkpoint"
        self.platform.script("ingest", {"status": 500})
        path = self.write_events(event(n) for n in range(10))
        run = self.run_command(path, "--checkpoint", checkpoint)
        self.assertEqual(run.counts, (10, 0, 0, 0, 10), run.err)
        self.assertIn("--resume sends them", run.err)
        self.resume(10)
        run = self.run_command(path, "--checkpoint", checkpoint)
        self.assertIn("no longer in", run.err)
        self.assertNotIn("--resume sends them", run.err)
        self.assert_each_once(10)


class Stopping(ProduceTest):
    def finish(self, process):
        out, err = process.communicate(timeout=30)
        run = Run(process.returncode, out, err)
        self.assertIsNotNone(run.counts, err)
        self.assertEqual(run.counts[0], sum(run.counts[1:]), out)
        return run

    def wait_for_requests(self, count):
        wait_until(lambda: len(self.platform.requests("ingest")) >= count, f"{count} requests")

    def test_sigterm_sends_what_was_read(self):
        process = self.start_command()
        for number in range(150):
            process.stdin.write(json.dumps(event(number)) + "\n")
        process.stdin.write('{"half a line')
        process.stdin.flush()
        self.wait_for_requests(1)
        wait_until_taken(process.stdin)
        process.send_signal(signal.SIGTERM)
        # At the end of its input half a line is a line; the signal must come before that.
        first = process.stderr.readline()
        run = self.finish(process)
        self.assertEqual((run.code, run.counts), (0, (150, 150, 0, 0, 0)), run.err)
        self.assertIn("SIGTERM", first)
        self.assert_each_once(150)

    def stop_amid_requests(self, *arguments, seconds_max):
        """A run that got SIGTERM while its first requests, of 250 events, were under way; all are spooled."""
        process = self.start_command("--drain-ms", "300", *arguments)
        for number in range(250):
            process.stdin.write(json.dumps(event(number)) + "\n")
        process.stdin.flush()
        self.wait_for_requests(2)
        wait_until_taken(process.stdin)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        run = self.finish(process)
        self.assertLess(time.monotonic() - begun, seconds_max)
        self.assertEqual((run.code, run.counts), (1, (250, 0, 0, 0, 250)), run.err)
        return run

    def test_sigterm_spools_what_the_platform_does_not_take_in_time(self):
        self.platform.script("ingest", {"status": 429, "retry_after": 30, "times": 10})
        self.stop_amid_requests(seconds_max=5)
        self.platform.reset()
        self.resume(250)
        self.assert_each_once(250)

    def test_sigterm_abandons_requests_that_take_longer_than_it_may_drain(self):
        self.platform.script("ingest", {"delay": 25, "times": 10})
        run = self.stop_amid_requests("--timeout-ms", "60000", seconds_max=8)
        self.assertIn("the program is stopping", run.err)
        self.platform.reset()
        self.resume(250)

    def test_sigterm_spools_what_no_broker_of_kafka_takes_in_time(self):
        process = self.start_command("--brokers", "127.0.0.1:1", "--drain-ms", "300", to="kafka:events")
        for number in range(250):
            process.stdin.write(json.dumps(event(number)) + "\n")
        process.stdin.flush()
        wait_until_taken(process.stdin)
        begun = time.monotonic()
        process.send_signal(signal.SIGTERM)
        run = self.finish(process)
        self.assertLess(time.monotonic() - begun, 20, "a record alone would wait for 120 s")
        self.assertEqual((run.code, run.counts), (1, (250, 0, 0, 0, 250)), run.err)
        self.resume(250)
        self.assert_each_once(250)

    @unittest.skipIf(signal.getsignal(signal.SIGHUP) == signal.SIG_IGN, "under nohup")
    def test_a_terminal_that_goes_ends_reading_like_sigterm(self):
        process = self.start_command("--linger-ms", "50", "--linger-max-ms", "100")
        process.stdin.write(json.dumps(event(0)) + "\n")
        process.stdin.flush()
        self.wait_for_requests(1)
        process.send_signal(signal.SIGHUP)
        process.send_signal(signal.SIGHUP)
        first = process.stderr.readline()
        run = self.finish(process)
        self.assertEqual((run.code, run.counts), (0, (1, 1, 0, 0, 0)), run.err)
        self.assertIn("SIGHUP", first)
        self.assert_each_once(1)

    def test_a_second_signal_ends_the_process_at_once(self):
        self.platform.script("ingest", {"delay": 10, "times": 10})
        process = self.start_command()
        for number in range(150):
            process.stdin.write(json.dumps(event(number)) + "\n")
        process.stdin.flush()
        self.wait_for_requests(1)
        process.send_signal(signal.SIGTERM)
        self.assertIn("SIGTERM", process.stderr.readline())  # two that wait to be taken are one
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(8), 128 + signal.SIGTERM)

    def test_a_batch_that_waits_goes_without_more_input(self):
        process = self.start_command("--linger-ms", "100", "--linger-max-ms", "300")
        for number in range(60):
            process.stdin.write(json.dumps(event(number)) + "\n")
        process.stdin.flush()
        self.wait_for_requests(1)
        process.stdin.write(json.dumps(event(60)) + "\n")
        process.stdin.flush()
        self.wait_for_requests(2)
        process.stdin.close()
        process.stdin = None
        self.assertEqual(self.finish(process).counts, (61, 61, 0, 0, 0))


class Killed(ProduceTest):
    EVENTS = 10_000

    def kill_until_done(self, *arguments, seed):
        """Runs the command with kill -9 at odd moments until it ends by itself; the last run and
        how often it was killed."""
        moments = random.Random(seed)
        kills = 0
        while True:
            process = self.start_command(*arguments)
            try:
                # The last one may take what time it needs.
                out, err = process.communicate(
                    timeout=moments.uniform(0.05, 0.6) if kills < 8 else 60)
                run = Run(process.returncode, out, err)
                self.assertEqual(run.counts and run.counts[0], sum(run.counts[1:]), out + err)
                return run, kills
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                kills += 1

    def input_lines(self):
        """Every 100th invalid, every 50th a duplicate: 9,700 to send."""
        lines = []
        for number in range(self.EVENTS):
            if number % 100 == 99:
                lines.append(event(number, schemaVersion=9))
            elif number % 50 == 48:
                lines.append(event(number - 1))
            else:
                lines.append(event(number))
        return lines

    def test_from_the_checkpoint_nothing_is_missing_and_what_comes_twice_is_the_same_request(self):
        path = self.write_events(self.input_lines())
        # Some batches are spooled on the way. Answers take their time, or there is no middle in
        # which to kill a quick program. Fewer than the 97 batches: none is left for --resume.
        self.platform.script("ingest", *({"delay": 0.1} if n % 9 else {"delay": 0.1, "status": 500}
                                         for n in range(90)))
        run, kills = self.kill_until_done(path, "--checkpoint", self.folder / "checkpoint", seed=7)
        self.assertGreater(kills, 1)
        total, sent, rejected, duplicates, spooled = run.counts
        self.assertEqual((total, rejected, duplicates), (self.EVENTS, 100, 200))
        self.assertEqual(sent + spooled, 9_700)
        run = self.run_command(path, "--resume", "--checkpoint", self.folder / "checkpoint")
        self.assertEqual(run.counts, (self.EVENTS, 9_700, 100, 200, 0), run.err)
        batches = {}
        for request_id, ids in self.acknowledged():
            self.assertEqual(batches.setdefault(request_id, ids), ids, "one id, one content")
        seen = [one for ids in batches.values() for one in ids]
        wanted = [line["interactionId"] for number, line in enumerate(self.input_lines())
                  if number % 100 != 99 and number % 50 != 48]
        self.assertEqual(sorted(seen), sorted(wanted), "each once, by the request's id")

    def test_a_spool_that_is_resumed_survives_kills(self):
        path = self.write_events(event(n) for n in range(2_000))
        self.platform.script("ingest", {"status": 500, "times": 100})
        self.assertEqual(self.run_command(path).counts, (2_000, 0, 0, 0, 2_000))
        self.platform.reset()
        self.kill_until_done("--resume", seed=8)
        self.assertFalse(self.spool.exists())
        batches = dict(self.acknowledged())
        self.assertEqual(sorted(one for ids in batches.values() for one in ids),
                         sorted(f"i-{n}" for n in range(2_000)))


if __name__ == "__main__":
    main()
