#!/usr/bin/env python3
"""Container files of ours in other programs, and theirs in ours: every codec, every value.

Usage: containers_test.py --tool build/dev/tests/interop/containers/symbolon_container_tool
                          --jars build/interop/containers/jars [unittest's own arguments]

Needs the package fastavro, Java, and Debian's avro-bin (Apache Avro for C).
"""

import argparse
import base64
import datetime
import decimal
import json
import pathlib
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
import uuid

import fastavro

HERE = pathlib.Path(__file__).resolve().parent
CODECS = ("null", "deflate", "snappy", "zstandard")
C_CODECS = ("null", "deflate", "snappy")
RECORDS = 300
OPTIONS = None

SCHEMA = {
    "type": "record", "name": "Everything", "namespace": "org.symbolon.tests", "fields": [
        {"name": "id", "type": "long"},
        {"name": "flag", "type": "boolean"},
        {"name": "count", "type": "int"},
        {"name": "ratio", "type": "float"},
        {"name": "precise", "type": "double"},
        {"name": "text", "type": "string"},
        {"name": "raw", "type": "bytes"},
        {"name": "mark", "type": {"type": "fixed", "name": "Mark", "size": 4}},
        {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["NEW", "DONE", "GONE"]}},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "counts", "type": {"type": "map", "values": {"type": "array", "items": "int"}}},
        {"name": "maybe", "type": ["null", "string", "long", "Mark",
                                   {"type": "record", "name": "Inner", "fields": [
                                       {"name": "x", "type": ["null", "double"]},
                                       {"name": "next", "type": ["null", "Inner"]}]}]},
        {"name": "day", "type": {"type": "int", "logicalType": "date"}},
        {"name": "clock", "type": {"type": "int", "logicalType": "time-millis"}},
        {"name": "fine_clock", "type": {"type": "long", "logicalType": "time-micros"}},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "fine_at", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}]},
        {"name": "local_at", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},
        {"name": "key", "type": {"type": "string", "logicalType": "uuid"}},
        {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 30,
                                   "scale": 4}},
        {"name": "rate", "type": {"type": "fixed", "name": "Rate", "size": 8, "logicalType": "decimal",
                                  "precision": 12, "scale": 6}},
    ]}


def parse_lines(text):
    return [json.loads(line) for line in text.split("\n") if line]


def characters(data):
    return data.decode("latin-1")


def complement(number, size=None):
    size = size or (number + (number < 0)).bit_length() // 8 + 1
    return number.to_bytes(size, "big", signed=True)


def inner(made, depth):
    return {"x": made.choice([None, {"double": made.random() * 1e9}]),
            "next": None if depth == 0 else {"org.symbolon.tests.Inner": inner(made, depth - 1)}}


def make_record(made, number):
    """One record in Avro's JSON encoding."""
    any_bytes = made.randbytes
    maybe = [None, {"string": "é" * made.randrange(5)}, {"long": made.randrange(-2**63, 2**63)},
             {"org.symbolon.tests.Mark": characters(any_bytes(4))},
             {"org.symbolon.tests.Inner": inner(made, made.randrange(4))}]
    ratio = struct.unpack("f", struct.pack("f", made.uniform(-1e6, 1e6)))[0]
    return {
        "id": number * made.choice([1, -1]), "flag": made.random() < 0.5,
        "count": made.randrange(-2**31, 2**31), "ratio": ratio,
        "precise": made.choice([0.0, 1e-300, 1.7976931348623157e308, made.random()]),
        "text": "".join(made.choices("abc \"\\\n\u0001äß€𝄞", k=made.randrange(20))),
        "raw": characters(any_bytes(made.randrange(40))), "mark": characters(any_bytes(4)),
        "state": made.choice(["NEW", "DONE", "GONE"]),
        "tags": ["tag%d" % at for at in range(made.randrange(4))],
        "counts": {"k%d" % at: list(range(at)) for at in range(made.randrange(4))},
        "maybe": made.choice(maybe),
        "day": made.randrange(-700_000, 2_900_000), "clock": made.randrange(86_400_000),
        "fine_clock": made.randrange(86_400_000_000),
        "at": made.randrange(-60_000_000_000_000, 250_000_000_000_000),
        "fine_at": made.choice([None, {"long": made.randrange(-10**16, 10**16)}]),
        "local_at": made.randrange(-60_000_000_000_000, 250_000_000_000_000),
        "key": str(uuid.UUID(bytes=any_bytes(16), version=4)),
        "price": characters(complement(made.randrange(-10**30 + 1, 10**30) //
                                       10**made.randrange(28))),
        "rate": characters(complement(made.randrange(-10**12 + 1, 10**12), 8)),
    }


decimal.getcontext().prec = 100  # the default would round
EPOCH = datetime.datetime(1970, 1, 1)
UTC = datetime.timezone.utc


def from_complement(text, scale):
    return decimal.Decimal(int.from_bytes(text.encode("latin-1"), "big", signed=True)).scaleb(-scale)


def to_maybe(tagged):
    if tagged is None:
        return None
    (name, value), = tagged.items()
    if name.endswith(".Mark"):
        return value.encode("latin-1")
    if name.endswith(".Inner"):
        return {"x": value["x"] and value["x"]["double"], "next": to_maybe(value["next"])}
    return value


def to_value(record):
    """The record as fastavro shows it, made without fastavro."""
    def after(**amount):
        return EPOCH + datetime.timedelta(**amount)
    fine_at = record["fine_at"]
    return {
        **record,
        "raw": record["raw"].encode("latin-1"), "mark": record["mark"].encode("latin-1"),
        "maybe": to_maybe(record["maybe"]),
        "day": after(days=record["day"]).date(),
        "clock": after(milliseconds=record["clock"]).time(),
        "fine_clock": after(microseconds=record["fine_clock"]).time(),
        "at": after(milliseconds=record["at"]).replace(tzinfo=UTC),
        "fine_at": fine_at and after(microseconds=fine_at["long"]).replace(tzinfo=UTC),
        "local_at": after(milliseconds=record["local_at"]),
        "key": uuid.UUID(record["key"]),
        "price": from_complement(record["price"], 4), "rate": from_complement(record["rate"], 6),
    }


def iso(time, precision):
    return time.replace(tzinfo=None).isoformat(timespec=precision)


def same(left, right, is_float=False):
    """Equality of JSON values; a float may be shown with the digits of a double."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(
            same(left[key], right[key], key == "ratio") for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        if is_float:
            return struct.pack("f", left) == struct.pack("f", right)
        return left == right
    return left == right


class ContainersTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="symbolon-containers-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        made = random.Random(5)
        cls.records = [make_record(made, number) for number in range(RECORDS)]
        cls.lines = cls.folder / "records.jsonl"
        cls.lines.write_text("".join(json.dumps(record) + "\n" for record in cls.records),
                             encoding="utf-8")
        cls.schema = cls.folder / "everything.avsc"
        cls.schema.write_text(json.dumps(SCHEMA), encoding="utf-8")
        cls.values = [to_value(record) for record in cls.records]
        for codec in CODECS:
            with cls.lines.open("rb") as lines:
                cls.run_tool("from_json", cls.schema, codec, 3000, cls.ours(codec), stdin=lines)

    @classmethod
    def ours(cls, codec):
        return cls.folder / f"ours_{codec}.avro"

    @classmethod
    def run_tool(cls, *words, stdin=None):
        return subprocess.run([OPTIONS.tool, *map(str, words)], stdin=stdin, check=True,
                              capture_output=True).stdout.decode()

    def read_ours(self, path):
        """The records of a file as our reader sees them."""
        return parse_lines(self.run_tool("to_json", path))

    def expect_records(self, found):
        self.assertEqual(len(found), RECORDS)
        for number, (expected, record) in enumerate(zip(self.records, found)):
            self.assertTrue(same(expected, record), f"{number}:\n{expected}\n{record}")

    def test_ours_in_ours(self):
        for codec in CODECS:
            with self.subTest(codec):
                self.expect_records(self.read_ours(self.ours(codec)))

    def test_ours_in_fastavro(self):
        for codec in CODECS:
            with self.subTest(codec), self.ours(codec).open("rb") as file:
                reader = fastavro.reader(file)
                self.assertEqual(reader.codec, codec)
                self.assertEqual(list(reader), self.values)

    def test_fastavro_in_ours(self):
        for codec in CODECS:
            with self.subTest(codec):
                path = self.folder / f"fastavro_{codec}.avro"
                with path.open("wb") as file:
                    fastavro.writer(file, SCHEMA, self.values, codec=codec, sync_interval=2000)
                self.expect_records(self.read_ours(path))

    def test_java_both_ways(self):
        jobs, found = [], {}
        for codec in CODECS:
            found[codec] = (self.folder / f"java_{codec}.jsonl", self.folder / f"java_{codec}.avro")
            jobs.append(f"read {self.ours(codec)} {found[codec][0]}")
            jobs.append(f"write {self.schema} {codec} {found[codec][1]} {self.lines}")
        subprocess.run(["java", "-cp", f"{OPTIONS.jars}/*", str(HERE / "Containers.java")],
                       input="\n".join(jobs), text=True, check=True)
        for codec, (lines, file) in found.items():
            with self.subTest(codec):
                self.expect_records(parse_lines(lines.read_text(encoding="utf-8")))
                self.expect_records(self.read_ours(file))

    # Avro for C prints bytes up to the first zero only, branches by the last part of their names, and
    # doubles with too few digits; so it also re-writes our files, and we read what came of them.
    def test_c_both_ways(self):
        for codec in C_CODECS:
            for other in C_CODECS:
                with self.subTest(f"{codec} to {other}"):
                    path = self.folder / f"c_{codec}_{other}.avro"
                    subprocess.run(["avromod", "--codec", other, str(self.ours(codec)), str(path)],
                                   check=True, capture_output=True)
                    self.expect_records(self.read_ours(path))
            printed = subprocess.run(["avrocat", str(self.ours(codec))], check=True,
                                     capture_output=True).stdout.decode()
            records = parse_lines(printed)
            self.assertEqual(len(records), RECORDS)
            for expected, record in zip(self.records, records):
                for field in ("id", "flag", "count", "text", "state", "tags", "counts", "at", "key"):
                    self.assertEqual(record[field], expected[field])

    def test_readable_logical_types_mean_what_python_says(self):
        texts = parse_lines(self.run_tool("to_text", self.ours("null")))
        for text, value in zip(texts, self.values):
            self.assertEqual(decimal.Decimal(text["price"]), value["price"])
            self.assertEqual(decimal.Decimal(text["rate"]), value["rate"])
            self.assertEqual(text["key"], str(value["key"]))
            self.assertEqual(base64.b64decode(text["raw"]), value["raw"])
            self.assertEqual(datetime.time.fromisoformat(text["clock"]), value["clock"])
            self.assertEqual(datetime.time.fromisoformat(text["fine_clock"]), value["fine_clock"])
            self.assertEqual(text["day"], value["day"].isoformat())
            self.assertEqual(text["at"], iso(value["at"], "milliseconds") + "Z")
            self.assertEqual(text["local_at"], iso(value["local_at"], "milliseconds"))
            self.assertEqual(text["fine_at"],
                             value["fine_at"] and iso(value["fine_at"], "microseconds") + "Z")

    def test_a_file_of_anothers_is_gone_on_with(self):
        path = self.folder / "both.avro"
        with path.open("wb") as file:
            fastavro.writer(file, SCHEMA, self.values[:10], codec="deflate")
        # The schema that is in the file, as fastavro writes it.
        with path.open("rb") as file:
            (self.folder / "theirs.avsc").write_text(
                fastavro.reader(file).metadata["avro.schema"], encoding="utf-8")
        with self.lines.open("rb") as lines:
            self.run_tool("from_json", self.folder / "theirs.avsc", "deflate", 3000, path, stdin=lines)
        with path.open("rb") as file:
            self.assertEqual(list(fastavro.reader(file)), self.values[:10] + self.values)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True)
    parser.add_argument("--jars", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])
