#!/usr/bin/env python3
"""The gate's reports under validators that other people wrote: the published schema of SARIF, Jenkins'
XSD of JUnit, GitHub's own renderer of Markdown; and under the rules that GitHub's runner and GitLab
document.

Usage: formats_test.py --binary BINARY --tool DEV_BUILD/tests/interop/formats/symbolon_render_report
                       --sarif-schema FILE --junit-xsd FILE [--junit-xsd FILE …]
"""

import argparse
import html.parser
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import urllib.parse

import cmarkgfm
import jsonschema
from lxml import etree

ROOT = pathlib.Path(__file__).resolve().parents[3]
OPTIONS = argparse.Namespace()
HOSTILE_SEEDS = range(60)
OLD = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "long"}]}
SCORE = {"name": "customer_satisfaction_score", "type": "int"}
NEW = {**OLD, "fields": [*OLD["fields"], SCORE]}
CONFIG = """version: 1
level: BACKWARD
ignore:
  - {rule: READER_FIELD_MISSING_DEFAULT_VALUE, subject: waived, reason: all were asked, expires: 2999-01-31}
  - {rule: NAME_MISMATCH, reason: nobody needs this, expires: 2999-01-31}
"""


def rendered(form, which):
    done = subprocess.run([OPTIONS.tool, form, str(which)], capture_output=True, check=True, timeout=60)
    return done.stdout.decode("utf-8")


class Checked:
    """Reports of the real command: a broken subject, a waived one, a new one, one that does not parse."""

    def __init__(self, folder):
        for name in ("old", "new"):
            (folder / name).mkdir()
        self.folder = folder
        for name, old, new in (("orders", OLD, NEW), ("waived", OLD, NEW), ("same", OLD, OLD),
                               ("broken", OLD, {**OLD, "fields": 7})):
            (folder / "old" / f"{name}.avsc").write_text(json.dumps(old, indent=2))
            (folder / "new" / f"{name}.avsc").write_text(json.dumps(new, indent=2))
        (folder / "new" / "added #1.avsc").write_text(json.dumps(NEW, indent=2))
        (folder / "new" / "symbolon.yaml").write_text(CONFIG)

    def report(self, form):
        env = {name: value for name, value in os.environ.items()
               if not name.startswith(("SYMBOLON_", "SCHEMA_REGISTRY_", "GITHUB_"))}
        done = subprocess.run([OPTIONS.binary, "check", "new", "--against", "old", "--format", form],
                              cwd=self.folder, env=env, capture_output=True, check=False, timeout=60)
        assert done.returncode == 100, (done.returncode, done.stderr.decode())
        return done.stdout.decode("utf-8")


def parse_command(line):
    """One line as GitHub's runner takes it: (command, properties, message); None: an ordinary line."""
    line = line.lstrip()
    if not line.startswith("::"):
        return None
    end = line.find("::", 2)
    if end < 0:
        return None
    head, message = line[2:end], line[end + 2:]
    command, _, rest = head.partition(" ")
    properties = {}
    for pair in rest.strip().split(","):
        name, equals, value = pair.partition("=")
        if equals and name and value:
            for escaped, letter in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
                value = value.replace(escaped, letter)
            properties[name] = value
    for escaped, letter in (("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        message = message.replace(escaped, letter)
    return command, properties, message


class Page(html.parser.HTMLParser):
    """What a rendered comment would do beside showing text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.in_code, self.loose, self.rows = set(), 0, "", []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.in_code += tag in ("code", "pre")
        if tag == "tr":
            self.rows.append(0)
        if tag in ("td", "th"):
            self.rows[-1] += 1

    def handle_endtag(self, tag):
        self.in_code -= tag in ("code", "pre")

    def handle_data(self, data):
        if not self.in_code:
            self.loose += data


class Formats(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.checked = Checked(pathlib.Path(cls.scratch.name))
        schema = json.loads(pathlib.Path(OPTIONS.sarif_schema).read_text())
        assert "2.1.0" in schema["title"], schema["title"]
        cls.sarif = jsonschema.validators.validator_for(schema)(schema)
        own = json.loads((ROOT / "docs/gate_report.schema.json").read_text())
        cls.own = jsonschema.validators.validator_for(own)(own)
        cls.junit = [etree.XMLSchema(etree.parse(path)) for path in OPTIONS.junit_xsd]

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def reports(self, form):
        """Name and text of every report: of the command, of a fixed value, of hostile texts."""
        yield "check", self.checked.report(form)
        yield "sample", rendered(form, "sample")
        for seed in HOSTILE_SEEDS:
            yield f"seed {seed}", rendered(form, seed)

    def test_json_is_what_its_schema_says(self):
        for name, text in self.reports("json"):
            with self.subTest(name):
                self.own.validate(json.loads(text))

    def test_the_checked_tree_has_every_kind_of_finding(self):
        counts = json.loads(self.checked.report("json"))["counts"]
        self.assertEqual((counts["errors"], counts["waived"], counts["new"], counts["unchanged"],
                          counts["invalid"]), (2, 1, 1, 1, 1))

    def test_sarif_is_valid_under_the_published_schema(self):
        for name, text in self.reports("sarif"):
            with self.subTest(name):
                log = json.loads(text)
                self.sarif.validate(log)
                run = log["runs"][0]
                prints = []
                for result in run["results"]:
                    rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
                    self.assertEqual(rule["id"], result["ruleId"])
                    prints.append(result["partialFingerprints"]["symbolonFinding/v1"])
                    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
                    self.assertNotIn("#", uri)
                    self.assertNotIn("?", uri)
                    self.assertTrue(uri.isascii())
                self.assertEqual(len(prints), len(set(prints)))

    def test_sarif_names_files_by_uris_that_lead_back(self):
        log = json.loads(self.checked.report("sarif"))
        seen = set()
        for result in log["runs"][0]["results"]:
            for place in result["locations"] + result.get("relatedLocations", []):
                uri = place["physicalLocation"]["artifactLocation"]["uri"]
                path = self.checked.folder / urllib.parse.unquote(urllib.parse.urlsplit(uri).path)
                self.assertTrue(path.is_file(), uri)
                seen.add(uri)
        self.assertTrue({"new/orders.avsc", "old/orders.avsc"} <= seen, seen)

    def test_junit_is_valid_under_jenkins_xsd(self):
        for name, text in self.reports("junit"):
            document = etree.fromstring(text.encode())
            for schema in self.junit:
                with self.subTest(name):
                    schema.assertValid(document)
            suite = document[0]
            cases = suite.findall("testcase")
            self.assertEqual(int(suite.get("tests")), len(cases))
            self.assertEqual(int(suite.get("failures")), sum(case.find("failure") is not None for case in cases))
            self.assertEqual(int(suite.get("errors")), sum(case.find("error") is not None for case in cases))

    def test_annotations_are_read_by_the_runner(self):
        for name, text in self.reports("github-actions"):
            with self.subTest(name):
                commands = [parsed for line in text.split("\n") if (parsed := parse_command(line))]
                for command, properties, message in commands:
                    self.assertIn(command, ("error", "warning", "notice"))
                    self.assertGreaterEqual(int(properties["line"]), 1)
                    self.assertGreaterEqual(int(properties["col"]), 1)
                    self.assertTrue(properties["title"])
                    if not name.startswith("seed"):
                        self.assertTrue(message)
                if not name.startswith("seed"):
                    self.assertGreaterEqual(len(commands), 2)

    def test_annotations_stand_on_the_changed_line(self):
        lines = (self.checked.folder / "new/orders.avsc").read_text().split("\n")
        found = [properties for line in self.checked.report("github-actions").split("\n")
                 if (parsed := parse_command(line)) and (properties := parsed[1])["file"] == "new/orders.avsc"]
        self.assertEqual(len(found), 1)
        at = int(found[0]["line"]) - 1
        self.assertIn("customer_satisfaction_score", "".join(lines[at:at + 2]))

    def test_gitlab_finds_what_it_documents(self):
        for name, text in self.reports("gitlab-code-quality"):
            with self.subTest(name):
                issues = json.loads(text)
                for issue in issues:
                    self.assertEqual(set(issue), {
                        "description", "check_name", "fingerprint", "severity", "location"})
                    self.assertIn(issue["severity"], ("info", "minor", "major", "critical", "blocker"))
                    self.assertFalse(issue["location"]["path"].startswith("./"))
                    self.assertGreaterEqual(issue["location"]["lines"]["begin"], 1)
                    self.assertTrue(issue["check_name"])
                prints = [issue["fingerprint"] for issue in issues]
                self.assertEqual(len(prints), len(set(prints)))

    def check_page(self, text):
        page = Page(cmarkgfm.github_flavored_markdown_to_html(text))
        self.assertLessEqual(page.tags, {"h3", "h4", "p", "code", "pre", "table", "thead", "tbody",
                                         "tr", "th", "td", "ul", "li"})
        self.assertLessEqual(set(page.rows), {5})
        self.assertIsNone(re.search(r"@\w", page.loose), page.loose)

    def test_markdown_shows_text_and_does_nothing_else(self):
        for form in ("markdown", "step-summary"):
            self.check_page(rendered(form, "sample"))
            for seed in HOSTILE_SEEDS:
                with self.subTest(form, seed=seed):
                    self.check_page(rendered(form, seed))
        self.check_page(self.checked.report("markdown"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", required=True)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--sarif-schema", required=True)
    parser.add_argument("--junit-xsd", action="append", required=True)
    OPTIONS, left = parser.parse_known_args()
    OPTIONS.binary = str(pathlib.Path(OPTIONS.binary).resolve())
    OPTIONS.tool = str(pathlib.Path(OPTIONS.tool).resolve())
    unittest.main(argv=[sys.argv[0], *left])
