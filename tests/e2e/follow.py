#!/usr/bin/env python3
"""Follows the change feed of the real binary while many write, and ends with the registry's own state.

Usage: tests/e2e/follow.py [--binary build/release/symbolon] [--seconds 5] [--waiters 1000]

Four followers rebuild every version, config and mode from the changes alone: by long poll, as a stream,
with a prefix, and across a restart of the server. Then many clients wait at once for one write. Says how
long the last of them waited, and how much memory they took.
"""

import http.client
import json
import pathlib
import random
import re
import resource
import selectors
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, main  # noqa: E402
from program import FolderTest, wait_until  # noqa: E402

WRITERS = 8
SUBJECTS = 6
KILOBYTES_PER_WAITER_MAX = 32


class State:
    """What a follower knows."""

    def __init__(self):
        self.versions, self.configs, self.modes, self.revision = {}, {}, {}, 0

    def apply(self, change):
        if change["revision"] <= self.revision:
            raise AssertionError(f"revision {change['revision']} comes after {self.revision}")
        self.revision = change["revision"]
        kind, subject = change["kind"], change["subject"]
        if kind == "VERSION_DELETED":
            self.versions.pop((subject, change["version"]), None)
        elif kind.startswith("VERSION_"):
            self.versions[subject, change["version"]] = (change["id"],
                                                         kind == "VERSION_SOFT_DELETED")
        elif kind == "CONFIG_UPDATED":
            self.configs[subject] = change["config"]
        elif kind == "CONFIG_DELETED":
            self.configs.pop(subject, None)
        elif kind == "MODE_UPDATED":
            self.modes[subject] = change["mode"]
        elif kind == "MODE_DELETED":
            self.modes.pop(subject, None)

    def known(self):
        return self.versions, self.configs, self.modes


def state_of_registry(server):
    state = State()
    _, rows = server.request("GET", "/schemas?subjectPrefix=:*:&deleted=true")
    for row in rows:
        state.versions[row["subject"], row["version"]] = (row["id"], row["deleted"])
    for number in range(SUBJECTS):
        subject = f"s{number}"
        for path, found, member in (("config", state.configs, None), ("mode", state.modes, "mode")):
            status, answer = server.request("GET", f"/{path}/{subject}")
            if status == 200:
                found[subject] = answer[member] if member else answer
    return state


def write_for(server, seconds, seed):
    """Random writes of every kind; refusals are part of it."""
    client, chance = server.client(), random.Random(seed)
    until = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until:
        subject = f"s{chance.randrange(SUBJECTS)}"
        number += 1
        action = chance.random()
        if action < 0.5:
            schema = json.dumps({"type": "fixed", "name": f"F{seed}_{number}", "size": 1})
            client.request("POST", f"/subjects/{subject}/versions", {"schema": schema})
        elif action < 0.6:
            client.request("PUT", f"/config/{subject}",
                           {"compatibility": "NONE", "compatibilityGroup": f"g{seed}_{number}"})
        elif action < 0.65:
            client.request("DELETE", f"/config/{subject}")
        elif action < 0.75:
            client.request("PUT", f"/mode/{subject}?force=true", {"mode": "READWRITE"})
        elif action < 0.8:
            client.request("DELETE", f"/mode/{subject}")
        elif action < 0.95:
            client.request("DELETE", f"/subjects/{subject}/versions/latest")
        else:
            client.request("DELETE", f"/subjects/{subject}")
            client.request("DELETE", f"/subjects/{subject}?permanent=true")
    client.close()


def poll(server, state, since, done, query=""):
    """Long poll until `done` is set and nothing is left; answers where it ended."""
    client = server.client()
    while True:
        over = done.is_set()
        status, page = client.request("GET", f"/changes?since={since}&wait=1&limit=50{query}")
        if status != 200:
            raise AssertionError(page)
        for change in page["changes"]:
            state.apply(change)
        since = page["next"]
        if over and page["next"] == page["revision"]:
            client.close()
            return since


def stream(server, state, last_revision):
    """Reads the event stream until `last_revision()` is there."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request("GET", "/changes?since=0", headers={"Accept": "text/event-stream"})
    answer = connection.getresponse()
    event = {}
    while True:
        line = answer.readline().decode().rstrip("\n")
        if line:
            name, _, value = line.partition(": ")
            event[name] = value
            continue
        if "data" in event and event.get("event") != "COMPACTED":
            change = json.loads(event["data"])
            if event["id"] != str(change["revision"]) or event["event"] != change["kind"]:
                raise AssertionError(event)
            state.apply(change)
        event = {}
        if last_revision() is not None and state.revision >= last_revision():
            connection.close()
            return


def resident_kilobytes(server):
    text = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1])


class Following(FolderTest):
    def guarded(self, failures, function, *arguments):
        def run():
            try:
                function(*arguments)
            except Exception as error:  # a thread's failure is the test's
                failures.append(f"{function.__name__}: {error!r}")
        return threading.Thread(target=run)

    def test_followers_of_many_writers_know_what_the_registry_knows(self):
        store = f"sqlite:{self.folder}/symbolon.db"
        polled, streamed, one = State(), State(), State()
        done, failures, last = threading.Event(), [], []
        server = self.serve(store)
        server.request("PUT", "/config", {"compatibility": "NONE"})
        writers = [self.guarded(failures, write_for, server, OPTIONS.seconds, seed)
                   for seed in range(WRITERS)]
        followers = [
            self.guarded(failures, poll, server, polled, 0, done),
            self.guarded(failures, poll, server, one, 0, done, "&subjectPrefix=s1"),
            self.guarded(failures, stream, server, streamed,
                         lambda: last[0] if last else None)]
        for thread in writers + followers:
            thread.start()
        for thread in writers:
            thread.join()
        # The last change is one that is told, so the stream knows when it has all.
        _, answer = server.request("PUT", "/mode/:.end:", {"mode": "READONLY"})
        _, page = server.request("GET", "/changes?since=latest")
        last.append(page["revision"])
        done.set()
        for thread in followers:
            thread.join()
        self.assertEqual(failures, [])
        truth = state_of_registry(server)
        middle = last[0] // 2
        server.stop()
        truth.modes[":.end:"] = "READONLY"
        truth.configs[""] = {"compatibilityLevel": "NONE"}
        self.assertGreater(len(truth.versions), 10)
        self.assertEqual(polled.known(), truth.known())
        self.assertEqual(streamed.known(), truth.known())
        self.assertEqual(one.versions,
                         {key: value for key, value in truth.versions.items() if key[0] == "s1"})
        # After a restart there is no log: the store tells, and old followers lose nothing.
        fresh = State()
        server = self.serve(store)
        poll(server, fresh, 0, done)
        _, page = server.request("GET", f"/changes?since={middle}")
        self.assertTrue(page["compacted"])
        self.assertTrue(all(each["revision"] > middle for each in page["changes"]))
        self.assertEqual(fresh.known(), truth.known())
        print(f"{last[0]} revisions, {len(truth.versions)} versions left")

    def test_many_clients_wait_for_one_write(self):
        count = OPTIONS.waiters
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, count + 200), most))
        request = b"GET /changes?since=0&wait=60 HTTP/1.1\r\nHost: h\r\n\r\n"
        server = self.serve()
        with selectors.DefaultSelector() as selector:
            server.request("GET", "/subjects")
            before = resident_kilobytes(server)
            for _ in range(count):
                waiting = socket.create_connection(("127.0.0.1", server.port))
                waiting.sendall(request)
                selector.register(waiting, selectors.EVENT_READ)

            def waiters():
                connection = http.client.HTTPConnection("127.0.0.1", server.port)
                connection.request("GET", "/metrics")
                text = connection.getresponse().read().decode()
                connection.close()
                return int(re.search(r"symbolon_clients_waiting (\d+)", text)[1])

            wait_until(lambda: waiters() == count, lambda: f"{waiters()} of {count} wait", 60)
            grown = resident_kilobytes(server) - before
            begin = time.monotonic()
            server.request("POST", "/subjects/s/versions", {"schema": '"string"'})
            answered = 0
            while answered < count and time.monotonic() < begin + 60:
                for key, _ in selector.select(1):
                    answer = key.fileobj.recv(4096)
                    self.assertIn(b'"kind":"VERSION_REGISTERED"', answer)
                    answered += 1
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
            took = time.monotonic() - begin
            self.assertEqual(answered, count)
            self.assertLess(grown, count * KILOBYTES_PER_WAITER_MAX)
            print(f"{count} waiting clients: {grown} kB, all answered {took * 1000:.0f} ms after "
                  "the write was sent")


if __name__ == "__main__":
    main(seconds=5.0, waiters=1000)
