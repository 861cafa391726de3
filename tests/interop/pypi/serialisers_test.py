#!/usr/bin/env python3
"""Messages of confluent-kafka's serialisers are explained by symbolon, and its own are read by theirs.

All three schema types, with references, the id before the body and the GUID in a header. Needs
SYMBOLON_URL, SYMBOLON_BINARY and SYMBOLON_ENCODER (tests/interop/serialisers).
"""

import base64
import json
import os
import subprocess
import unittest
from datetime import datetime, timezone

from confluent_kafka.schema_registry import (
    Schema, SchemaReference, SchemaRegistryClient, header_schema_id_serializer,
    prefix_schema_id_serializer)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

URL = os.environ["SYMBOLON_URL"]
PLACES = (("confluent", prefix_schema_id_serializer), ("confluent-guid", header_schema_id_serializer))


def new_client():
    return SchemaRegistryClient({"url": URL})


def context(topic, headers=None):
    return SerializationContext(topic, MessageField.VALUE, [] if headers is None else headers)


def explain(message, headers=()):
    """What `symbolon explain` says about a message."""
    command = [os.environ["SYMBOLON_BINARY"], "explain", "--output", "json", "--registry", URL]
    for name, value in headers:
        command += ["--header", f"{name}={value.hex()}"]
    done = subprocess.run(command, input=message, capture_output=True, check=False, timeout=60)
    if done.returncode not in (0, 1):
        raise AssertionError(done.stderr.decode())
    return json.loads(done.stdout)


def encode(subject, framing, value, *indexes):
    """A message of ours: its bytes and headers."""
    done = subprocess.run(
        [os.environ["SYMBOLON_ENCODER"], URL, subject, framing, *map(str, indexes)],
        input=json.dumps(value).encode(), capture_output=True, check=False, timeout=60)
    if done.returncode != 0:
        raise AssertionError(done.stderr.decode())
    made = json.loads(done.stdout)
    return bytes.fromhex(made["bytes"]), [
        (name, bytes.fromhex(text)) for name, text in made["headers"].items()]


class Case(unittest.TestCase):
    maxDiff = None

    def check_explained(self, found, framing, subject, kind, value):
        self.assertNotIn("error", found)
        self.assertEqual((found["framing"], found["schema_type"]), (framing, kind))
        self.assertIn(subject, [each["subject"] for each in found["subjects"]])
        self.assertEqual(found["value"], value)


ADDRESS = {"type": "record", "name": "Address", "namespace": "py",
           "fields": [{"name": "city", "type": "string"}]}
CUSTOMER = {"type": "record", "name": "Customer", "namespace": "py", "fields": [
    {"name": "name", "type": "string"}, {"name": "home", "type": ["null", "py.Address"]},
    {"name": "scores", "type": {"type": "map", "values": "double"}},
    {"name": "kind", "type": {"type": "enum", "name": "Kind", "symbols": ["NEW", "OLD"]}},
    {"name": "raw", "type": "bytes"}, {"name": "tags", "type": {"type": "array", "items": "string"}},
    {"name": "since", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}


class Avro(Case):
    theirs = {"name": "anna \N{SNOWMAN}", "home": {"city": "Ulm"}, "scores": {"a": 1.5}, "kind": "OLD",
              "raw": b"\x00\xff", "tags": ["x", ""],
              "since": datetime(2026, 1, 2, 3, 4, 5, 678000, tzinfo=timezone.utc)}
    ours = {**theirs, "raw": base64.b64encode(b"\x00\xff").decode(), "since": 1767323045678}

    def customer(self):
        new_client().register_schema("py-wire-address", Schema(json.dumps(ADDRESS), "AVRO"))
        return Schema(json.dumps(CUSTOMER), "AVRO", [SchemaReference("py.Address", "py-wire-address", 1)])

    def test_theirs_with_a_reference_are_decoded_here(self):
        for framing, place in PLACES:
            with self.subTest(framing):
                headers = []
                writer = AvroSerializer(new_client(), self.customer(), conf={"schema.id.serializer": place})
                data = writer(self.theirs, context("py-wire-avro", headers))
                self.check_explained(explain(data, headers), framing, "py-wire-avro-value", "AVRO",
                                     self.ours)

    def test_ours_with_a_reference_are_decoded_by_them(self):
        new_client().register_schema("py-wire-avro-ours-value", self.customer())
        for framing, _ in PLACES:
            with self.subTest(framing):
                data, headers = encode("py-wire-avro-ours-value", framing, self.ours)
                reader = AvroDeserializer(new_client())
                self.assertEqual(reader(data, context("py-wire-avro-ours", headers)), self.theirs)

    def test_a_cut_message_tells_offset_and_field(self):
        writer = AvroSerializer(new_client(), self.customer())
        found = explain(writer(self.theirs, context("py-wire-avro"))[:-1])
        self.assertEqual((found["error"]["reason"], found["error"]["field"]), ("payload_corrupt", "/since"))
        self.assertNotIn("value", found)


class JsonSchema(Case):
    value = {"home": {"city": "Ulm"}, "name": "anna \N{SNOWMAN}", "size": 12345678901}

    def customer(self):
        draft = "http://json-schema.org/draft-07/schema#"
        address = {"$schema": draft, "$id": "http://py/wire-address.json", "type": "object",
                   "properties": {"city": {"type": "string"}}, "required": ["city"]}
        new_client().register_schema("py-wire-json-address", Schema(json.dumps(address), "JSON"))
        return Schema(json.dumps({
            "$schema": draft, "$id": "http://py/wire-customer.json", "title": "Customer", "type": "object",
            "properties": {"home": {"$ref": "http://py/wire-address.json"}}}), "JSON",
            [SchemaReference("http://py/wire-address.json", "py-wire-json-address", 1)])

    def test_theirs_with_a_reference_are_decoded_here(self):
        for framing, place in PLACES:
            with self.subTest(framing):
                headers = []
                writer = JSONSerializer(self.customer(), new_client(), conf={"schema.id.serializer": place})
                data = writer(self.value, context("py-wire-json", headers))
                self.check_explained(explain(data, headers), framing, "py-wire-json-value", "JSON",
                                     self.value)

    def test_ours_with_a_reference_are_decoded_by_them(self):
        new_client().register_schema("py-wire-json-ours-value", self.customer())
        for framing, _ in PLACES:
            with self.subTest(framing):
                data, headers = encode("py-wire-json-ours-value", framing, self.value)
                reader = JSONDeserializer(None, schema_registry_client=new_client())
                self.assertEqual(reader(data, context("py-wire-json-ours", headers)), self.value)

    def test_what_the_referenced_schema_refuses_is_refused_here(self):
        writer = JSONSerializer(self.customer(), new_client(), conf={"validate": False})
        found = explain(writer({"home": {"city": 7}}, context("py-wire-json")))
        self.assertEqual(found["error"]["reason"], "payload_corrupt")
        self.assertIn("/home/city: ", found["error"]["message"])


def messages():
    """The classes wire.Address and wire.Customer of two files, and wire.Outer.Inner."""
    pool = descriptor_pool.DescriptorPool()
    string, message, int64, double = 9, 11, 3, 1
    for name, fields, imports in (
            ("Address", [("city", 1, string, None, 1)], []),
            ("Customer", [("home", 1, message, ".wire.Address", 1), ("full_name", 2, string, None, 1),
                          ("number", 3, int64, None, 1), ("scores", 4, double, None, 3)],
             ["wire_address.proto"])):
        file = descriptor_pb2.FileDescriptorProto(
            name=f"wire_{name.lower()}.proto", package="wire", syntax="proto3", dependency=imports)
        made = file.message_type.add(name=name)
        for field, number, kind, type_name, label in fields:
            made.field.add(name=field, number=number, type=kind, type_name=type_name, label=label)
        if name == "Customer":
            outer = file.message_type.add(name="Outer")
            outer.nested_type.add(name="First")
            outer.nested_type.add(name="Inner").field.add(name="x", number=1, type=5, label=1)
        pool.Add(file)
    return [message_factory.GetMessageClass(pool.FindMessageTypeByName(f"wire.{name}"))
            for name in ("Address", "Customer", "Outer.Inner")]


class Protobuf(Case):
    ours = {"home": {"city": "Ulm"}, "fullName": "anna \N{SNOWMAN}", "number": "-9007199254740993",
            "scores": [0.5, -1]}

    def test_theirs_with_an_import_are_decoded_here(self):
        _, customer, _ = messages()
        value = json_format.ParseDict(self.ours, customer())
        for framing, place in PLACES:
            with self.subTest(framing):
                headers = []
                writer = ProtobufSerializer(customer, new_client(), {"schema.id.serializer": place})
                data = writer(value, context("py-wire-proto", headers))
                self.check_explained(explain(data, headers), framing, "py-wire-proto-value", "PROTOBUF",
                                     self.ours)

    def test_theirs_of_a_nested_message_are_decoded_here(self):
        _, _, inner = messages()
        for framing, place in PLACES:
            with self.subTest(framing):
                headers = []
                writer = ProtobufSerializer(inner, new_client(), {"schema.id.serializer": place})
                data = writer(inner(x=7), context("py-wire-nested", headers))
                self.check_explained(explain(data, headers), framing, "py-wire-nested-value",
                                     "PROTOBUF", {"x": 7})

    def test_ours_are_decoded_by_them(self):
        _, customer, inner = messages()
        # Their serialiser registers the descriptor with what it imports.
        ProtobufSerializer(customer, new_client())(customer(), context("py-wire-proto-ours"))
        for framing, _ in PLACES:
            with self.subTest(framing):
                data, headers = encode("py-wire-proto-ours-value", framing, self.ours)
                reader = ProtobufDeserializer(customer, schema_registry_client=new_client())
                read = reader(data, context("py-wire-proto-ours", headers))
                self.assertEqual(json_format.MessageToDict(read), self.ours)
                data, headers = encode("py-wire-proto-ours-value", framing, {"x": 7}, 1, 1)
                reader = ProtobufDeserializer(inner, schema_registry_client=new_client())
                self.assertEqual(reader(data, context("py-wire-proto-ours", headers)).x, 7)


if __name__ == "__main__":
    unittest.main()
