#!/usr/bin/env python3
"""The hook as pre-commit itself runs it, and the files for GitHub and GitLab against the published schemas of
their formats, which check-jsonschema brings along. Also the YAML that docs/pipelines.md shows.

Usage: pipelines_test.py --binary BINARY [-v]     (in an environment with requirements.txt)
"""

import argparse
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
TOOLS = pathlib.Path(sys.executable).parent
OPTIONS = argparse.Namespace(binary="")
BEFORE = {"type": "record", "name": "Order", "fields": [{"name": "id", "type": "int"}]}
AFTER = {"type": "record", "name": "Order", "fields": [
    {"name": "id", "type": "int"}, {"name": "customer_satisfaction_score", "type": "int"}]}


def validate(schema, file):
    """What check-jsonschema says of a file; "" when nothing is wrong."""
    done = subprocess.run([TOOLS / "check-jsonschema", "--builtin-schema", schema, file],
                          capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


class Formats(unittest.TestCase):
    def test_the_action_and_the_template_are_valid(self):
        self.assertEqual(validate("vendor.github-actions", ROOT / "action.yml"), "")
        self.assertEqual(validate("vendor.gitlab-ci", ROOT / "ci/gitlab/symbolon.gitlab-ci.yml"), "")

    def test_what_is_wrong_is_seen(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "action.yml")
            file.write_text((ROOT / "action.yml").read_text().replace("using: composite", "using: shell"))
            self.assertNotEqual(validate("vendor.github-actions", file), "")

    def test_the_pages_examples_are_valid(self):
        blocks = re.findall(r"(?ms)^```yaml\n# (\S+)\n(.*?)^```", (ROOT / "docs/pipelines.md").read_text())
        schemas = {".github/workflows/schemas.yml": "vendor.github-workflows",
                   ".gitlab-ci.yml": "vendor.gitlab-ci", ".pre-commit-config.yaml": None}
        self.assertEqual({name for name, _ in blocks}, set(schemas))
        with tempfile.TemporaryDirectory() as folder:
            for name, text in blocks:
                file = pathlib.Path(folder, pathlib.Path(name).name)
                file.write_text(text)
                if schemas[name] is None:
                    subprocess.run([TOOLS / "pre-commit", "validate-config", file], check=True)
                else:
                    self.assertEqual(validate(schemas[name], file), "", name)

    def test_pre_commit_takes_the_hooks_file(self):
        subprocess.run([TOOLS / "pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], check=True)


class PreCommit(unittest.TestCase):
    """Two repositories: one that brings the hook, one that uses it."""

    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.addCleanup(self.place.cleanup)
        place = pathlib.Path(self.place.name)
        (place / "bin").mkdir()
        (place / "bin/symbolon").symlink_to(OPTIONS.binary)
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("SYMBOLON_", "SCHEMA_REGISTRY_", "GIT_"))}
        self.environment = {
            **kept, "HOME": str(place), "PRE_COMMIT_HOME": str(place / "cache"), "PRE_COMMIT_COLOR": "never",
            "PATH": f"{place / 'bin'}:{TOOLS}:{os.environ['PATH']}", "GIT_AUTHOR_NAME": "test",
            "GIT_COMMITTER_NAME": "test", "GIT_AUTHOR_EMAIL": "test@example.org",
            "GIT_COMMITTER_EMAIL": "test@example.org"}
        self.hooks, self.user = place / "hooks", place / "user"
        for folder in (self.hooks, self.user):
            folder.mkdir()
            self.run_in(folder, "git", "init", "-q", "-b", "main")
        shutil.copy(ROOT / ".pre-commit-hooks.yaml", self.hooks)
        self.commit(self.hooks)
        revision = self.run_in(self.hooks, "git", "rev-parse", "HEAD").strip()
        (self.user / ".pre-commit-config.yaml").write_text(
            f"repos:\n  - repo: {self.hooks}\n    rev: {revision}\n    hooks: [{{id: symbolon-check}}]\n")
        self.write(BEFORE)
        self.commit(self.user)
        self.run_in(self.user, "pre-commit", "install")

    def run_in(self, folder, *words, status=0):
        done = subprocess.run(words, cwd=folder, env=self.environment, text=True, check=False, timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout

    def commit(self, folder, status=0):
        self.run_in(folder, "git", "add", ".")
        return self.run_in(folder, "git", "commit", "-qm", "change", status=status)

    def write(self, schema):
        (self.user / "orders.avsc").write_text(json.dumps(schema, indent=2) + "\n")

    def test_a_commit_that_breaks_readers_is_stopped(self):
        self.write(AFTER)
        said = self.commit(self.user, status=1)
        self.assertIn("exit code: 100", said)
        self.assertIn("customer_satisfaction_score", said)
        AFTER_WITH_DEFAULT = json.loads(json.dumps(AFTER))
        AFTER_WITH_DEFAULT["fields"][1]["default"] = 0
        self.write(AFTER_WITH_DEFAULT)
        self.assertRegex(self.commit(self.user), r"symbolon check\.+Passed")

    def test_a_commit_without_schemas_does_not_ask(self):
        (self.user / "readme.md").write_text("words\n")
        self.assertIn("Skipped", self.commit(self.user))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True)
    options, rest = parser.parse_known_args()
    OPTIONS.binary = str(pathlib.Path(options.binary).resolve())
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
