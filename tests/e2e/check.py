#!/usr/bin/env python3
"""`symbolon check` with the real binary: against a registry, git, a folder; and everything that keeps
it from knowing, which never ends in 0.

Usage: tests/e2e/check.py [--binary build/release/symbolon] [--mock build/dev/tests/support/symbolon_mock_kafka]
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import time

import jsonschema

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, ROOT, main  # noqa: E402
from fake_http import FakeHttp, pass_on  # noqa: E402
from program import FolderTest, RegistryTest, run, run_on_terminal  # noqa: E402

REPORT_SCHEMA = json.loads((ROOT / "docs/gate_report.schema.json").read_text())
EVENT = (ROOT / "examples/genesys/interaction_event.avsc").read_text()
ORDER = '{"type": "record", "name": "Order", "fields": [\n  {"name": "id", "type": "int"}%s\n]}\n'
NOTE = ',\n  {"name": "note", "type": "string"}'
KIND_NOTE = ',\n  {"name": "note", "type": "string", "default": ""}'
CLEAN, FINDINGS, FAILED = 0, 100, 1


def check(*words, **more):
    return run("check", *words, **more)


class Reports:
    def report(self, *words, status, **more):
        """The JSON report, which is as its schema says."""
        code, out, said = check(*words, "--format", "json", **more)
        self.assertEqual(code, status, out + said)
        report = json.loads(out)
        jsonschema.Draft202012Validator(REPORT_SCHEMA).validate(report)
        self.assertEqual(report["passed"], status == CLEAN)
        return report


class AgainstRegistry(Reports, RegistryTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server.register("interaction_event", EVENT)
        cls.order_id = cls.server.register("orders", ORDER % "")["id"]

    def test_a_compatible_change_is_clean(self):
        self.write("orders.avsc", ORDER % KIND_NOTE)
        status, out, said = check(self.folder, "--against", self.url)
        self.assertEqual(status, CLEAN, out + said)
        report = self.report(self.folder, "--against", self.url, status=CLEAN)
        self.assertIn('"compatible"', json.dumps(report))

    def test_what_is_registered_is_unchanged(self):
        self.write("orders.avsc", ORDER % "")
        self.assertIn('"unchanged"', json.dumps(self.report(self.folder, "--against", self.url, status=CLEAN)))

    def test_a_breaking_change_is_found_on_its_line(self):
        file = self.write("orders.avsc", ORDER % NOTE)
        status, out, said = check(file, "--against", self.url)
        self.assertEqual(status, FINDINGS, out + said)
        finding = self.report(file, "--against", self.url, status=FINDINGS)["subjects"][0]["findings"][0]
        self.assertEqual((finding["file"], finding["line"], finding["column"]), (str(file), 3, 3))
        self.assertIn("note", finding["message"])
        self.assertIn("default", finding["hint"])
        self.assertIn("note", finding["counterExample"]["reading"])
        self.assertIn(f"{file}:3:3", out)
        self.assertIn("READER_FIELD_MISSING_DEFAULT_VALUE", out)
        self.assertIn("orders version 1", out)
        self.assertNotIn("SERVER_DISAGREES", out)

    def test_the_registry_may_come_from_the_flags(self):
        self.write("orders.avsc", ORDER % NOTE)
        status, out, said = check(self.folder, "--registry", self.url)
        self.assertEqual(status, FINDINGS, out + said)
        status, out, said = check(self.folder)
        self.assertEqual(status, FAILED, out)
        self.assertIn("--against", said)

    def test_a_new_subject_passes_with_a_note(self):
        self.write("payments.avsc", ORDER % "")
        status, out, said = check(self.folder, "--against", self.url)
        self.assertEqual(status, CLEAN, out + said)
        self.assertIn("new", out)

    def test_another_level_may_be_tried(self):
        self.write("orders.avsc", '{"type":"record","name":"Order","fields":[]}')
        self.assertEqual(check(self.folder, "--against", self.url)[0], CLEAN)
        status, out, _ = check(self.folder, "--against", self.url, "--level", "FULL")
        self.assertEqual(status, FINDINGS)
        self.assertIn("READER_FIELD_MISSING_DEFAULT_VALUE", out)
        status, _, said = check(self.folder, "--against", self.url, "--level", "SIDEWAYS")
        self.assertEqual(status, FAILED)
        self.assertIn("FULL_TRANSITIVE", said)

    def test_an_older_version_that_would_not_do_is_a_warning_with_its_name(self):
        for text in (ORDER % NOTE, ORDER % ""):  # the first has a field that the second leaves out
            self.server.register("aged", text)
        self.write("aged.avsc", ORDER % NOTE.replace('"string"', '"int", "default": 0'))
        status, out, said = check(self.folder, "--against", self.url)
        self.assertEqual(status, CLEAN, out + said)
        self.assertRegex(out, r"aged\.avsc:3:\d+: warning: .*aged version 1.*OLDER_VERSION_INCOMPATIBLE")
        (finding,) = self.report(self.folder, "--against", self.url, status=CLEAN)["subjects"][0]["findings"]
        self.assertEqual(finding["severity"], "warning")
        status, out, said = check(self.folder, "--against", self.url, "--level", "BACKWARD_TRANSITIVE")
        self.assertEqual(status, FINDINGS, out + said)
        self.assertIn("aged version 1", out)
        self.assertIn("TYPE_MISMATCH", out)

    def test_nothing_is_stored(self):
        def picture():
            return [self.server.request("GET", path) for path in
                    ("/subjects?deleted=true", "/changes?since=0", "/config", "/schemas?deleted=true")]

        before = picture()
        self.assertEqual(before[1][0], 200)
        self.write("orders.avsc", ORDER % KIND_NOTE)
        self.write("payments.avsc", ORDER % "")
        self.write("interaction_event.avsc", EVENT.replace('"long"', '"string"'))
        self.assertEqual(check(self.folder, "--against", self.url)[0], FINDINGS)
        self.assertEqual(picture(), before)

    def test_reports_go_to_files_and_standard_output(self):
        self.write("orders.avsc", ORDER % NOTE)
        sarif, junit, step = (self.folder / name for name in ("r.sarif", "r.xml", "step.md"))
        status, out, said = check(
            self.folder, "--against", self.url, "--format", f"sarif={sarif}", "--format",
            f"junit={junit}")
        self.assertEqual(status, FINDINGS, said)
        self.assertIn("READER_FIELD_MISSING_DEFAULT_VALUE", out)
        self.assertEqual(json.loads(sarif.read_text())["version"], "2.1.0")
        self.assertIn("<testsuite", junit.read_text())
        status, out, said = check(self.folder, "--against", self.url, "--format", "github-actions",
                                  env={"GITHUB_STEP_SUMMARY": str(step)})
        self.assertEqual(status, FINDINGS, said)
        self.assertIn("::error ", out)
        self.assertIn("orders", step.read_text())
        for words in (("--format", "nope"), ("--format", "json", "--format", "text"),
                      ("--output-file", self.folder / "no" / "where"), ("--format", "json=")):
            status, out, said = check(self.folder, "--against", self.url, *words)
            self.assertEqual(status, FAILED, words)
            self.assertTrue(said)

    def test_exceptions_may_be_agreed_on(self):
        self.write("orders.avsc", ORDER % NOTE)
        status, snippet, said = check(self.folder, "--against", self.url, "--print-ignores")
        self.assertEqual(status, FINDINGS, said)
        self.assertIn("READER_FIELD_MISSING_DEFAULT_VALUE", snippet)
        config = "version: 1\nignore:\n  - rule: READER_FIELD_MISSING_DEFAULT_VALUE\n" \
                 "    subject: orders\n    path: /fields/1\n    reason: asked\n    expires: %s\n"
        self.write("symbolon.yaml", config % "2999-01-01")
        status, out, said = check(self.folder, "--against", self.url)
        self.assertEqual(status, CLEAN, out + said)
        self.write("symbolon.yaml", config % "2020-01-01")
        status, out, said = check(self.folder, "--against", self.url)
        self.assertEqual(status, FINDINGS, out + said)
        self.assertIn("WAIVER_EXPIRED", out)

    def test_references_lead_to_files_and_to_the_registry(self):
        self.write("line.avsc", '{"type":"record","name":"Line","fields":[]}')
        self.write("cart.avsc", '{"type":"record","name":"Cart","fields":[\n'
                                '  {"name":"line","type":"Line"},\n  {"name":"order","type":"Order"}]}')
        self.write("symbolon.yaml", "version: 1\nschemas:\n  - path: cart.avsc\n    references:\n"
                                    "      - {name: Order, subject: orders, version: 1}\n")
        status, out, said = check(self.folder, "--against", self.url)
        self.assertEqual(status, CLEAN, out + said)

    def test_a_reference_that_leads_nowhere_and_a_circle_are_findings(self):
        self.write("a.avsc", '{"type":"record","name":"A","fields":[\n  {"name":"x","type":"Nowhere"}]}')
        status, out, said = check(self.folder, "--against", self.url)
        self.assertEqual(status, FINDINGS, out + said)
        self.assertIn("a.avsc:2:", out)
        self.assertIn("Nowhere", out)
        self.write("a.avsc", '{"type":"record","name":"A","fields":[\n  {"name":"x","type":"B"}]}')
        self.write("b.avsc", '{"type":"record","name":"B","fields":[\n  {"name":"x","type":"A"}]}')
        status, out, said = check(self.folder, "--against", self.url)
        self.assertEqual(status, FINDINGS, out + said)
        self.assertIn("REFERENCE_CYCLE", out)

    def test_recorded_messages_are_read_with_the_new_schema(self):
        file = self.write("orders.avsc", ORDER.replace('"int"', '"long"') % "")
        prefix = b"\0" + self.order_id.to_bytes(4, "big")
        good, bad = (base64.b64encode(prefix + body).decode() for body in (b"\x0e", b"\x80"))
        lines = self.write("messages.jsonl", "".join(
            json.dumps({"value": value, "offset": 1}) + "\n" for value in (good, bad, good)))
        status, out, said = check(file, "--against", self.url, "--messages", lines)
        self.assertEqual(status, FINDINGS, out + said)
        self.assertIn("MESSAGE_UNREADABLE", out)
        self.assertIn(f"{lines}:2", out)
        self.assertNotIn(f"{lines}:3", out)
        lines.write_text(json.dumps({"value": good}) + "\n")
        status, out, said = check(file, "--against", self.url, "--messages", f"orders={lines}")
        self.assertEqual(status, CLEAN, out + said)
        # Compatible for the check, and not for what was really written.
        file.write_text('["null", "string"]')
        status, out, said = check(file, "--against", self.url, "--level", "NONE", "--messages", lines)
        self.assertEqual(status, FINDINGS, out + said)
        status, out, said = check(file, "--against", self.url, "--messages", self.folder / "none.jsonl")
        self.assertEqual(status, FAILED, out)
        self.assertIn("none.jsonl", said)


class AgainstGit(Reports, FolderTest):
    def test_the_breaking_change_of_the_walk_through_fails_a_pre_merge_check(self):
        file = self.write("schemas/interaction_event.avsc", EVENT)
        self.write("schemas/orders.avsc", ORDER % "")
        self.git("init", "-q", "-b", "main")
        self.git("add", ".")
        self.git("commit", "-qm", "first")
        self.git("checkout", "-qb", "score")
        status, out, said = check("schemas", "--against", "git#main", cwd=self.folder)
        self.assertEqual(status, CLEAN, out + said)
        head, tail = EVENT.rsplit("  ]", 1)
        file.write_text(head.rstrip() + ',\n    {"name": "customer_satisfaction_score", "type": "int"}\n  ]'
                        + tail)
        self.git("commit", "-qam", "score")
        line = 1 + file.read_text()[:file.read_text().index("customer_satisfaction_score")].count("\n")
        for what in ("git#main", "git#main:schemas"):
            status, out, said = check("schemas", "--against", what, cwd=self.folder)
            self.assertEqual(status, FINDINGS, out + said)
            self.assertIn(f"schemas/interaction_event.avsc:{line}:5", out)
            self.assertIn("READER_FIELD_MISSING_DEFAULT_VALUE", out)
            self.assertIn("customer_satisfaction_score", out)
        status, out, said = check("schemas", "--against", "git#nowhere", cwd=self.folder)
        self.assertEqual(status, FAILED, out + said)
        self.assertIn("nowhere", said)

    def test_git_itself_refuses_to_merge_what_the_gate_refuses(self):
        """By git's own hook, in which the merged files lie in the folder and HEAD is the branch before."""
        self.write("schemas/orders.avsc", ORDER % "")
        self.git("init", "-q", "-b", "main")
        self.git("add", ".")
        self.git("commit", "-qm", "first")
        hook = self.write(".git/hooks/pre-merge-commit",
                          f'#!/bin/sh\nexec "{OPTIONS.binary}" check schemas --against git#HEAD\n')
        hook.chmod(0o755)
        for branch, more in (("breaks", NOTE), ("fits", KIND_NOTE)):
            self.git("checkout", "-q", "-b", branch, "main")
            self.write("schemas/orders.avsc", ORDER % more)
            self.git("commit", "-qam", branch)
        self.git("checkout", "-q", "main")
        before = self.git("rev-parse", "HEAD")
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            self.git("merge", "-q", "--no-ff", "-m", "merged", "breaks")
        said = refused.exception.stdout + refused.exception.stderr
        self.assertIn("schemas/orders.avsc:3:3", said)
        self.assertIn("READER_FIELD_MISSING_DEFAULT_VALUE", said)
        self.assertEqual(self.git("rev-parse", "HEAD"), before)
        self.git("merge", "--abort")
        self.git("merge", "-q", "--no-ff", "-m", "merged", "fits")
        self.assertNotEqual(self.git("rev-parse", "HEAD"), before)

    def test_a_folder_may_be_compared_with_another(self):
        self.write("old/orders.avsc", ORDER % "")
        self.write("new/orders.avsc", ORDER % NOTE)
        status, out, said = check("new", "--against", "old", cwd=self.folder)
        self.assertEqual(status, FINDINGS, out + said)
        self.assertIn("new/orders.avsc:3:3", out)
        _, out, _ = check("new", "--against", "old", "--format", "sarif", cwd=self.folder)
        (related,) = json.loads(out)["runs"][0]["results"][0]["relatedLocations"]
        self.assertEqual(related["physicalLocation"]["artifactLocation"]["uri"], "old/orders.avsc")
        finding = self.report("new", "--against", "old", cwd=self.folder,
                              status=FINDINGS)["subjects"][0]["findings"][0]
        self.assertEqual((finding["reader"]["file"], finding["writer"]["file"]),
                         ("new/orders.avsc", "old/orders.avsc"))


class WithKafka(Reports, RegistryTest):
    """Messages of a topic, which the program's own producer wrote; librdkafka's mock is the cluster."""

    def setUp(self):
        super().setUp()
        self.brokers = self.kafka("orders")
        self.server.register("orders-value", ORDER % "")
        events = self.write("events.jsonl", "".join(json.dumps({"id": at}) + "\n" for at in range(5)))
        code, out, said = run("produce", events, "--registry", self.url, "--subject", "orders-value",
                              "--to", "kafka:orders", "--brokers", self.brokers, cwd=self.folder)
        self.assertEqual(code, 0, out + said)

    def replay(self, more="", **wanted):
        return self.report(self.folder, "--against", self.url, "--level", "NONE", "--messages",
                           f"kafka://{self.brokers}/orders{more}", **wanted)["subjects"][0]

    def test_messages_of_a_topic_are_read_with_the_new_schema(self):
        self.write("orders-value.avsc", ORDER.replace('"int"', '"long"') % "")
        subject = self.replay(status=CLEAN)
        self.assertIn("5 messages read, 0 of them unreadable", subject["notes"][0])
        self.write("orders-value.avsc", ORDER.replace('"int"', '"string"') % "")
        # Nothing was committed: whoever comes again begins at the beginning again.
        subject = self.replay("?max=2", status=FINDINGS)
        self.assertEqual([finding["rule"] for finding in subject["findings"]], ["MESSAGE_UNREADABLE"] * 2)
        self.assertIn("orders[0]@0", subject["findings"][0]["message"])
        self.assertIn("there are more", subject["notes"][0])


class AgainstAContraryServer(Reports, RegistryTest):
    def contradict(self, request, body):
        """Passes requests on to the registry, and turns its verdict round."""
        status, answer = pass_on(self.server.port, request, body)
        answer = json.loads(answer)
        if "is_compatible" in answer:
            answer = {**answer, "is_compatible": not answer["is_compatible"], "messages": []}
        return status, answer

    def test_another_verdict_of_the_server_is_an_error_of_its_own(self):
        self.server.register("orders", ORDER % "")
        fake = FakeHttp(self.contradict)
        self.addCleanup(fake.close)
        for more, rules in ((KIND_NOTE, ["SERVER_DISAGREES"]),
                            (NOTE, ["READER_FIELD_MISSING_DEFAULT_VALUE", "SERVER_DISAGREES"])):
            self.write("orders.avsc", ORDER % more)
            report = self.report(self.folder, "--against", fake.url, status=FINDINGS)
            self.assertEqual([finding["rule"] for finding in report["subjects"][0]["findings"]], rules)


class NothingIsKnown(FolderTest):
    """Each ends in 1, with words that say what to do."""

    def setUp(self):
        super().setUp()
        self.write("orders.avsc", ORDER % "")

    def fails(self, *words, saying, env=None):
        status, out, said = check(*words, env=env)
        self.assertEqual(status, FAILED, out + said)
        for word in saying:
            self.assertIn(word, said)
        return said

    def stand_in(self, status, pause=0):
        """An empty registry, or one that refuses everybody; it takes its time."""
        def answer(request, _):
            time.sleep(pause)
            if status != 200:
                return status, {"error_code": status, "message": "Unauthorized"}
            if request.path.startswith("/config"):
                return 200, {"compatibilityLevel": "BACKWARD"}
            return 404, {"error_code": 40401, "message": "Subject not found."}

        fake = FakeHttp(answer)
        self.addCleanup(fake.close)
        return fake.url

    def test_a_registry_that_cannot_be_reached(self):
        self.fails(self.folder, "--against", "http://127.0.0.1:9", "--timeout-ms", "300",
                   saying=["127.0.0.1:9", "hint:", "--against"])

    def test_a_registry_that_refuses_us(self):
        self.fails(self.folder, "--against", self.stand_in(401), saying=["401", "hint:", "--user"])

    def test_a_registry_that_does_not_answer_in_time(self):
        self.fails(self.folder, "--against", self.stand_in(200, pause=5), "--timeout-ms", "200",
                   saying=["200 ms", "hint:", "--timeout-ms"])

    def test_progress_is_shown_on_a_terminal_alone(self):
        for at in range(60):
            self.write(f"s{at}.avsc", ORDER % "")
        words = ["check", self.folder, "--against", self.stand_in(200, pause=0.05)]
        printed = self.folder / "printed"
        with printed.open("w") as file:
            _, shown = run_on_terminal(*words, stdout=file)
        self.assertRegex(shown, r"checked \d+ of 61 files")
        self.assertTrue(shown.endswith("\r\x1b[K"), "the line is taken away")
        self.assertNotIn("checked", printed.read_text())
        self.assertNotIn("checked", run(*words)[2])

    def test_a_file_that_cannot_be_read(self):
        hidden = self.write("hidden.avsc", "{}")
        hidden.chmod(0)
        if os.access(hidden, os.R_OK):  # Root reads everything; a link to nowhere it does not.
            hidden.unlink()
            hidden.symlink_to(self.folder / "nowhere.avsc")
        self.fails(hidden, "--against", self.folder, saying=["hidden.avsc"])
        self.fails(self.folder / "no_such_folder", "--against", self.folder, saying=["no_such_folder"])

    def test_a_configuration_that_is_no_yaml(self):
        self.write("symbolon.yaml", "version: 1\nschemas: [\n")
        self.fails(self.folder, "--against", self.folder, saying=["symbolon.yaml"])
        self.write("symbolon.yaml", "version: 1\nshemas: []\n")
        self.fails(self.folder, "--against", self.folder, saying=["symbolon.yaml", "shemas"])
        with open(self.folder / "symbolon.yaml", "wb") as file:
            file.truncate(100 << 20)
        said = self.fails(self.folder, "--against", self.folder, saying=["symbolon.yaml", "too large"])
        self.assertNotIn("exclude", said)

    def test_a_file_of_a_hundred_megabytes(self):
        with open(self.folder / "large.avsc", "wb") as file:
            file.truncate(100 << 20)
        self.fails(self.folder, "--against", self.folder, saying=["large.avsc"])

    def test_a_call_that_is_wrong(self):
        for words in (("--nope",), ("--jobs", "0"), ("--level", "x"), ("--messages", "nobody=x", "--messages", "y")):
            status, out, said = check(self.folder, "--against", self.folder, *words)
            self.assertEqual(status, FAILED, (words, out, said))

    def test_what_files_hold_does_not_steer_the_terminal(self):
        self.write("bad.avsc", '{"type":"\x1b[2J"}')
        status, out, said = check(self.folder, "--against", self.folder)
        self.assertEqual(status, FINDINGS, out + said)
        self.assertNotIn("\x1b", out + said)


if __name__ == "__main__":
    main(mock=ROOT / "build/dev/tests/support/symbolon_mock_kafka")
