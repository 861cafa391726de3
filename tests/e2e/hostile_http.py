#!/usr/bin/env python3
"""Hostile clients against the real binary: each gets a 4xx, costs bounded memory, and delays nobody.

Usage: hostile_http.py [--binary build/release/symbolon] [--slow-seconds 15] [--answer-seconds-max 5]
                       [--growth-mb-max 64]   a sanitizer's own memory needs more
"""

import http.client
import json
import pathlib
import re
import selectors
import socket
import string
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, parse_options  # noqa: E402
from server_process import ServerProcess  # noqa: E402

MEGABYTE = 1 << 20
SLOW_CLIENTS = 1000
POST = b"POST /subjects/hostile/versions HTTP/1.1\r\nHost: h\r\n"
JSON_TYPE = b"Content-Type: application/vnd.schemaregistry.v1+json\r\n"
CHUNKED = POST + JSON_TYPE + b"Transfer-Encoding: chunked\r\n\r\n"


def register(body):
    return POST + JSON_TYPE + b"Content-Length: %d\r\n\r\n" % len(body) + body


def schema_body(schema_text):
    return register(json.dumps({"schema": schema_text}).encode())


def nested_arrays(levels):
    return '{"type":"array","items":' * levels + '"int"' + "}" * levels


def large_enum(symbols):
    letters = string.ascii_letters
    names = [letters[at % 52] + letters[at // 52 % 52] + letters[at // 2704 % 52] +
             letters[at // 140608 % 52] for at in range(symbols)]
    return json.dumps({"type": "enum", "name": "E", "symbols": names}, separators=(",", ":"))


def cases():
    """Name and bytes of each request; the bytes may come as several parts."""
    yield "a 10 MB header", [b"GET /subjects HTTP/1.1\r\nHost: h\r\nX: ", b"x" * (10 * MEGABYTE)]
    yield "a header of 10 MB in small fields", [
        b"GET /subjects HTTP/1.1\r\nHost: h\r\n", b"X: y\r\n" * (10 * MEGABYTE // 6)]
    yield "a 10 MB request line", [b"GET /" + b"a" * (10 * MEGABYTE)]
    yield "a declared body of 1 GB", [
        POST + JSON_TYPE + b"Content-Length: 1073741824\r\n\r\n", b"x" * (4 * MEGABYTE)]
    yield "a chunk of 1 GB", [CHUNKED + b"40000000\r\n", b"x" * (4 * MEGABYTE)]
    yield "chunks that add up to 1 GB", [CHUNKED] + [b"10000\r\n" + b"x" * 65536 + b"\r\n"] * 16384
    yield "chunk size -1", [CHUNKED + b"-1\r\nx\r\n0\r\n\r\n"]
    yield "chunk size ffffffffffffffff", [CHUNKED + b"ffffffffffffffff\r\nx\r\n0\r\n\r\n"]
    yield "a chunk extension of 10 MB", [CHUNKED + b"1;", b"x" * (10 * MEGABYTE)]
    yield "a negative length", [POST + b"Content-Length: -1\r\n\r\n"]
    yield "two lengths", [POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"]
    yield "length and chunks", [POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"]
    yield "a schema nested 100,000 levels deep", [schema_body(nested_arrays(100_000))]
    yield "unions nested 100,000 levels deep", [schema_body("[" * 100_000 + "]" * 100_000)]
    yield "a body nested 100,000 levels deep", [register(b'{"a":' * 100_000 + b"1" + b"}" * 100_000)]
    yield "an enum of 300,000 symbols", [schema_body(large_enum(300_000))]
    yield "invalid UTF-8 in the body", [register(b'{"schema":"\\"\xff\xfe\\""}')]
    yield "invalid UTF-8 in the schema's text", [register(b'{"schema":"{\\"type\\":\\"\xc3\x28\\"}"}')]
    body = b'{"schema":"\\"int\\""}'
    head = b" HTTP/1.1\r\nHost: h\r\n" + JSON_TYPE + b"Content-Length: %d\r\n\r\n" % len(body) + body
    yield "NUL in a subject", [b"POST /subjects/a%00b/versions" + head]
    yield "a raw NUL in a subject", [b"POST /subjects/a\0b/versions" + head]
    yield "invalid UTF-8 in a subject", [b"POST /subjects/a%ff%fe/versions" + head]
    yield "NUL in a schema's name", [schema_body('{"type":"enum","name":"a\\u0000","symbols":["A"]}')]
    yield "a TLS greeting", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 500 + b"\r\n\r\n"]


def memory_peak(server):
    """The most bytes that were ever resident."""
    status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024


def send_raw(port, parts):
    """Status and JSON of the answer; a client that sends on although nobody listens any more."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        try:
            for part in parts:
                connection.sendall(part)
        except OSError:
            pass  # Refused while it was sending: the answer is there already.
        answer = http.client.HTTPResponse(connection)
        try:
            answer.begin()
            text = answer.read()
        except (OSError, http.client.HTTPException) as problem:
            return 0, repr(problem)
        try:
            return answer.status, json.loads(text)
        except ValueError:
            return answer.status, text[:100]


def run_cases(server, peak_before, accepted_too, growth_bytes_max):
    """Number of failures; prints a line per case."""
    failures = 0
    for name, parts in cases():
        began = time.monotonic()
        status, answer = send_raw(server.port, parts)
        seconds = time.monotonic() - began
        growth = memory_peak(server) - peak_before
        code = answer.get("error_code") if isinstance(answer, dict) else answer
        good = (400 <= status < 500 and isinstance(code, int)) or (accepted_too and status == 200)
        good = good and growth <= growth_bytes_max and seconds < 60
        failures += not good
        print(f"{'ok  ' if good else 'FAIL'} {name:40} status {status} code {code} "
              f"in {seconds:.2f} s, memory +{growth / MEGABYTE:.1f} MB", flush=True)
    status, answer = server.request("GET", "/subjects")
    if status != 200:
        print(f"FAIL the server answers afterwards: {status} {answer}")
        failures += 1
    return failures


class SlowClients:
    """Many connections that send a byte a second; one that is dropped comes again."""

    HEADER = b"GET /subjects HTTP/1.1\r\nHost: h\r\nX-Slow: " + b"z" * 3600
    BODY = POST + JSON_TYPE + b"Content-Length: 100000\r\n\r\n"

    def __init__(self, port, count):
        self.port = port
        self.selector = selectors.DefaultSelector()
        self.clients = {}
        self.dropped = 0
        for at in range(count):
            self._connect(at)

    def _connect(self, at):
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        if at % 2:
            connection.sendall(self.BODY)
        connection.setblocking(False)
        self.selector.register(connection, selectors.EVENT_READ, at)
        self.clients[at] = [connection, 0]

    def send_one_byte_each(self):
        for at, client in list(self.clients.items()):
            byte = b"x" if at % 2 else self.HEADER[client[1]:client[1] + 1]
            try:
                client[0].send(byte)
                client[1] += 1
            except OSError:
                self._replace(at)
        for key, _ in self.selector.select(0):
            self._replace(key.data)

    def _replace(self, at):
        connection = self.clients[at][0]
        self.selector.unregister(connection)
        connection.close()
        self.dropped += 1
        self._connect(at)

    def close(self):
        for connection, _ in self.clients.values():
            connection.close()
        self.selector.close()


def run_slow_clients(server):
    """Number of failures: what a normal client sees while many slow ones are there."""
    slow = SlowClients(server.port, SLOW_CLIENTS)
    client = server.client()
    slowest, answers = 0.0, 0
    end = time.monotonic() + OPTIONS.slow_seconds
    next_round = 0.0
    try:
        while time.monotonic() < end:
            if time.monotonic() >= next_round:
                next_round = time.monotonic() + 1
                slow.send_one_byte_each()
            schema = json.dumps({"type": "enum", "name": f"E{answers}", "symbols": ["A"]})
            for request in (("GET", "/subjects"),
                            ("POST", f"/subjects/s{answers}/versions", {"schema": schema})):
                began = time.monotonic()
                status, answer = client.request(*request)
                slowest = max(slowest, time.monotonic() - began)
                if status != 200:
                    print(f"FAIL {request[:2]} among slow clients: {status} {answer}")
                    return 1
            answers += 1
            time.sleep(0.01)
    finally:
        client.close()
        slow.close()
    good = slowest < OPTIONS.answer_seconds_max and answers > 0
    print(f"{'ok  ' if good else 'FAIL'} {SLOW_CLIENTS} clients with a byte a second for {OPTIONS.slow_seconds:g} s "
          f"({slow.dropped} timed out): {2 * answers} answers to a normal client, "
          f"slowest {slowest * 1000:.0f} ms", flush=True)
    return 0 if good else 1


def main():
    parse_options(slow_seconds=15.0, answer_seconds_max=5.0, growth_mb_max=64.0)
    growth_bytes_max = OPTIONS.growth_mb_max * MEGABYTE
    failures = 0

    with ServerProcess(OPTIONS.binary, "memory:") as server:
        assert server.request("GET", "/subjects") == (200, [])
        peak = memory_peak(server)
        print(f"with the default limits; {peak / MEGABYTE:.1f} MB resident before")
        failures += run_cases(server, peak, False, growth_bytes_max)
        failures += run_slow_clients(server)
        growth = memory_peak(server) - peak
        if growth > growth_bytes_max:
            print("FAIL memory grew too much")
            failures += 1
        print(f"in all: memory +{growth / MEGABYTE:.1f} MB")
        failures += server.stop() != 0

    # The largest body that may be allowed lets hostile schemas reach the parsers.
    with ServerProcess(OPTIONS.binary, "memory:", ["--body-bytes-max", "16777216"]) as server:
        assert server.request("GET", "/subjects") == (200, [])
        print("with bodies up to 16 MB")
        failures += run_cases(server, memory_peak(server), True, 4 * growth_bytes_max)
        failures += server.stop() != 0

    print(f"hostile_http: {failures} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
