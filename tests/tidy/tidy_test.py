#!/usr/bin/env python3
"""Shows for each check of tidy.py that it fails on a bad example and passes a good one."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.dont_write_bytecode = True

import tidy  # noqa: E402

UNFINISHED = "TO" + "DO"


def found(check, **files):
    """What `check` says about files, whose names are given as core__ids_hpp for core/ids.hpp."""
    named = {}
    for name, text in files.items():
        path, _, ending = name.replace("__", "/").rpartition("_")
        named[f"{path}.{ending}"] = text
    return list(check(tidy.Tree(named)))


class EveryCheck(unittest.TestCase):
    def test_is_run(self):
        names = {check.__name__ for check in tidy.CHECKS}
        self.assertIn("check_include_arrows", names)
        self.assertEqual(len(names), 17)

    def test_is_shown_to_fail_here(self):
        text = pathlib.Path(__file__).read_text(encoding="utf-8")
        for check in tidy.CHECKS:
            self.assertIn("tidy." + check.__name__, text)


class IncludeArrows(unittest.TestCase):
    def complaints(self, path, target):
        tree = tidy.Tree({path: f'#include "{target}"\n', target: ""})
        return list(tidy.check_include_arrows(tree))

    def test_a_room_must_not_know_the_one_above(self):
        for path, target in [("core/a.hpp", "compat/b.hpp"), ("compat/a.cpp", "storage/b.hpp"),
                             ("storage/a.cpp", "compat/b.hpp"), ("api/a.cpp", "api/rest/b.hpp"),
                             ("api/rest/a.cpp", "server/b.hpp"), ("server/a.cpp", "cli/b.hpp"),
                             ("api/rest/a.cpp", "storage/b.hpp"), ("core/a.hpp", "tests/b.hpp")]:
            self.assertEqual(len(self.complaints(path, target)), 1, (path, target))

    def test_a_room_may_know_those_below(self):
        for path, target in [("compat/a.hpp", "core/b.hpp"), ("api/a.cpp", "storage/b.hpp"),
                             ("server/a.cpp", "api/rest/b.hpp"), ("tests/a.cpp", "server/b.hpp")]:
            self.assertEqual(self.complaints(path, target), [], (path, target))

    def test_an_include_is_relative_to_the_root(self):
        tree = tidy.Tree({"core/a.cpp": '#include "b.hpp"\n', "core/b.hpp": ""})
        self.assertEqual(len(list(tidy.check_include_arrows(tree))), 1)

    def test_a_commented_include_does_not_count(self):
        self.assertEqual(found(tidy.check_include_arrows, core__a_cpp='// #include "no.hpp"\n'), [])


class ContainedLibraries(unittest.TestCase):
    def test_beast_stays_in_the_transport(self):
        line = "#include <boost/beast/http.hpp>\n"
        self.assertEqual(len(found(tidy.check_contained_libraries, server__serve_cpp=line)), 1)
        self.assertEqual(found(tidy.check_contained_libraries, server__http_server_beast_cpp=line), [])

    def test_sqlite_stays_in_its_store(self):
        line = "#include <sqlite3.h>\n"
        self.assertEqual(len(found(tidy.check_contained_libraries, api__registry_cpp=line)), 1)
        self.assertEqual(found(tidy.check_contained_libraries, storage__sqlite__a_cpp=line), [])


class JsonParser(unittest.TestCase):
    def test_is_called_in_one_place(self):
        call = "auto x = Json::parse(text);\n"
        self.assertEqual(len(found(tidy.check_json_parser, api__dto_cpp=call)), 1)
        self.assertEqual(found(tidy.check_json_parser, core__json_cpp=call), [])
        self.assertEqual(found(tidy.check_json_parser, api__dto_cpp='auto x = "Json::parse(";\n'), [])


class Printing(unittest.TestCase):
    def test_never_throws(self):
        self.assertEqual(len(found(tidy.check_printing, cli__a_cpp='fmt::print(stderr, "{}", a);\n')), 1)
        self.assertEqual(found(tidy.check_printing, cli__a_cpp='print_to(stderr, "fmt::print(");\n'), [])


class WireNumbers(unittest.TestCase):
    def test_stand_in_the_table_only(self):
        for text in ["if (code == 40401) {}\n", 'say("{\\"error_code\\":42201}");\n']:
            self.assertEqual(len(found(tidy.check_wire_numbers, api__a_cpp=text)), 1, text)
            self.assertEqual(found(tidy.check_wire_numbers, core__error_hpp=text), [], text)
            self.assertEqual(found(tidy.check_wire_numbers, tests__a_cpp=text), [], text)

    def test_other_numbers_and_comments_are_fine(self):
        text = "int a = 40'000; int b = 404; int c = 140401; double d = 0.50001;  // not 40401\n"
        self.assertEqual(found(tidy.check_wire_numbers, api__a_cpp=text), [])


ROUTES = '{Method::get, "/subjects/{subject}", Access::read, "lookUp", get_it},\n'
CONTRACT = "paths:\n  /subjects/{subject}:\n    get:\n      operationId: lookUp\n"


class Routes(unittest.TestCase):
    def complaints(self, routes, contract):
        return list(tidy.check_routes(tidy.Tree({"api/rest/routes.cpp": routes,
                                                 "openapi.yaml": contract})))

    def test_match_the_contract(self):
        self.assertEqual(self.complaints(ROUTES, CONTRACT), [])

    def test_a_route_without_contract_is_found(self):
        extra = ROUTES + '{Method::post, "/x", Access::write, "doX", x},\n'
        self.assertEqual(len(self.complaints(extra, CONTRACT)), 1)

    def test_an_operation_without_route_is_found(self):
        extra = CONTRACT + "    put:\n      operationId: doY\n"
        self.assertEqual(len(self.complaints(ROUTES, extra)), 1)

    def test_another_name_for_the_same_route_is_found(self):
        self.assertEqual(len(self.complaints(ROUTES.replace("lookUp", "find"), CONTRACT)), 1)

    def test_a_table_that_cannot_be_read_is_found(self):
        self.assertEqual(len(self.complaints("", "paths:\n")), 1)


class ErrorRows(unittest.TestCase):
    def complaints(self, rows, contract):
        return list(tidy.check_error_rows(tidy.Tree({"core/error.hpp": rows, "openapi.yaml": contract})))

    def test_match_the_contract(self):
        self.assertEqual(self.complaints("ErrorRow{a, 40401, 404}", "x: 40401"), [])
        self.assertEqual(len(self.complaints("ErrorRow{a, 40401, 404}", "x: 40402")), 2)


class EverythingIsBuilt(unittest.TestCase):
    def complaints(self, lists):
        return list(tidy.check_everything_is_built(tidy.Tree(
            {"core/CMakeLists.txt": lists, "core/deep/json.cpp": ""})))

    def test_a_listed_file_is_fine(self):
        self.assertEqual(self.complaints("symbolon_library(core SOURCES deep/json.cpp)"), [])

    def test_a_file_that_nobody_lists_is_found(self):
        self.assertEqual(len(self.complaints("symbolon_library(core SOURCES other.cpp)")), 1)

    def test_a_file_may_be_listed_from_elsewhere(self):
        for lists in ["../../core/deep/json.cpp", "${PROJECT_SOURCE_DIR}/core/deep/json.cpp"]:
            tree = tidy.Tree({"tests/unit/CMakeLists.txt": f"symbolon_test(a SOURCES {lists})",
                              "core/deep/json.cpp": ""})
            self.assertEqual(list(tidy.check_everything_is_built(tree)), [], lists)

    def test_a_comment_does_not_list_a_file(self):
        self.assertEqual(len(self.complaints("# deep/json.cpp\n")), 1)

    def test_a_fuzz_program_may_be_listed_by_its_door(self):
        tree = tidy.Tree({"tests/fuzz/CMakeLists.txt": "foreach(door avro_parse)",
                          "tests/fuzz/fuzz_avro_parse.cpp": ""})
        self.assertEqual(list(tidy.check_everything_is_built(tree)), [])


class HeaderComment(unittest.TestCase):
    def test_opens_a_header(self):
        good = "// What it is for.\n//\n// Threads:  any thread\n#pragma once\n"
        self.assertEqual(found(tidy.check_header_comment, core__a_hpp=good), [])
        for bad in ["#pragma once\n", "// What it is for.\n\n#pragma once\n", "// What.\nint a;\n", ""]:
            self.assertEqual(len(found(tidy.check_header_comment, core__a_hpp=bad)), 1, bad)


class CommentFields(unittest.TestCase):
    def test_begin_lines(self):
        good = ("// Errors: a word of prose.\n//\n// Example:  f(x);\n// Errors:   none\n"
                "// Tested by tests/a_test.cpp\n#pragma once\n\n// What Threads:  do.\n")
        self.assertEqual(found(tidy.check_comment_fields, core__a_hpp=good), [])
        for bad in ["// Example:  f(x); Errors:   none\n", "// Threads:  values Source:\n",
                    "// Source:   RFC 1 Tested by\n", "// Source:   RFC 1 Tested\n// by a_test.cpp\n"]:
            text = "// What it is for.\n" + bad
            self.assertEqual(len(found(tidy.check_comment_fields, core__a_hpp=text)), 1, bad)
            self.assertEqual(found(tidy.check_comment_fields, core__a_cpp=text), [], bad)


class TestedBy(unittest.TestCase):
    def test_names_a_file_that_exists(self):
        text = "// A thing.\n// Tested by tests/unit/core/a_test.cpp.\n"
        self.assertEqual(len(found(tidy.check_tested_by, core__a_hpp=text)), 1)
        self.assertEqual(
            found(tidy.check_tested_by, core__a_hpp=text, tests__unit__core__a_test_cpp=""), [])


class LineLength(unittest.TestCase):
    def test_is_counted_in_characters(self):
        self.assertEqual(found(tidy.check_line_length, core__a_hpp="ä" * 100), [])
        self.assertEqual(len(found(tidy.check_line_length, core__a_hpp="a" * 101)), 1)
        self.assertEqual(len(found(tidy.check_line_length, core__CMakeLists_txt="a" * 101)), 1)


def function(lines, head="int f(int x)", comment=""):
    return f"{head} {{\n{comment}" + "    step();\n" * (lines - 2 - bool(comment)) + "}\n"


class LongFunctions(unittest.TestCase):
    def complaints(self, text):
        return found(tidy.check_long_functions, core__a_cpp=text)

    def test_of_seventy_lines_are_fine(self):
        self.assertEqual(self.complaints(function(70)), [])

    def test_of_more_lines_are_found(self):
        self.assertEqual(len(self.complaints(function(71))), 1)

    def test_are_found_in_namespaces_classes_and_behind_templates(self):
        inner = function(71)
        for text in [f"namespace a {{\n{inner}}}\n", f"class A {{\npublic:\n{inner}}};\n",
                     function(71, "template <class T>\nT f(T x)"),
                     function(71, "A::A(int x) : a_{x}, b_{x}"), function(71, "TEST(Suite, Name)"),
                     function(71, "Result<int> A::f(int x) const")]:
            self.assertEqual(len(self.complaints(text)), 1, text[:60])

    def test_may_say_why(self):
        self.assertEqual(self.complaints(function(80, comment="    // Long: one table.\n")), [])
        self.assertEqual(self.complaints("// Long: one table.\n" + function(80)), [])

    def test_are_not_confused_by_braces_in_text(self):
        self.assertEqual(self.complaints('int f() { return "{".size(); }  // {\n' + function(60)), [])

    def test_a_long_class_or_table_is_no_function(self):
        rows = "    {1, 2},\n" * 100
        self.assertEqual(self.complaints(f"constexpr std::array table{{\n{rows}}};\n"), [])
        self.assertEqual(self.complaints("class A {\n" + "    int a();\n" * 100 + "};\n"), [])


class LongFiles(unittest.TestCase):
    def test_say_why(self):
        self.assertEqual(found(tidy.check_long_files, core__a_cpp="\n" * 500), [])
        self.assertEqual(len(found(tidy.check_long_files, core__a_cpp="\n" * 501)), 1)
        self.assertEqual(found(tidy.check_long_files, core__a_cpp="// Long: one table.\n" * 501), [])


class ForbiddenWords(unittest.TestCase):
    def test_unfinished_work_names_its_issue(self):
        self.assertEqual(len(found(tidy.check_forbidden_words, core__a_cpp=f"// {UNFINISHED}: x\n")), 1)
        self.assertEqual(found(tidy.check_forbidden_words, core__a_cpp=f"// {UNFINISHED}(#7): x\n"), [])


class Links(unittest.TestCase):
    def test_lead_somewhere(self):
        tree = tidy.Tree({"docs/a.md": "[b](b.md) [up](../README.md#x) [out](https://example.org)\n"
                                       "[folder](decisions) [gone](c.md)\n",
                          "docs/b.md": "", "README.md": "", "docs/decisions/1.md": ""})
        self.assertEqual(list(tidy.check_links(tree)), ["docs/a.md:2: the link to c.md leads nowhere"])


class Nolint(unittest.TestCase):
    def test_names_the_check_and_the_reason(self):
        for bad in ["int a;  // NOLINT\n", "int a;  // NOLINT(bugprone-x)\n"]:
            self.assertEqual(len(found(tidy.check_nolint, core__a_cpp=bad)), 1, bad)
        good = "int a;  // NOLINT(bugprone-x): C interface\n"
        self.assertEqual(found(tidy.check_nolint, core__a_cpp=good), [])


if __name__ == "__main__":
    unittest.main()
