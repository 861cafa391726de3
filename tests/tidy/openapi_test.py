#!/usr/bin/env python3
"""openapi.yaml is a manual: what it says is said of everything, and its examples have their shapes.

Usage: tests/tidy/openapi_test.py      Needs Debian's python3-yaml and python3-jsonschema.
"""

import html.parser
import json
import pathlib
import re
import sys
import unittest

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "api" / "rest" / "documents"))

import embed  # noqa: E402
from page import Page  # noqa: E402

MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"


class StrictLoader(yaml.SafeLoader):
    """Refuses a key that is there twice, as many readers do; PyYAML takes the last."""

    def construct_mapping(self, node, deep=False):
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = {key for key in keys if keys.count(key) > 1}
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"{sorted(twice)} twice in one mapping", node.start_mark)
        return super().construct_mapping(node, deep)


class Reading(unittest.TestCase):
    def test_no_key_is_there_twice(self):
        yaml.load((ROOT / "openapi.yaml").read_text(encoding="utf-8"), StrictLoader)

    def test_a_key_that_is_there_twice_is_found(self):
        with self.assertRaises(yaml.YAMLError):
            yaml.load("a: {b: 1, c: 2, b: 3}", StrictLoader)


class Manual(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.document = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
        cls.page = Page(cls.document)
        cls.resolver = jsonschema.RefResolver.from_schema(cls.document)
        cls.operations = [
            (f"{method.upper()} {path}", operation)
            for path, item in cls.document["paths"].items() for method, operation in item.items()]

    def follow(self, value):
        return self.page.follow(value)

    def bodies(self):
        """(what, media type, media) of every request and every success."""
        for name, operation in self.operations:
            if "requestBody" in operation:
                for kind, media in self.follow(operation["requestBody"])["content"].items():
                    yield f"{name} request", kind, media
            for status, response in operation["responses"].items():
                if status < "300":
                    for kind, media in self.follow(response).get("content", {}).items():
                        yield f"{name} {status}", kind, media

    def check(self, schema, value, what):
        validator = jsonschema.Draft202012Validator(schema, resolver=self.resolver)
        self.assertEqual([error.message for error in validator.iter_errors(value)], [], what)

    def test_every_operation_has_a_summary_a_tag_and_a_success(self):
        tags = {tag["name"] for tag in self.document["tags"]}
        for name, operation in self.operations:
            self.assertTrue(operation.get("summary", "").strip(), name)
            self.assertEqual(len(set(operation["tags"]) & tags), 1, name)
            succeeds = any(status < "300" for status in operation["responses"])
            self.assertNotEqual(succeeds, operation.get("x-always-refused", False), name)

    def test_every_parameter_and_answer_is_described(self):
        for name, operation in self.operations:
            for parameter in map(self.follow, operation.get("parameters", [])):
                self.assertTrue(parameter.get("description"), f"{name}: {parameter['name']}")
            for status, response in operation["responses"].items():
                self.assertTrue(self.follow(response).get("description"), f"{name}: {status}")

    def test_every_body_has_an_example_of_its_shape(self):
        shown = {}  # one media type's example stands for all that have the same shape
        for what, kind, media in self.bodies():
            if "json" in kind:
                example = self.page.example_of(media)
                shape = (what, json.dumps(media["schema"], sort_keys=True))
                shown[shape] = shown.get(shape, False) or example is not None
                if example is not None:
                    self.check(media["schema"], example, what)
        self.assertEqual([what for (what, _), has in shown.items() if not has], [],
                         "these have no example")

    def test_every_example_of_a_shape_has_that_shape(self):
        for name, schema in self.document["components"]["schemas"].items():
            for example in schema.get("examples", []):
                self.check(schema, example, name)

    def test_every_member_of_a_shape_is_described(self):
        for name, schema in self.document["components"]["schemas"].items():
            for member, each in schema.get("properties", {}).items():
                described = each.get("description") or self.follow(each).get("description")
                self.assertTrue(described, f"{name}.{member} is not described")

    def test_every_error_code_is_explained(self):
        for name, schema in self.document["components"]["schemas"].items():
            if not name.startswith("Error"):
                continue
            code = schema["properties"]["error_code"]
            for number in code["enum"]:
                self.assertIn(f"`{number}`", code.get("description", ""), name)


    def test_every_error_has_the_text_of_the_table(self):
        table, clients, _ = (ROOT / "core" / "error.hpp").read_text(encoding="utf-8").partition(
            "// What the clients meet; no answer of the registry carries these.")
        self.assertTrue(clients, "core/error.hpp does not tell where the clients' errors begin")
        rows = re.findall(r'ErrorRow\{ErrorCode::\w+, (\d+), (\d+),\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\}',
                          table)
        self.assertGreater(len(rows), 30)
        schemas = self.document["components"]["schemas"]
        for number, status, pieces in rows:
            message = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', pieces)).replace('\\"', '"')
            message = message.replace("{{", "{").replace("}}", "}")
            told = schemas[f"Error{status}"]["properties"]["error_code"]["description"]
            for part in message.split("{}"):
                self.assertIn(part.strip(), told, f"error {number}")


class Parser(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.ids, self.links, self.problems = [], [], [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag not in ("meta", "input"):
            self.open.append(tag)
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag == "a":
            self.links.append(attributes["href"])
        if any(name.startswith("on") or name == "style" for name in attributes):
            self.problems.append(f"<{tag}> has an attribute that the policy forbids")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes another tag")


class ReadablePage(unittest.TestCase):
    def setUp(self):
        document = yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))
        self.text = Page(document).render()
        self.parser = Parser()
        self.parser.feed(self.text)

    def test_tags_are_closed_and_links_lead_somewhere(self):
        self.assertEqual(self.parser.problems, [])
        self.assertEqual(self.parser.open, [])
        self.assertEqual(len(self.parser.ids), len(set(self.parser.ids)))
        for link in self.parser.links:
            if link.startswith("#"):
                self.assertIn(link[1:], self.parser.ids)

    def test_what_comes_from_the_contract_is_escaped(self):
        page = Page({"info": {"title": "<b>", "version": "1"}, "paths": {}}).render()
        self.assertNotIn("<b>", page)

    def test_literals_give_the_bytes_back(self):
        data = bytes(range(256)) * 2 + b"12?\\\"\n0"
        pieces = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', embed.literal(data)))
        back = re.sub(r'\\([0-7]{3}|.)', lambda found: chr(int(found[1], 8)) if len(found[1]) == 3
                      else found[1], pieces)
        self.assertEqual(back.encode("latin-1"), data)


if __name__ == "__main__":
    unittest.main()
