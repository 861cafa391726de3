#!/usr/bin/env python3
"""The gateway under load: every good event its 200 and its arrival downstream, every malformed one its
400 and its anomaly record; the counts agree to the last one.

Usage: gateway_load.py [--binary build/release/symbolon] [--seconds 10] [--connections 64]
                       [--malformed-percent 5] [--seed 1]

Prints what was sent and how fast; exits 1 when anything is missing, twice or too much.
"""

import asyncio
import collections
import json
import multiprocessing
import pathlib
import random
import re
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, ROOT, parse_options  # noqa: E402
from server_process import ServerProcess  # noqa: E402

EXAMPLES = ROOT / "examples" / "genesys"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
EVENT_ID = re.compile(rb"\r\nx-event-id: *([^\r]+)", re.IGNORECASE)
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
SECRET = "secret-mail@example.org"


def take_message(buffer):
    """Head and body of the first whole HTTP message, which leaves the buffer; None: not yet whole."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = bytes(buffer[:end])
    found = LENGTH.search(head)
    size = int(found.group(1)) if found else 0
    if len(buffer) < end + 4 + size:
        return None
    body = bytes(buffer[end + 4:end + 4 + size])
    del buffer[:end + 4 + size]
    return head, body


class Taker(asyncio.Protocol):
    """One connection of the downstream: takes events and remembers their ids."""

    ids = collections.Counter()

    def connection_made(self, transport):
        self.transport = transport
        self.buffer = bytearray()

    def data_received(self, data):
        self.buffer += data
        while message := take_message(self.buffer):
            found = EVENT_ID.search(message[0])
            # The body has to be the event that the header names.
            named = found.group(1) if found else b"?"
            Taker.ids[named.decode() if named in message[1] else "a body of another event"] += 1
            self.transport.write(ANSWER)


def run_downstream(pipe):
    """A process of its own: tells its port, serves until it is told to stop, tells what came."""
    async def serve():
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Taker, "127.0.0.1", 0, backlog=1024)
        pipe.send(server.sockets[0].getsockname()[1])
        await loop.run_in_executor(None, pipe.recv)
        server.close()
        pipe.send(dict(Taker.ids))
    asyncio.run(serve())


class Events:
    """Makes bodies; each good one with an id of its own, the malformed in several ways."""

    def __init__(self, percent, seed):
        self.random = random.Random(seed)
        self.percent = percent
        self.made = 0
        self.template = json.loads((EXAMPLES / "events/conversation_created.json").read_text())
        self.template["data"]["additional_properties"]["customer_email"] = SECRET

    def next(self):
        """The id, or None for a malformed one, and the body."""
        self.made += 1
        name = f"event-{self.made:08}"
        whole = json.dumps({**self.template, "id": name})
        if self.random.random() * 100 >= self.percent:
            return name, whole.encode()
        kind = self.random.randrange(5)
        if kind == 0:
            return None, whole[:self.random.randrange(1, len(whole))].encode()
        if kind == 1:
            return None, whole.replace('"time"', '"tame"').encode()
        if kind == 2:
            return None, whole.replace('"source": "genesys.cloud"', '"source": "x"').encode()
        if kind == 3:
            return None, b"\xff" + whole.encode()
        return None, b""


class Outcome:
    def __init__(self):
        self.accepted = collections.Counter()  # event ids answered 200
        self.refused = collections.Counter()  # request ids answered 400
        self.sent_good = 0
        self.sent_bad = 0
        self.problems = []
        self.slowest = 0.0


class Sender(asyncio.Protocol):
    """One connection of a client: the next event goes out when the last one is answered."""

    def __init__(self, events, outcome, until):
        self.events, self.outcome, self.until = events, outcome, until
        self.done = asyncio.get_running_loop().create_future()
        self.buffer = bytearray()
        self.waits = False

    def connection_made(self, transport):
        self.transport = transport
        self.send_next()

    def send_next(self):
        if time.monotonic() >= self.until:
            self.waits = False
            self.transport.close()
            return
        self.name, body = self.events.next()
        self.outcome.sent_good += self.name is not None
        self.outcome.sent_bad += self.name is None
        self.waits, self.at = True, time.monotonic()
        self.transport.write(b"POST /eventbridge/subscription HTTP/1.1\r\nHost: x\r\n"
                             b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def data_received(self, data):
        self.buffer += data
        if message := take_message(self.buffer):
            self.outcome.slowest = max(self.outcome.slowest, time.monotonic() - self.at)
            self.note(int(message[0][9:12]), message[1])
            self.send_next()

    def note(self, status, body):
        answer = json.loads(body)
        if self.name is not None and status == 200 and answer["eventId"] == self.name:
            self.outcome.accepted[self.name] += 1
        elif self.name is None and status == 400:
            self.outcome.refused[answer["requestId"]] += 1
        else:
            self.outcome.problems.append(f"{self.name}: {status} {body[:200]}")

    def connection_lost(self, _):
        if self.waits:
            self.outcome.problems.append(f"{self.name}: the connection ended without an answer")
        if not self.done.done():
            self.done.set_result(None)


async def drive(port, events, outcome, connections, seconds):
    loop = asyncio.get_running_loop()
    until = time.monotonic() + seconds
    made = [await loop.create_connection(lambda: Sender(events, outcome, until), "127.0.0.1", port)
            for _ in range(connections)]
    await asyncio.gather(*(protocol.done for _, protocol in made))


def differences(outcome, arrived, anomaly_file):
    """What does not agree, as sentences."""
    yield from outcome.problems[:20]
    if len(outcome.problems) > 20:
        yield f"and {len(outcome.problems) - 20} more answers that are wrong"
    if outcome.sent_good != sum(outcome.accepted.values()):
        yield f"{outcome.sent_good} good events, {sum(outcome.accepted.values())} answered 200"
    if outcome.sent_bad != sum(outcome.refused.values()):
        yield f"{outcome.sent_bad} malformed bodies, {sum(outcome.refused.values())} answered 400"
    if outcome.accepted != arrived:
        yield (f"downstream: {len(outcome.accepted - arrived)} events are missing, "
               f"{len(arrived - outcome.accepted)} are too many")
    text = anomaly_file.read_text()
    records = collections.Counter(json.loads(line)["requestId"] for line in text.splitlines())
    if records != outcome.refused:
        yield (f"anomaly records: {len(outcome.refused - records)} are missing, "
               f"{len(records - outcome.refused)} are too many")
    if SECRET[:6] in text:
        yield "a secret stands in an anomaly record"


def run_load(folder):
    anomaly_file = folder / "anomalies.jsonl"
    ours, theirs = multiprocessing.Pipe()
    downstream = multiprocessing.Process(target=run_downstream, args=(theirs,), daemon=True)
    downstream.start()
    with ServerProcess(OPTIONS.binary, "memory:") as registry:
        registry.register("events", (EXAMPLES / "conversation_event.schema.json").read_text(), "JSON")
        gateway = ServerProcess(OPTIONS.binary, None, [
            "--registry", registry.url, "--subject", "events",
            "--anomalies", str(anomaly_file), "--downstream",
            f"http://127.0.0.1:{ours.recv()}/events"], command_name="gateway")
        with gateway:
            outcome = Outcome()
            events = Events(OPTIONS.malformed_percent, OPTIONS.seed)
            begun = time.monotonic()
            asyncio.run(drive(gateway.port, events, outcome, OPTIONS.connections,
                              OPTIONS.seconds))
            took = time.monotonic() - begun
            code = gateway.stop()
    ours.send("stop")
    arrived = collections.Counter(ours.recv())
    downstream.join(10)
    found = list(differences(outcome, arrived, anomaly_file))
    if code != 0:
        found.append(f"the gateway ended with {code}\n{gateway.text()}")
    print(f"{OPTIONS.connections} connections, {took:.1f} s: {outcome.sent_good} good events, "
          f"{outcome.sent_bad} malformed bodies, {events.made / took:.0f} requests/s, slowest answer "
          f"{outcome.slowest * 1000:.0f} ms")
    print(f"200: {sum(outcome.accepted.values())}, arrived: {sum(arrived.values())}, "
          f"400: {sum(outcome.refused.values())}, anomaly records: "
          f"{len(anomaly_file.read_text().splitlines())}")
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found or not outcome.sent_good or not outcome.sent_bad else 0


if __name__ == "__main__":
    parse_options(seconds=10.0, connections=64, malformed_percent=5.0, seed=1)
    with tempfile.TemporaryDirectory(prefix="symbolon-load-") as place:
        sys.exit(run_load(pathlib.Path(place)))
