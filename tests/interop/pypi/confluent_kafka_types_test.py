#!/usr/bin/env python3
"""JSON Schema and Protobuf with the client confluent-kafka, with references."""

import json
import os
import unittest

from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.schema_registry.json_schema import JSONDeserializer, JSONSerializer
from confluent_kafka.schema_registry.protobuf import ProtobufDeserializer, ProtobufSerializer
from confluent_kafka.serialization import MessageField, SerializationContext, SerializationError
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

JSON_SCHEMA = "http://json-schema.org/draft-07/schema#"


def new_client():
    return SchemaRegistryClient({"url": os.environ["SYMBOLON_URL"]})


def value_of(topic):
    return SerializationContext(topic, MessageField.VALUE)


def messages():
    """The classes py.Address and py.Customer, where the second's file imports the first's."""
    pool = descriptor_pool.DescriptorPool()
    string, message = 9, 11
    for name, fields, imports in (
            ("Address", [("city", 1, string, None)], []),
            ("Customer", [("home", 1, message, ".py.Address"), ("name", 2, string, None)],
             ["py_address.proto"])):
        file = descriptor_pb2.FileDescriptorProto(
            name=f"py_{name.lower()}.proto", package="py", syntax="proto3", dependency=imports)
        made = file.message_type.add(name=name)
        for field, number, kind, type_name in fields:
            made.field.add(name=field, number=number, type=kind, type_name=type_name, label=1)
        pool.Add(file)
    return [message_factory.GetMessageClass(pool.FindMessageTypeByName(f"py.{name}"))
            for name in ("Address", "Customer")]


class JsonSchema(unittest.TestCase):
    def test_a_message_is_validated_and_comes_back(self):
        text = json.dumps({"$schema": JSON_SCHEMA, "title": "Order", "type": "object",
                           "properties": {"id": {"type": "integer"}}, "required": ["id"]})
        serializer = JSONSerializer(text, new_client())
        data = serializer({"id": 7}, value_of("py-json"))
        self.assertEqual(JSONDeserializer(None, schema_registry_client=new_client())(
            data, value_of("py-json")), {"id": 7})
        with self.assertRaises(SerializationError):
            serializer({"id": "seven"}, value_of("py-json"))

    def test_a_schema_with_a_reference_writes_and_reads(self):
        address = json.dumps({"$schema": JSON_SCHEMA, "$id": "http://py/address.json", "type": "object",
                              "properties": {"city": {"type": "string"}}, "required": ["city"]})
        new_client().register_schema("py-json-address", Schema(address, "JSON"))
        customer = Schema(json.dumps({
            "$schema": JSON_SCHEMA, "$id": "http://py/customer.json", "title": "Customer",
            "type": "object", "properties": {"home": {"$ref": "http://py/address.json"}}}),
            "JSON", [SchemaReference("http://py/address.json", "py-json-address", 1)])
        serializer = JSONSerializer(customer, new_client())
        data = serializer({"home": {"city": "Ulm"}}, value_of("py-json-customer"))
        reader = JSONDeserializer(None, schema_registry_client=new_client())
        self.assertEqual(reader(data, value_of("py-json-customer")), {"home": {"city": "Ulm"}})
        with self.assertRaises(SerializationError):
            serializer({"home": {"city": 7}}, value_of("py-json-customer"))

    def test_the_latest_version_writes_and_a_newer_one_reads(self):
        def order(*more):
            return Schema(json.dumps({"$schema": JSON_SCHEMA, "title": "Order", "type": "object",
                                      "properties": {name: {"type": "integer"} for name in ("id", *more)},
                                      "additionalProperties": {"type": "integer"}}), "JSON")
        client = new_client()
        client.register_schema("py-json-latest-value", order())
        latest = {"auto.register.schemas": False, "use.latest.version": True}
        writer = JSONSerializer(order().schema_str, new_client(), conf=latest)
        data = writer({"id": 7}, value_of("py-json-latest"))
        second = client.register_schema("py-json-latest-value", order("size"))
        self.assertNotEqual(int.from_bytes(data[1:5], "big"), second)
        again = JSONSerializer(None, new_client(), conf=latest)({"id": 8}, value_of("py-json-latest"))
        self.assertEqual(int.from_bytes(again[1:5], "big"), second)
        reader = JSONDeserializer(None, schema_registry_client=new_client(),
                                  conf={"use.latest.version": True})
        self.assertEqual(reader(data, value_of("py-json-latest")), {"id": 7})

    def test_normalised_keys_in_another_order_are_the_same_schema(self):
        def serializer(text, register):
            return JSONSerializer(text, new_client(), conf={
                "normalize.schemas": True, "auto.register.schemas": register})
        one = serializer('{"title": "Order", "type": "object"}', True)
        other = serializer('{"type": "object", "title": "Order"}', False)
        data = one({"id": 7}, value_of("py-json-normal"))
        self.assertEqual(other({"id": 8}, value_of("py-json-normal"))[:5], data[:5])
        self.assertEqual(new_client().get_versions("py-json-normal-value"), [1])

    def test_an_incompatible_change_is_refused_with_its_reason(self):
        def order(kind):
            return Schema(json.dumps({"type": "object", "properties": {"id": {"type": kind}}}), "JSON")
        new_client().register_schema("py-json-strict-value", order("integer"))
        with self.assertRaises(SchemaRegistryError) as caught:
            new_client().register_schema("py-json-strict-value", order("string"))
        self.assertEqual(caught.exception.error_code, 40901)
        self.assertIn("TYPE_CHANGED", str(caught.exception))


class Protobuf(unittest.TestCase):
    def test_a_message_whose_type_imports_another_writes_and_reads(self):
        address, customer = messages()
        serializer = ProtobufSerializer(customer, new_client())
        data = serializer(customer(home=address(city="Ulm"), name="anna"), value_of("py-proto"))
        read = ProtobufDeserializer(customer, schema_registry_client=new_client())(
            data, value_of("py-proto"))
        self.assertEqual((read.home.city, read.name), ("Ulm", "anna"))
        client = new_client()
        self.assertEqual(client.get_latest_version("py_address.proto").version, 1)
        references = client.get_latest_version("py-proto-value").schema.references
        self.assertEqual([(one.name, one.subject, one.version) for one in references],
                         [("py_address.proto", "py_address.proto", 1)])
        # A second producer finds what the first one registered.
        again = ProtobufSerializer(customer, new_client(), {"auto.register.schemas": False})
        self.assertEqual(again(customer(name="bert"), value_of("py-proto"))[:6], data[:6])

    def test_a_schema_that_was_registered_as_text_writes_and_reads(self):
        address, customer = messages()
        client = new_client()
        client.register_schema("py-text-address", Schema(
            'syntax = "proto3"; package py; message Address { string city = 1; }', "PROTOBUF"))
        wanted = client.register_schema("py-proto-text-value", Schema(
            'syntax = "proto3"; package py; import "py_address.proto";\n'
            "message Customer { string name = 2; /* first */ Address home = 1; }", "PROTOBUF",
            [SchemaReference("py_address.proto", "py-text-address", 1)]), normalize_schemas=True)
        writer = ProtobufSerializer(customer, new_client(), {
            "auto.register.schemas": False, "use.latest.version": True})
        data = writer(customer(home=address(city="Ulm"), name="anna"), value_of("py-proto-text"))
        self.assertEqual(int.from_bytes(data[1:5], "big"), wanted)
        reader = ProtobufDeserializer(customer, schema_registry_client=new_client(),
                                      conf={"use.latest.version": True})
        read = reader(data, value_of("py-proto-text"))
        self.assertEqual((read.home.city, read.name), ("Ulm", "anna"))

    def test_normalised_a_descriptor_and_a_text_are_the_same_schema(self):
        address, _ = messages()
        stored = new_client().register_schema("py-proto-normal-value", Schema(
            'syntax = "proto3"; package py; /* a place */ message Address { string city = 1; }',
            "PROTOBUF"), normalize_schemas=True)
        data = ProtobufSerializer(address, new_client(), {
            "normalize.schemas": True, "auto.register.schemas": False})(
                address(city="Ulm"), value_of("py-proto-normal"))
        self.assertEqual(int.from_bytes(data[1:5], "big"), stored)

    def test_an_incompatible_change_is_refused_with_its_reason(self):
        def order(kind):
            return Schema(f'syntax = "proto3"; message Order {{ {kind} id = 1; }}', "PROTOBUF")
        new_client().register_schema("py-proto-strict-value", order("int64"))
        with self.assertRaises(SchemaRegistryError) as caught:
            new_client().register_schema("py-proto-strict-value", order("string"))
        self.assertEqual(caught.exception.error_code, 40901)
        self.assertIn("FIELD_SCALAR_KIND_CHANGED", str(caught.exception))


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # the client leaves closing to the garbage collector
