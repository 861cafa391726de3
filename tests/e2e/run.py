#!/usr/bin/env python3
"""Drives the real binary through the scripts in scripts/ and the cases of tests/conformance/rest, and
holds every answer to openapi.yaml.

Usage: tests/e2e/run.py [--binary build/release/symbolon] [--store memory:|sqlite:] [--jobs 4]
                        [--only TEXT]    the scripts and cases with this text in their names

Every script gets a server of its own on a free port, with a fresh store; several run at a time. Each
GET is repeated as HEAD. At the end every operation of openapi.yaml must have been answered with its
success status. Exit code 1 when anything failed. Needs Debian's python3-yaml and python3-jsonschema.
tests/support/http_script.py tells how a script is written.
"""

import concurrent.futures
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from cases import OPTIONS, ROOT, add_options  # noqa: E402
from http_script import Failed, Runner  # noqa: E402
from openapi_contract import Contract  # noqa: E402
from rest_conformance import load_cases, own_server, run_against_binary  # noqa: E402


def run_script(path, binary, store, runner):
    """Number of steps that passed, and the failures as texts."""
    passed, failures = 0, []
    try:
        with own_server(binary, store) as url:
            passed, failures = runner.run_script(url, path.name, path.read_text(encoding="utf-8"),
                                                 {})
    except Failed as failure:
        failures.append(f"{path.name}: {failure}")
    return passed, failures


def main():
    parser = add_options(only="", jobs=4)
    parser.add_argument("--store", choices=("memory:", "sqlite:"), default="memory:")
    options = parser.parse_args(namespace=OPTIONS)

    contract = Contract(ROOT / "openapi.yaml")
    runner = Runner(contract, heads=True)
    scripts = sorted((ROOT / "tests/e2e/scripts").glob("*.http"))
    cases, variables = load_cases(ROOT / "tests" / "conformance" / "rest")
    if options.only:
        scripts = [path for path in scripts if options.only in path.name]
        cases = [case for case in cases if options.only in case.name]
    passed, failures = 0, []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for steps, failed in pool.map(
                lambda path: run_script(path, options.binary, options.store, runner), scripts):
            passed += steps
            failures += failed
    for result in run_against_binary(cases, variables, options.binary, options.store, runner, options.jobs):
        passed += result.steps
        failures += result.failures
    if not options.only:
        failures += [f"openapi.yaml: {name} was never answered with a success"
                     for name in sorted(contract.answerable - runner.answered)]
    for failure in failures:
        print(failure, end="\n\n")
    print(f"e2e {options.store} {passed} steps of {len(scripts)} scripts and {len(cases)} cases "
          f"passed, {len(failures)} failures, {len(runner.answered)} of "
          f"{len(contract.answerable)} operations answered")
    return 1 if failures or not scripts + cases else 0


if __name__ == "__main__":
    sys.exit(main())
