#!/usr/bin/env python3
"""The process itself: how it starts, refuses to start, meets a full disk, drains and comes back.

Usage: process.py [--binary build/release/symbolon] [unittest's own arguments]
"""

import http.client
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, main  # noqa: E402
from program import FolderTest, run, wait_until  # noqa: E402
from server_process import ServerProcess  # noqa: E402

NOBODY = 65534
NOT_ANSWERED = (OSError, http.client.HTTPException)


def schema_text(number, doc=""):
    """A small Avro record, different for each number."""
    schema = {"type": "record", "name": f"R{number}", "fields": []}
    if doc:
        schema["doc"] = doc
    return json.dumps(schema, separators=(",", ":"))


def become_ordinary_user():
    """Root may write anywhere; what an ordinary user meets is tried as one."""
    if os.getuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)


class ProcessTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.file = self.folder / "store.db"

    def start(self, store=None, arguments=(), **options):
        """A server that listens; its store is the case's file."""
        return self.serve(store or f"sqlite:{self.file}", *arguments, **options)

    def refusal(self, store=None, **options):
        """What a server says that does not start."""
        server = ServerProcess(OPTIONS.binary, store or f"sqlite:{self.file}", **options)
        self.addCleanup(server.close)
        code, text = server.wait_for_exit()
        self.assertGreater(code, 0, f"should have refused to start\n{text}")
        self.assertNotIn("listening on", text)
        return text

    def register(self, server, number, subject=None, doc=""):
        text = schema_text(number, doc)
        return server.register(subject or f"s{number}", text)["id"]

    def assert_registered(self, server, number, schema_id, doc=""):
        status, answer = server.request("GET", f"/subjects/s{number}/versions/1")
        self.assertEqual(status, 200, answer)
        self.assertEqual(answer["id"], schema_id)
        self.assertEqual(json.loads(answer["schema"]), json.loads(schema_text(number, doc)))


class Start(ProcessTest):
    def test_a_free_port_is_told_on_standard_output(self):
        one = self.start()
        other = self.start("memory:")
        self.assertNotEqual(one.port, other.port)
        self.assertEqual([line for line in one.output["stdout"] if "listening on" in line],
                         [f"listening on http://127.0.0.1:{one.port}\n"])
        self.assertEqual(one.request("GET", "/subjects"), (200, []))

    def test_the_default_store_is_a_file_in_the_working_directory(self):
        self.register(self.serve(None, cwd=self.folder), 1)
        self.assertTrue((self.folder / "symbolon.db").exists())

    def test_a_port_in_use_is_named(self):
        server = self.start("memory:")
        text = self.refusal("memory:", listen=f"http://127.0.0.1:{server.port}")
        self.assertIn(str(server.port), text)

    def test_an_unknown_store_names_the_known_ones(self):
        text = self.refusal("redis://localhost")
        self.assertIn("sqlite:", text)
        self.assertIn("memory:", text)

    def test_a_missing_folder_is_named(self):
        self.assertIn("no folder", self.refusal(f"sqlite:{self.folder}/not/there.db"))

    def test_a_read_only_folder_is_named(self):
        os.chmod(self.folder, 0o555)
        self.addCleanup(os.chmod, self.folder, 0o755)
        # The binary may stand where an ordinary user cannot go.
        with tempfile.TemporaryDirectory() as place:
            os.chmod(place, 0o755)
            copy = shutil.copy(OPTIONS.binary, place)
            server = ServerProcess(copy, f"sqlite:{self.file}", preexec_fn=become_ordinary_user,
                                   cwd="/")
            self.addCleanup(server.close)
            code, text = server.wait_for_exit()
        self.assertGreater(code, 0, text)
        self.assertIn("Permission denied", text)
        self.assertIn("right to write", text)

    def test_a_memory_store_works_and_forgets(self):
        server = self.start("memory:")
        self.register(server, 1)
        self.assertEqual(server.request("GET", "/subjects"), (200, ["s1"]))
        self.assertEqual(server.stop(), 0)
        self.assertEqual(self.start("memory:").request("GET", "/subjects"), (200, []))


class Options(ProcessTest):
    """A flag wins over the environment, that over the file, that over the default."""

    def level(self, server):
        status, answer = server.request("GET", "/config")
        self.assertEqual(status, 200, answer)
        return answer["compatibilityLevel"]

    def test_each_source_wins_over_the_next(self):
        file = self.write("symbolon.yaml", "default_level: FORWARD\n"
                                           "listen: http://127.0.0.1:0\n"
                                           f"store: sqlite:{self.file}\n")
        environment = {**os.environ, "SYMBOLON_CONFIG": str(file)}
        server = self.start(env=environment)
        self.assertEqual(self.level(server), "FORWARD")
        environment["SYMBOLON_DEFAULT_LEVEL"] = "FULL"
        server = self.start("memory:", env=environment)
        self.assertEqual(self.level(server), "FULL")
        server = self.start("memory:", env=environment, arguments=["--default-level", "NONE"])
        self.assertEqual(self.level(server), "NONE")

    def test_listen_and_store_may_come_from_the_environment_alone(self):
        environment = {**os.environ, "SYMBOLON_LISTEN": "http://127.0.0.1:0",
                       "SYMBOLON_STORE": f"sqlite:{self.file}"}
        self.register(self.serve(None, listen=None, env=environment), 1)
        self.assertTrue(self.file.exists())

    def test_names_of_the_usual_container_work_and_a_link_variable_does_not_harm(self):
        environment = {**os.environ, "SCHEMA_REGISTRY_SCHEMA_COMPATIBILITY_LEVEL": "full",
                       "SCHEMA_REGISTRY_PORT": "tcp://10.0.0.1:8081"}
        server = self.start("memory:", env=environment)
        self.assertEqual(self.level(server), "FULL")
        self.assertIn("SCHEMA_REGISTRY_PORT", server.text())

    def test_what_is_not_understood_is_refused_by_name(self):
        self.assertIn("--no-such-flag", self.refusal(arguments=["--no-such-flag"]))
        self.assertIn("default-level", self.refusal(arguments=["--default-level", "SOMETIMES"]))
        self.assertIn("no_such_key", self.refusal(
            arguments=["--config", str(self.write("symbolon.yaml", "no_such_key: 1\n"))]))
        self.assertIn("missing.yaml", self.refusal(
            arguments=["--config", str(self.folder / "missing.yaml")]))


class File(ProcessTest):
    def fill(self, count=50):
        """Ids of the schemas that are then in the file."""
        server = self.start()
        ids = [self.register(server, number, doc="d" * 2000) for number in range(count)]
        self.assertEqual(server.stop(), 0)
        return ids

    def test_a_second_process_on_the_file_is_refused(self):
        server = self.start()
        schema_id = self.register(server, 1)
        text = self.refusal()
        self.assertIn("in use", text)
        self.assertIn(str(server.process.pid), text)
        self.assert_registered(server, 1, schema_id)
        self.register(server, 2)

    def test_a_restart_keeps_everything_and_goes_on_counting(self):
        ids = self.fill()
        server = self.start()
        for number, schema_id in enumerate(ids):
            self.assert_registered(server, number, schema_id, doc="d" * 2000)
        self.assertEqual(self.register(server, 0, subject="other", doc="d" * 2000), ids[0])
        self.assertEqual(self.register(server, 1000), max(ids) + 1)

    def test_a_file_of_something_else_is_refused_and_left_alone(self):
        for content in (b"dear diary\n" * 1000, b"x", b"SQLite format 3\0" + b"\1" * 5000):
            self.file.write_bytes(content)
            self.assertIn("no" if content[0] != ord("S") else "another program", self.refusal())
            self.assertEqual(self.file.read_bytes(), content)
        self.file.unlink()
        subprocess.run([sys.executable, "-c", "import sqlite3,sys;"
                        "d=sqlite3.connect(sys.argv[1]);d.execute('CREATE TABLE entries(x)');d.commit()",
                        str(self.file)], check=True)
        content = self.file.read_bytes()
        self.assertIn("another program", self.refusal())
        self.assertEqual(self.file.read_bytes(), content)

    def test_a_damaged_file_is_refused_and_left_alone(self):
        self.fill()
        whole = self.file.read_bytes()
        for damaged in (whole[:len(whole) // 2],
                        whole[:100] + b"\x5a" * 8000 + whole[8100:],
                        whole[:len(whole) - 40_960] + b"\x5a" * 40_960):
            self.file.write_bytes(damaged)
            self.assertIn("damaged", self.refusal())
            self.assertEqual(self.file.read_bytes(), damaged)


class FullDisk(ProcessTest):
    FILE_BYTES_MAX = 600_000

    def limited(self):
        """A server whose files cannot grow past the limit; the hard limit stays, to lift it later."""
        def limit_files():
            hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.FILE_BYTES_MAX, hard))
        return self.start(preexec_fn=limit_files)

    def fill_up(self, server):
        """Ids by number of all that was acknowledged, and the answer that ended it."""
        ids = {}
        for number in range(2000):
            status, answer = server.request("POST", f"/subjects/s{number}/versions",
                                            {"schema": schema_text(number, "d" * 5000)})
            if status != 200:
                return ids, status, answer
            ids[number] = answer["id"]
        self.fail("the disk never filled up")

    def test_writes_fail_reads_go_on_and_nothing_acknowledged_is_lost(self):
        server = self.limited()
        ids, status, answer = self.fill_up(server)
        self.assertGreater(len(ids), 10)
        self.assertEqual((status, answer["error_code"]), (500, 50001), answer)
        self.assertIn("the disk", answer["message"])
        for number, schema_id in ids.items():
            self.assert_registered(server, number, schema_id, doc="d" * 5000)
        refused = max(ids) + 1
        self.assertEqual(server.request("GET", f"/subjects/s{refused}/versions/1")[0], 404)
        self.assertEqual(server.request("GET", "/health/live")[0], 200)
        self.assertEqual(server.request("GET", "/health/ready")[0], 503)
        server.stop()

        server = self.start()
        self.assertEqual(server.request("GET", "/health/ready")[0], 200)
        for number, schema_id in ids.items():
            self.assert_registered(server, number, schema_id, doc="d" * 5000)
        self.register(server, refused)

    def test_writes_go_on_when_there_is_room_again(self):
        server = self.limited()
        ids, _, _ = self.fill_up(server)
        hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        self.assertEqual(server.request("GET", "/health/ready")[0], 200)
        new = self.register(server, 5000)
        self.assertNotIn(new, ids.values())
        for number, schema_id in ids.items():
            self.assert_registered(server, number, schema_id, doc="d" * 5000)


class Stop(ProcessTest):
    def assert_port_closed(self, port):
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=5)

    def test_an_idle_server_ends_at_once_even_with_open_connections(self):
        server = self.start()
        idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(5)]
        server.request("GET", "/subjects")
        began = time.monotonic()
        self.assertEqual(server.stop(), 0)
        self.assertLess(time.monotonic() - began, 5)
        self.assert_port_closed(server.port)
        for connection in idle:
            connection.close()

    def test_an_interrupt_from_the_keyboard_ends_it_the_same_way(self):
        server = self.start()
        server.process.send_signal(signal.SIGINT)
        self.assertEqual(server.wait_for_exit()[0], 0)

    def test_a_request_that_was_accepted_is_answered_whole(self):
        server = self.start(arguments=["--drain-timeout-ms", "90000"])
        symbols = [f"S{at}" for at in range(60_000)]
        answers, sent = {}, threading.Semaphore(0)

        def register_large(number):
            schema = {"type": "enum", "name": f"E{number}", "symbols": symbols}
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=90)
            connection.request("POST", f"/subjects/s{number}/versions",
                               json.dumps({"schema": json.dumps(schema)}), {"Content-Type": "application/json"})
            sent.release()
            answer = connection.getresponse()
            answers[number] = answer.status, json.load(answer)
            connection.close()

        threads = [threading.Thread(target=register_large, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        watcher = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        accepted = 0
        while accepted < 1 + len(threads):
            watcher.request("GET", "/metrics")
            text = watcher.getresponse().read().decode()
            accepted = int(re.search(r"(?m)^symbolon_connections_accepted_total (\d+)", text)[1])
        watcher.close()
        for _ in threads:
            self.assertTrue(sent.acquire(timeout=30))
        # Sent and accepted, but not all of them decided.
        self.assertEqual(server.stop(90), 0)
        for thread in threads:
            thread.join()
        self.assertEqual({number: answer[0] for number, answer in answers.items()},
                         dict.fromkeys(range(6), 200))
        self.assert_port_closed(server.port)
        again = self.start()
        for number, (_, answer) in answers.items():
            status, stored = again.request("GET", f"/subjects/s{number}/versions/1")
            self.assertEqual((status, stored["id"]), (200, answer["id"]))

    def test_no_answer_is_cut_and_every_answered_write_is_kept(self):
        server = self.start()
        kept, cut = {}, []
        lock = threading.Lock()

        def register_until_refused(writer):
            client = server.client()
            for number in range(writer * 100_000, (writer + 1) * 100_000):
                try:
                    status, answer = client.request("POST", f"/subjects/s{number}/versions",
                                                    {"schema": schema_text(number)})
                except (http.client.IncompleteRead, json.JSONDecodeError) as problem:
                    cut.append(problem)
                    break
                except NOT_ANSWERED:
                    break  # The server had stopped taking requests: nothing was promised.
                if status != 200:
                    break
                with lock:
                    kept[number] = answer["id"]
            client.close()

        writers = [threading.Thread(target=register_until_refused, args=(at,)) for at in range(8)]
        for writer in writers:
            writer.start()
        time.sleep(0.5)
        wait_until(lambda: len(kept) > 8, "answers", 30)
        self.assertEqual(server.stop(), 0)
        for writer in writers:
            writer.join()
        self.assertEqual(cut, [])
        self.assertGreater(len(kept), 8)
        again = self.start()
        for number, schema_id in kept.items():
            self.assert_registered(again, number, schema_id)


class Prune(ProcessTest):
    def prune(self, *arguments):
        return run("prune", "--store", f"sqlite:{self.file}", *arguments)

    def test_a_dry_run_lists_beside_the_server_and_pruning_waits_for_its_end(self):
        server = self.start()
        server.request("PUT", "/config",
                       {"compatibility": "NONE", "keepVersions": 1, "keepDays": 0})
        for number in (1, 2):
            self.register(server, number, "s")
        self.assertEqual(server.request("DELETE", "/subjects/s"), (200, [1, 2]))
        listed = (0, "s\t1\t1\tAVRO\n", "1 version outside both windows, nothing deleted\n")
        self.assertEqual(self.prune("--dry-run"), listed)
        code, output, errors = self.prune()
        self.assertEqual((code, output), (1, ""))
        self.assertIn("in use by", errors)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(self.prune("--dry-run"), listed)
        self.assertEqual(self.prune(),
                         (0, "s\t1\t1\tAVRO\n", "1 version deleted permanently\n"))
        self.assertEqual(self.prune()[0:2], (0, ""))
        again = self.start()
        self.assertEqual(again.request("GET", "/subjects/s/versions?deleted=true"), (200, [2]))

    def test_a_store_that_is_not_there_is_named_and_not_made(self):
        for flags in (["--dry-run"], []):
            code, _, errors = self.prune(*flags)
            self.assertEqual(code, 1)
            self.assertIn("there is no such file", errors)
            self.assertEqual(list(self.file.parent.glob(self.file.name + "*")), [])


class MetadataSecret(ProcessTest):
    def secret_file(self, name):
        return f"file:{self.write(name, f'the secret called {name}')}"

    def test_sensitive_values_are_not_in_the_file_and_need_their_secret(self):
        one, two = self.secret_file("one"), self.secret_file("two")
        server = self.start(arguments=["--metadata-secret", one])
        body = {"schema": schema_text(1), "metadata": {
            "properties": {"password": "hush-hush"}, "sensitive": ["password"]}}
        self.assertEqual(server.request("POST", "/subjects/s1/versions", body)[0], 200)
        self.assertEqual(server.stop(), 0)
        kept = b"".join(path.read_bytes() for path in self.folder.glob("store.db*"))
        self.assertNotIn(b"hush-hush", kept)
        self.assertIn("encrypted under another secret", self.refusal())
        rotated = self.start(arguments=["--metadata-secret", two, "--metadata-secret-old", one])
        self.assertEqual(rotated.stop(), 0)
        again = self.start(arguments=["--metadata-secret", two])
        _, answer = again.request("GET", "/subjects/s1/versions/1")
        self.assertEqual(answer["metadata"]["properties"], {"password": "hush-hush"})


if __name__ == "__main__":
    main()
