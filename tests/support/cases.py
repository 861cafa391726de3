"""How the scripts of tests/e2e take their options and run their cases: several at a time, in processes of their own.

Example:
    class Orders(unittest.TestCase):
        def test_it_tells_its_version(self):
            self.assertEqual(subprocess.run([OPTIONS.binary, "--version"]).returncode, 0)

    if __name__ == "__main__":
        main()      # --binary BINARY, and unittest's own arguments; -v runs the cases one by one

Tested by tests/support/cases_test.py.
"""

import argparse
import multiprocessing
import pathlib
import sys
import time
import types
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
OPTIONS = argparse.Namespace()
PROCESSES_MAX = 4  # most cases wait for something, so that two cores carry four


def add_options(**flags):
    """A parser of --binary and of one option for each flag, with that default and of its type, into OPTIONS."""
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in {"binary": ROOT / "build/release/symbolon", **flags}.items():
        option = "--" + name.replace("_", "-")
        if value is False:
            parser.add_argument(option, action="store_true")
        elif isinstance(value, pathlib.Path):
            parser.add_argument(option, default=value, type=lambda text: pathlib.Path(text).resolve())
        else:
            parser.add_argument(option, default=value, type=type(value))
    return parser


def parse_options(**flags):
    return add_options(**flags).parse_args(namespace=OPTIONS)


def main(processes=PROCESSES_MAX, **flags):
    """Runs the cases of the script; exits with 1 when one of them failed. One process is for a costly fixture."""
    _, rest = add_options(**flags).parse_known_args(namespace=OPTIONS)
    Runner.processes_max = processes
    unittest.main(argv=[sys.argv[0], *rest], testRunner=Runner)


class Remaining(unittest.TestSuite):
    """The cases that no other process has taken. Those of a class follow one another: its fixture is made once."""

    _cleanup = False

    def __init__(self, cases, taken):
        super().__init__(cases)
        self.taken = taken

    def __iter__(self):
        while True:
            with self.taken.get_lock():
                at = self.taken.value
                self.taken.value += 1
            if at >= len(self._tests):
                return
            yield self._tests[at]


def cases_of(suite):
    return [case for each in suite for case in cases_of(each)] if isinstance(suite, unittest.TestSuite) else [suite]


class Runner(unittest.TextTestRunner):
    def run(self, suite):
        if self.verbosity > 1:
            return super().run(suite)
        cases, begun = cases_of(suite), time.monotonic()
        fork = multiprocessing.get_context("fork")
        taken, ran, ended_well = (fork.Value("i", 0) for _ in range(3))
        processes = [fork.Process(target=self.work, args=(cases, taken, ran, ended_well))
                     for _ in range(min(self.processes_max, len(cases)))]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        good = ran.value > 0 and ended_well.value == len(processes)
        self.stream.writeln(f"\n{'OK' if good else 'FAILED'}: ran {ran.value} of {len(cases)} cases in "
                            f"{time.monotonic() - begun:.1f} s")
        return types.SimpleNamespace(wasSuccessful=lambda: good, testsRun=ran.value, skipped=[])

    def work(self, cases, taken, ran, ended_well):
        sys.stderr.reconfigure(line_buffering=False)  # so that what is said of one failure stays together
        result = self._makeResult()
        Remaining(cases, taken).run(result)
        result.printErrors()
        with ran.get_lock():
            ran.value += result.testsRun
            ended_well.value += result.wasSuccessful()
