#!/usr/bin/env python3
"""The client confluent-kafka, as it comes from PyPI, against the server at SYMBOLON_URL."""

import json
import os
import unittest

from confluent_kafka.schema_registry import Schema, SchemaReference, SchemaRegistryClient
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.serialization import MessageField, SerializationContext

ID = {"name": "id", "type": "long"}
NOTE = {"name": "note", "type": "string"}
NOTE_WITH_DEFAULT = {**NOTE, "default": ""}


def new_client():
    return SchemaRegistryClient({"url": os.environ["SYMBOLON_URL"]})


def avro(definition, references=()):
    return Schema(json.dumps(definition), "AVRO", list(references))


def order(*fields):
    return avro({"type": "record", "name": "Order", "namespace": "py", "fields": list(fields)})


def round_trip(topic, schema, value, configuration):
    """The bytes that a producer with `configuration` makes of `value`, and what a consumer reads."""
    context = SerializationContext(topic, MessageField.VALUE)
    data = AvroSerializer(new_client(), schema, conf=configuration)(value, context)
    return data, AvroDeserializer(new_client())(data, context)


class ConfluentKafka(unittest.TestCase):
    def assert_refused(self, status, number, call, *arguments, **options):
        with self.assertRaises(SchemaRegistryError) as caught:
            call(*arguments, **options)
        self.assertEqual((caught.exception.http_status_code, caught.exception.error_code),
                         (status, number))
        return str(caught.exception)

    def test_a_schema_is_registered_once_and_found_by_id_version_and_content(self):
        client = new_client()
        registered = client.register_schema("py-orders-value", order(ID))
        self.assertEqual(new_client().register_schema("py-orders-value", order(ID)), registered)
        self.assertEqual(json.loads(client.get_schema(registered).schema_str),
                         json.loads(order(ID).schema_str))
        found = new_client().lookup_schema("py-orders-value", order(ID))
        self.assertEqual((found.schema_id, found.version), (registered, 1))
        self.assertEqual(client.get_latest_version("py-orders-value").schema_id, registered)
        self.assertEqual(client.get_version("py-orders-value", 1).schema_id, registered)
        self.assertEqual(client.get_versions("py-orders-value"), [1])
        self.assertIn("py-orders-value", client.get_subjects())

    def test_with_auto_register_the_first_message_registers_its_schema(self):
        data, value = round_trip("py-auto", order(ID), {"id": 7}, {"auto.register.schemas": True})
        self.assertEqual(value, {"id": 7})
        latest = new_client().get_latest_version("py-auto-value")
        self.assertEqual(data[:5], b"\0" + latest.schema_id.to_bytes(4, "big"))

    def test_without_auto_register_an_unknown_schema_is_refused(self):
        self.assert_refused(404, 40401, round_trip, "py-manual", order(ID), {"id": 7},
                            {"auto.register.schemas": False})
        self.assertNotIn("py-manual-value", new_client().get_subjects())

    def test_without_auto_register_a_known_schema_is_looked_up(self):
        new_client().register_schema("py-known-value", order(ID))
        _, value = round_trip("py-known", order(ID), {"id": 8}, {"auto.register.schemas": False})
        self.assertEqual(value, {"id": 8})
        self.assertEqual(new_client().get_versions("py-known-value"), [1])

    def test_with_normalisation_another_spelling_finds_the_same_schema(self):
        registered = new_client().register_schema("py-normal-value", order(ID), True)
        spelled = Schema(json.dumps({"fields": [{"type": {"type": "long"}, "name": "id"}],
                                     "name": "py.Order", "type": "record"}), "AVRO")
        found = new_client().lookup_schema("py-normal-value", spelled, normalize_schemas=True)
        self.assertEqual(found.schema_id, registered)

    def test_with_use_latest_version_the_newest_version_writes(self):
        client = new_client()
        client.register_schema("py-latest-value", order(ID))
        second = client.register_schema("py-latest-value", order(ID, NOTE_WITH_DEFAULT))
        data, value = round_trip("py-latest", None, {"id": 7, "note": "by hand"},
                                 {"auto.register.schemas": False, "use.latest.version": True})
        self.assertEqual(int.from_bytes(data[1:5], "big"), second)
        self.assertEqual(value, {"id": 7, "note": "by hand"})

    def test_a_schema_with_references_writes_and_reads(self):
        client = new_client()
        client.register_schema("py-address", avro({
            "type": "record", "name": "Address", "namespace": "py",
            "fields": [{"name": "city", "type": "string"}]}))
        customer = avro({"type": "record", "name": "Customer", "namespace": "py",
                         "fields": [{"name": "home", "type": "py.Address"}]},
                        [SchemaReference("py.Address", "py-address", 1)])
        for configuration in ({"auto.register.schemas": True},
                              {"auto.register.schemas": False, "use.latest.version": True}):
            _, value = round_trip("py-customer", customer, {"home": {"city": "Ulm"}}, configuration)
            self.assertEqual(value, {"home": {"city": "Ulm"}})
        stored = new_client().get_latest_version("py-customer-value").schema.references
        self.assertEqual([(one.name, one.subject, one.version) for one in stored],
                         [("py.Address", "py-address", 1)])
        client.delete_subject("py-customer-value")
        client.delete_subject("py-customer-value", permanent=True)

    def test_a_referenced_schema_cannot_be_deleted(self):
        client = new_client()
        client.register_schema("py-base", avro({"type": "fixed", "name": "Key", "size": 4}))
        client.register_schema("py-user-value", avro(
            {"type": "array", "items": "Key"}, [SchemaReference("Key", "py-base", 1)]))
        self.assert_refused(422, 42206, client.delete_subject, "py-base")

    def test_an_incompatible_change_is_refused_with_409_and_its_reason(self):
        client = new_client()
        client.register_schema("py-strict-value", order(ID))
        text = self.assert_refused(409, 40901, client.register_schema, "py-strict-value",
                                   order(ID, NOTE))
        self.assertIn("READER_FIELD_MISSING_DEFAULT_VALUE", text)
        self.assert_refused(409, 40901, round_trip, "py-strict", order(ID, NOTE),
                            {"id": 1, "note": ""}, {"auto.register.schemas": True})
        self.assertFalse(client.test_compatibility("py-strict-value", order(ID, NOTE)))
        self.assertTrue(client.test_compatibility("py-strict-value", order(ID, NOTE_WITH_DEFAULT)))

    def test_the_level_of_a_subject_and_of_all_can_be_read_and_set(self):
        client = new_client()
        self.assertEqual(client.get_compatibility(), "BACKWARD")
        client.register_schema("py-level-value", order(ID))
        client.set_compatibility("py-level-value", "NONE")
        self.assertEqual(client.get_compatibility("py-level-value"), "NONE")
        client.register_schema("py-level-value", order(ID, NOTE))
        self.assertEqual(client.get_versions("py-level-value"), [1, 2])

    def test_versions_and_subjects_are_deleted_softly_then_permanently(self):
        client = new_client()
        client.register_schema("py-gone-value", order(ID))
        client.register_schema("py-gone-value", order(ID, NOTE_WITH_DEFAULT))
        self.assertEqual(client.delete_version("py-gone-value", 2), 2)
        self.assertEqual(new_client().get_versions("py-gone-value"), [1])
        self.assertEqual(client.delete_version("py-gone-value", 2, permanent=True), 2)
        self.assertEqual(client.delete_subject("py-gone-value"), [1])
        self.assert_refused(404, 40404, client.delete_subject, "py-gone-value")
        self.assertEqual(client.delete_subject("py-gone-value", permanent=True), [1])
        self.assertNotIn("py-gone-value", new_client().get_subjects())


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # the client leaves closing to the garbage collector
