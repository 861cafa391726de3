#!/usr/bin/env python3
"""Measures the binary over HTTP, each figure beside what it is to be compared with, in one run.

Usage: bench/load/bench.py --binary build/release/symbolon [--seconds 10] [--rounds 3] [--json FILE]

Needs wrk and nginx. Figures of two machines, or of two runs on a busy machine, cannot be compared.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

from listing import measure_listing, print_listing

HERE = pathlib.Path(__file__).parent
READ_CONNECTIONS = 32
WRITE_CONNECTIONS = 64
MANY_SCHEMAS = 10_000
MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"


class Failed(Exception):
    """A measurement that could not be made; the message says why."""


def avro_schema(name, size):
    """An Avro schema text of about `size` bytes."""
    fields = []
    while True:
        at = len(fields)
        fields.append({"name": f"field_{at}", "type": ["null", "string"], "default": None,
                       "doc": f"What field {at} of this record holds."})
        text = json.dumps({"type": "record", "name": name, "namespace": "bench.load",
                           "fields": fields}, separators=(",", ":"))
        if len(text) >= size:
            return text


class Server:
    """A running symbolon; `start_ms` is the time from exec to its first answer."""

    def __init__(self, binary, store):
        self._errors = tempfile.TemporaryFile()
        began = time.perf_counter()
        self._process = subprocess.Popen(
            [binary, "serve", "--listen", "http://127.0.0.1:0", "--store", store],
            stdout=subprocess.PIPE, stderr=self._errors, text=True)
        self.port = None
        for line in self._process.stdout:
            if found := re.search(r"listening on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found.group(1))
                break
        if self.port is None:
            self._errors.seek(0)
            raise Failed("symbolon did not start: " + self._errors.read().decode()[-2000:])
        if self.request("GET", "/schemas/types")[0] != 200:
            raise Failed("the first answer was no 200")
        self.start_ms = (time.perf_counter() - began) * 1000
        threading.Thread(target=self._process.stdout.read, daemon=True).start()

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def request(self, method, path, body=None, connection=None):
        """(status, body) of one request."""
        connection = connection or self.connect()
        connection.request(method, path, body, {"Content-Type": MEDIA_TYPE} if body else {})
        answer = connection.getresponse()
        return answer.status, answer.read()

    def register(self, subject, text, connection=None):
        status, body = self.request("POST", f"/subjects/{subject}/versions",
                                    json.dumps({"schema": text}), connection)
        if status != 200:
            raise Failed(f"a registration was answered with {status}: {body[:300]!r}")
        return json.loads(body)["id"]

    def resident_mb(self):
        status = pathlib.Path(f"/proc/{self._process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s*(\d+) kB", status).group(1)) / 1024

    def stop(self):
        self._process.terminate()
        self._process.wait(timeout=60)


@contextlib.contextmanager
def serving(binary, store):
    server = Server(binary, store)
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def nginx_serving(directory, path, body):
    """nginx on a port of its own, serving `body` from a file at `path`."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    file = directory / "www" / path.lstrip("/")
    file.parent.mkdir(parents=True)
    file.write_bytes(body)
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port = probe.getsockname()[1]
    user = "user root;" if os.geteuid() == 0 else ""
    settings = directory / "nginx.conf"
    settings.write_text(f"""
        {user} daemon off; worker_processes 2; pid {directory}/nginx.pid;
        error_log {directory}/nginx.log;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; sendfile on; keepalive_requests 1000000000; keepalive_timeout 75s;
            default_type {MEDIA_TYPE};
            client_body_temp_path {directory}/t1; proxy_temp_path {directory}/t2;
            fastcgi_temp_path {directory}/t3; uwsgi_temp_path {directory}/t4;
            scgi_temp_path {directory}/t5;
            server {{ listen 127.0.0.1:{port} reuseport; root {directory}/www; }}
        }}""")
    process = subprocess.Popen([program, "-c", str(settings), "-e", f"{directory}/nginx.log"])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
                connection.request("GET", path)
                if connection.getresponse().read() != body:
                    raise Failed("nginx does not serve the same bytes")
                break
            time.sleep(0.05)
        else:
            raise Failed("nginx did not start: " + (directory / "nginx.log").read_text()[-1000:])
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def wrk(url, connections, seconds, *arguments, script=None):
    """What wrk measured: requests per second and the median and 99th percentile of latency."""
    script = ["-s", script] if script else []
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds}s", "--latency", *script, url,
               *(["--", *arguments] if arguments else [])]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise Failed("some requests failed:\n" + output)
    return {"per_second": float(re.search(r"Requests/sec:\s*([\d.]+)", output).group(1)),
            "p50_ms": milliseconds(re.search(r"(?m)^\s+50%\s+(\S+)", output).group(1)),
            "p99_ms": milliseconds(re.search(r"(?m)^\s+99%\s+(\S+)", output).group(1))}


def median_of(rounds):
    return {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}


def measure_reads(binary, directory, seconds, rounds):
    """Reads of one schema by its id, round by round in turn with nginx."""
    with serving(binary, f"sqlite:{directory}/reads.db") as server:
        text = avro_schema("Read", 1200)
        path = f"/schemas/ids/{server.register('reads', text)}"
        status, body = server.request("GET", path)
        if status != 200:
            raise Failed(f"GET {path} was answered with {status}")
        with nginx_serving(directory, path, body) as port:
            ours, theirs = [], []
            for _ in range(rounds):
                ours.append(wrk(f"http://127.0.0.1:{server.port}{path}", READ_CONNECTIONS, seconds))
                theirs.append(wrk(f"http://127.0.0.1:{port}{path}", READ_CONNECTIONS, seconds))
    result = {"schema_bytes": len(text), "answer_bytes": len(body), "symbolon": median_of(ours),
              "nginx": median_of(theirs)}
    result["ratio"] = result["symbolon"]["per_second"] / result["nginx"]["per_second"]
    return result


def flushes_per_second(directory, seconds):
    """What the disk does when one page is written and flushed again and again."""
    file = os.open(directory / "flush", os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        count, page, end = 0, b"x" * 4096, time.perf_counter() + seconds
        began = time.perf_counter()
        while time.perf_counter() < end:
            os.pwrite(file, page, count % 256 * 4096)
            os.fdatasync(file)
            count += 1
        return count / (time.perf_counter() - began)
    finally:
        os.close(file)


def measure_writes(binary, directory, seconds):
    """Registrations of new schemas, with many writers and with one, beside the disk's flushes."""
    script = str(HERE / "register.lua")
    flushes = [flushes_per_second(directory, 2)]
    with serving(binary, f"sqlite:{directory}/writes.db") as server:
        url = f"http://127.0.0.1:{server.port}"
        many = wrk(url, WRITE_CONNECTIONS, seconds, "many", script=script)
        flushes.append(flushes_per_second(directory, 2))
        # Two threads of wrk need a connection each: this is two writers, the fewest it can do.
        few = wrk(url, 2, seconds, "few", script=script)
    flushes.append(flushes_per_second(directory, 2))
    return {"connections_64": many, "connections_2": few,
            "flushes_per_second": statistics.median(flushes)}


def register_many(server, count):
    """`count` different schemas of 2 kB, one subject each."""
    failures = []

    def work(first):
        try:
            connection = server.connect()
            for at in range(first, count, 16):
                server.register(f"many-{at}", avro_schema(f"Many{at}", 2000), connection)
        except (Failed, OSError, http.client.HTTPException) as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(first,)) for first in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise Failed(str(failures[0]))


def measure_start(binary, directory, rounds):
    """Time from exec to the first answer and resident memory, empty and with many schemas."""
    result = {}
    for name, count in (("empty", 0), ("full", MANY_SCHEMAS)):
        store = f"sqlite:{directory}/start-{name}.db"
        with serving(binary, store) as server:
            register_many(server, count)
        starts, resident = [], 0.0
        for _ in range(rounds):
            with serving(binary, store) as server:
                starts.append(server.start_ms)
                time.sleep(1)
                resident = server.resident_mb()
        result[name] = {"schemas": count, "start_ms": statistics.median(starts),
                        "resident_mb": resident}
    return result


def machine():
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return {"cores": len(os.sched_getaffinity(0)), "cpu": model.group(1) if model else "unknown",
            "load_before": os.getloadavg()[0]}


def print_table(result):
    def row(name, ours, compared=""):
        print(f"  {name:<46} {ours:>24}   {compared}")

    def rate(one):
        return f"{one['per_second']:,.0f}/s"

    def latency(one):
        return f"{one['p50_ms']:.2f} / {one['p99_ms']:.2f} ms"

    reads, writes, start = result["reads"], result["writes"], result["start"]
    print(f"{result['machine']['cores']} cores, {result['machine']['cpu']}, load before: "
          f"{result['machine']['load_before']:.1f}\n")
    print(f"GET /schemas/ids/{{id}}, {reads['schema_bytes']:,} bytes of schema, "
          f"{READ_CONNECTIONS} connections")
    row("", "symbolon", "nginx, the same bytes from a file")
    row("requests", rate(reads["symbolon"]),
        f"{rate(reads['nginx'])}   ratio {reads['ratio']:.2f} (aim: 0.70)")
    row("latency p50 / p99", latency(reads["symbolon"]), latency(reads["nginx"]))
    print("\nPOST /subjects/{subject}/versions, a new schema each, durable before the answer")
    row("", "symbolon", "the disk, 4 kB written and flushed in turn")
    row(f"{WRITE_CONNECTIONS} connections", rate(writes["connections_64"]),
        f"{writes['flushes_per_second']:,.0f}/s")
    row("latency p50 / p99", latency(writes["connections_64"]))
    row("2 connections", rate(writes["connections_2"]))
    print("\nStart and memory")
    row("", "no schemas", f"{start['full']['schemas']:,} schemas of 2 kB")
    row("exec to first answer", f"{start['empty']['start_ms']:.0f} ms",
        f"{start['full']['start_ms']:.0f} ms (aim: 100)")
    row("resident", f"{start['empty']['resident_mb']:.1f} MB",
        f"{start['full']['resident_mb']:.1f} MB (aim: 64)")
    print_listing(result["listing"], row)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--seconds", type=int, default=10, help="length of one round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", help="also write the figures to this file")
    options = parser.parse_args()
    binary = str(pathlib.Path(options.binary).resolve())
    result = {"machine": machine()}
    # In the working directory, not in /tmp, which may be memory: the disk is part of the question.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=".") as name:
        directory = pathlib.Path(name).resolve()
        try:
            result["reads"] = measure_reads(binary, directory, options.seconds, options.rounds)
            result["writes"] = measure_writes(binary, directory, options.seconds)
            result["start"] = measure_start(binary, directory, 5)
            with serving(binary, "memory:") as server:
                result["listing"] = measure_listing(server)
        except (Failed, RuntimeError) as failed:
            print(f"bench: {failed}", file=sys.stderr)
            return 1
    print_table(result)
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps(result, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
