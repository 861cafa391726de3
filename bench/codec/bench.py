#!/usr/bin/env python3
"""Decodes and encodes the same Avro records with Symbolon, Avro C, fastavro and Apache Avro for Java, one
after the other on this machine, and prints nanoseconds a record and how many times faster we are.

Usage: bench.py --program PATH/bench_avro_codec [--work DIRECTORY] [--seconds N] [--check]

fastavro comes from PyPI into an environment of its own and Avro for Java from Maven Central, both below
the work directory (default build/bench-codec). Each figure is processor time, the best of its rounds, so
that what else the machine does matters little. With --check the
program fails when we are not 3 times as fast as Avro C and 8 times as fast as fastavro.
"""

import argparse
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FASTAVRO = "fastavro==1.12.1"
WAYS = ("decode", "decode_resolving", "encode")
AIMS = {"Avro C": 3, "fastavro": 8}

FASTAVRO_PROGRAM = r"""
import io, json, pathlib, sys, time
import fastavro, fastavro._read, fastavro._write
directory, seconds = pathlib.Path(sys.argv[1]), float(sys.argv[2])
writer = fastavro.parse_schema(json.loads((directory / "writer.avsc").read_text()))
reader = fastavro.parse_schema(json.loads((directory / "reader.avsc").read_text()))
data = (directory / "records.bin").read_bytes()
for module in (fastavro._read, fastavro._write):  # the compiled ones, not the fallback in Python
    assert module.__file__.endswith(".so"), module.__file__

def decode(*schemas):
    source, count = io.BytesIO(data), 0
    read = fastavro.schemaless_reader
    while source.tell() < len(data):
        read(source, *schemas)
        count += 1
    return count

def decoded():
    source, records = io.BytesIO(data), []
    while source.tell() < len(data):
        records.append(fastavro.schemaless_reader(source, writer))
    return records

def encode(records):
    out = io.BytesIO()
    for record in records:
        fastavro.schemaless_writer(out, writer, record)
    assert len(out.getvalue()) == len(data)
    return len(records)

def report(name, function, *arguments):
    best, end = float("inf"), time.monotonic() + seconds
    while time.monotonic() < end:
        begun = time.process_time_ns()
        count = function(*arguments)
        best = min(best, (time.process_time_ns() - begun) / count)
    print(name, best)

report("decode", decode, writer)
report("decode_resolving", decode, writer, reader)
report("encode", encode, decoded())
"""


def figures_of(text):
    """Way -> nanoseconds, from lines of both."""
    return {name: float(figure) for name, figure in (line.split() for line in text.splitlines() if line)}


def run(command, **options):
    return subprocess.run([str(word) for word in command], check=True, text=True,
                          stdout=subprocess.PIPE, **options).stdout


def measure_ours(program, seconds):
    """Ours and Avro C's, which share a program; the best of five rounds each."""
    report = json.loads(run([program, "--benchmark_format=json", "--benchmark_repetitions=5",
                             f"--benchmark_min_time={seconds / 5}"], stderr=subprocess.DEVNULL))
    best = {}
    for row in report["benchmarks"]:
        if row["run_type"] == "iteration":
            nanoseconds = 1e9 / row["items_per_second"]
            best[row["run_name"]] = min(best.get(row["run_name"], nanoseconds), nanoseconds)
    return ({way: best[way] for way in WAYS}, {way: best["avro_c_" + way] for way in WAYS})


def measure_fastavro(work, data, seconds):
    python = work / "venv/bin/python"
    if not python.exists():
        run([sys.executable, "-m", "venv", work / "venv"])
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", FASTAVRO])
    return figures_of(run([python, "-c", FASTAVRO_PROGRAM, data, str(seconds)]))


def measure_java(work, data, seconds):
    jars, classes = work / "jars", work / "classes"
    if not list(jars.glob("avro-*.jar")):
        run(["mvn", "--batch-mode", "--quiet", "-f", HERE / "java/pom.xml", "dependency:copy-dependencies",
             f"-DoutputDirectory={jars}"])
    run(["javac", "-cp", f"{jars}/*", "-d", classes, HERE / "java/CodecBench.java"])
    return figures_of(run(["java", "-Xmx512m", "-cp", f"{classes}:{jars}/*", "CodecBench", data,
                           str(seconds)]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", required=True, type=pathlib.Path)
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build/bench-codec")
    parser.add_argument("--seconds", type=float, default=3, help="for each way of each library")
    parser.add_argument("--check", action="store_true", help="fail below the aims")
    options = parser.parse_args()
    data = options.work / "data"
    data.mkdir(parents=True, exist_ok=True)
    run([options.program, f"--write-data={data}"])

    ours, avro_c = measure_ours(options.program, options.seconds)
    others = {"Avro C": avro_c,
              "fastavro": measure_fastavro(options.work, data, options.seconds),
              "Avro for Java": measure_java(options.work, data, options.seconds)}
    print("Avro, one record of 20 fields: ns a record (times ours)")
    print(f"{'':18}{'Symbolon':>10}" + "".join(f"{name:>20}" for name in others))
    for way in WAYS:
        print(f"{way:18}{ours[way]:>10.0f}" + "".join(
            f"{figures[way]:>11.0f} ({figures[way] / ours[way]:5.1f})" .rjust(20)
            for figures in others.values()))
    missed = [f"{way} is {others[name][way] / ours[way]:.1f} times as fast as {name}, not {aim}"
              for name, aim in AIMS.items() for way in WAYS if others[name][way] < aim * ours[way]]
    for line in missed:
        print(f"below the aim: {line}", file=sys.stderr)
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
