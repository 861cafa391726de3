#!/usr/bin/env python3
"""Tests of how cases are found and of what the conformance run complains about."""

import importlib.util
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from rest_conformance import family_of, load_cases, own_variables  # noqa: E402

SPEC = importlib.util.spec_from_file_location(
    "run", HERE.parent / "conformance" / "rest" / "run.py")
run = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(run)

STEP = "### It lives\nGET /\n\nHTTP 200\n"
RULES = {"REG-1": "One", "REG-2": "Two", "ID-1": "Three"}


class Cases(unittest.TestCase):
    def load(self, **files):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "common.vars").write_text("# none\nx {{c}}y\n")
            for name, text in files.items():
                path = pathlib.Path(folder) / name.replace("__", "/")
                path.parent.mkdir(exist_ok=True)
                path.with_suffix(".http").write_text(text)
            return load_cases(pathlib.Path(folder))

    def complaints(self, absent=frozenset(), **files):
        cases, _ = self.load(**files)
        return sorted(run.check_names(RULES, cases, absent))

    def test_a_rule_belongs_to_the_folder_of_its_family(self):
        for rule, family in {"REG-13": "reg", "CTX-P1": "ctx-p", "CFG-E7": "cfg-e", "CTX-1": "ctx",
                             "COMPAT-E1": "compat-e", "VER-G1": "ver-g"}.items():
            self.assertEqual(family_of(rule), family)

    def test_a_name_begins_with_the_numbers_of_its_rules(self):
        cases, _ = self.load(**{"reg__REG-1+ID-1_a": STEP, "clients__java": STEP})
        self.assertEqual([case.rules for case in cases], [[], ["REG-1", "ID-1"]])

    def test_a_case_has_a_context_of_its_own(self):
        _, common = self.load(**{"reg__REG-1_a": STEP})
        one, other = own_variables(common), own_variables(common)
        self.assertNotEqual(one["c"], other["c"])
        self.assertEqual(one["s"], f":{one['c']}:s")
        self.assertEqual(one["x"], one["c"] + "y")

    def test_a_rule_without_a_case_is_told_unless_it_is_absent(self):
        self.assertEqual(self.complaints(**{"reg__REG-1+ID-1_a": STEP}), ["REG-2 has no case"])
        self.assertEqual(self.complaints({"REG-2"}, **{"reg__REG-1+ID-1_a": STEP}), [])
        self.assertEqual(self.complaints({"REG-1", "REG-2"}, **{"reg__REG-1+ID-1_a": STEP}),
                         ["REG-1 has a case, so it is not absent"])

    def test_wrong_names_and_empty_cases_are_told(self):
        everything = {"reg__REG-1+REG-2+ID-1_a": STEP}
        for name, text, complaint in (
                ("reg__REG-9_a", STEP, "there is no rule REG-9"),
                ("id__REG-1_a", STEP, "belongs in reg/"),
                ("reg__a", STEP, "does not begin with a rule's number"),
                ("reg__REG-1_b", "# nothing\n", "has no step"),
                ("reg__REG-1_b", "# needs: luck\n" + STEP, "is unknown"),
                ("reg__REG-1_b", "### A step\nGET /\n", "expects no status")):
            told = self.complaints(**everything, **{name: text})
            self.assertEqual(len(told), 1, told)
            self.assertIn(complaint, told[0])


class Parity(unittest.TestCase):
    def complaints(self, **rows):
        return list(run.check_parity({"REG-1": "One"}, rows.get("rows")))

    def test_a_row_has_the_rules_words_a_verdict_and_a_reason_unless_it_is_the_same(self):
        self.assertEqual(self.complaints(rows={"REG-1": ("One", "same", None)}), [])
        self.assertEqual(self.complaints(rows={"REG-1": ("One", "better", "so")}), [])
        for wrong in (("Two", "same", None), ("One", "worse", "so"), ("One", "absent", None),
                      ("One", "same", "so")):
            self.assertEqual(len(self.complaints(rows={"REG-1": wrong})), 1, wrong)
        self.assertEqual(len(self.complaints(rows={})), 1)


if __name__ == "__main__":
    unittest.main()
