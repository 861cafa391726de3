#!/usr/bin/env python3
"""The judge of the scripts: what it lets pass, and what it must not.

Usage: tests/support/http_script_test.py
"""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from http_script import (  # noqa: E402
    Failed, body_differences, head_of, parse_script, substitute)


class Expectations(unittest.TestCase):
    def passes(self, expected, body):
        self.assertEqual(body_differences(expected, body.encode()), [])

    def fails(self, expected, body):
        self.assertNotEqual(body_differences(expected, body.encode()), [])

    def test_an_object_may_have_more_members_unless_exactly_is_said(self):
        self.passes('{"a": 1}', '{"a": 1, "b": 2}')
        self.fails('exactly {"a": 1}', '{"a": 1, "b": 2}')
        self.fails('exactly {"a": {}}', '{"a": {"b": 2}}')
        self.fails('{"a": 1}', '{"b": 2}')

    def test_an_absent_member_must_be_absent(self):
        self.passes('{"a": "<absent>"}', "{}")
        self.fails('{"a": "<absent>"}', '{"a": null}')

    def test_kinds_of_values_are_not_mixed(self):
        self.fails('{"a": 1}', '{"a": "1"}')
        self.fails('{"a": 1}', '{"a": true}')
        self.fails("[1]", "[1, 2]")
        self.fails('"<number>"', "true")

    def test_texts_with_a_meaning(self):
        self.passes('"<above:3>"', "4")
        self.fails('"<above:3>"', "3")
        self.passes('"<lacks:x>"', '"abc"')
        self.fails('"<lacks:b>"', '"abc"')
        self.fails('"<contains:x>"', '"abc"')
        self.fails('"<matches:^b>"', '"abc"')

    def test_arrays_without_order(self):
        self.passes('unordered ["a", "b"]', '["b", "a"]')
        self.fails('unordered ["a", "b"]', '["b", "a", "a"]')
        self.fails('unordered ["a", "a"]', '["a", "b"]')
        self.passes('includes [{"s": 1}]', '[{"s": 2}, {"s": 1, "t": 1}]')
        self.fails('includes ["a", "a"]', '["a"]')
        self.passes('excludes ["a"]', '["b"]')
        self.fails('excludes ["a"]', '["b", "a"]')

    def test_bytes(self):
        self.passes("text: [1]", "[1]")
        self.fails("text: [1]", "[1]\n")
        self.fails("empty", " ")
        with self.assertRaises(Failed):
            body_differences("{}", b"not JSON")


class Scripts(unittest.TestCase):
    def test_a_step_has_all_its_parts(self):
        text = ("# needs: nothing\n\n### Title\n@v 1\n# a comment\n64 x POST /a?b={{v}}\nAccept: x\n\n"
                '{"c": {{json:v}}}\n\nHTTP 200\nAllow: GET\nexactly {"id": 1}\n@id <- id\n'
                "@distinct id version\n")
        self.assertEqual(head_of(text), {"needs": "nothing"})
        (step,) = parse_script(text)
        self.assertEqual((step.copies, step.method, step.target), (64, "POST", "/a?b={{v}}"))
        self.assertEqual((step.headers, step.body), ([("Accept", "x")], '{"c": {{json:v}}}'))
        self.assertEqual((step.status, step.expected_headers), (200, [("Allow", "GET")]))
        self.assertEqual((step.expected, step.captures), ('exactly {"id": 1}', [("id", "id")]))
        self.assertEqual(step.comparisons, [("distinct", "id"), ("distinct", "version")])

    def test_what_means_nothing_is_refused(self):
        for text in ("### T\nHTTP 200\n", "### T\nGET /\n", "### T\nGET /\nHTTP 200\n@what\n",
                     "### T\n1000 x GET /\nHTTP 200\n"):
            with self.assertRaises(Failed, msg=text):
                parse_script(text)

    def test_variables_have_four_spellings(self):
        self.assertEqual(substitute("{{a}} {{json:a}} {{inner:a}} {{uri:a}}", {"a": '"/'}),
                         '"/ "\\"/" \\"/ %22%2F')
        with self.assertRaises(Failed):
            substitute("{{b}}", {})


if __name__ == "__main__":
    unittest.main()
