#!/usr/bin/env python3
"""`symbolon produce` and `symbolon decode` with a Kafka broker that wants to know who comes, and lets not all do all.

Usage: secured_test.py --binary build/release/symbolon --jars build/interop/kafka/jars [unittest's own arguments]

Needs Java, openssl and the package confluent-kafka.
"""

import argparse
import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from confluent_kafka import ConsumerGroupTopicPartitions, Producer
from confluent_kafka.admin import (AclBinding, AclOperation, AclPermissionType, AdminClient, NewTopic,
                                   ResourcePatternType, ResourceType)

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from secured_kafka_broker import PASSWORDS, SecuredKafkaBroker  # noqa: E402
from server_process import ServerProcess  # noqa: E402

OPTIONS = None
SCHEMA = '{"type": "record", "name": "E", "fields": [{"name": "id", "type": "string"}]}'
COUNT = 300
SECONDS_MAX = 20  # of a run that is refused


class Secured(unittest.TestCase):
    """The tests share a broker and a registry; each has topics and a folder of its own."""

    @classmethod
    def setUpClass(cls):
        data = pathlib.Path(tempfile.mkdtemp(prefix="symbolon-secured-"))
        cls.addClassCleanup(shutil.rmtree, data, ignore_errors=True)
        cls.broker = SecuredKafkaBroker(OPTIONS.jars, data)
        cls.addClassCleanup(cls.broker.kill)
        cls.broker.start()
        cls.server = ServerProcess(OPTIONS.binary, "memory:")
        cls.addClassCleanup(cls.server.close)
        cls.registry = f"http://127.0.0.1:{cls.server.wait_until_listening().port}"
        status, answer = cls.server.request("POST", "/subjects/events-value/versions", {"schema": SCHEMA})
        assert status == 200, answer
        cls.admin = AdminClient({"bootstrap.servers": cls.broker.address, "log_level": 0})

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="symbolon-secured-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.events = [f"e{number}" for number in range(COUNT)]
        (self.folder / "events.jsonl").write_text("".join(json.dumps({"id": one}) + "\n" for one in self.events))

    def create_topic(self, topic):
        self.admin.create_topics([NewTopic(topic, 1, 1)])[topic].result(60)

    def allow(self, user, kind, name, operation):
        rule = AclBinding(kind, name, ResourcePatternType.LITERAL, f"User:{user}", "*", operation,
                          AclPermissionType.ALLOW)
        self.admin.create_acls([rule])[rule].result(60)

    def write_config(self, name, **settings):
        """A file of properties: those of `app` by PLAIN, with `settings` over them; None takes one away."""
        settings = {"security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN", "sasl_username": "app",
                    "sasl_password": PASSWORDS["app"], "ssl_ca_location": self.broker.certificates / "ca.pem"} | settings
        file = self.folder / f"{name}.properties"
        file.write_text("".join(f"{key.replace('_', '.')}={value}\n" for key, value in settings.items()
                                if value is not None))
        return file

    def write_tls_config(self, name, certificate):
        own = {} if certificate is None else {
            "ssl_certificate_location": self.broker.certificates / f"{certificate}.pem",
            "ssl_key_location": self.broker.certificates / f"{certificate}.key"}
        return self.write_config(name, security_protocol="SSL", sasl_mechanism=None, sasl_username=None,
                                 sasl_password=None, **own)

    def start(self, *words, **environment):
        process = subprocess.Popen([OPTIONS.binary, *map(str, words), "--registry", self.registry], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   env={**os.environ, **environment}, cwd=self.folder)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def produce(self, topic, brokers, config, *more, name="spool", source="events.jsonl", **environment):
        return self.start("produce", *([source] if source else []), "--subject", "events-value", "--no-dedup",
                          "--to", f"kafka:{topic}", "--batch-min", 1, "--batch-max", 20, "--brokers", brokers,
                          "--kafka-config", config, "--spool", f"{name}.jsonl", "--audit", f"{name}-audit.jsonl", *more, **environment)

    def decode(self, topic, brokers, config, *more, name="decoder", group=None, **environment):
        queues = [word for queue in ("output", "dead-letter", "retry", "diagnostic")
                  for word in (f"--{queue}", f"{name}-{queue}.jsonl")]
        return self.start("decode", f"kafka:{topic}", "--subject", "events-value", "--group", group or topic,
                          "--until-end", "--brokers", brokers, "--kafka-config", config, "--state", f"{name}-state.json", *queues,
                          *more, **environment)

    def end_of(self, process, seconds=60):
        """The exit status and what was said; no secret is among that, or in a file that was left."""
        said, _ = process.communicate(timeout=seconds)
        for place, text in [("the terminal", said), *((file.name, file.read_text())
                                                      for file in self.folder.glob("*.jsonl"))]:
            for secret in ("s3cret", "not the one"):
                self.assertNotIn(secret, text, f"a secret is in {place}")
        return process.returncode, said

    def records(self, name="decoder"):
        file = self.folder / f"{name}-output.jsonl"
        lines = file.read_text().splitlines() if file.exists() else []
        return [json.loads(line)["decoded_payload"]["id"] for line in lines]

    def committed(self, group):
        asked = ConsumerGroupTopicPartitions(group)
        places = self.admin.list_consumer_group_offsets([asked])[group].result(60).topic_partitions
        return sum(place.offset for place in places if place.offset >= 0)

    def assert_refused(self, runs, words, began):
        """All of `runs`, (producer, decoder), fail in time with these words, and nothing is lost."""
        for name, (producer, decoder) in runs.items():
            with self.subTest(name):
                left = max(0.1, SECONDS_MAX - (time.monotonic() - began))
                status, said = self.end_of(producer, left)
                self.assertEqual(status, 1, said)
                self.assertRegex(said, words[name])
                self.assertIn(f"{COUNT} events wait in {name}.jsonl; --resume sends them", said)
                self.assertIn(f"in {COUNT} = sent 0 + rejected 0 + duplicates 0 + spooled {COUNT}", said)
                status, said = self.end_of(decoder, left)
                self.assertEqual(status, 1, said)
                self.assertRegex(said, words.get(f"{name} of a reader", words[name]))
                self.assertIn("events: in=0 ", said)
                self.assertEqual(self.records(name), [])

    def test_each_way_to_sign_in_carries_all_events(self):
        ways = {
            "plain": (self.broker.sasl_address, self.write_config("plain", sasl_password=None),
                      {"SYMBOLON_KAFKA_PASSWORD": PASSWORDS["app"]}),
            "scram": (self.broker.sasl_address, self.write_config("scram", sasl_mechanism="SCRAM-SHA-512"), {}),
            "mutual-tls": (self.broker.tls_address, self.write_tls_config("tls", "app"), {}),
        }
        producers = {}
        for name, (brokers, config, environment) in ways.items():
            self.create_topic(name)
            producers[name] = self.produce(name, brokers, config, name=name, **environment)
        for name, producer in producers.items():
            status, said = self.end_of(producer)
            self.assertEqual((status, said), (0, f"in {COUNT} = sent {COUNT} + rejected 0 + duplicates 0 + spooled 0\n"))
        decoders = {name: self.decode(name, brokers, config, name=name, group=name, **environment)
                    for name, (brokers, config, environment) in ways.items()}
        for name, decoder in decoders.items():
            status, said = self.end_of(decoder)
            self.assertEqual(status, 0, said)
            self.assertIn(f"in={COUNT} decoded={COUNT} ", said)
            self.assertEqual(sorted(self.records(name)), sorted(self.events))
            self.assertEqual(self.committed(name), COUNT)

    def test_who_cannot_sign_in_is_told_why_in_time_and_loses_nothing(self):
        self.create_topic("closed")
        elsewhere = f"localhost:{self.broker.sasl_port}"  # the certificate is for 127.0.0.1
        good = self.write_config("good")
        ways = {
            "password": (self.broker.sasl_address, self.write_config("password", sasl_password="not the one")),
            "scram": (self.broker.sasl_address, self.write_config("scram", sasl_password="not the one",
                                                                  sasl_mechanism="SCRAM-SHA-512")),
            "authority": (self.broker.sasl_address,
                          self.write_config("authority", ssl_ca_location=self.broker.certificates / "other-ca.pem")),
            "host": (elsewhere, good),
            "certificate": (self.broker.tls_address, self.write_tls_config("certificate", None)),
            "foreign": (self.broker.tls_address, self.write_tls_config("foreign", "other-ca")),
        }
        user = r"Authentication failed.*sasl.username and sasl.password must be those of a user"
        authority = r"certificate verify failed.*authority in ssl.ca.location.*name the host of that address"
        certificate = r"SSL alert number.*wants a certificate that it trusts: ssl.certificate.location"
        words = {"password": user, "scram": user, "authority": authority, "host": authority,
                 "certificate": certificate, "foreign": certificate}
        began = time.monotonic()
        runs = {name: (self.produce("closed", *way, name=name), self.decode("closed", *way, name=name))
                for name, way in ways.items()}
        self.assert_refused(runs, words, began)
        self.assertEqual(self.committed("closed"), 0)

        # Put right, the spool goes out, and the same group reads from the beginning.
        status, said = self.end_of(self.produce("closed", self.broker.sasl_address, good, "--resume", name="password",
                                                source=None))
        self.assertEqual(status, 0, said)
        self.assertIn(f"sent {COUNT} ", said)
        status, said = self.end_of(self.decode("closed", self.broker.sasl_address, good))
        self.assertEqual(status, 0, said)
        self.assertEqual(sorted(self.records()), sorted(self.events))

    def test_who_may_not_and_a_topic_that_is_not_there_are_told_apart(self):
        self.create_topic("forbidden")
        self.create_topic("readable")
        self.allow("stranger", ResourceType.TOPIC, "readable", AclOperation.READ)
        stranger = self.write_config("stranger", sasl_username="stranger", sasl_password=PASSWORDS["stranger"])
        # How long a new topic may take to be known everywhere; librdkafka's own half a minute is long for a test.
        app = self.write_config("app", topic_metadata_propagation_max_ms=1000)
        topics = {"forbidden": ("forbidden", stranger), "missing": ("missing", app), "readable": ("readable", stranger)}
        words = {"forbidden": "Topic authorization failed.*this user needs the right",
                 "forbidden of a reader": "Group authorization failed.*this user needs the right.*or another group",
                 "readable": "Cluster authorization failed.*who writes needs the right to write",
                 "readable of a reader": "Group authorization failed.*this user needs the right.*or another group",
                 "missing": "Unknown topic.*make the topic first"}
        began = time.monotonic()
        runs = {name: (self.produce(topic, self.broker.sasl_address, config, name=name),
                       self.decode(topic, self.broker.sasl_address, config, name=name))
                for name, (topic, config) in topics.items()}
        self.assert_refused(runs, words, began)
        self.allow("stranger", ResourceType.GROUP, "strangers", AclOperation.READ)
        status, said = self.end_of(self.decode("forbidden", self.broker.sasl_address, stranger, group="strangers"))
        self.assertEqual(status, 1, said)
        self.assertRegex(said, "Topic authorization failed.*this user needs the right")

    def test_aborted_transactions_are_not_read_and_headers_come_along(self):
        self.create_topic("transactions")
        writer = Producer({"bootstrap.servers": self.broker.address, "transactional.id": "writer",
                           "log_level": 0})
        writer.init_transactions(60)
        for outcome in ("abort", "commit", "abort"):
            writer.begin_transaction()
            for number in range(10):
                writer.produce("transactions", f"{outcome}{number}",
                               headers=[("a", b"\x00\xff"), ("a", None), ("b", b"")])
            writer.flush(60)
            getattr(writer, f"{outcome}_transaction")(60)
        status, said = self.end_of(self.decode("transactions", self.broker.sasl_address, self.write_config("app")))
        self.assertEqual(status, 0, said)
        self.assertIn("in=10 ", said)
        letters = [json.loads(line) for line in (self.folder / "decoder-dead-letter.jsonl").read_text().splitlines()]
        self.assertEqual(len(letters), 10)
        for letter in letters:
            self.assertEqual(letter["headers"], [["a", {"base64": "AP8="}], ["a", ""], ["b", ""]])

    def test_what_is_too_large_for_a_topic_has_its_place_and_stops_nothing(self):
        self.create_topic("narrow")
        config = self.write_config("app")
        large = "x" * 1_200_000
        (self.folder / "large.jsonl").write_text("".join(json.dumps({"id": one}) + "\n" for one in ("a", large, "b")))
        status, said = self.end_of(self.produce("narrow", self.broker.sasl_address, config, "--batch-bytes", 4_000_000,
                                                "--rejects", "rejects.jsonl", source="large.jsonl"))
        self.assertEqual(status, 1, said)
        self.assertIn("in 3 = sent 2 + rejected 1 + duplicates 0 + spooled 0", said)
        self.assertIn("a batch at most", (self.folder / "rejects.jsonl").read_text())

        written = self.start("produce", "large.jsonl", "--subject", "events-value", "--batch-bytes", 4_000_000, "--to",
                             "container:large.avro")
        self.assertEqual(self.end_of(written)[0], 0)
        status, said = self.end_of(self.start(
            "decode", "large.avro", "--output", "kafka:narrow", "--brokers", self.broker.sasl_address,
            "--kafka-config", config))
        self.assertEqual(status, 0, said)
        self.assertIn("in=3 decoded=2 retry=0 dead_letter=1 ", said)
        letter = json.loads((self.folder / "dead_letters.jsonl").read_text())
        self.assertEqual(letter["reason"], "event_too_large")
        self.assertIn("message.max.bytes", letter["error"])
        self.assertIn(large.encode(), base64.b64decode(letter["original_event"]["payload_base64"]))

        # A letter that does not fit into its topic either keeps the event's beginning.
        status, said = self.end_of(self.start(
            "decode", "large.avro", "--output", "kafka:narrow", "--dead-letter", "kafka:narrow", "--brokers",
            self.broker.sasl_address, "--kafka-config", config))
        self.assertEqual(status, 0, said)
        self.assertIn("in=3 decoded=2 retry=0 dead_letter=1 ", said)


def main():
    global OPTIONS
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", required=True)
    parser.add_argument("--jars", required=True)
    OPTIONS, rest = parser.parse_known_args()
    OPTIONS.binary = str(pathlib.Path(OPTIONS.binary).resolve())
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
