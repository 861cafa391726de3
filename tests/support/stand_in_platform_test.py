#!/usr/bin/python3
"""The stand-in platform answers as it is told, and remembers what it was asked.

Usage: stand_in_platform_test.py
"""

import base64
import http.client
import json
import pathlib
import socket
import subprocess
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from stand_in_platform import StandInPlatform  # noqa: E402

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BY_FORM = "grant_type=client_credentials&client_id=client&client_secret=secret"


class StandInPlatformTest(unittest.TestCase):
    def setUp(self):
        self.platform = StandInPlatform().start()
        self.addCleanup(self.platform.stop)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.platform.port, timeout=10)
        self.addCleanup(self.connection.close)

    def ask(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body=body, headers=headers or {})
        answer = self.connection.getresponse()
        return answer, answer.read()

    def token(self, body=BY_FORM, headers=None):
        answer, text = self.ask("POST", "/oauth/token", body, {**FORM, **(headers or {})})
        self.assertEqual(answer.status, 200, text)
        return json.loads(text)

    def bearer(self, scope=""):
        token = self.token(BY_FORM + ("&scope=" + scope if scope else ""))
        return {"Authorization": "Bearer " + token["access_token"]}

    def test_a_token_is_had_by_form_and_by_basic(self):
        self.assertEqual(self.token()["access_token"], "token-1")
        pair = base64.b64encode(b"client:secret").decode()
        basic = self.token("grant_type=client_credentials", {"Authorization": "Basic " + pair})
        self.assertEqual(basic["access_token"], "token-2")

    def test_a_wrong_secret_or_place_is_refused(self):
        self.assertEqual(self.ask("POST", "/oauth/token", BY_FORM + "x", FORM)[0].status, 401)
        self.platform.set(secret_places=["basic"])
        self.assertEqual(self.ask("POST", "/oauth/token", BY_FORM, FORM)[0].status, 401)

    def test_without_a_live_token_the_routes_answer_401(self):
        path = "/api/v2/events/eventtypes/interaction.started"
        self.assertEqual(self.ask("GET", path)[0].status, 401)
        bearer = self.bearer()
        self.assertEqual(self.ask("GET", path, headers=bearer)[0].status, 200)
        self.platform.expire_tokens()
        self.assertEqual(self.ask("GET", path, headers=bearer)[0].status, 401)
        self.platform.set(token_seconds=0.05)
        bearer = self.bearer()
        time.sleep(0.06)
        self.assertEqual(self.ask("GET", path, headers=bearer)[0].status, 401)

    def test_a_token_without_the_scope_is_answered_403(self):
        self.platform.set(granted_scopes=["events:read"], scope_separator=",")
        bearer = self.bearer()
        self.assertEqual(
            self.ask("POST", "/api/v2/events/ingest", "[]", bearer)[0].status, 403)
        self.assertEqual(
            self.ask("GET", "/api/v2/events/eventtypes/none", headers=bearer)[0].status, 404)

    def test_ingest_counts_what_it_takes(self):
        bearer = self.bearer()
        for body, count in (("[1,2,3]", 3), ('{"events":[1,2]}', 2), ("{}", 1)):
            answer, text = self.ask("POST", "/api/v2/events/ingest", body,
                                    {**bearer, "X-Request-Id": "r"})
            self.assertEqual((answer.status, json.loads(text)),
                             (200, {"accepted": count, "requestId": "r"}))
        self.assertEqual(self.ask("POST", "/api/v2/events/ingest", "{", bearer)[0].status, 400)
        self.platform.set(body_bytes_max=10)
        self.assertEqual(
            self.ask("POST", "/api/v2/events/ingest", "[" + " " * 10 + "]", bearer)[0].status, 413)

    def test_conversations_are_kept(self):
        bearer = self.bearer()
        path = "/api/v2/conversations/c1"
        self.assertEqual(self.ask("GET", path, headers=bearer)[0].status, 404)
        self.assertEqual(self.ask("PUT", path, '{"a":1}', bearer)[0].status, 200)
        self.assertEqual(self.ask("PATCH", path, '{"b":2}', bearer)[0].status, 200)
        self.assertEqual(json.loads(self.ask("GET", path, headers=bearer)[1]),
                         {"a": 1, "b": 2, "id": "c1"})
        self.assertEqual(self.ask("DELETE", path, headers=bearer)[0].status, 204)
        self.assertEqual(self.ask("GET", path, headers=bearer)[0].status, 404)

    def test_answers_come_as_scripted_and_then_as_ever(self):
        order = {"route": "webhook", "answers": [
            {"status": 429, "retry_after": 2}, {"status": 503, "times": 2},
            {"body": {"other": 1}}, {"malformed": True}, {"chunked": True}]}
        self.assertEqual(self.ask("POST", "/control", json.dumps(order))[0].status, 200)
        answer, _ = self.ask("POST", "/webhook/a", "x")
        self.assertEqual((answer.status, answer.headers["Retry-After"]), (429, "2"))
        self.assertEqual([self.ask("POST", "/webhook/a", "x")[0].status for _ in range(2)],
                         [503, 503])
        self.assertEqual(json.loads(self.ask("POST", "/webhook/a", "x")[1]), {"other": 1})
        with self.assertRaises(ValueError):
            json.loads(self.ask("POST", "/webhook/a", "x")[1])
        for _ in range(2):
            self.assertEqual(json.loads(self.ask("POST", "/webhook/a", "x")[1]), {"status": "ok"})

    def test_connections_are_cut_where_it_was_asked_for(self):
        self.platform.script("any", {"cut": "before"}, {"cut": "head"}, {"cut": "body"})
        for expected in (http.client.BadStatusLine, None, http.client.IncompleteRead):
            self.connection.close()
            try:
                self.ask("GET", "/webhook")
                self.assertIsNone(expected)
            except (http.client.HTTPException, OSError) as problem:
                self.assertIsInstance(problem, expected or http.client.HTTPException)
        self.connection.close()
        self.assertEqual([entry["status"] for entry in self.platform.requests("webhook")],
                         [0, 0, 200])

    def test_delays_and_drips_take_their_time(self):
        self.platform.script("webhook", {"delay": 0.2}, {"drip": 0.01, "body": "0123456789"})
        for seconds in (0.2, 0.1):
            begun = time.monotonic()
            self.assertEqual(self.ask("GET", "/webhook")[0].status, 200)
            self.assertGreaterEqual(time.monotonic() - begun, seconds)

    def test_the_log_has_headers_and_bodies(self):
        self.ask("POST", "/webhook/a?b=c", b"text", {"X-Some": "thing"})
        self.ask("POST", "/webhook/a", b"\xff")
        entries = json.loads(self.ask("GET", "/control/log?route=webhook")[1])["requests"]
        self.assertEqual((entries[0]["path"], entries[0]["body"], entries[0]["headers"]["x-some"]),
                         ("/webhook/a?b=c", "text", "thing"))
        self.assertEqual(entries[1]["body_base64"], "/w==")
        self.assertEqual(json.loads(self.ask("GET", "/control/counts")[1]),
                         {"requests": 2, "by_route": {"webhook": {"200": 2}}})
        self.ask("POST", "/control", '{"reset": true}')
        self.assertEqual(self.platform.requests(), [])

    def test_an_unknown_order_is_refused(self):
        self.assertEqual(self.ask("POST", "/control", '{"rest": true}')[0].status, 400)
        self.assertEqual(self.ask("POST", "/control", '{"settings": {"x": 1}}')[0].status, 400)
        self.assertEqual(self.ask("POST", "/control", "[")[0].status, 400)

    def test_it_runs_as_a_program(self):
        program = pathlib.Path(__file__).with_name("stand_in_platform.py")
        with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE,
                              text=True) as process:
            self.addCleanup(process.kill)
            url = process.stdout.readline().strip()
            other = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
            other.request("GET", "/webhook")
            self.assertEqual(other.getresponse().status, 200)
            other.close()
            process.terminate()

    def test_a_body_that_ends_early_is_no_request(self):
        with socket.create_connection(("127.0.0.1", self.platform.port)) as raw:
            raw.sendall(b"POST /webhook HTTP/1.1\r\nContent-Length: 10\r\n\r\nabc")
            raw.shutdown(socket.SHUT_WR)
            self.assertEqual(raw.recv(1), b"")
        self.assertEqual(self.platform.requests(), [])


if __name__ == "__main__":
    unittest.main()
