#!/usr/bin/env python3
"""What `decode`, `produce` and `gateway` have in common as clients: a registry that asks for patience does
not keep them from ending, and what is secret in their settings stands nowhere that others read.

Usage: companions.py [--binary build/release/symbolon] [unittest's own arguments]
"""

import base64
import json
import pathlib
import re
import signal
import sys
import threading
import time
import unittest
import urllib.error
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import main  # noqa: E402
from program import FolderTest, run, wait_until  # noqa: E402
from stand_in_platform import StandInPlatform  # noqa: E402

# What a registry asks for here, and what a process may take to end meanwhile.
RETRY_AFTER = 100
END_SECONDS_MAX = 10

# What the contract of the event clients says that a setting is where nobody says otherwise.
DEFAULTS = {
    "decode": {"--max-retries": "3", "--event-types": "off", "--bytes": "base64", "--logical": "raw"},
    "gateway": {"--path": "/eventbridge/subscription", "--version": "latest", "--schema-ttl-s": "300",
                "--mask": "[email,name,phone]", "--retries": "5", "--retry-base-ms": "1000",
                "--retry-jitter-ms": "1000", "--calls-max": "10"},
    "produce": {"--dedup-key": "[/interactionId]", "--dedup-window": "300", "--dedup-keys": "10000",
                "--batch-min": "50", "--batch-max": "100", "--batch-bytes": "500000",
                "--send-timeout-ms": "15000", "--attempts": "3", "--retry-after-ms": "2000",
                "--retry-growth": "1.5", "--connect-wait-ms": "2000",
                "--ingest-path": "/api/v2/events/ingest"},
}


class CompanionTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.platform = StandInPlatform().start()
        self.addCleanup(self.platform.stop)

    def gateway(self, *arguments):
        return self.serve(None, *arguments, command_name="gateway")


class Defaults(unittest.TestCase):
    def test_the_numbers_of_the_contract_are_the_defaults(self):
        for command, numbers in DEFAULTS.items():
            code, text, _ = run(command, "--help")
            self.assertEqual(code, 0)
            said = dict(re.findall(r"^  (--[a-z-]+) [^=\n]*=(\S+)", text, re.MULTILINE))
            self.assertEqual({flag: said.get(flag) for flag in numbers}, numbers, command)


class BusyRegistry(CompanionTest):
    def setUp(self):
        super().setUp()
        self.platform.script("other", {"status": 503, "retry_after": RETRY_AFTER, "times": 1_000})

    def stop_while_it_waits(self, *arguments):
        """The exit code and what it wrote of a process that is told to stop."""
        process = self.start(*arguments, "--registry", self.platform.url)
        wait_until(lambda: self.platform.requests("other"), "it asks for no schema")
        time.sleep(0.2)
        self.assertIsNone(process.poll(), "it does not wait for the registry")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=END_SECONDS_MAX)
        self.assertEqual(len(self.platform.requests("other")), 1, "it asked again")
        return process.returncode, out, err

    def test_decode_ends_and_every_event_is_in_its_place(self):
        event = {"detail": {"schema_id": "s", "schema_version": 1,
                            "avro_payload": base64.b64encode(b"\x02").decode()}}
        events = self.write("events.jsonl", 3 * (json.dumps(event) + "\n"))
        code, _, err = self.stop_while_it_waits("decode", events)
        self.assertEqual(code, 0, err)
        self.assertIn("in=3 decoded=0 retry=3", err)

    def test_produce_ends_before_it_has_read_anything(self):
        events = self.write("events.jsonl", '{"interactionId":"1"}\n')
        code, _, err = self.stop_while_it_waits("produce", events, "--subject", "s", "--to",
                                                "file:out.jsonl")
        self.assertIn(code, (1, -signal.SIGTERM), err)

    def test_gateway_ends_before_it_has_a_schema(self):
        code, _, err = self.stop_while_it_waits("gateway", "--listen", "http://127.0.0.1:0",
                                                "--subject", "s")
        self.assertEqual(code, 0, err)
        self.assertIn("stopped", err)

    def test_gateway_ends_while_it_asks_for_a_schema_again(self):
        self.platform.reset()
        self.platform.script("other", {"status": 404})
        gateway = self.gateway("--registry", self.platform.url, "--subject", "s")
        self.platform.script("other", {"status": 503, "retry_after": RETRY_AFTER, "times": 1_000})
        wait_until(lambda: len(self.platform.requests("other")) > 1, "it asks for no schema by itself")
        began = time.monotonic()
        self.assertEqual(gateway.stop(), 0)
        self.assertLess(time.monotonic() - began, END_SECONDS_MAX)


class Secrets(CompanionTest):
    def setUp(self):
        super().setUp()
        self.registry = self.serve()
        self.registry.register("s", {"type": "object"}, "JSON")

    def hook(self, path):
        return f"http://u:hidden@127.0.0.1:{self.platform.port}/webhook/{path}?token=hidden"

    def test_a_webhooks_url_stands_without_its_secrets_in_audit_and_metrics(self):
        events = self.write("events.jsonl", '{"interactionId":"1"}\n')
        process = self.start("produce", events, "--registry", self.registry.url, "--subject", "s",
                             "--to", "file:out.jsonl", "--hand-off", "webhook:" + self.hook("lake"),
                             "--audit", "audit.jsonl", "--metrics-file", "metrics.txt")
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, err)
        call = self.platform.requests("webhook")[0]
        self.assertEqual(call["path"], "/webhook/lake?token=hidden")
        self.assertEqual(call["headers"]["authorization"],
                         "Basic " + base64.b64encode(b"u:hidden").decode())
        for text in (out, err, (self.folder / "audit.jsonl").read_text(),
                     (self.folder / "metrics.txt").read_text()):
            self.assertNotIn("hidden", text)
        self.assertIn(f"127.0.0.1:{self.platform.port}/webhook/lake", (self.folder / "audit.jsonl").read_text())

    def test_an_anomaly_sinks_url_stands_without_its_secrets_in_metrics_and_log(self):
        self.platform.script("webhook", {"status": 400})
        gateway = self.gateway("--registry", self.registry.url, "--subject", "s",
                               "--anomalies", self.hook("anomalies"))
        with self.assertRaises(urllib.error.HTTPError):
            urllib.request.urlopen(gateway.url + "/eventbridge/subscription", b"no JSON", 30)
        wait_until(lambda: "could not be written" in gateway.text(), gateway.text)
        with urllib.request.urlopen(gateway.url + "/metrics", timeout=30) as answer:
            metrics = answer.read().decode()
        self.assertIn("/webhook/anomalies", metrics)
        self.assertNotIn("hidden", metrics + gateway.text())

    def test_a_password_that_is_not_percent_encoded_is_understood_and_not_told(self):
        for password in ("hid/den", "hid?den", "hid#den"):
            process = self.start("list", "--registry",
                                 f"http://u:{password}@127.0.0.1:{self.registry.port}")
            _, err = process.communicate(timeout=30)
            self.assertEqual(process.returncode, 0, err)
            self.assertNotIn("hid", err)


class Connections(CompanionTest):
    """There are as many as calls may be made at a time; a call that waited for one would be late."""
    CALLS = 24
    SECONDS = 4

    def setUp(self):
        super().setUp()
        self.platform.set(require_token=False)
        self.platform.script("any", {"delay": self.SECONDS, "times": 1_000})

    def test_gateway_makes_as_many_calls_at_a_time_as_it_may(self):
        registry = self.serve()
        registry.register("s", {"type": "object"}, "JSON")
        gateway = self.gateway("--registry", registry.url, "--subject", "s", "--downstream",
                               self.platform.url + "/webhook/x", "--retries", "0", "--calls-max", self.CALLS,
                               "--call-timeout-ms", "7500")
        statuses = []

        def send(number):
            client = gateway.client()
            statuses.append(client.request("POST", "/eventbridge/subscription", {"id": str(number)})[0])
            client.close()

        senders = [threading.Thread(target=send, args=(number,)) for number in range(self.CALLS)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        self.assertEqual(statuses, [200] * self.CALLS, gateway.text())

    def test_produce_sends_as_many_batches_at_a_time_as_it_may(self):
        events = self.write("events.jsonl", "".join(
            f'{{"interactionId":"{number}"}}\n' for number in range(self.CALLS)))
        schema = self.write("schema.json", '{"type":"object"}')
        process = self.start("produce", events, "--schema", schema, "--to", "http",
                             "--platform-url", self.platform.url, "--batch-min", "1",
                             "--batch-max", "1", "--queue", self.CALLS,
                             "--requests", self.CALLS, "--send-timeout-ms", "7500")
        out, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, out + err)


class Tokens(CompanionTest):
    def send_one(self, *more):
        events = self.write("events.jsonl", '{"interactionId":"1"}\n')
        schema = self.write("schema.json", '{"type":"object"}')
        process = self.start("produce", events, "--schema", schema, "--to", "http",
                             "--platform-url", self.platform.url, "--platform-oauth-token-url",
                             self.platform.url + "/oauth/token", "--platform-oauth-client-id",
                             "client", "--platform-oauth-client-secret-file",
                             self.write("secret", "secret\n"), "--connect-wait-ms", "50", *more)
        _, err = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 0, err)

    def test_an_endpoint_that_is_away_for_a_moment_costs_a_wait_and_no_event(self):
        for answer in ({"status": 503}, {"status": 429, "retry_after": 1}, {"cut": "before"}):
            self.platform.reset()
            self.platform.script("token", answer)
            self.send_one()
            self.assertEqual(len(self.platform.requests("token")), 2, answer)
            self.assertEqual(len(self.platform.requests("ingest")), 1, answer)

    def test_scopes_may_stand_in_one_flag_with_spaces(self):
        self.send_one("--platform-oauth-scope", "events:read events:write")
        self.assertIn("scope=events%3Aread%20events%3Awrite",
                      self.platform.requests("token")[0]["body"])


if __name__ == "__main__":
    main()
