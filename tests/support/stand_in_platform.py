#!/usr/bin/python3
"""A stand-in for the event platform on loopback: OAuth2 tokens, event types, ingest, conversations and
a webhook sink, which answers as it is told and remembers all that it was asked.

Usage: stand_in_platform.py [--port 0]      prints its URL on the first line and serves until killed

Example:
    with StandInPlatform() as platform:
        platform.script("ingest", {"status": 429, "retry_after": 1}, {"cut": "body"})
        run("--platform-url", platform.url)
        assert len(platform.requests("ingest")) == 3

Routes (the name is how /control and the log call them):
    token          POST /oauth/token            client id and secret by Basic or in the form body
    eventtypes     GET  /api/v2/events/eventtypes/{type}      200 for known types, else 404
    ingest         POST /api/v2/events/ingest                 200 {"accepted": n}
    conversations  GET, PUT, POST, PATCH, DELETE /api/v2/conversations[/{id}]
    webhook        any  /webhook/...                          200 {"status": "ok"}
All but token and webhook want a live `Authorization: Bearer`, else 401, with the scopes of SCOPES, else
403. An ingest body above `body_bytes_max` is answered 413.

POST /control takes any of these members; without a body it changes nothing:
    {"reset": true}                         as just started; the log is emptied
    {"route": R, "answers": [A, ...]}       the next answers of route R ("any": of whichever route; or a
                                            path); appended to those that still wait
    {"settings": {...}}                     see Settings
    {"expire_tokens": true}                 every token handed out so far is refused from now on
An answer A, all members optional; the rest is as it would have been:
    status, headers {name: value}, retry_after (header), body (text, or JSON to be written as text),
    delay (seconds before the answer), drip (seconds before each byte of the body),
    cut ("before": the request is read and the connection ends; "head": in the middle of the headers;
    "body": in the middle of the body), malformed (true: a body that is no JSON), chunked (true),
    times (how many requests it answers; default 1)
GET /control/log[?route=R]  {"requests": [{number, at, route, method, path, headers, body, status}]}:
    headers with lower-case names, body as text (or body_base64), status 0 where none was sent
GET /control/counts         {"requests": n, "by_route": {R: {"200": n, ...}}}

Tested by tests/support/stand_in_platform_test.py.
"""

import argparse
import base64
import collections
import dataclasses
import hmac
import json
import socket
import threading
import time
import urllib.parse

HEAD_BYTES_MAX = 64 << 10
BODY_BYTES_MAX = 64 << 20
REASONS = {200: "OK", 201: "Created", 204: "No Content", 400: "Bad Request", 401: "Unauthorized",
           403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 413: "Payload Too Large",
           429: "Too Many Requests", 500: "Internal Server Error", 502: "Bad Gateway",
           503: "Service Unavailable", 504: "Gateway Timeout"}
PREFIXES = (("/oauth/token", "token"), ("/api/v2/events/eventtypes", "eventtypes"),
            ("/api/v2/events/ingest", "ingest"), ("/api/v2/conversations", "conversations"),
            ("/webhook", "webhook"))
# The scope that a token needs for a route.
SCOPES = {"eventtypes": "events:read", "ingest": "events:write", "conversations": "conversations"}


@dataclasses.dataclass
class Settings:
    clients: dict = dataclasses.field(default_factory=lambda: {"client": "secret"})
    secret_places: list = dataclasses.field(default_factory=lambda: ["basic", "form"])
    token_seconds: float = 86_400
    # What a token may do: None grants whatever was asked for, and all when nothing was.
    granted_scopes: list | None = None
    scope_separator: str = " "
    require_token: bool = True
    event_types: list = dataclasses.field(default_factory=lambda: [
        "interaction.started", "interaction.ended", "genesys.cloud.conversation.created",
        "genesys.cloud.conversation.updated", "genesys.cloud.conversation.analyzed"])
    body_bytes_max: int = 1_000_000
    log_bodies: bool = True


@dataclasses.dataclass
class Request:
    method: str
    target: str
    headers: dict
    body: bytes

    @property
    def path(self):
        return self.target.partition("?")[0]

    @property
    def query(self):
        return {name: values[0] for name, values in
                urllib.parse.parse_qs(self.target.partition("?")[2]).items()}


class Ended(Exception):
    """The peer closed, or sent what is no request."""


def read_request(stream):
    line = stream.readline(HEAD_BYTES_MAX)
    if not line:
        raise Ended
    parts = line.split()
    if len(parts) != 3:
        raise Ended
    headers = {}
    total = len(line)
    while True:
        line = stream.readline(HEAD_BYTES_MAX)
        total += len(line)
        if not line or total > HEAD_BYTES_MAX:
            raise Ended
        if line in (b"\r\n", b"\n"):
            break
        name, _, value = line.partition(b":")
        headers[name.decode("latin-1").strip().lower()] = value.decode("latin-1").strip()
    return Request(parts[0].decode("latin-1"), parts[1].decode("latin-1"), headers,
                   read_body(stream, headers))


def read_exactly(stream, size):
    data = stream.read(size) if size else b""
    if len(data) != size:
        raise Ended
    return data


def read_body(stream, headers):
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = b""
        while True:
            size = int(stream.readline(64).partition(b";")[0] or b"0", 16)
            if size < 0 or len(body) + size > BODY_BYTES_MAX:
                raise Ended
            body += read_exactly(stream, size)
            stream.readline(HEAD_BYTES_MAX)
            if size == 0:
                return body
    size = int(headers.get("content-length") or 0)
    if not 0 <= size <= BODY_BYTES_MAX:
        raise Ended
    return read_exactly(stream, size)


def route_of(path):
    for prefix, route in PREFIXES:
        if path == prefix or path.startswith(prefix + "/"):
            return route
    return "other"


def error(status, message):
    return status, {"message": message, "code": REASONS.get(status, "error"), "status": status}, {}


class State:
    """What the platform knows; its lock is held for moments."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.settings = Settings()
        self.scripts = collections.defaultdict(collections.deque)
        self.tokens = {}  # token -> (end of life, scopes)
        self.tokens_made = 0
        self.conversations = {}
        self.log = []
        self.counts = collections.defaultdict(collections.Counter)

    def next_answer(self, route, path):
        """What was scripted for this request; {} where nothing was."""
        for key in (path, route, "any"):
            waiting = self.scripts.get(key)
            if waiting:
                answer = waiting[0]
                answer["times"] = answer.get("times", 1) - 1
                if answer["times"] <= 0:
                    waiting.popleft()
                return answer
        return {}

    def note(self, route, request, status, at):
        entry = {"number": len(self.log), "at": at, "route": route, "method": request.method,
                 "path": request.target, "headers": request.headers, "status": status}
        if self.settings.log_bodies:
            entry["raw"] = request.body
        self.log.append(entry)
        self.counts[route][status] += 1

    # --- what each route answers: (status, JSON, headers)

    def answer(self, route, request):
        refused = self.refuse(route, request)
        if refused:
            return refused
        return getattr(self, "answer_" + route)(request)

    def refuse(self, route, request):
        """401 and 403."""
        if route not in SCOPES or not self.settings.require_token:
            return None
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        end, scopes = self.tokens.get(token, (0, None))
        if kind.lower() != "bearer" or end <= time.monotonic():
            return error(401, "No authentication bearer token, or one that is not valid.")
        if scopes is not None and SCOPES[route] not in scopes:
            return error(403, f"The token lacks the scope {SCOPES[route]}.")
        return None

    def answer_token(self, request):
        if request.method != "POST":
            return error(405, "POST alone.")
        form = {name: values[0]
                for name, values in urllib.parse.parse_qs(request.body.decode("latin-1")).items()}
        place, name, secret = "form", form.get("client_id", ""), form.get("client_secret", "")
        kind, _, encoded = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            place = "basic"
            pair = base64.b64decode(encoded + "==").decode("utf-8", "replace").partition(":")
            name, secret = (urllib.parse.unquote_plus(part) for part in (pair[0], pair[2]))
        known = self.settings.clients.get(name)
        if (known is None or place not in self.settings.secret_places or
                not hmac.compare_digest(known.encode(), secret.encode())):
            return 401, {"error": "invalid_client"}, {"WWW-Authenticate": "Basic"}
        if form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}, {}
        granted = self.settings.granted_scopes
        asked = form.get("scope", "").replace(",", " ").split()
        scopes = granted if granted is not None else (asked or None)
        self.tokens_made += 1
        token = f"token-{self.tokens_made}"
        self.tokens[token] = (time.monotonic() + self.settings.token_seconds, scopes)
        body = {"access_token": token, "token_type": "bearer",
                "expires_in": self.settings.token_seconds}
        if scopes is not None:
            body["scope"] = self.settings.scope_separator.join(scopes)
        return 200, body, {"Cache-Control": "no-store"}

    def answer_eventtypes(self, request):
        name = urllib.parse.unquote(request.path[len("/api/v2/events/eventtypes"):].strip("/"))
        if name in self.settings.event_types:
            return 200, {"id": name, "name": name, "enabled": True}, {}
        return error(404, f"There is no event type '{name}'.")

    def answer_ingest(self, request):
        if request.method != "POST":
            return error(405, "POST alone.")
        if len(request.body) > self.settings.body_bytes_max:
            return error(413, f"More than {self.settings.body_bytes_max} bytes.")
        try:
            events = json.loads(request.body)
        except ValueError:
            return error(400, "The body is no JSON.")
        if isinstance(events, dict):
            events = events.get("events", [events])
        return 200, {"accepted": len(events),
                     "requestId": request.headers.get("x-request-id", "")}, {}

    def answer_conversations(self, request):
        name = urllib.parse.unquote(request.path[len("/api/v2/conversations"):].strip("/"))
        if not name:
            if request.method == "GET":
                return 200, {"entities": list(self.conversations.values())}, {}
            name = f"conversation-{len(self.conversations) + 1}"
        if request.method == "DELETE":
            return (204, None, {}) if self.conversations.pop(name, None) else \
                error(404, f"There is no conversation '{name}'.")
        if request.method in ("PUT", "POST", "PATCH"):
            try:
                change = json.loads(request.body or b"{}")
            except ValueError:
                return error(400, "The body is no JSON.")
            kept = self.conversations.get(name, {}) if request.method == "PATCH" else {}
            self.conversations[name] = {**kept, **change, "id": name}
        if name not in self.conversations:
            return error(404, f"There is no conversation '{name}'.")
        return 200, self.conversations[name], {}

    def answer_webhook(self, _request):
        return 200, {"status": "ok"}, {}

    def answer_other(self, request):
        return error(404, f"Nothing is at {request.path}.")

    # --- /control

    def control(self, request):
        if request.method == "GET":
            if request.path == "/control/counts":
                return 200, self.count_all(), {}
            return 200, {"requests": self.log_of(request.query.get("route"))}, {}
        try:
            order = json.loads(request.body or b"{}")
            self.obey(order)
        except (ValueError, TypeError, AttributeError) as problem:
            return error(400, f"This is no order: {problem}")
        return 200, {}, {}

    def obey(self, order):
        unknown = set(order) - {"reset", "route", "answers", "settings", "expire_tokens"}
        if unknown:
            raise ValueError(f"unknown {sorted(unknown)}")
        if order.get("reset"):
            self.reset()
        if order.get("expire_tokens"):
            self.tokens.clear()
        for name, value in order.get("settings", {}).items():
            if not hasattr(self.settings, name):
                raise ValueError(f"unknown setting {name}")
            setattr(self.settings, name, value)
        for answer in order.get("answers", []):
            self.scripts[order["route"]].append(dict(answer))

    def count_all(self):
        return {"requests": len(self.log),
                "by_route": {route: {str(status): count for status, count in counts.items()}
                             for route, counts in self.counts.items()}}

    def log_of(self, route):
        entries = []
        for entry in self.log:
            if route is not None and entry["route"] != route:
                continue
            shown = {name: value for name, value in entry.items() if name != "raw"}
            raw = entry.get("raw", b"")
            try:
                shown["body"] = raw.decode()
            except UnicodeDecodeError:
                shown["body_base64"] = base64.b64encode(raw).decode()
            entries.append(shown)
        return entries


class StandInPlatform:
    """The server; a `with` block starts and stops it."""

    def __init__(self, port=0):
        self.state = State()
        self.listener = socket.create_server(("127.0.0.1", port), backlog=1024)
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.connections = set()

    def start(self):
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def stop(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)  # wakes who waits in accept
        except OSError:
            pass
        self.listener.close()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.stop()

    # --- for tests in the same process

    def script(self, route, *answers):
        with self.state.lock:
            self.state.obey({"route": route, "answers": list(answers)})

    def set(self, **settings):
        with self.state.lock:
            self.state.obey({"settings": settings})

    def expire_tokens(self):
        with self.state.lock:
            self.state.obey({"expire_tokens": True})

    def reset(self):
        with self.state.lock:
            self.state.reset()

    def requests(self, route=None):
        with self.state.lock:
            return self.state.log_of(route)

    def counts(self):
        with self.state.lock:
            return self.state.count_all()

    # --- the wire

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections.add(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            with connection, connection.makefile("rb", buffering=64 << 10) as stream:
                while self.serve_one(connection, stream):
                    pass
        except (Ended, OSError, ValueError):
            pass
        finally:
            self.connections.discard(connection)

    def serve_one(self, connection, stream):
        """False when the connection has ended."""
        request = read_request(stream)
        at = time.monotonic()
        path = request.path
        if path.startswith("/control"):
            with self.state.lock:
                status, body, headers = self.state.control(request)
            connection.sendall(response_of(request, status, body, headers, {})[0])
            return True
        route = route_of(path)
        with self.state.lock:
            scripted = self.state.next_answer(route, path)
            if "status" in scripted:
                status, body, headers = error(scripted["status"], "As scripted.")
            else:
                status, body, headers = self.state.answer(route, request)
            sent = 0 if scripted.get("cut") in ("before", "head") else status
            self.state.note(route, request, sent, at)
        if scripted:
            return send_scripted(connection, request, status, body, headers, scripted)
        connection.sendall(response_of(request, status, body, headers, {})[0])
        return request.headers.get("connection", "").lower() != "close"


def response_of(request, status, body, headers, scripted):
    """The bytes of the answer, and how many of them come before the body."""
    if "body" in scripted:
        body = scripted["body"]
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    if scripted.get("malformed"):
        text = '{"accepted": 1, "unfinished'
    data = text.encode()
    headers = {"Content-Type": "application/json", **headers, **scripted.get("headers", {})}
    if "retry_after" in scripted:
        headers["Retry-After"] = scripted["retry_after"]
    if scripted.get("chunked"):
        headers["Transfer-Encoding"] = "chunked"
        data = b"".join(b"%x\r\n%c\r\n" % (1, byte) for byte in data) + b"0\r\n\r\n"
    elif status != 204:
        headers["Content-Length"] = len(data)
    head = f"HTTP/1.1 {status} {REASONS.get(status, 'Scripted')}\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\n"
    if request.method == "HEAD" or status == 204:
        data = b""
    return head.encode("latin-1") + data, len(head)


def send_scripted(connection, request, status, body, headers, scripted):
    time.sleep(scripted.get("delay", 0))
    cut = scripted.get("cut")
    data, head = response_of(request, status, body, headers, scripted)
    if cut == "before":
        return False
    if cut == "head":
        connection.sendall(data[:head // 2])
        return False
    if cut == "body":
        connection.sendall(data[:head + (len(data) - head) // 2])
        return False
    if "drip" in scripted:
        connection.sendall(data[:head])
        for at in range(head, len(data)):
            time.sleep(scripted["drip"])
            connection.sendall(data[at:at + 1])
        return True
    connection.sendall(data)
    return request.headers.get("connection", "").lower() != "close"


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    platform = StandInPlatform(parser.parse_args().port).start()
    print(platform.url, flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
