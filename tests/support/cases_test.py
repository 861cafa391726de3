#!/usr/bin/env python3
"""Tests of cases.py: a script fails when one of its cases does, in whichever process, and says which and why."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

SCRIPT = """
import os, sys, unittest
sys.path.insert(0, {support!r})
from cases import OPTIONS, main

class Cases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        {fixture}
{good}
    def test_the_last(self):
        {last}

if __name__ == "__main__":
    main(rounds=20)
"""


class RunningCases(unittest.TestCase):
    def run_script(self, last, *words, fixture="pass", good=20):
        with tempfile.TemporaryDirectory() as folder:
            script = pathlib.Path(folder, "script.py")
            script.write_text(SCRIPT.format(
                support=str(pathlib.Path(__file__).parent), fixture=fixture, last=last,
                good="".join(f"    def test_{at}(self):\n        pass\n" for at in range(good))))
            done = subprocess.run([sys.executable, str(script), *words], capture_output=True, text=True, timeout=60)
        return done.returncode, done.stderr

    def test_each_case_runs_once(self):
        code, said = self.run_script("os.write(1, b'')")
        self.assertEqual(code, 0, said)
        self.assertRegex(said, r"\nOK: ran 21 of 21 cases in ")

    def test_a_case_that_fails_is_named_with_its_reason(self):
        for last, why in (("self.assertEqual(1, 2, 'no sum')", "AssertionError: 1 != 2 : no sum"),
                          ("raise OSError('gone')", "OSError: gone")):
            code, said = self.run_script(last)
            self.assertEqual(code, 1)
            self.assertIn("test_the_last (__main__.Cases", said)
            self.assertIn(why, said)
            self.assertIn("\nFAILED: ran 21 of 21 cases", said)

    def test_a_process_that_dies_is_a_failure(self):
        self.assertEqual(self.run_script("os._exit(0)")[0], 1)
        self.assertEqual(self.run_script("os.kill(os.getpid(), 9)")[0], 1)

    def test_a_fixture_that_fails_is_a_failure(self):
        code, said = self.run_script("pass", fixture="raise OSError('no server')")
        self.assertEqual(code, 1)
        self.assertIn("setUpClass (__main__.Cases)", said)

    def test_cases_may_be_chosen_and_that_there_is_none_is_a_failure(self):
        code, said = self.run_script("self.fail(OPTIONS.rounds)", "-k", "last", "--rounds", "7")
        self.assertEqual(code, 1)
        self.assertIn("AssertionError: 7", said)
        self.assertEqual(self.run_script("self.fail()", "-k", "test_1")[0], 0)
        self.assertEqual(self.run_script("pass", "-k", "nothing")[0], 1)
        self.assertEqual(self.run_script("self.fail()", "-v")[0], 1)


if __name__ == "__main__":
    unittest.main()
