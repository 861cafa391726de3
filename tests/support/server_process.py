"""Starts the real binary, talks HTTP to it, and stops it: for tests that need the process itself.

Example:
    with ServerProcess(binary, "sqlite:/tmp/x.db") as server:
        status, answer = server.request("GET", "/subjects")
        assert server.stop() == 0

Tested by tests/e2e/process.py.
"""

import http.client
import json
import re
import signal
import subprocess
import threading
import time
import urllib.parse

LISTENING = re.compile(r"listening on http://127\.0\.0\.1:(\d+)")


class NotListening(Exception):
    """The process ended, or stayed silent, before it told its port; the text is what it wrote."""


class Client:
    """One keep-alive connection; one thread at a time."""

    def __init__(self, port, timeout=30):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def request(self, method, path, body=None):
        """The status and the answer's JSON. Raises OSError or HTTPException when there is none."""
        headers = {}
        if body is not None:
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/vnd.schemaregistry.v1+json"
        self.connection.request(method, path, body=body, headers=headers)
        answer = self.connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text else None

    def close(self):
        self.connection.close()


class ServerProcess:
    """`symbolon serve`, or another command that listens, on a free port; `store` None leaves the
    option out."""

    def __init__(self, binary, store, arguments=(), preexec_fn=None, env=None, cwd=None,
                 start_seconds_max=30, listen="http://127.0.0.1:0", command_name="serve"):
        command = [str(binary), command_name]
        if listen is not None:
            command += ["--listen", listen]
        if store is not None:
            command += ["--store", store]
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            command + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            errors="replace", preexec_fn=preexec_fn, env=env, cwd=cwd)
        self.port = None
        self.output = {"stdout": [], "stderr": []}
        self.port_known = threading.Event()
        # Pipes that nobody empties would stop the server in the middle of a log line.
        self.readers = [
            threading.Thread(target=self._collect, args=(name, stream), daemon=True)
            for name, stream in (("stdout", self.process.stdout), ("stderr", self.process.stderr))]
        for reader in self.readers:
            reader.start()
        self._client = None
        self.start_seconds_max = start_seconds_max

    def _collect(self, name, stream):
        for line in stream:
            self.output[name].append(line)
            found = LISTENING.search(line)
            if name == "stdout" and found and self.port is None:
                self.port = int(found.group(1))
                self.port_known.set()
        if name == "stdout":
            self.port_known.set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def text(self):
        """Everything that the process wrote so far."""
        return "".join(self.output["stdout"] + self.output["stderr"])

    def wait_until_listening(self):
        self.port_known.wait(self.start_seconds_max)
        if self.port is None:
            self.kill()
            raise NotListening(f"exit code {self.process.returncode}\n{self.text()}")
        return self

    def wait_for_exit(self, seconds=30):
        """The exit code and everything that was written; for a process that should not start."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"still running after {seconds} s\n{self.text()}") from None
        for reader in self.readers:
            reader.join(5)
        return self.process.returncode, self.text()

    def client(self):
        return Client(self.port)

    def request(self, method, path, body=None):
        if self._client is None:
            self._client = self.client()
        try:
            return self._client.request(method, path, body)
        except (OSError, http.client.HTTPException):
            self._client.close()
            self._client = None
            raise

    def register(self, subject, schema, schema_type="AVRO", references=()):
        """The registry's answer; the schema is a text, or a value that is sent as JSON."""
        status, answer = self.request("POST", f"/subjects/{urllib.parse.quote(subject, safe='')}/versions", {
            "schema": schema if isinstance(schema, str) else json.dumps(schema), "schemaType": schema_type,
            "references": list(references)})
        if status != 200:
            raise AssertionError(f"registering {subject} was answered {status} {answer}")
        return answer

    def stop(self, seconds=30):
        """Sends SIGTERM; answers the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait_for_exit(seconds)[0]

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for reader in self.readers:
            reader.join(5)
        if self._client is not None:
            self._client.close()
            self._client = None

    def __enter__(self):
        try:
            return self.wait_until_listening()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.kill()
        self.process.stdout.close()
        self.process.stderr.close()
