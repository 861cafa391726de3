#!/usr/bin/env python3
"""Holds a registry to the REST contract, rule by rule: its own, or any other that speaks the protocol.

Usage: tests/conformance/rest/run.py --binary build/release/symbolon [--store memory:|sqlite:]
       tests/conformance/rest/run.py --url http://localhost:8081 [--empty]
       [--only TEXT] [--jobs N] [--verbose]

With --binary it starts servers of its own. With --url it aims at one that is there: every case uses a
context or names of its own, so what the registry holds does not matter and nothing of it is changed;
only its global level and mode must be BACKWARD and READWRITE. Cases that change what is global run only
with --empty, which says that the server is empty and ours alone (it is refused otherwise): after each
of them everything is deleted.

rules.txt lists the rules. A case about schemas runs with Avro, JSON Schema and Protobuf. The run prints
each rule with what became of its cases and the types they ran with (A, J, P), then how many passed of
each type, and ends with 1 when a case failed, a rule has none (unless docs/parity.md says that it is
absent), a rule lacks a type, or docs/parity.md does not speak of a rule. Needs Python alone.
"""

import argparse
import pathlib
import re
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from http_script import Failed, Runner, parse_script  # noqa: E402
from rest_conformance import (  # noqa: E402
    EMPTY, OPTIONS, RULE, TYPES, family_of, is_empty, load_cases, load_rules, run_against_binary,
    run_against_url, surprises)

CONTRACT = ROOT.parent / "shared" / "contract" / "rest-api.md"
PARITY = ROOT / "docs" / "parity.md"
VERDICTS = ("same", "better", "partly", "absent")
CLIENTS = "clients"


def natural(rule):
    """Sorts REG-2 before REG-10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", rule)]


def check_names(rules, cases, absent):
    """What is wrong with the files themselves."""
    for case in cases:
        folder = case.path.parent.name
        if folder == CLIENTS:
            continue
        if not case.rules:
            yield f"{case.name}: the name does not begin with a rule's number"
        for rule in case.rules:
            if rule not in rules:
                yield f"{case.name}: there is no rule {rule} in rules.txt"
        if case.rules and folder not in [family_of(rule) for rule in case.rules]:
            yield f"{case.name}: belongs in {family_of(case.rules[0])}/"
        if case.needs and case.needs != EMPTY and not case.needs.startswith(OPTIONS):
            yield f"{case.name}: `# needs: {case.needs}` is unknown"
        if unknown := set(case.types) - set(TYPES):
            yield f"{case.name}: there is no schema type {', '.join(sorted(unknown))}"
        try:
            if not parse_script(case.text):
                yield f"{case.name}: has no step"
        except Failed as failure:
            yield f"{case.name}: {failure}"
    covered = {rule for case in cases for rule in case.rules}
    yield from (f"{rule} has no case" for rule in sorted(set(rules) - covered - absent, key=natural))
    yield from (f"{rule} has a case, so it is not absent" for rule in sorted(covered & absent))


def check_types(rules, cases, variables):
    """A rule that holds for schemas has cases of every type, unless its words name a type."""
    for one in TYPES[1:]:
        for name in sorted(set(variables[TYPES[0]]) ^ set(variables[one])):
            yield f"{name} is a variable of {TYPES[0]} or {one} alone"
    for rule, wording in rules.items():
        own = [case for case in cases if rule in case.rules]
        covered = {one for case in own for one in case.types}
        excused = any(case.excused for case in own) or any(
            word in wording for word in ("Avro", "JSON Schema", "Protobuf"))
        if covered and not excused:
            yield from (f"{rule} has no case of {one}" for one in TYPES if one not in covered)


def check_contract(rules):
    """rules.txt is the contract's list, where the contract is at hand."""
    if CONTRACT.exists():
        text = CONTRACT.read_text(encoding="utf-8")
        numbers = set(re.findall(r"`\[([A-Z]+(?:-[A-Z]+)?-?[A-Z]?\d+)\]`", text))
        yield from (f"rules.txt lacks {rule}" for rule in sorted(numbers - set(rules)))
        yield from (f"the contract lacks {rule}" for rule in sorted(set(rules) - numbers))


def parity_rows():
    """docs/parity.md: rule -> (wording, verdict, why), and what is wrong with the page."""
    rows, complaints = {}, []
    for line in PARITY.read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(rf"\| ({RULE.pattern}) \| (.+) \| (\w+)(?:: (.+))? \|", line)
        if found and found[1] in rows:
            complaints.append(f"docs/parity.md: {found[1]} has more than one row")
        if found:
            rows[found[1]] = found.groups()[1:]
    return rows, complaints


def check_parity(rules, rows):
    """docs/parity.md has one row for each rule, in the rule's words, and none for others."""
    yield from (f"docs/parity.md has no row for {rule}" for rule in rules if rule not in rows)
    for rule, (wording, verdict, why) in rows.items():
        if rules.get(rule) != wording:
            yield f"docs/parity.md: {rule} is not what rules.txt says"
        if verdict not in VERDICTS:
            yield f"docs/parity.md: {rule} is {verdict}; it may be {', '.join(VERDICTS)}"
        elif (verdict == "same") != (why is None):
            yield f"docs/parity.md: {rule} needs a reason unless it is the same"


def runs_with(result, schema_type):
    return schema_type in ([result.case.type] if result.case.type else result.case.types)


def print_types(results):
    """How many of the cases of each schema type passed."""
    for one in TYPES:
        own = [result for result in results if runs_with(result, one)]
        passed = sum(1 for result in own if not result.failures and not result.skipped)
        print(f"{one:8} {passed} of {len(own)} cases passed")


def print_rules(rules, results):
    for rule in sorted(rules, key=natural):
        own = [result for result in results if rule in result.case.rules]
        if not own:
            continue
        ran = [result for result in own if not result.skipped]
        word = "FAIL" if any(result.failures for result in ran) else "pass" if ran else "skip"
        types = "".join(one[0] if any(runs_with(result, one) for result in own) else "-"
                        for one in TYPES)
        print(f"{word} {rule:9} {len(own):2} case{'s' if len(own) > 1 else ' '} {types}  {rules[rule]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    aim = parser.add_mutually_exclusive_group(required=True)
    aim.add_argument("--binary", type=pathlib.Path)
    aim.add_argument("--url")
    parser.add_argument("--store", choices=("memory:", "sqlite:"), default="memory:")
    parser.add_argument("--empty", action="store_true")
    parser.add_argument("--only", help="run the cases with this text in their names")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--verbose", action="store_true", help="print each case and its seconds")
    options = parser.parse_args()

    begun = time.monotonic()
    rules = load_rules(HERE / "rules.txt")
    cases, variables = load_cases(HERE)
    rows, complaints = parity_rows()
    absent = {rule for rule, (_, verdict, _) in rows.items() if verdict == "absent"}
    complaints += [*check_names(rules, cases, absent), *check_types(rules, cases, variables),
                   *check_contract(rules), *check_parity(rules, rows)]
    covered = {rule for case in cases for rule in case.rules} & set(rules)
    if options.only:
        cases = [case for case in cases if options.only in case.name]
    runner = Runner()
    if options.binary:
        results = run_against_binary(cases, variables, options.binary.resolve(), options.store,
                                     runner, options.jobs)
    else:
        if options.empty and not is_empty(options.url):
            parser.error(f"{options.url} has subjects, so it is not empty")
        complaints += surprises(options.url)
        results = run_against_url(cases, variables, options.url, runner, options.jobs, options.empty)

    print_rules(rules, results)
    for result in results:
        if options.verbose:
            print(f"{'FAIL' if result.failures else 'skip' if result.skipped else 'pass'} "
                  f"{result.case.name} ({result.steps} steps)")
    for text in [failure for result in results for failure in result.failures] + complaints:
        print("\n" + text)
    print()
    print_types(results)
    failed = sum(1 for result in results if result.failures)
    skipped = sum(1 for result in results if result.skipped)
    aim = options.url or options.store
    print(f"\nconformance {aim} {len(covered)} of {len(rules)} rules covered, {len(absent)} absent, "
          f"{len(results)} cases, {failed} failed, {skipped} not run, {sum(result.steps for result in results)} steps, "
          f"{time.monotonic() - begun:.0f} s")
    return 1 if failed or complaints or not results else 0


if __name__ == "__main__":
    sys.exit(main())
