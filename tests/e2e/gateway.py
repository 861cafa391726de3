#!/usr/bin/env python3
"""`symbolon gateway` between a real registry and a stand-in for what is downstream.

Usage: gateway.py [--binary build/release/symbolon] [unittest's own arguments]
"""
# Long: one class for each family of rules, all with the same few helpers.

import http.client
import json
import pathlib
import signal
import sys
import threading
import time
import urllib.parse
import zlib

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import ROOT, main  # noqa: E402
from program import RegistryTest, run, wait_until  # noqa: E402
from stand_in_platform import StandInPlatform  # noqa: E402

EXAMPLES = ROOT / "examples" / "genesys"
PATH = "/eventbridge/subscription"
SECRETS = ("sam@example.org", "Sam Example", "555 0100")
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
# A record of interaction.started as Avro, for the container file.
RECORD_SCHEMA = {
    "type": "record", "name": "InteractionStarted", "fields": [
        {"name": "interaction_id", "type": "string"},
        *({"name": name, "type": ["null", "string"], "default": None} for name in (
            "start_time", "channel_type", "queue_id", "queue_name", "customer_email",
            "customer_name")),
        {"name": "attributes", "type": {"type": "map", "values": "string"}},
        {"name": "processed_at", "type": "string"}]}


def example(name):
    return (EXAMPLES / name).read_text()


def event(**changes):
    return json.dumps({**json.loads(example("events/conversation_created.json")), **changes})


class GatewayTest(RegistryTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.register("events", example("conversation_event.schema.json"), "JSON")
        cls.server.register("envelopes", example("interaction_started.schema.json"), "JSON")
        cls.server.register("records", RECORD_SCHEMA)

    def setUp(self):
        super().setUp()
        self.platform = StandInPlatform().start()
        self.addCleanup(self.platform.stop)
        self.anomaly_file = self.folder / "anomalies.jsonl"

    def flags(self, *more, subject="events", registry=None):
        waits = [] if "--retry-base-ms" in more else ["--retry-base-ms", "20",
                                                      "--retry-jitter-ms", "10"]
        return ["--registry", registry or self.url, "--subject", subject,
                "--anomalies", str(self.anomaly_file), *waits, *more]

    def gateway(self, *more, subject="events", downstream="/webhook/events", registry=None):
        target = ["--downstream", self.platform.url + downstream] if downstream else []
        return self.serve(None, *self.flags(*target, *more, subject=subject, registry=registry),
                          command_name="gateway")

    def send(self, gateway, body, method="POST", path=PATH, timeout=30):
        connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=timeout)
        try:
            connection.request(method, path, body.encode() if isinstance(body, str) else body)
            answer = connection.getresponse()
            text = answer.read().decode()
            return answer.status, (json.loads(text) if "json" in answer.headers["Content-Type"]
                                   else text)
        finally:
            connection.close()

    def calls(self, route="webhook"):
        return self.platform.requests(route)

    def anomalies(self, count):
        """The records, once there are so many; their sink works behind the answers."""
        def lines():
            return self.anomaly_file.read_text().splitlines() if self.anomaly_file.exists() else []

        wait_until(lambda: len(lines()) >= count, f"{count} anomalies")
        self.assertEqual(len(lines()), count, lines())
        return [json.loads(line) for line in lines()]

    def metric(self, gateway, line):
        _, text = self.send(gateway, b"", "GET", "/metrics")
        for found in text.splitlines():
            if found.startswith(line + " "):
                return float(found.rsplit(" ", 1)[1])
        return 0

    def wait_for_words(self, gateway, words):
        """What it writes arrives through a pipe, and later than its answers."""
        wait_until(lambda: words in gateway.text(), lambda: f"{words}\n{gateway.text()}")


class Answers(GatewayTest):
    def test_a_valid_event_is_accepted_and_forwarded_as_it_came(self):
        gateway = self.gateway()
        status, answer = self.send(gateway, event())
        self.assertEqual(status, 200, answer)
        self.assertEqual(answer["status"], "accepted")
        self.assertEqual(answer["eventId"], "5b1a5c1e-0f6d-4d0a-9b0f-6a1f6a1d2c01")
        self.assertRegex(answer["requestId"], UUID)
        call, = self.calls()
        self.assertEqual(call["body"], event())
        self.assertEqual(call["headers"]["content-type"], "application/json")
        self.assertEqual(call["headers"]["x-request-id"], answer["requestId"])
        self.assertEqual(call["headers"]["x-event-id"], answer["eventId"])

    def test_an_invalid_event_is_answered_400_with_its_pointers_and_is_not_forwarded(self):
        gateway = self.gateway()
        for name, pointers in (("conversation_bad_time", ["/id: ", "; /time: "]),
                               ("conversation_analyzed_without_conversation", ["/data: "])):
            status, answer = self.send(gateway, example(f"events/{name}.bad.json"))
            self.assertEqual((status, answer["error"]), (400, "Invalid payload structure"))
            self.assertRegex(answer["requestId"], UUID)
            for pointer in pointers:
                self.assertIn(pointer, answer["details"])
        self.assertEqual(self.calls(), [])
        self.assertEqual(len(self.anomalies(2)), 2)

    def test_what_is_no_json_is_answered_400(self):
        gateway = self.gateway()
        bodies = [b"", b"{", b"\xff\xfe", b'{"id":1}x', b"[" * 100_000]
        for body in bodies:
            status, answer = self.send(gateway, body)
            self.assertEqual((status, answer["error"]), (400, "Invalid payload structure"))
        self.anomalies(len(bodies))

    def test_a_body_that_is_too_large_is_answered_413(self):
        gateway = self.gateway("--body-bytes-max", "2000")
        status, answer = self.send(gateway, event(filler="x" * 2_000))
        self.assertEqual((status, answer["error"]), (413, "Payload too large"))
        self.assertRegex(answer["requestId"], UUID)

    def test_other_paths_and_methods(self):
        gateway = self.gateway("--path", "/in")
        self.assertEqual(self.send(gateway, event(), path="/in")[0], 200)
        self.assertEqual(self.send(gateway, event())[0], 404)
        self.assertEqual(self.send(gateway, b"", "GET", "/in")[0], 405)
        self.assertEqual(self.send(gateway, b"", "GET", "/health")[1]["status"], "UP")

    def test_without_the_registry_an_event_is_answered_500_until_it_is_there(self):
        gateway = self.gateway(registry=f"http://127.0.0.1:{self.free_port()}")
        self.assertEqual(self.send(gateway, b"", "GET", "/health")[0], 503)
        status, answer = self.send(gateway, event())
        self.assertEqual((status, answer["error"]), (500, "Internal error"))

    def test_a_gateway_that_was_started_first_is_up_once_its_registry_is_though_nobody_sends(self):
        url = f"http://127.0.0.1:{self.free_port()}"
        gateway = self.gateway(registry=url)
        self.assertEqual(self.send(gateway, b"", "GET", "/health")[0], 503)
        self.serve(listen=url).register("events", example("conversation_event.schema.json"), "JSON")
        wait_until(lambda: self.send(gateway, b"", "GET", "/health")[0] == 200, "the gateway is up")
        self.assertEqual(self.metric(gateway, 'symbolon_gateway_events_total{outcome="fault"}'), 0)

    def test_a_newer_schema_is_used_once_the_time_of_the_old_one_is_over(self):
        self.server.register("moving", "{}", "JSON")
        gateway = self.gateway("--schema-ttl-s", "1", subject="moving")
        self.assertEqual(self.send(gateway, "{}")[0], 200)
        self.server.request("PUT", "/config/moving", {"compatibility": "NONE"})
        self.server.register("moving", '{"required":["id"]}', "JSON")
        wait_until(lambda: self.send(gateway, "{}")[0] == 400, "the newer schema")

    def test_a_pinned_version_stays(self):
        self.server.register("pinned", "{}", "JSON")
        self.server.request("PUT", "/config/pinned", {"compatibility": "NONE"})
        self.server.register("pinned", '{"required":["id"]}', "JSON")
        gateway = self.gateway("--version", "1", subject="pinned")
        self.assertEqual(self.send(gateway, "{}")[0], 200)

    def test_wrong_flags_are_told_and_end_with_2(self):
        for flags, word in ((["--version", "0"], "no version"),
                            (["--downstream", "ftp://x"], "container:FILE"),
                            (["--downstream", "kafka:t"], "--output-subject"),
                            (["--mapping", "/not/there"], "mapping file"),
                            (["--mapping", "/dev/zero"], "larger than"),
                            (["--workers", "10"], "--waiting-max"),
                            (["--anomalies", "cloudwatch:g:s"], "region"),
                            (["--event-id", "id"], "JSON pointer")):
            code, _, said = run("gateway", *self.flags(*flags))
            self.assertEqual(code, 2, (flags, said))
            self.assertIn(word, said)


class Anomalies(GatewayTest):
    def test_a_record_tells_what_was_wrong_and_no_secret(self):
        gateway = self.gateway()
        body = example("events/conversation_analyzed_without_conversation.bad.json")
        status, answer = self.send(gateway, body)
        self.assertEqual(status, 400)
        record, = self.anomalies(1)
        self.assertEqual(list(record), ["timestamp", "requestId", "anomalyType", "errorDetails",
                                        "payloadSize", "maskedPayload"])
        self.assertEqual(record["requestId"], answer["requestId"])
        self.assertEqual(record["anomalyType"], "SCHEMA_VALIDATION_FAILURE")
        self.assertEqual(record["errorDetails"], answer["details"])
        self.assertEqual(record["payloadSize"], len(body.encode()))
        self.assertAlmostEqual(record["timestamp"] / 1000, time.time(), delta=60)

    def test_secrets_are_masked_in_well_formed_and_in_malformed_bodies_wherever_they_are_cut(self):
        gateway = self.gateway()
        whole = json.dumps({"id": "", "Name": SECRETS[1], "x": [{"customer_email": SECRETS[0]}],
                            "phoneNumber": SECRETS[2], "z": 1})
        bodies = [whole] + [whole[:end] for end in range(1, len(whole))]
        bodies += ["p" * fill + whole for fill in range(200, 256, 8)]
        for body in bodies:
            self.assertEqual(self.send(gateway, body)[0], 400)
        for record in self.anomalies(len(bodies)):
            self.assertLessEqual(len(record["maskedPayload"].encode()), 256)
            for secret in SECRETS:
                for part in (secret, secret[:5]):
                    self.assertNotIn(part, record["maskedPayload"])
            self.assertNotIn("sam@", record["errorDetails"])

    def test_an_object_that_was_sent_as_a_text_tells_no_secret_anywhere(self):
        gateway = self.gateway("--anomalies", "stderr:")
        body = event(data=json.dumps({"id": "1", "customer_email": SECRETS[0]}))
        status, answer = self.send(gateway, body)
        self.assertEqual((status, answer["details"]),
                         (400, '/data: The value does not meet "type".'))
        self.wait_for_words(gateway, "SCHEMA_VALIDATION_FAILURE")
        self.assertNotIn(SECRETS[0], gateway.text())

    def test_utf_16_and_forms_keep_their_secrets(self):
        gateway = self.gateway()
        text = json.dumps({"id": "1", "customer_email": SECRETS[0]})
        for body in (text.encode("utf-16-le"), text.encode("utf-16-be"), text.encode("utf-16"),
                     "payload=" + urllib.parse.quote(text)):
            self.assertEqual(self.send(gateway, body)[0], 400)
        for record in self.anomalies(4):
            self.assertIn("***", record["maskedPayload"])
            self.assertNotIn("sam", record["maskedPayload"].replace("\0", ""))

    def test_a_sink_that_fails_is_counted_and_delays_nobody(self):
        gateway = self.gateway("--anomalies", f"http://127.0.0.1:{self.free_port()}/away")
        begun = time.monotonic()
        for _ in range(5):
            self.assertEqual(self.send(gateway, "{}")[0], 400)
        self.assertLess(time.monotonic() - begun, 2)
        self.anomalies(5)

        def failed():
            _, text = self.send(gateway, b"", "GET", "/metrics")
            return [line for line in text.splitlines()
                    if "anomaly_records" in line and '"failed"' in line and "away" in line]

        self.assertEqual(len(wait_until(failed, "a metric of the records that failed")), 1)

    def test_a_record_that_a_webhook_refuses_takes_no_other_with_it(self):
        gateway = self.gateway("--anomalies", self.platform.url + "/webhook/anomalies")
        self.platform.script("webhook", {"delay": 0.5}, {"status": 400})  # the others pile up
        for _ in range(5):
            self.assertEqual(self.send(gateway, "{}")[0], 400)
        wait_until(lambda: len(self.calls()) >= 5, "five calls")
        self.assertEqual(gateway.stop(), 0)
        self.assertEqual(len(self.calls()), 5)
        lost, = (json.loads(line)["details"] for line in gateway.text().splitlines()
                 if "anomaly records were lost" in line)
        self.assertEqual((lost["written"], lost["failed"], lost["dropped"]), (4, 1, 0))

    def test_records_that_are_lost_at_the_end_are_told_to_the_last_one(self):
        gateway = self.gateway("--anomalies", f"http://127.0.0.1:{self.free_port()}/away",
                             "--drain-ms", "0")
        for _ in range(5):
            self.assertEqual(self.send(gateway, "{}")[0], 400)
        self.assertEqual(gateway.stop(), 0)
        told = [json.loads(line) for line in gateway.text().splitlines()
                if "anomaly records were lost" in line]
        away, = (line["details"] for line in told if "away" in line["details"]["sink"])
        self.assertEqual(away["written"] + away["failed"] + away["dropped"], 5)
        self.assertEqual(away["written"], 0)

    def test_records_can_go_to_standard_error(self):
        gateway = self.gateway("--anomalies", "stderr:")
        self.send(gateway, "{}")
        self.wait_for_words(gateway, "SCHEMA_VALIDATION_FAILURE")


class Downstream(GatewayTest):
    def assert_failed(self, status, answer):
        self.assertEqual((status, answer["status"]), (503, "failed_after_retries"))
        self.assertEqual(answer["eventId"], "5b1a5c1e-0f6d-4d0a-9b0f-6a1f6a1d2c01")
        self.assertRegex(answer["requestId"], UUID)

    def test_429_and_5xx_are_repeated_until_they_are_taken(self):
        gateway = self.gateway("--breaker-failures", "0")
        for status in (429, 500, 502, 503, 504):
            self.platform.reset()
            self.platform.script("webhook", {"status": status, "times": 5})
            self.assertEqual(self.send(gateway, event())[0], 200, status)
            calls = self.calls()
            self.assertEqual(len(calls), 6)
            self.assertEqual(len({call["headers"]["x-request-id"] for call in calls}), 1)
        # 20, 40, 80, 160 and 320 ms, and up to 10 ms more
        waits = [later["at"] - earlier["at"] for earlier, later in zip(calls, calls[1:])]
        for at, wait in enumerate(waits):
            self.assertGreaterEqual(wait, 0.02 * 2**at)

    def test_after_five_repetitions_it_is_503(self):
        gateway = self.gateway()
        self.platform.script("webhook", {"status": 503, "times": 50})
        self.assert_failed(*self.send(gateway, event()))
        self.assertEqual(len(self.calls()), 6)

    def test_retry_after_is_waited_for(self):
        gateway = self.gateway()
        self.platform.script("webhook", {"status": 429, "retry_after": 1})
        begun = time.monotonic()
        self.assertEqual(self.send(gateway, event())[0], 200)
        self.assertGreaterEqual(time.monotonic() - begun, 1)

    def test_other_4xx_are_final_and_logged(self):
        gateway = self.gateway()
        for status in (403, 404, 413):
            self.platform.reset()
            self.platform.script("webhook", {"status": status})
            self.assert_failed(*self.send(gateway, event()))
            self.assertEqual(len(self.calls()), 1)
            self.wait_for_words(gateway, f"the downstream answered {status}")
        for secret in SECRETS:
            self.assertNotIn(secret, gateway.text())

    def test_a_401_renews_the_token_once(self):
        gateway = self.gateway(
            "--platform-oauth-token-url", self.platform.url + "/oauth/token",
            "--platform-oauth-client-id", "client", "--platform-oauth-client-secret-file",
            self.secret_file(), downstream="/api/v2/events/ingest")
        self.assertEqual(self.send(gateway, event())[0], 200)
        self.platform.expire_tokens()
        self.assertEqual(self.send(gateway, event())[0], 200)
        self.assertEqual([call["status"] for call in self.calls("ingest")], [200, 401, 200])
        self.assertEqual(len(self.calls("token")), 2)

    def test_a_401_that_stays_is_final(self):
        gateway = self.gateway(downstream="/api/v2/events/ingest")
        self.assert_failed(*self.send(gateway, event()))
        self.assertEqual([call["status"] for call in self.calls("ingest")], [401])

    def secret_file(self):
        return str(self.write("secret", "secret\n"))

    def test_a_slow_answer_is_waited_for_and_one_that_is_too_slow_is_lost(self):
        gateway = self.gateway("--call-timeout-ms", "1000")
        self.platform.script("webhook", {"delay": 0.2})
        self.assertEqual(self.send(gateway, event())[0], 200)
        self.platform.script("webhook", {"delay": 4})
        begun = time.monotonic()
        self.assert_failed(*self.send(gateway, event()))
        self.assertLess(time.monotonic() - begun, 3.5)
        self.assertEqual(len(self.calls()), 2)

    def test_an_answer_that_is_cut_off_is_not_asked_for_again(self):
        gateway = self.gateway()
        for cut in ("before", "head", "body"):
            self.platform.reset()
            self.platform.script("webhook", {"cut": cut})
            self.assert_failed(*self.send(gateway, event()))
            self.assertEqual(len(self.calls()), 1)

    def test_connect_errors_are_repeated(self):
        gateway = self.gateway("--downstream", f"http://127.0.0.1:{self.free_port()}/x", downstream=None)
        self.assert_failed(*self.send(gateway, event()))
        self.assertEqual(self.metric(gateway, "symbolon_gateway_downstream_retries_total"), 5)

    def test_the_deadline_of_a_request_holds(self):
        gateway = self.gateway("--retry-base-ms", "500", "--retry-jitter-ms", "0",
                             "--deadline-ms", "2500")
        self.platform.script("webhook", {"status": 503, "times": 50})
        begun = time.monotonic()
        self.assert_failed(*self.send(gateway, event()))
        self.assertLess(time.monotonic() - begun, 3.5)
        self.assertEqual(len(self.calls()), 3)

    def test_the_breaker_opens_answers_at_once_and_half_opens(self):
        gateway = self.gateway("--retries", "0", "--breaker-failures", "5", "--breaker-calls", "10",
                             "--breaker-pause-ms", "5000")
        self.platform.script("webhook", {"status": 503, "times": 6})
        for _ in range(5):
            self.assert_failed(*self.send(gateway, event()))
        opened = time.monotonic()
        for _ in range(20):
            self.assert_failed(*self.send(gateway, event()))
        self.assertLess(time.monotonic() - opened, 4.9)
        self.assertEqual(len(self.calls()), 5)
        self.assertEqual(self.send(gateway, b"", "GET", "/health")[1]["breaker"], "open")
        time.sleep(5.05)
        self.assert_failed(*self.send(gateway, event()))  # the probe fails: open again
        self.assert_failed(*self.send(gateway, event()))
        self.assertEqual(len(self.calls()), 6)
        time.sleep(5.05)
        self.assertEqual(self.send(gateway, event())[0], 200)
        self.assertEqual(self.send(gateway, event())[0], 200)
        self.assertEqual(self.send(gateway, b"", "GET", "/health")[1]["breaker"], "closed")

    def test_a_downstream_that_hangs_keeps_nobody_else_waiting(self):
        gateway = self.gateway("--workers", "10", "--waiting-max", "6", "--calls-max", "2",
                             "--call-timeout-ms", "6000", "--deadline-ms", "6000")
        self.platform.script("webhook", {"delay": 8, "times": 50})
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.send(gateway, event())[0]))
                   for _ in range(30)]
        begun = time.monotonic()
        for thread in threads:
            thread.start()
        wait_until(lambda: len(answers) >= 24, "those beyond six are answered at once", 4)
        for _ in range(10):
            self.assertEqual(self.send(gateway, "{}")[0], 400)
        self.assertEqual(self.send(gateway, b"", "GET", "/health")[0], 200)
        self.assertLess(time.monotonic() - begun, 5)
        for thread in threads:
            thread.join()
        self.assertEqual(answers, [503] * 30)
        self.assertLessEqual(len(self.calls()), 6)

    def stop_amid_a_call(self, gateway, seconds_max):
        """Exit status and words of a gateway that got SIGTERM while an event was with the downstream; it fails."""
        answers = []
        thread = threading.Thread(target=lambda: answers.append(self.send(gateway, event())))
        thread.start()
        wait_until(self.calls, "a call")
        begun = time.monotonic()
        gateway.process.send_signal(signal.SIGTERM)
        ended = gateway.wait_for_exit()
        self.assertLess(time.monotonic() - begun, seconds_max)
        thread.join()
        self.assert_failed(*answers[0])
        return ended

    def test_sigterm_ends_waits_and_writes_the_anomalies(self):
        gateway = self.gateway("--retry-base-ms", "20000", "--deadline-ms", "600000")
        self.platform.script("webhook", {"status": 503, "times": 50})
        self.send(gateway, "{}")
        self.assertEqual(self.stop_amid_a_call(gateway, seconds_max=5)[0], 0)
        self.anomalies(1)

    def test_sigterm_abandons_a_call_that_takes_longer_than_it_may_drain(self):
        gateway = self.gateway("--drain-ms", "300", "--call-timeout-ms", "60000", "--deadline-ms", "60000")
        self.platform.script("webhook", {"delay": 25})
        code, said = self.stop_amid_a_call(gateway, seconds_max=8)
        self.assertEqual(code, 1, said)
        self.assertIn("1 events were still with the downstream", said)
        self.assertIn("the program is stopping", said)

    def test_sigterm_waits_no_longer_for_a_sink_than_it_may_drain(self):
        gateway = self.gateway("--drain-ms", "300", "--anomalies", self.platform.url + "/webhook/anomalies")
        self.platform.script("webhook", {"delay": 25})
        self.send(gateway, "{}")
        wait_until(self.calls, "a call")
        begun = time.monotonic()
        self.assertEqual(gateway.stop(), 0)
        self.assertLess(time.monotonic() - begun, 8)
        self.assertIn("anomaly records were lost", gateway.text())


class Mapping(GatewayTest):
    mapping = ["--mapping", str(EXAMPLES / "interaction_started.mapping.json")]

    def test_the_record_is_forwarded(self):
        gateway = self.gateway(*self.mapping, subject="envelopes")
        self.assertEqual(self.send(gateway, example("events/interaction_started.json"))[0], 200)
        record = json.loads(self.calls()[0]["body"])
        self.assertEqual(list(record), [
            "interaction_id", "start_time", "channel_type", "queue_id", "queue_name",
            "customer_email", "customer_name", "attributes", "processed_at"])
        self.assertEqual(record["interaction_id"], "int-9001")
        self.assertEqual(record["attributes"], {"language": "en"})
        self.assertRegex(record["processed_at"], r"^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")

    def test_what_is_required_and_absent_is_answered_400(self):
        gateway = self.gateway(*self.mapping, subject="envelopes")
        status, answer = self.send(gateway,
                                   example("events/interaction_started_without_id.bad.json"))
        self.assertEqual(status, 400)
        self.assertIn("/detail/interaction/id", answer["details"])
        record, = self.anomalies(1)
        self.assertNotIn("sam@example.org", record["maskedPayload"])

    def test_records_go_to_a_container_file(self):
        file = self.folder / "records.avro"
        gateway = self.gateway(*self.mapping, "--downstream", f"container:{file}",
                             "--output-subject", "records", subject="envelopes", downstream=None)
        for _ in range(3):
            self.assertEqual(self.send(gateway, example("events/interaction_started.json"))[0], 200)
        self.assertEqual(gateway.stop(), 0)
        data = file.read_bytes()
        self.assertTrue(data.startswith(b"Obj\x01"))
        blocks = data.split(data[-16:])[1:-1]  # between sync markers; the first piece is the head
        self.assertEqual(len(blocks), 3)
        for block in blocks:
            self.assertEqual(block[0], 2)  # one record, as a zigzag number
            self.assertIn(b"int-9001", zlib.decompress(block[3 if block[1] > 127 else 2:], -15))

    def test_a_record_that_does_not_fit_the_output_schema_is_refused_for_good(self):
        gateway = self.gateway(*self.mapping, "--downstream", f"container:{self.folder}/r.avro",
                             "--output-subject", "records", subject="envelopes", downstream=None)
        envelope = json.loads(example("events/interaction_started.json"))
        envelope["detail"]["interaction"]["attributes"] = {"language": 5}
        self.assertEqual(self.send(gateway, json.dumps(envelope))[0], 503)
        self.wait_for_words(gateway, "does not fit the output schema")


class Once(GatewayTest):
    def once(self, envelope, *flags, registry=None):
        code, out, said = run("gateway", "--once", *self.flags(
            "--mapping", EXAMPLES / "interaction_started.mapping.json", *flags, subject="envelopes",
            registry=registry), data=envelope)
        self.assertEqual(code, 0, said)
        answer = json.loads(out)
        self.assertEqual(list(answer), ["statusCode", "body"])
        return answer["statusCode"], json.loads(answer["body"])

    def test_a_valid_envelope_is_answered_200_with_the_record(self):
        status, body = self.once(example("events/interaction_started.json"))
        self.assertEqual((status, body["status"]), (200, "accepted"))
        self.assertEqual(body["eventId"], "b8f1c7f0-3f53-4b1a-8f5e-0d9a4c1d7e11")
        self.assertEqual(body["record"]["queue_name"], "Support")

    def test_with_a_downstream_it_is_forwarded(self):
        status, body = self.once(example("events/interaction_started.json"), "--downstream",
                                 self.platform.url + "/webhook/once")
        self.assertEqual(status, 200)
        self.assertNotIn("record", body)
        self.assertEqual(len(self.calls()), 1)

    def test_an_invalid_envelope_is_answered_400(self):
        for envelope in ("", "{", "{}", example("events/interaction_started_without_id.bad.json")):
            status, body = self.once(envelope)
            self.assertEqual((status, body["error"]), (400, "Invalid payload structure"))
        self.anomalies(4)

    def test_a_registry_that_is_away_or_throttles_is_answered_500(self):
        envelope = example("events/interaction_started.json")
        self.assertEqual(self.once(envelope, registry=f"http://127.0.0.1:{self.free_port()}")[0], 500)
        self.platform.script("any", {"status": 429, "times": 50})
        self.assertEqual(self.once(envelope, registry=self.platform.url)[0], 500)

    def test_a_registry_that_is_away_is_answered_500_also_where_it_is_needed_for_the_downstream(self):
        file = self.folder / "records.avro"
        status, body = self.once(
            example("events/interaction_started.json"), "--downstream", f"container:{file}",
            "--output-subject", "records", registry=f"http://127.0.0.1:{self.free_port()}")
        self.assertEqual((status, body["error"]), (500, "Internal error"))
        self.assertRegex(body["requestId"], UUID)

    def test_a_signal_ends_the_wait_for_the_envelope(self):
        # What a shell starts in the background ignores SIGINT, and so would what is started here.
        self.addCleanup(signal.signal, signal.SIGINT,
                        signal.signal(signal.SIGINT, signal.default_int_handler))
        for number in (signal.SIGINT, signal.SIGTERM):
            process = self.start("gateway", "--once", *self.flags())
            time.sleep(0.5)
            process.send_signal(number)
            self.assertEqual(process.wait(5), -number)

    def test_a_downstream_that_fails_is_answered_500(self):
        self.platform.script("webhook", {"status": 503, "times": 50})
        self.assertEqual(self.once(example("events/interaction_started.json"), "--downstream",
                                   self.platform.url + "/webhook/once")[0], 500)


if __name__ == "__main__":
    main()
