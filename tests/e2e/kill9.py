#!/usr/bin/env python3
"""Kills the server with SIGKILL while it registers, starts it again, and counts what was lost.

Each round: several threads register random Avro schemas; the process is killed at a random moment and
started again on the same file. Then every registration that was ever acknowledged must be there with
its version, id and text, no id may stand for two texts, and the file must open at once. Every
FILE_ROUNDS rounds a new file begins, and the old one is checked page by page.

Usage: kill9.py [--binary build/release/symbolon] [--rounds 20] [--seed N] [--open-seconds-max 2]
Ends with one line of counts; exit code 1 when anything was lost, doubled or slow.
"""

import http.client
import json
import pathlib
import random
import sqlite3
import sys
import tempfile
import threading
import time
from urllib.parse import quote

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, parse_options  # noqa: E402
from server_process import NotListening, ServerProcess  # noqa: E402

FILE_ROUNDS = 20
WRITERS = 6
READERS = 4
SUBJECTS = ["orders-value", "orders-key", "payments/eu value", "käufe", ":.dev:orders-value"]
# What each restart checks again of the rounds before the last; the file's end checks everything.
OLDER_CHECKED_MAX = 300
# A JSON text that breaks off is an answer that breaks off.
CONNECTION_ENDED = (OSError, http.client.HTTPException, json.JSONDecodeError)
TYPES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"]


def random_schema(dice):
    """A record that hardly ever comes twice; its text is compact, as the registry keeps it."""
    fields = [{"name": f"f{at}", "type": dice.choice(TYPES)} for at in range(dice.randint(0, 12))]
    schema = {"type": "record", "name": f"R{dice.randrange(10**9)}", "fields": fields}
    if dice.random() < 0.1:
        schema["doc"] = "x" * dice.randint(1, 20_000)
    return json.dumps(schema, separators=(",", ":"))


class Ledger:
    """What the server has promised about one file. Guarded by a lock; problems are sentences."""

    def __init__(self):
        self.lock = threading.Lock()
        self.versions = {}   # (subject, version) -> (id, text)
        self.texts = {}      # (context, id) -> text
        self.new = []        # keys of `versions` since the last check
        self.acknowledged = 0
        self.problems = []

    @staticmethod
    def context(subject):
        return subject.split(":")[1] if subject.startswith(":.") else "."

    def promise(self, subject, version, schema_id, text):
        """Takes note; a promise that contradicts an earlier one is a problem."""
        with self.lock:
            known = self.versions.setdefault((subject, version), (schema_id, text))
            if known[0] != schema_id or json.loads(known[1]) != json.loads(text):
                self.problems.append(f"{subject} version {version} was given twice: {known[0]} and "
                                     f"{schema_id}")
            id_text = self.texts.setdefault((self.context(subject), schema_id), text)
            if json.loads(id_text) != json.loads(text):
                self.problems.append(f"id {schema_id} stands for two texts")
            self.new.append((subject, version))

    def problem(self, text):
        with self.lock:
            self.problems.append(text)


def write_until_killed(server, ledger, seed):
    """Registers until the connection breaks; notes each answer the moment it is there."""
    dice = random.Random(seed)
    client = server.client()
    mine = []
    try:
        while True:
            subject = dice.choice(SUBJECTS)
            # Now and then a text again: in another subject it must get the same id.
            text = dice.choice(mine) if mine and dice.random() < 0.15 else random_schema(dice)
            status, answer = client.request("POST", f"/subjects/{quote(subject, safe='')}/versions",
                                            {"schema": text})
            if status != 200:
                ledger.problem(f"registering answered {status} {answer}")
                return
            mine.append(text)
            with ledger.lock:
                ledger.acknowledged += 1
            ledger.promise(subject, answer["version"], answer["id"], text)
    except CONNECTION_ENDED:
        pass  # Not answered, so nothing was promised.
    except (KeyError, TypeError) as problem:
        ledger.problem(f"an answer without {problem}")
    finally:
        client.close()


def check_versions(server, ledger, keys, lost):
    """Asks for each (subject, version) and its id; appends those that are not as promised."""
    client = server.client()
    for subject, version in keys:
        schema_id, text = ledger.versions[subject, version]
        status, answer = client.request("GET", f"/subjects/{quote(subject, safe='')}/versions/{version}")
        by_id_path = f"/schemas/ids/{schema_id}?subject={quote(subject, safe='')}"
        id_status, by_id = client.request("GET", by_id_path)
        if status != 200 or answer["id"] != schema_id or \
                json.loads(answer["schema"]) != json.loads(text):
            lost.append(f"{subject} version {version} id {schema_id}: {status} {answer}"[:500])
        elif id_status != 200 or json.loads(by_id["schema"]) != json.loads(text):
            lost.append(f"id {schema_id}: {id_status} {by_id}"[:500])
    client.close()


def check_promises(server, ledger, keys):
    """The number of promises that are broken, each also noted as a problem."""
    lost = []
    parts = [keys[at::READERS] for at in range(READERS)]
    threads = [threading.Thread(target=check_versions, args=(server, ledger, part, lost))
               for part in parts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for text in lost:
        ledger.problem("lost: " + text)
    return len(lost)


def note_unpromised(server, ledger):
    """Takes note of what was stored but not acknowledged: from now on it must stay, too."""
    for subject in SUBJECTS:
        status, versions = server.request("GET", f"/subjects/{quote(subject, safe='')}/versions")
        for version in versions if status == 200 else []:
            if (subject, version) not in ledger.versions:
                _, answer = server.request("GET",
                                           f"/subjects/{quote(subject, safe='')}/versions/{version}")
                ledger.promise(subject, version, answer["id"], answer["schema"])


class Rounds:
    """Counts over all files."""

    def __init__(self, folder):
        self.folder = folder
        self.dice = random.Random(OPTIONS.seed)
        self.restarts = 0
        self.acknowledged = 0
        self.lost = 0
        self.opens = []
        self.problems = []

    def start(self, file):
        """A server that has answered; the time from exec to that answer is noted."""
        server = ServerProcess(OPTIONS.binary, f"sqlite:{file}")
        try:
            server.wait_until_listening()
            status, _ = server.request("GET", "/subjects")
        except (NotListening, *CONNECTION_ENDED) as problem:
            server.close()
            raise SystemExit(f"kill9: the server did not come back: {problem}") from None
        self.opens.append(time.monotonic() - server.started_at)
        if status != 200:
            self.problems.append(f"GET /subjects answered {status} after a start")
        return server

    def kill_while_opening(self, file):
        server = ServerProcess(OPTIONS.binary, f"sqlite:{file}")
        time.sleep(self.dice.uniform(0, 0.03))
        server.close()
        self.restarts += 1

    def one_round(self, server, ledger):
        threads = [threading.Thread(target=write_until_killed,
                                    args=(server, ledger, self.dice.random()))
                   for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        time.sleep(self.dice.uniform(0.01, 0.5))
        server.process.kill()
        for thread in threads:
            thread.join()
        server.close()

    def check_after_restart(self, server, ledger, everything):
        new, ledger.new = sorted(set(ledger.new)), []
        older = sorted(set(ledger.versions) - set(new))
        if not everything:
            older = self.dice.sample(older, min(len(older), OLDER_CHECKED_MAX))
        self.lost += check_promises(server, ledger, new + older)
        note_unpromised(server, ledger)

    def one_file(self, name, rounds):
        file = self.folder / name
        ledger = Ledger()
        server = self.start(file)
        try:
            for path in ("/config", "/config/:.dev:"):
                status, answer = server.request("PUT", path, {"compatibility": "NONE"})
                if status != 200:
                    raise SystemExit(f"kill9: PUT {path} answered {status} {answer}")
            for at in range(rounds):
                self.one_round(server, ledger)
                if self.dice.random() < 0.2:
                    self.kill_while_opening(file)
                server = self.start(file)
                self.restarts += 1
                self.check_after_restart(server, ledger, everything=at + 1 == rounds)
                print(f"{name} round {at + 1}: {ledger.acknowledged} acknowledged, "
                      f"{len(ledger.problems)} problems, open {self.opens[-1] * 1000:.0f} ms",
                      file=sys.stderr)
            if server.stop() != 0:
                ledger.problem(f"SIGTERM ended with {server.process.returncode}")
        finally:
            server.close()
        database = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        sound = database.execute("PRAGMA integrity_check").fetchone()[0]
        database.close()
        if sound != "ok":
            ledger.problem(f"{name} is damaged: {sound}")
        self.acknowledged += ledger.acknowledged
        self.problems += ledger.problems


def main():
    parse_options(rounds=20, seed=random.randrange(10**6), open_seconds_max=2.0)
    print(f"kill9: seed {OPTIONS.seed}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="symbolon-kill9-") as folder:
        rounds = Rounds(pathlib.Path(folder))
        for first in range(0, OPTIONS.rounds, FILE_ROUNDS):
            rounds.one_file(f"k{first // FILE_ROUNDS}.db",
                            min(FILE_ROUNDS, OPTIONS.rounds - first))
    slowest = max(rounds.opens)
    if slowest > OPTIONS.open_seconds_max:
        rounds.problems.append(f"an open took {slowest:.2f} s")
    if rounds.acknowledged == 0:
        rounds.problems.append("nothing was acknowledged at all")
    for problem in rounds.problems[:20]:
        print(problem)
    print(f"kill9: {OPTIONS.rounds} rounds, {rounds.acknowledged} acknowledged, {rounds.lost} lost, "
          f"{len(rounds.problems)} problems, {rounds.restarts} restarts, slowest open "
          f"{slowest * 1000:.0f} ms, seed {OPTIONS.seed}")
    return 1 if rounds.problems else 0


if __name__ == "__main__":
    sys.exit(main())
