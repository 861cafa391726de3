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
TYPED = ('### It registers\nPOST /subjects/{{s}}/versions\n\n{"schema": {{json:r1}}}\n\n'
         'HTTP 200\n{"schema": {{json:r1}}}\n')
RULES = {"REG-1": "One", "REG-2": "Two", "ID-1": "Three"}


class Cases(unittest.TestCase):
    def load(self, **files):
        with tempfile.TemporaryDirectory() as folder:
            for name in ("avro", "json", "protobuf"):
                (pathlib.Path(folder) / f"{name}.vars").write_text(
                    f"# none\nx {{{{c}}}}y\nr1 {name}\\n\n")
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
        _, variables = self.load(**{"reg__REG-1_a": STEP})
        one, other = own_variables(variables["JSON"]), own_variables(variables["JSON"])
        self.assertNotEqual(one["c"], other["c"])
        self.assertEqual(one["s"], f":{one['c']}:s")
        self.assertEqual(one["x"], one["c"] + "y")
        self.assertEqual(one["r1"], "json\n")

    def test_a_case_about_schemas_runs_once_for_each_type(self):
        cases, _ = self.load(**{"reg__REG-1_a": TYPED, "reg__REG-2_b": STEP})
        self.assertEqual([(case.name, case.type) for case in cases],
                         [("reg/REG-1_a.http [AVRO]", "AVRO"), ("reg/REG-1_a.http [JSON]", "JSON"),
                          ("reg/REG-1_a.http [PROTOBUF]", "PROTOBUF"), ("reg/REG-2_b.http", "")])

    def test_requests_say_the_type_unless_it_is_avro_and_answers_are_left_alone(self):
        cases, _ = self.load(**{"reg__REG-1_a": TYPED})
        self.assertEqual(cases[0].text, TYPED)
        self.assertEqual(cases[1].text.count('{"schemaType": "JSON", "schema": {{json:r1}}}'), 1)
        self.assertIn('HTTP 200\n{"schema": {{json:r1}}}', cases[1].text)

    def test_a_case_may_be_about_some_types(self):
        cases, _ = self.load(**{"reg__REG-1_a": "# types: JSON PROTOBUF\n" + TYPED})
        self.assertEqual([case.type for case in cases], ["JSON", "PROTOBUF"])

    def test_a_rule_without_a_case_of_a_type_is_told_unless_it_is_of_one_type(self):
        rules = {"REG-1": "Schemas", "REG-2": "Avro's schemas"}
        def told(head, rule="REG-1"):
            cases, variables = self.load(**{f"reg__{rule}_a": head + TYPED})
            return list(run.check_types(rules, cases, variables))
        self.assertEqual(told(""), [])
        self.assertEqual(told("# types: AVRO PROTOBUF\n"), ["REG-1 has no case of JSON"])
        self.assertEqual(told("# types: AVRO\n", "REG-2"), [])
        self.assertEqual(told("# only: AVRO, as nothing else has names\n"), [])

    def test_types_have_variables_of_the_same_names(self):
        cases, variables = self.load(**{"reg__REG-1_a": TYPED})
        del variables["JSON"]["x"]
        self.assertEqual(list(run.check_types({}, cases, variables)),
                         ["x is a variable of AVRO or JSON alone"])

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
                ("reg__REG-1_b", "# types: XML\n" + STEP, "there is no schema type XML"),
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
