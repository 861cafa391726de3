#!/usr/bin/env python3
"""Measures `symbolon check`: 1,000 schema files of all three types against 1,000 subjects of three versions each,
over HTTP, against the registry's file, and against a folder; beside a program that asks a registry about each file in
turn, over one connection.

Usage: bench/gate/bench.py --binary build/bench/symbolon [--subjects 1000] [--rounds 5]
"""

import argparse
import http.client
import json
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from server_process import ServerProcess  # noqa: E402

VERSIONS = 3
FIELDS = 20
EXTENSIONS = {"AVRO": ".avsc", "JSON": ".schema.json", "PROTOBUF": ".proto"}


def schema_text(number, version):
    """The type and text of a subject's version; each one adds an optional field to the one before."""
    fields = FIELDS + version
    kind = ("AVRO", "AVRO", "AVRO", "JSON", "PROTOBUF")[number % 5]
    if kind == "AVRO":
        return kind, json.dumps({"type": "record", "name": f"Record{number}", "namespace": "bench", "fields": [
            {"name": f"field_{at}", "type": ["null", "string"], "default": None} for at in range(fields)]}, indent=2)
    if kind == "JSON":
        return kind, json.dumps({
            "$schema": "http://json-schema.org/draft-07/schema#", "title": f"Record{number}", "type": "object",
            "additionalProperties": False,
            "properties": {f"field_{at}": {"type": "string"} for at in range(fields)}}, indent=2)
    lines = "".join(f"  string field_{at} = {at + 1};\n" for at in range(fields))
    return kind, f'syntax = "proto3";\npackage bench;\n\nmessage Record{number} {{\n{lines}}}\n'


def name_of(number):
    return f"bench-{number:05}-value"


def write_tree(folder, subjects, version):
    """Every third file is one version ahead of `version`, the others are as registered."""
    folder.mkdir()
    (folder / "symbolon.yaml").write_text("version: 1\nlevel: BACKWARD\n")
    for number in range(subjects):
        kind, text = schema_text(number, version + (1 if number % 3 == 0 else 0))
        (folder / f"{name_of(number)}{EXTENSIONS[kind]}").write_text(text)


def fill(server, subjects):
    for number in range(subjects):
        for version in range(VERSIONS):
            kind, text = schema_text(number, version)
            status, answer = server.request(
                "POST", f"/subjects/{name_of(number)}/versions", {"schema": text, "schemaType": kind})
            if status != 200:
                raise SystemExit(f"error: {answer}")


def timed(what):
    began = time.perf_counter()
    what()
    return time.perf_counter() - began


def checker(binary, tree, against):
    def check():
        done = subprocess.run([binary, "check", str(tree), "--against", str(against), "--format", "json"],
                              capture_output=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"error: exit status {done.returncode}\n{done.stderr.decode()}{done.stdout[-2000:]}")
        counts = json.loads(done.stdout)["counts"]
        if counts["unchanged"] + counts["compatible"] != counts["subjects"]:
            raise SystemExit(f"error: {counts}")
    return check


def asker(port, tree):
    """What a script does: the latest version, and whether the file is compatible, one after the other."""
    kinds = {extension: kind for kind, extension in EXTENSIONS.items()}

    def ask_all():
        connection = http.client.HTTPConnection("127.0.0.1", port)
        for path in sorted(tree.iterdir()):
            extension = next((known for known in kinds if path.name.endswith(known)), None)
            if extension is None:
                continue
            subject = path.name[:-len(extension)]
            body = json.dumps({"schema": path.read_text(), "schemaType": kinds[extension]})
            for method, target, sent in (
                    ("GET", f"/subjects/{subject}/versions/latest", None),
                    ("POST", f"/compatibility/subjects/{subject}/versions", body)):
                connection.request(method, target, sent, {"Content-Type": "application/json"} if sent else {})
                answer = connection.getresponse()
                if answer.status != 200:
                    raise SystemExit(f"error: {answer.status} {answer.read()}")
                answer.read()
        connection.close()
    return ask_all


def measure(options, folder):
    tree, base, store = folder / "candidates", folder / "base", folder / "store.db"
    write_tree(tree, options.subjects, VERSIONS - 1)
    write_tree(base, options.subjects, VERSIONS - 1)
    with ServerProcess(options.binary, f"sqlite:{store}") as server:
        fill(server, options.subjects)
        url = f"http://127.0.0.1:{server.port}"
        rows = (("one after the other, over one connection", asker(server.port, tree)),
                ("symbolon check --against URL", checker(options.binary, tree, url)),
                ("symbolon check --against FILE", checker(options.binary, tree, store)),
                ("symbolon check --against FOLDER", checker(options.binary, tree, base)))
        seconds = {name: [] for name, _ in rows}
        for _ in range(options.rounds):  # in turn, so that all see the same machine
            for name, what in rows:
                seconds[name].append(timed(what))
    print(f"{options.subjects} schema files, {options.subjects} subjects of {VERSIONS} versions; "
          f"median of {options.rounds}, seconds")
    baseline = statistics.median(seconds[rows[0][0]])
    for name, _ in rows:
        median = statistics.median(seconds[name])
        print(f"  {name:42} {median:7.3f}   {median / baseline:5.2f} of the first   "
              f"best {min(seconds[name]):.3f}, worst {max(seconds[name]):.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(ROOT / "build/bench/symbolon"))
    parser.add_argument("--subjects", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="symbolon-bench-"))
    try:
        measure(options, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
