#!/usr/bin/env python3
"""Compares what `symbolon check` says with what is expected, and with what the server says.

The cases of cases.yaml one by one (exit status, verdict, rule, line and column) and together; then every line of the shared
compatibility vectors, as one tree against a folder and against a server.

Usage: tests/conformance/gate/run.py --binary build/release/symbolon [--only cases|avro|json|protobuf]
The vectors stand outside the repository: in $SYMBOLON_VECTORS, or beside the checkout in shared/vectors.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

import yaml

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from support.server_process import Client, ServerProcess  # noqa: E402

TYPES = {"avsc": "AVRO", "json": "JSON", "proto": "PROTOBUF"}
PASSES = {"new", "unchanged", "compatible"}


class Checks:
    """Counts what was compared, and prints what differs."""

    def __init__(self):
        self.done, self.failed = 0, 0

    def expect(self, name, what, expected, found):
        self.done += 1
        if expected != found:
            self.failed += 1
            if self.failed <= 50:
                print(f"FAIL {name}: {what} is {found!r}, expected {expected!r}")


def check(binary, folder, against, *flags):
    """Runs the gate in `folder`: its exit status, and its report."""
    done = subprocess.run([binary, "check", "new", "--against", against, "--format", "json", *flags],
                          cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode not in (0, 100):
        raise SystemExit(f"symbolon check ended with {done.returncode}: {done.stderr[-2000:]}")
    return done.returncode, json.loads(done.stdout)


def by_subject(report):
    return {subject["subject"]: subject for subject in report["subjects"]}


def errors_of(subject):
    return [finding for finding in subject["findings"] if finding["severity"] == "error"]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


class Registration:
    """Puts schemas into a server over a connection for each thread."""

    def __init__(self, server):
        self.server, self.local = server, threading.local()

    def request(self, method, path, body=None):
        if not hasattr(self.local, "client"):
            self.local.client = Client(self.server.port)
        return self.local.client.request(method, path, body)

    def register(self, subject, kind, text, references=()):
        status, answer = self.request("POST", f"/subjects/{subject}/versions",
                                      {"schemaType": kind, "schema": text, "references": list(references)})
        if status != 200:
            raise SystemExit(f"{subject} cannot be registered: {answer}")
        return answer["version"]

    def all(self, function, items):
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            return list(pool.map(function, items))


# --- our own cases ---------------------------------------------------------------------------------------------------

def files_of(case, side):
    """File name -> text of a case on one side."""
    files = {}
    if side in case:
        extension = case.get("old_type", case["type"]) if side == "old" else case["type"]
        files[f"{case['name']}.{extension}"] = case[side]
    for name, other in case.get("files", {}).items():
        files[name] = other.get("both", other.get(side))
    return files


def write_case(folder, case):
    for side in ("old", "new"):
        (folder / side).mkdir(parents=True, exist_ok=True)
        for name, text in files_of(case, side).items():
            write(folder / side / name, text)
        if side == "old" and "old" not in case:  # a folder without schemas is no baseline
            write(folder / side / "something_else.avsc", '"string"')


def write_levels(folder, cases):
    entries = [{"path": f"{case['name']}.*", "level": case["level"]} for case in cases if "level" in case]
    for side in ("old", "new"):
        write(folder / side / "symbolon.yaml", yaml.safe_dump({"version": 1, "schemas": entries} if entries
                                                              else {"version": 1}))


def expect_case(checks, case, report, where):
    found = by_subject(report)
    expected = {case["name"]: case}
    for name, other in case.get("files", {}).items():
        expected[name.rsplit(".", 1)[0]] = {"verdict": "unchanged", **other}
    for subject, wanted in expected.items():
        name = f"{where} {subject}"
        if subject not in found:
            checks.expect(name, "the subject", "reported", "missing")
            continue
        entry = found[subject]
        checks.expect(name, "the verdict", wanted["verdict"], entry["verdict"])
        errors = errors_of(entry)
        checks.expect(name, "having errors", "rule" in wanted, bool(errors))
        if "rule" in wanted and errors:
            checks.expect(name, "the rules", True, wanted["rule"] in {finding["rule"] for finding in errors} or
                          sorted({finding["rule"] for finding in errors}))
            places = [(finding["line"], finding["column"]) for finding in errors if finding["rule"] == wanted["rule"]]
            if places:
                checks.expect(name, "the place", (wanted["line"], wanted["column"]), places[0])


def run_cases(binary, checks):
    cases = yaml.safe_load((HERE / "cases.yaml").read_text())
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for case in cases:  # each by itself: the exit status counts
            alone = folder / "alone" / case["name"]
            write_case(alone, case)
            write_levels(alone, [case])
            code, report = check(binary, alone, "old")
            passes = case["verdict"] in PASSES and all(other.get("verdict", "unchanged") in PASSES
                                                       for other in case.get("files", {}).values())
            checks.expect(f"alone {case['name']}", "the exit status", 0 if passes else 100, code)
            expect_case(checks, case, report, "alone")
        together = folder / "together"
        for case in cases:
            write_case(together, case)
        write_levels(together, cases)
        _, report = check(binary, together, "old")
        for case in cases:
            expect_case(checks, case, report, "together")
        write_levels(together, [])
        run_cases_on_server(binary, checks, together, cases)
    return len(cases)


def run_cases_on_server(binary, checks, folder, cases):
    with ServerProcess(binary, "memory:") as server:
        registration = Registration(server)
        for case in cases:
            references = []
            for file, text in files_of(case, "old").items():
                subject, extension = file.rsplit(".", 1)
                if subject == case["name"]:
                    continue
                registration.register(subject, TYPES[extension], text)
                name = (f"{json.loads(text)['namespace']}.{json.loads(text)['name']}" if extension == "avsc" else file)
                references.append({"name": name, "subject": subject, "version": 1})
            if "old" in case:
                registration.register(case["name"], TYPES[case.get("old_type", case["type"])], case["old"], references)
            if "level" in case:
                registration.request("PUT", f"/config/{case['name']}", {"compatibility": case["level"]})
        _, report = check(binary, folder, server_url(server))
        found = by_subject(report)
        for case in cases:
            expect_case(checks, case, report, "server")
            if case.get("server") == "not asked" or "old" not in case:
                continue
            wanted = True if case["verdict"] in PASSES else False
            references = [] if "files" not in case else None
            if case["verdict"] not in ("invalid", "unchanged"):  # what is registered is not asked about
                checks.expect(f"server {case['name']}", "the server's own verdict", wanted,
                              found[case["name"]].get("serverCompatible"))
            if references is not None:
                status, answer = registration.request(
                    "POST", f"/compatibility/subjects/{case['name']}/versions",
                    {"schemaType": TYPES[case["type"]], "schema": case["new"], "references": references})
                says = answer.get("is_compatible", False) if status == 200 else False
                checks.expect(f"server {case['name']}", f"the answer {answer}", wanted, says)


def server_url(server):
    return f"http://127.0.0.1:{server.port}"


# --- the shared vectors ----------------------------------------------------------------------------------------------

def vectors_folder():
    for folder in (os.environ.get("SYMBOLON_VECTORS"), ROOT.parent / "shared" / "vectors"):
        if folder and pathlib.Path(folder).is_dir():
            return pathlib.Path(folder)
    return None


def lines_of(path):
    return [json.loads(line) for line in path.read_bytes().split(b"\n") if line]


class Line:
    """One vector: what was registered, what comes, and what is expected of the pair. A reference is its name, its
    subject and its text."""

    def __init__(self, name, kind, old, new, verdict, old_references=(), new_references=()):
        self.name, self.kind, self.old, self.new, self.verdict = name, kind, old, new, verdict
        self.references = {"old": list(old_references), "new": list(new_references)}

    def needs(self, side, text):
        """Those of the references that a text names."""
        return [reference for reference in self.references[side] if reference[0].rsplit("/", 1)[-1] in text]


# Lines where a registry cannot say what the vector says, each with the reason.
NOT_THE_VECTORS = {
    "avro server": {
        "compat-random-0081": "its stored text does not parse again: a type that is used before it is declared loses "
                              "its namespace, as in the reference",
    },
    "protobuf": {
        "own/ref-same-version-different-text": "one version of a subject has two texts",
        "own/ref-transitive-incompatible-same-direct-version": "one version of a subject has two lists of references",
    },
}


def unsound_pairs():
    """Pairs that the reference's checker takes although data cannot be read; docs/parity.md."""
    listed = (ROOT / "tests" / "unit" / "compat" / "avro_unsound_pairs.txt").read_text().splitlines()
    return {line.split(" ", 1)[0] for line in listed if line and not line.startswith("#")}


def avro_lines(folder):
    lines, unsound = [], unsound_pairs()
    for file in ("compat-curated.jsonl", "compat-random.jsonl"):
        for number, vector in enumerate(lines_of(folder / "avro" / file)):
            verdict = ("invalid" if "reader" in vector.get("lenient", ()) else
                       "compatible" if vector["compatible"] and vector["id"] not in unsound else "incompatible")
            lines.append(Line(f"{file.split('.')[0]}-{number:04}", "avsc", json.dumps(vector["writer"]),
                              json.dumps(vector["reader"]), verdict))
    return lines


def references_of(name, vector, member):
    """(name, subject, text) of each; one subject for each version, since versions are the registry's to count."""
    found = []
    for at, reference in enumerate(vector.get(member, ())):
        text = reference["schema"] if isinstance(reference["schema"], str) else json.dumps(reference["schema"])
        subject = f"{name}-ref{at}"
        if reference.get("subject"):
            subject = f"{name}-{re.sub('[^A-Za-z0-9]', '_', reference['subject'])}-v{reference.get('version', 1)}"
        found.append((reference["name"], subject, text))
    return found


def json_lines(folder):
    lines = []
    for number, vector in enumerate(lines_of(folder / "json-schema" / "compat.jsonl")):
        name = f"json-{number:04}"
        lines.append(Line(name, "json", json.dumps(vector["original"]), json.dumps(vector["update"]),
                          "compatible" if vector["compatible"] else "incompatible",
                          references_of(name, vector, "original_references"),
                          references_of(name, vector, "update_references")))
    return lines


def protobuf_lines(folder):
    lines = []
    for number, vector in enumerate(lines_of(folder / "protobuf" / "compat.jsonl")):
        rejected = vector.get("rejected_at_registration") or ()
        name = f"proto-{number:04}"
        line = Line(name, "proto", vector["original"], vector["update"],
                    "invalid" if "update" in rejected else
                    "compatible" if vector["compatible"] else "incompatible",
                    references_of(name, vector, "original_references"),
                    references_of(name, vector, "update_references"))
        line.id = vector["id"]
        lines.append(line)
    return lines


def write_lines(folder, lines):
    """Both sides as trees, each with a symbolon.yaml that names what refers to what."""
    for side in ("old", "new"):
        entries = []
        for line in lines:
            text = line.old if side == "old" else line.new
            for subject, content in [(line.name, text)] + [(subject, content)
                                                           for _, subject, content in line.references[side]]:
                write(folder / side / f"{subject}.{line.kind}", content)
                references = [{"name": name, "file": f"{other}.{line.kind}"}
                              for name, other, _ in line.needs(side, content) if other != subject]
                if references:
                    entries.append({"path": f"{subject}.{line.kind}", "references": references})
        if any(line.kind == "json" for line in lines):
            entries.append({"path": "*.json", "type": "JSON"})
        write(folder / side / "symbolon.yaml", json.dumps({"version": 1, "schemas": entries}))


def run_lines(binary, checks, kind, lines):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        write_lines(folder, lines)
        code, report = check(binary, folder, "old", "--level", "BACKWARD")
        checks.expect(kind, "the exit status", 100, code)
        compare_lines(checks, f"{kind} folder", lines, report)
        with ServerProcess(binary, "memory:", ["--validate-new-schemas", "false"]) as server:
            registration = Registration(server)
            registration.all(lambda line: register_line(registration, line), lines)
            code, report = check(binary, folder, server_url(server))
            compare_lines(checks, f"{kind} server", lines, report)
            asked = sum(1 for subject in report["subjects"] if subject.get("serverCompatible") is not None)
            print(f"{kind}: {len(lines)} lines; the server was asked about {asked} subjects itself")


def register_line(registration, line):
    """The references before what needs them."""
    versions = {}

    def put(subject, text):
        references = []
        for name, other, content in line.needs("old", text):
            if other != subject:
                if other not in versions:
                    put(other, content)
                references.append({"name": name, "subject": other, "version": versions[other]})
        versions[subject] = registration.register(subject, TYPES[line.kind], text, references)

    put(line.name, line.old)


def compare_lines(checks, where, lines, report):
    found = by_subject(report)
    for line in lines:
        entry = found.get(line.name)
        if {line.name, getattr(line, "id", None)} & {
                **NOT_THE_VECTORS.get(where, {}), **NOT_THE_VECTORS.get(where.split()[0], {})}.keys():
            continue
        if entry is None:
            checks.expect(f"{where} {line.name}", "the subject", "reported", "missing")
            continue
        if entry["verdict"] == "unchanged" and line.old == line.new:
            continue  # also where a schema would be refused today, or does not read its own data
        verdict = "compatible" if entry["verdict"] == "unchanged" else entry["verdict"]
        checks.expect(f"{where} {line.name}", f"the verdict ({[f['rule'] for f in errors_of(entry)][:3]})",
                      line.verdict, verdict)
        checks.expect(f"{where} {line.name}", "SERVER_DISAGREES", False,
                      any(finding["rule"] == "SERVER_DISAGREES" for finding in entry["findings"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--only", choices=["cases", "avro", "json", "protobuf"])
    arguments = parser.parse_args()
    binary = str(pathlib.Path(arguments.binary).resolve())
    checks = Checks()
    if arguments.only in (None, "cases"):
        print(f"{run_cases(binary, checks)} cases of our own")
    folder = vectors_folder()
    if folder is None:
        print("SKIP: the shared vectors are not there; set SYMBOLON_VECTORS")
    else:
        for kind, read in (("avro", avro_lines), ("json", json_lines), ("protobuf", protobuf_lines)):
            if arguments.only in (None, kind):
                run_lines(binary, checks, kind, read(folder))
    print(f"{checks.done} comparisons, {checks.failed} failed")
    return 1 if checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
