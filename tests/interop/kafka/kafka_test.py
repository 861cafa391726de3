#!/usr/bin/env python3
"""Events through a real Kafka broker that is killed and started again, and readers that are killed.

Usage: kafka_test.py --binary build/release/symbolon --tool build/dev/tests/interop/kafka/symbolon_kafka_tool
                     --jars build/interop/kafka/jars [unittest's own arguments]

Needs Java and the package confluent-kafka, which reads topics as somebody else would.
"""

import argparse
import base64
import collections
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from kafka_broker import KafkaBroker  # noqa: E402
from server_process import ServerProcess  # noqa: E402

OPTIONS = None


class KafkaTest(unittest.TestCase):
    """The tests of a class share a broker; each has topics of its own."""

    @classmethod
    def setUpClass(cls):
        data = pathlib.Path(tempfile.mkdtemp(prefix="symbolon-broker-"))
        cls.addClassCleanup(shutil.rmtree, data, ignore_errors=True)
        cls.broker = KafkaBroker(OPTIONS.jars, data)
        cls.addClassCleanup(cls.broker.kill)
        cls.broker.start()

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="symbolon-kafka-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

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
        """Every message of a topic, as (partition, offset, key, value), by a reader without a group."""
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
                    found.append((message.partition(), message.offset(), message.key(),
                                  message.value()))
                    if message.offset() + 1 >= wanted.get(message.partition(), 0):
                        wanted.pop(message.partition(), None)
            self.assertFalse(wanted, "the topic could not be read to its end")
        finally:
            reader.close()
        return found

    def stored_count(self, topic):
        """How many messages a topic has; 0 while the broker is away."""
        if not hasattr(self, "watcher"):
            self.watcher = Consumer({"bootstrap.servers": self.broker.address, "group.id": "watcher",
                                     "log_level": 0})
            self.addCleanup(self.watcher.close)
        try:
            partitions = self.watcher.list_topics(topic, 5).topics[topic].partitions
            return sum(self.watcher.get_watermark_offsets(TopicPartition(topic, one), 5)[1]
                       for one in partitions)
        except KafkaException:
            return 0

    def wait_for(self, condition, *processes, seconds=90):
        deadline = time.monotonic() + seconds
        while not condition():
            for process in processes:
                self.assertIn(process.poll(), (None, 0), (self.folder / "errors.log").read_text())
            self.assertLess(time.monotonic(), deadline, "waited for too long")
            time.sleep(0.05)

    def restart_broker(self, seconds_down=1):
        self.broker.kill()
        time.sleep(seconds_down)
        self.broker.start()


class Library(KafkaTest):
    COUNT = 10_000

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
        counts = collections.Counter(value for _, _, _, value in stored)
        self.assertEqual(len(counts), self.COUNT)
        self.assertEqual(set(counts.values()), {1}, "a record was stored twice")

        files = [self.folder / f"read-{name}" for name in "abc"]
        first, second = (self.start(OPTIONS.tool, "consume", self.broker.address, "readers",
                                    "numbers", file) for file in files[:2])
        self.wait_for(lambda: files[0].exists() and files[0].stat().st_size > 0
                      or files[1].exists() and files[1].stat().st_size > 0, first, second)
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
        self.assertEqual(read, {f"{partition}:{offset}" for partition, offset, _, _ in stored})

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


def lines_of(*files):
    """The whole lines of files, those of them that are there."""
    return [line for file in files if file.exists()
            for line in file.read_text().splitlines(True) if line.endswith("\n")]


class Chain(KafkaTest):
    """`symbolon produce` to Kafka to `symbolon decode`; broker and reader are killed on the way."""

    COUNT = 100_000
    SCHEMA = ROOT / "examples" / "genesys" / "interaction_event.avsc"

    def setUp(self):
        super().setUp()
        self.server = ServerProcess(OPTIONS.binary, "memory:")
        self.addCleanup(self.server.close)
        self.server.wait_until_listening()
        self.registry = f"http://127.0.0.1:{self.server.port}"
        status, answer = self.server.request("POST", "/subjects/events-value/versions",
                                             {"schema": self.SCHEMA.read_text()})
        self.assertEqual(status, 200, answer)
        self.create_topic("events", 3)

    def write_events(self):
        file = self.folder / "events.jsonl"
        with open(file, "w") as out:
            for number in range(self.COUNT):
                event = {"event_id": f"e{number}", "timestamp": 1767264326422 + number,
                         "event_type": "interaction.queued", "interaction_id": f"i{number // 4}",
                         "queue": {"id": f"q{number % 7}", "name": "Billing"}}
                out.write(json.dumps(event) + "\n")
        return file

    def start_decoder(self, *more):
        queues = [word for name in ("output", "dead-letter", "retry", "diagnostic")
                  for word in (f"--{name}", self.folder / f"{name}.jsonl")]
        return self.start(OPTIONS.binary, "decode", "kafka:events", "--brokers", self.broker.address,
                          "--group", "decoders", "--registry", self.registry,
                          "--state", self.folder / "state.json",
                          "--kafka-property", "session.timeout.ms=3000",
                          "--kafka-property", "heartbeat.interval.ms=500", *queues, *more)

    def put_corrupt_messages(self):
        """What no decoder can read; answers the messages."""
        corrupt = [b"not framed at all", b"\x00", b"\x00\x00\x00\x00\x01",
                   b"\x00\x00\x00\x00\x01\x02\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
                   b"\x00\x00\x00\x00\x01\x02\x80\x80\x80\x80\x10abc", b"\x00\x00\x0f\x00\x00abc"]
        writer = Producer({"bootstrap.servers": self.broker.address})
        for message in corrupt:
            writer.produce("events", message)
        self.assertEqual(writer.flush(60), 0)
        return corrupt

    def letters(self, name):
        """The original messages in a queue's file."""
        return {base64.b64decode(json.loads(line)["original_event"]["payload_base64"])
                for line in lines_of(self.folder / name)}

    def retry_until_dead(self):
        """What could not be read though its subject was read before is tried three times more."""
        queue = self.folder / "retry.jsonl"
        for visit in range(5):
            if not lines_of(queue):
                return
            again = queue.rename(self.folder / f"retry-{visit}.jsonl")
            decoder = self.start(OPTIONS.binary, "decode", again, "--registry", self.registry,
                                 "--state", self.folder / "state.json", "--retry", queue,
                                 "--dead-letter", self.folder / "dead-letter.jsonl",
                                 "--output", self.folder / "late.jsonl")
            self.assertEqual(decoder.wait(60), 0, (self.folder / "errors.log").read_text())
        self.fail("the retry queue does not end")

    def counts_of(self, words):
        found = re.findall(r"events: in=(\d+) decoded=(\d+) retry=(\d+) dead_letter=(\d+) "
                           r"diagnostic=(\d+)", words)
        self.assertTrue(found, words)
        return [int(number) for number in found[-1]]

    def test_none_of_100000_events_is_lost_or_stored_twice_though_everything_is_killed_once(self):
        producer = self.start(OPTIONS.binary, "produce", self.write_events(), "--registry",
                              self.registry, "--subject", "events-value", "--to", "kafka:events",
                              "--brokers", self.broker.address, "--message-key", "/event_id",
                              "--spool", self.folder / "spool.jsonl")
        decoder = self.start_decoder()
        output = self.folder / "output.jsonl"
        # A tenth is enough to be in the midst of it, and does not miss a fast machine's middle.
        self.wait_for(lambda: self.stored_count("events") >= self.COUNT // 10, producer)
        corrupt = self.put_corrupt_messages()
        self.restart_broker()
        self.wait_for(lambda: len(lines_of(output)) >= self.COUNT // 10, decoder)
        decoder.kill()
        decoder.wait()
        read_before = len(lines_of(output))
        self.assertLess(read_before, self.COUNT, "the decoder had finished before it was killed")
        errors = self.folder / "errors.log"
        self.assertEqual(producer.wait(120), 0, errors.read_text()[-4000:])
        self.assertIn(f"in {self.COUNT} = sent {self.COUNT} ", producer.stdout.read())

        decoder = self.start_decoder("--until-end")
        self.assertEqual(decoder.wait(120), 0, errors.read_text()[-4000:])
        counted, decoded, *queued = self.counts_of(errors.read_text())
        self.assertEqual(counted, decoded + sum(queued))

        stored = self.read_plainly("events")
        keys = collections.Counter(key for _, _, key, _ in stored if key is not None)
        self.assertEqual(len(keys), self.COUNT)
        self.assertEqual(set(keys.values()), {1}, "an event is stored twice")
        self.assertEqual(len(stored), self.COUNT + len(corrupt))

        records = collections.Counter(
            json.loads(line)["decoded_payload"]["event_id"] for line in lines_of(output))
        self.assertEqual(set(records), {f"e{number}" for number in range(self.COUNT)})
        self.assertEqual(lines_of(self.folder / "diagnostic.jsonl"), [])
        self.retry_until_dead()
        self.assertEqual(self.letters("dead-letter.jsonl"), set(corrupt))
        print(f"\n{read_before} records were decoded when the reader was killed; "
              f"{sum(records.values()) - self.COUNT} were read twice", file=sys.stderr)


class Replay(KafkaTest):
    """`symbolon check --messages kafka://…`: what is in a topic, read with a schema that is not registered yet."""

    SCHEMA = '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "%s"}]}'

    def check(self, kind, source, registry):
        file = self.folder / "orders-value.avsc"
        file.write_text(self.SCHEMA % kind)
        done = subprocess.run([OPTIONS.binary, "check", str(file), "--against", registry, "--level", "NONE",
                               "--format", "json", "--messages", source],
                              capture_output=True, text=True, check=False, timeout=120)
        return done.returncode, done.stdout, done.stderr

    def test_messages_of_all_partitions_are_read_and_nobodys_place_moves(self):
        server = ServerProcess(OPTIONS.binary, "memory:")
        self.addCleanup(server.close)
        registry = f"http://127.0.0.1:{server.wait_until_listening().port}"
        status, answer = server.request("POST", "/subjects/orders-value/versions", {"schema": self.SCHEMA % "int"})
        self.assertEqual(status, 200, answer)
        self.create_topic("orders", 3)
        writer = Producer({"bootstrap.servers": self.broker.address})
        framing = b"\x00" + answer["id"].to_bytes(4, "big")
        for number in range(900):
            writer.produce("orders", framing + bytes([number % 64]), partition=number % 3)
        writer.produce("orders", framing + b"\x80", partition=1)  # a number that does not end
        writer.produce("orders", None, key=b"gone", partition=2)  # a tombstone, which is nobody's fault
        self.assertEqual(writer.flush(60), 0)
        source = f"kafka://{self.broker.address}/orders"
        groups_before = self.groups_with_a_place("orders")

        status, out, said = self.check("long", source, registry)
        self.assertEqual(status, 100, out + said)
        (subject,) = json.loads(out)["subjects"]
        self.assertEqual(subject["notes"], [f"{source}: 902 messages read, 1 of them unreadable"])
        self.assertIn("orders[1]@300", subject["findings"][0]["message"])

        status, out, said = self.check("string", source + "?max=100", registry)
        self.assertEqual(status, 100, out + said)
        (subject,) = json.loads(out)["subjects"]
        self.assertEqual({finding["rule"] for finding in subject["findings"]}, {"MESSAGE_UNREADABLE"})
        self.assertIn("100 messages read, 100 of them unreadable", subject["notes"][0])
        self.assertEqual(self.groups_with_a_place("orders"), groups_before)

        status, out, said = self.check("long", f"kafka://{self.broker.address}/no-such-topic", registry)
        self.assertEqual((status, out), (1, ""), said)
        self.assertIn("no-such-topic", said)
        self.assertIn("hint:", said)

    def groups_with_a_place(self, topic):
        """Groups that committed something of a topic."""
        admin = AdminClient({"bootstrap.servers": self.broker.address})
        found = set()
        for group in admin.list_consumer_groups(request_timeout=60).result().valid:
            asked = ConsumerGroupTopicPartitions(group.group_id)
            for place in admin.list_consumer_group_offsets([asked])[group.group_id].result(60).topic_partitions:
                if place.topic == topic and place.offset >= 0:
                    found.add(group.group_id)
        return found


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
