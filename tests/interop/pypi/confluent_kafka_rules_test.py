#!/usr/bin/env python3
"""Data contracts with the client confluent-kafka: the server keeps rules, the client runs them."""

import json
import os
import unittest

from confluent_kafka.schema_registry import (
    Metadata, MetadataProperties, Rule, RuleKind, RuleMode, RuleParams, RuleSet, Schema,
    SchemaRegistryClient, ServerConfig)
from confluent_kafka.schema_registry.avro import AvroDeserializer, AvroSerializer
from confluent_kafka.schema_registry.common.schema_registry_client import ConfigCompatibilityLevel
from confluent_kafka.schema_registry.error import SchemaRegistryError
from confluent_kafka.schema_registry.rules.cel.cel_executor import CelExecutor
from confluent_kafka.schema_registry.rules.cel.cel_field_executor import CelFieldExecutor
from confluent_kafka.schema_registry.rules.jsonata.jsonata_executor import JsonataExecutor
from confluent_kafka.serialization import MessageField, SerializationContext, SerializationError

CelExecutor.register()
CelFieldExecutor.register()
JsonataExecutor.register()


def new_client(below=""):
    return SchemaRegistryClient({"url": os.environ["SYMBOLON_URL"] + below})


def text_of(*fields):
    return json.dumps({"type": "record", "name": "Person", "namespace": "py",
                       "fields": [{"name": name, "type": kind} for name, kind in fields]})


def rule(name, kind, mode, type_, expression, tags=None):
    return Rule(name=name, doc=None, kind=kind, mode=mode, type=type_, tags=tags, params=None,
                expr=expression, on_success=None, on_failure=None, disabled=False)


def rules(*, migration=None, domain=None):
    return RuleSet(migration_rules=migration or [], domain_rules=domain or [])


def properties(**values):
    return Metadata(tags=None, properties=MetadataProperties(values), sensitive=None)


def value_of(topic):
    return SerializationContext(topic, MessageField.VALUE)


LATEST = {"auto.register.schemas": False, "use.latest.version": True}


class Rules(unittest.TestCase):
    def test_a_cel_condition_stops_a_message(self):
        positive = rule("positive", RuleKind.CONDITION, RuleMode.WRITE, "CEL", "message.age > 0")
        new_client().register_schema("py-cel-value", Schema(
            text_of(("age", "long")), "AVRO", [], None, rules(domain=[positive])))
        serializer = AvroSerializer(new_client(), None, conf=LATEST)
        data = serializer({"age": 7}, value_of("py-cel"))
        self.assertEqual(AvroDeserializer(new_client())(data, value_of("py-cel")), {"age": 7})
        with self.assertRaises(SerializationError):
            serializer({"age": 0}, value_of("py-cel"))

    def test_a_cel_field_rule_changes_tagged_fields(self):
        schema = json.dumps({"type": "record", "name": "Person", "namespace": "py", "fields": [
            {"name": "name", "type": "string", "confluent:tags": ["PII"]},
            {"name": "city", "type": "string"}]})
        mask = rule("mask", RuleKind.TRANSFORM, RuleMode.WRITE, "CEL_FIELD",
                    "typeName == 'STRING' ; value + '-masked'", tags=["PII"])
        new_client().register_schema("py-field-value", Schema(
            schema, "AVRO", [], None, rules(domain=[mask])))
        data = AvroSerializer(new_client(), None, conf=LATEST)(
            {"name": "anna", "city": "Ulm"}, value_of("py-field"))
        self.assertEqual(AvroDeserializer(new_client())(data, value_of("py-field")),
                         {"name": "anna-masked", "city": "Ulm"})

    def test_migration_rules_carry_messages_over_a_breaking_change(self):
        subject, client = "py-migration-value", new_client()
        client.set_config(subject, ServerConfig(compatibility=ConfigCompatibilityLevel.BACKWARD,
                                                compatibility_group="major"))
        old, new = text_of(("size", "long")), text_of(("height", "long"))
        client.register_schema(subject, Schema(old, "AVRO", [], properties(major="1")))
        upgrade = rule("up", RuleKind.TRANSFORM, RuleMode.UPGRADE, "JSONATA",
                       "$merge([$sift($, function($v, $k) {$k != 'size'}), {'height': $.'size'}])")
        downgrade = rule("down", RuleKind.TRANSFORM, RuleMode.DOWNGRADE, "JSONATA",
                         "$merge([$sift($, function($v, $k) {$k != 'height'}), {'size': $.'height'}])")
        client.register_schema(subject, Schema(new, "AVRO", [], properties(major="2"),
                                               rules(migration=[upgrade, downgrade])))

        def with_major(number):
            return {"auto.register.schemas": False, "use.latest.version": False,
                    "use.latest.with.metadata": {"major": number}}

        context = value_of("py-migration")
        data = AvroSerializer(new_client(), None, conf=with_major("1"))({"size": 7}, context)
        reader = {"use.latest.with.metadata": {"major": "2"}}
        self.assertEqual(AvroDeserializer(new_client(), conf=reader)(data, context), {"height": 7})
        data = AvroSerializer(new_client(), None, conf=with_major("2"))({"height": 8}, context)
        reader = {"use.latest.with.metadata": {"major": "1"}}
        self.assertEqual(AvroDeserializer(new_client(), conf=reader)(data, context), {"size": 8})

    def test_a_rule_without_a_name_is_refused(self):
        broken = rule("", RuleKind.CONDITION, RuleMode.WRITE, "CEL", "true")
        with self.assertRaises(SchemaRegistryError) as caught:
            new_client().register_schema("py-broken-rule-value", Schema(
                text_of(("age", "long")), "AVRO", [], None, rules(domain=[broken])))
        self.assertEqual((caught.exception.http_status_code, caught.exception.error_code),
                         (422, 42210))

    def test_rules_with_params_come_back_as_they_went(self):
        keep = Rule(name="keep", doc="why", kind=RuleKind.TRANSFORM, mode=RuleMode.WRITEREAD,
                    type="CUSTOM", tags=["a", "b"], params=RuleParams({"x": "1"}), expr="e",
                    on_success="NONE,NONE", on_failure="ERROR,ERROR", disabled=True)
        registered = new_client().register_schema("py-params-value", Schema(
            text_of(("age", "long")), "AVRO", [], properties(owner="py"), rules(domain=[keep])))
        stored = new_client().get_schema(registered)
        self.assertEqual(stored.rule_set.domain_rules, [keep])
        self.assertEqual(stored.metadata.properties.properties, {"owner": "py"})


class Settings(unittest.TestCase):
    def test_metadata_finds_the_version_that_carries_it(self):
        client = new_client()
        for major, field in (("1", "a"), ("2", "b")):
            client.set_compatibility("py-found-value", "NONE")
            client.register_schema("py-found-value", Schema(
                text_of((field, "long")), "AVRO", [], properties(major=major)))
        self.assertEqual(client.get_latest_with_metadata("py-found-value", {"major": "1"}).version, 1)
        self.assertEqual(client.get_latest_with_metadata("py-found-value", {"major": "2"}).version, 2)

    def test_default_metadata_of_the_config_reaches_new_versions(self):
        client = new_client()
        client.set_config("py-default-value", ServerConfig(
            compatibility=ConfigCompatibilityLevel.FULL, default_metadata=properties(owner="py")))
        config = client.get_config("py-default-value")
        self.assertEqual(config.compatibility_level, ConfigCompatibilityLevel.FULL)
        self.assertEqual(config.default_metadata.properties.properties, {"owner": "py"})
        client.register_schema("py-default-value", Schema(text_of(("a", "long")), "AVRO"))
        latest = client.get_latest_version("py-default-value")
        self.assertEqual(latest.schema.metadata.properties.properties, {"owner": "py"})
        client.delete_config("py-default-value")
        with self.assertRaises(SchemaRegistryError) as caught:
            client.get_config("py-default-value")
        self.assertEqual(caught.exception.error_code, 40408)

    def test_modes_are_set_read_and_deleted(self):
        client = new_client()
        self.assertEqual(client.get_global_mode(), "READWRITE")
        client.update_mode("py-mode-value", "READONLY")
        self.assertEqual(client.get_mode("py-mode-value"), "READONLY")
        with self.assertRaises(SchemaRegistryError) as caught:
            client.register_schema("py-mode-value", Schema(text_of(("a", "long")), "AVRO"))
        self.assertEqual(caught.exception.error_code, 42205)
        client.delete_mode("py-mode-value")
        client.register_schema("py-mode-value", Schema(text_of(("a", "long")), "AVRO"))

    def test_a_context_is_reached_by_subject_and_by_base_url(self):
        schema = Schema(text_of(("context", "long")), "AVRO")
        below = new_client("/contexts/.py-team")
        self.assertEqual(below.register_schema("py-context-value", schema), 1)
        self.assertEqual(new_client().get_latest_version(":.py-team:py-context-value").schema_id, 1)
        self.assertIn(".py-team", new_client().get_contexts())
        context = value_of("py-context")
        data = AvroSerializer(new_client("/contexts/.py-team"), None, conf=LATEST)(
            {"context": 7}, context)
        self.assertEqual(int.from_bytes(data[1:5], "big"), 1)
        self.assertEqual(AvroDeserializer(new_client("/contexts/.py-team"))(data, context),
                         {"context": 7})

    def test_deleted_subjects_and_guids_are_found_on_request(self):
        client = new_client()
        full = client.register_schema_full_response(
            "py-guid-value", Schema(text_of(("guid", "long")), "AVRO"))
        self.assertEqual(client.get_schema_by_guid(full.guid).schema_str, text_canonical("guid"))
        client.delete_subject("py-guid-value")
        self.assertNotIn("py-guid-value", client.get_subjects())
        self.assertIn("py-guid-value", client.get_subjects(deleted=True))
        versions = client.get_schema_versions(full.schema_id, deleted=True)
        self.assertEqual([(one.subject, one.version) for one in versions], [("py-guid-value", 1)])
        self.assertEqual(sorted(client.get_schema_types()), ["AVRO", "JSON", "PROTOBUF"])


def text_canonical(field):
    return json.dumps(json.loads(text_of((field, "long"))), separators=(",", ":"))


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # the client leaves closing to the garbage collector
