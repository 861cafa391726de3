#!/usr/bin/env python3
"""Events through a real Kafka broker that is killed and started again, and readers that are killed.

Usage: kafka_test.py --binary build/release/symbolon --tool build/dev/tests/interop/kafka/symbolon_kafka_tool
                     --jars build/interop/kafka/jars [unittest's own arguments]

Needs Java and the package confluent-kafka, which reads topics as somebody else would.
"""

import argparse
import collections
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from kafka_broker import KafkaBroker  # noqa: E402

OPTIONS = None


class KafkaTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="symbolon-kafka-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.broker = KafkaBroker(OPTIONS.jars, self.folder)
        self.addCleanup(self.broker.kill)
        self.broker.start()

    def create_topic(self, topic, partitions):
        admin = AdminClient({"bootstrap.servers": self.broker.address})
        admin.create_topics([NewTopic(topic, partitions, 1)])[topic].result(60)

    def start(self, *command):
        with open(self.folder / "errors.log", "ab") as errors:
            process = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                                       stderr=errors, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def read_plainly(self, topic):
        """Every message of a topic, as (partition, offset, value), by a reader without a group."""
        reader = Consumer({"bootstrap.servers": self.broker.address, "group.id": "plain",
                           "enable.auto.commit": False})
        found = []
        try:
            partitions = reader.list_topics(topic, 60).topics[topic].partitions
            wanted = {}
            for partition in partitions:
                low, high = reader.get_watermark_offsets(TopicPartition(topic, partition), 60)
                if high > low:
                    wanted[partition] = high
            reader.assign([TopicPartition(topic, partition, 0) for partition in wanted])
            deadline = time.monotonic() + 60
            while wanted and time.monotonic() < deadline:
                for message in reader.consume(10000, 1):
                    self.assertIsNone(message.error())
                    found.append((message.partition(), message.offset(), message.value()))
                    if message.offset() + 1 >= wanted.get(message.partition(), 0):
                        wanted.pop(message.partition(), None)
            self.assertFalse(wanted, "the topic could not be read to its end")
        finally:
            reader.close()
        return found

    def restart_broker(self, seconds_down=1):
        self.broker.kill()
        time.sleep(seconds_down)
        self.broker.start()


class Library(KafkaTest):
    COUNT = 20_000

    def produce_over_a_restart(self, topic):
        """The producer works while the broker dies and comes back."""
        producer = self.start(OPTIONS.tool, "produce", self.broker.address, topic, self.COUNT)
        for line in producer.stdout:
            if int(line) >= self.COUNT // 4:
                break
        self.restart_broker()
        last = collections.deque(producer.stdout, maxlen=1)
        self.assertEqual(producer.wait(90), 0, (self.folder / "errors.log").read_text())
        self.assertEqual(int(last[0]), self.COUNT)

    def test_each_record_is_stored_once_and_a_group_reads_all_of_them_though_a_member_dies(self):
        self.create_topic("numbers", 3)
        self.produce_over_a_restart("numbers")
        stored = self.read_plainly("numbers")
        counts = collections.Counter(value for _, _, value in stored)
        self.assertEqual(len(counts), self.COUNT)
        self.assertEqual(set(counts.values()), {1}, "a record was stored twice")

        files = [self.folder / f"read-{name}" for name in "abc"]
        first, second = (self.start(OPTIONS.tool, "consume", self.broker.address, "readers",
                                    "numbers", file) for file in files[:2])
        self.wait_for(lambda: files[0].exists() and files[0].stat().st_size > 0
                      or files[1].exists() and files[1].stat().st_size > 0)
        first.kill()
        third = self.start(OPTIONS.tool, "consume", self.broker.address, "readers", "numbers",
                           files[2])
        for member in (second, third):
            self.assertEqual(member.wait(60), 0, (self.folder / "errors.log").read_text())
        read = set()
        for file in files:
            if file.exists():
                read.update(line.split()[0] for line in file.read_text().splitlines(True)
                            if line.endswith("\n"))
        self.assertEqual(read, {f"{partition}:{offset}" for partition, offset, _ in stored})

    def wait_for(self, condition, seconds=60):
        deadline = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited for too long")
            time.sleep(0.05)

    def test_large_records_come_in_bounded_portions(self):
        self.create_topic("large", 1)
        writer = Producer({"bootstrap.servers": self.broker.address})
        for _ in range(60):
            writer.produce("large", b"x" * 900_000)
        writer.flush(60)
        file = self.folder / "read"
        reader = self.start(OPTIONS.tool, "consume", self.broker.address, "large-readers", "large",
                            file)
        self.assertEqual(reader.wait(60), 0, (self.folder / "errors.log").read_text())
        self.assertEqual(len(file.read_text().splitlines()), 60)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--tool", required=True)
    parser.add_argument("--jars", required=True)
    OPTIONS, rest = parser.parse_known_args()
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
