#!/usr/bin/env python3
"""Shows what makes clang_tidy.py read a unit again, and that a failure is never remembered."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True

import clang_tidy  # noqa: E402

PROGRAM = pathlib.Path(clang_tidy.__file__).resolve()


@unittest.skipUnless(shutil.which(clang_tidy.TIDY), "clang-tidy is not installed")
class AUnit(unittest.TestCase):
    def setUp(self):
        self.place = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.place.name, "one")
        self.make(self.root)

    def tearDown(self):
        self.place.cleanup()

    def make(self, root):
        (root / "build").mkdir(parents=True)
        (root / ".clang-tidy").write_text("Checks: '-*,modernize-use-nullptr'\n"
                                          "WarningsAsErrors: '*'\nHeaderFilterRegex: '.*'\n")
        (root / "unit.cpp").write_text('#include "part.hpp"\nint unit() { return part(); }\n')
        (root / "part.hpp").write_text("inline int part() { return 1; }\n")
        (root / "build" / "compile_commands.json").write_text(json.dumps([{
            "directory": str(root / "build"), "file": str(root / "unit.cpp"),
            "command": f"clang++-19 -I{root} -o unit.o -c {root}/unit.cpp"}]))

    def run_it(self, root=None):
        environment = dict(os.environ, XDG_CACHE_HOME=self.place.name)
        answer = subprocess.run([sys.executable, PROGRAM, "build"], cwd=root or self.root, text=True,
                                env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return answer.returncode, "1 were as they had passed before" in answer.stdout

    def test_that_passed_is_not_read_again(self):
        self.assertEqual(self.run_it(), (0, False))
        self.assertEqual(self.run_it(), (0, True))

    def test_that_passed_elsewhere_is_not_read_again(self):
        self.run_it()
        self.make(pathlib.Path(self.place.name, "two"))
        self.assertEqual(self.run_it(pathlib.Path(self.place.name, "two")), (0, True))

    def test_is_read_again_when_a_header_changes_and_fails_each_time(self):
        self.run_it()
        (self.root / "part.hpp").write_text("inline int* none() { return 0; }\n"
                                            "inline int part() { return 1; }\n")
        self.assertEqual(self.run_it(), (1, False))
        self.assertEqual(self.run_it(), (1, False))

    def test_is_read_again_when_a_reason_to_be_silent_goes(self):
        silent = "inline int* none() { return 0; }  // NOLINT(modernize-use-nullptr): a test\n"
        (self.root / "part.hpp").write_text(silent + "inline int part() { return 1; }\n")
        self.assertEqual(self.run_it(), (0, False))
        (self.root / "part.hpp").write_text(silent.partition("  //")[0] +
                                            "\ninline int part() { return 1; }\n")
        self.assertEqual(self.run_it(), (1, False))

    def test_is_read_again_when_the_checks_change(self):
        self.run_it()
        settings = self.root / ".clang-tidy"
        settings.write_text(settings.read_text().replace("modernize-use-nullptr", "bugprone-*"))
        self.assertEqual(self.run_it(), (0, False))


if __name__ == "__main__":
    unittest.main()
