#!/usr/bin/env python3
"""What is offered to pipelines, run as the pipelines would run it: action.yml's steps with GitHub's variables,
the script of the GitLab template, and the command of the pre-commit hook, each in a real git repository.

Usage: tests/e2e/pipelines.py [--binary build/release/symbolon]
"""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import xml.etree.ElementTree

import yaml

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, ROOT, main  # noqa: E402
from program import FolderTest, environment  # noqa: E402

BEFORE = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "int"}]}
AFTER = {"type": "record", "name": "Order", "fields": [
    {"name": "id", "type": "int"}, {"name": "customer_satisfaction_score", "type": "int"}]}
GOOD = {"type": "record", "name": "Order", "fields": [
    {"name": "id", "type": "int"}, {"name": "note", "type": "string", "default": ""}]}


def load(name):
    return yaml.safe_load((ROOT / name).read_text())


class Repository(FolderTest):
    """A git repository whose last commit has one schema; `write_schema` changes it."""

    def setUp(self):
        super().setUp()
        self.root = self.folder / "repository"
        bin_folder = self.folder / "bin"
        bin_folder.mkdir()
        (bin_folder / "symbolon").symlink_to(OPTIONS.binary)
        self.environment = environment(HOME=str(self.folder), PATH=f"{bin_folder}:{os.environ['PATH']}")
        self.write_schema(BEFORE)
        self.git("init", "-q", "-b", "main")
        self.git("add", ".")
        self.git("commit", "-qm", "first")

    def git(self, *words):
        return super().git(*words, cwd=self.root).strip()

    def write_schema(self, schema):
        self.write("repository/schemas/orders.avsc", json.dumps(schema, indent=2) + "\n")

    def run_bash(self, script, **more):
        """Exit status and everything that was said."""
        done = subprocess.run(["bash", "-e", "-o", "pipefail", "-c", script], cwd=self.root, text=True,
                              env={**self.environment, **more}, check=False, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout


class GitHubAction(Repository):
    def run_action(self, sources=ROOT, **inputs):
        """Runs the steps as a runner does: inputs and outputs put into `env`, until one fails."""
        action = load("action.yml")
        self.assertLessEqual(set(inputs), set(action["inputs"]))
        values = {name: inputs.get(name, about["default"]) for name, about in action["inputs"].items()}
        outputs, said = {}, ""
        self.summary = self.folder / "summary"
        self.summary.write_text("")
        for step in action["runs"]["steps"]:
            self.assertEqual(step["shell"], "bash")
            out = self.folder / "output"
            out.write_text("")

            def fill(found):
                kind, *rest = found.group(1).split(".")
                return values[rest[0]] if kind == "inputs" else outputs.get((rest[0], rest[2]), "")
            env = {name: re.sub(r"\$\{\{ ([\w.-]+) \}\}", fill, text) for name, text in step["env"].items()}
            self.assertNotIn("${{", step["run"], "what is put into a script is run")
            status, text = self.run_bash(
                step["run"], **env, GITHUB_ACTION_PATH=str(sources),
                GITHUB_OUTPUT=str(out), GITHUB_STEP_SUMMARY=str(self.summary),
                RUNNER_TEMP=str(self.folder), GITHUB_ACTIONS="true")
            said += text
            for line in out.read_text().splitlines():
                name, _, value = line.partition("=")
                outputs[(step["id"], name)] = value
            if status != 0:
                break
        declared = {name: re.fullmatch(r"\$\{\{ steps\.(\w+)\.outputs\.([\w-]+) \}\}", about["value"]).groups()
                    for name, about in action["outputs"].items()}
        return status, said, {name: outputs.get(key, "") for name, key in declared.items()}

    def test_a_change_that_breaks_readers_fails_with_an_annotation(self):
        self.write_schema(AFTER)
        status, said, outputs = self.run_action(path="schemas", against="git#main")
        self.assertEqual(status, 100, said)
        self.assertRegex(said, r"(?m)^::error .*file=schemas/orders\.avsc,.*line=\d+")
        self.assertEqual(outputs, {"exit-status": "100", "sarif-file": "symbolon.sarif"})
        sarif = json.loads((self.root / "symbolon.sarif").read_text())
        self.assertEqual(sarif["version"], "2.1.0")
        self.assertTrue(sarif["runs"][0]["results"])
        self.assertIn("READER_FIELD_MISSING_DEFAULT_VALUE", self.summary.read_text())

    def test_a_change_that_breaks_nobody_passes(self):
        self.write_schema(GOOD)
        status, said, outputs = self.run_action(path="schemas\n", against="git#main")
        self.assertEqual((status, outputs["exit-status"]), (0, "0"), said)
        self.assertNotIn("::error", said)
        status, said, _ = self.run_action(path="schemas", against="git#main", level="FORWARD_TRANSITIVE")
        self.assertEqual(status, 0, said)

    def test_what_stands_in_a_schema_is_no_command_to_the_runner(self):
        schema = json.loads(json.dumps(AFTER))
        schema["fields"][1]["doc"] = "a\n::add-mask::b\n::set-output name=x::y"
        self.write_schema(schema)
        _, said, _ = self.run_action(path="schemas", against="git#main")
        token = re.search(r"(?m)^::stop-commands::([0-9a-f]{32})$", said).group(1)
        inside, _, after = said.partition(f"\n::{token}::\n")
        self.assertTrue(after)
        self.assertNotIn("::add-mask::", after)

    def test_what_cannot_be_compared_is_no_pass(self):
        for inputs in ({"against": "git#nope"}, {"path": "nothing"}, {"level": "BACKWARDS"},
                       {"against": "http://127.0.0.1:9"}):
            (self.root / "symbolon.sarif").write_text("old")
            status, said, outputs = self.run_action(**{"path": "schemas", "against": "git#main", **inputs})
            self.assertEqual((status, outputs["exit-status"]), (1, "1"), said)
            self.assertEqual(outputs["sarif-file"], "")

    def test_the_binary_is_the_input_or_in_the_path_or_built_on_debian(self):
        status, said, _ = self.run_action(binary="/no/such/file")
        self.assertEqual(status, 1)
        self.assertRegex(said, r"(?m)^::error title=symbolon::the input binary")
        self.write_schema(GOOD)
        status, said, _ = self.run_action(binary=str(OPTIONS.binary), path="schemas", against="git#main")
        self.assertEqual(status, 0, said)
        (self.folder / "bin/symbolon").unlink()
        sources = self.folder / "sources"
        (sources / "ci").mkdir(parents=True)
        (sources / "ci/github").symlink_to(ROOT / "ci/github")
        (sources / "dev").write_text("#!/bin/sh\nmkdir -p \"$(dirname \"$0\")/build/$2\"\n"
                                     f"ln -s {shlex.quote(str(OPTIONS.binary))} \"$(dirname \"$0\")/build/$2/symbolon\"\n")
        (sources / "dev").chmod(0o755)
        release = self.folder / "os-release"
        release.write_text('ID=ubuntu\nVERSION_ID="24.04"\n')
        self.environment["OS_RELEASE_FILE"] = str(release)
        status, said, _ = self.run_action(sources=sources)
        self.assertEqual(status, 1)
        self.assertIn("container: debian:12", said)
        release.write_text('ID=debian\nVERSION_ID="12"\n')
        status, said, _ = self.run_action(sources=sources, path="schemas", against="git#main")
        self.assertEqual(status, 0, said)


class GitLabTemplate(Repository):
    def run_job(self, **variables):
        job = load("ci/gitlab/symbolon.gitlab-ci.yml")[".symbolon-check"]
        base = self.git("rev-parse", "main")
        given = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
        for name, value in {**job["variables"], **variables}.items():
            given[name] = re.sub(r"\$(\w+)", lambda found: given[found.group(1)], value)
        status, said = self.run_bash("\n".join(job["script"]), **given)
        return status, said, job["artifacts"]["reports"]

    def test_a_change_that_breaks_readers_fails_and_leaves_its_reports(self):
        self.write_schema(AFTER)
        status, said, reports = self.run_job(SYMBOLON_PATH="schemas")
        self.assertEqual(status, 100, said)
        self.assertIn("customer_satisfaction_score", said)
        junit = xml.etree.ElementTree.parse(self.root / reports["junit"]).getroot()
        self.assertTrue(list(junit.iter("failure")))
        quality = json.loads((self.root / reports["codequality"]).read_text())
        self.assertEqual(quality[0]["location"]["path"], "schemas/orders.avsc")

    def test_a_change_that_breaks_nobody_passes(self):
        self.write_schema(GOOD)
        status, said, reports = self.run_job()
        self.assertEqual(status, 0, said)
        self.assertEqual(json.loads((self.root / reports["codequality"]).read_text()), [])


class PreCommitHook(Repository):
    def test_its_command_fails_for_a_change_that_breaks_readers(self):
        hook, = load(".pre-commit-hooks.yaml")
        command = " ".join([hook["entry"], *hook["args"]])
        self.assertEqual(self.run_bash(command)[0], 0)
        self.write_schema(AFTER)
        status, said = self.run_bash(command)
        self.assertEqual(status, 100, said)

    def test_it_is_for_files_with_schemas(self):
        hook, = load(".pre-commit-hooks.yaml")
        for name, wanted in (("a/b.avsc", True), ("x.proto", True), ("x.schema.json", True),
                             ("symbolon.yaml", True), ("a/symbolon.yaml", True), ("readme.md", False),
                             ("notsymbolon.yaml", False), ("avsc", False)):
            self.assertEqual(re.search(hook["files"], name) is not None, wanted, name)


if __name__ == "__main__":
    main()
