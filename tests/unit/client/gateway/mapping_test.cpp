#include "client/gateway/mapping.hpp"

#include "core/limits.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>

namespace symbolon::client {
namespace {

const std::chrono::system_clock::time_point noon{std::chrono::milliseconds(1'709'294'400'123)};

Json json_of(std::string_view text) {
    auto parsed = parse_json(text);
    EXPECT_TRUE(parsed.has_value()) << text;
    return parsed ? *parsed : Json();
}

std::string applied(std::string_view mapping_text, std::string_view event) {
    const auto mapping = Mapping::parse(mapping_text);
    if (!mapping) {
        return mapping.error().message;
    }
    const auto record = mapping->apply(json_of(event), noon);
    return record ? *record : "refused: " + record.error().message;
}

std::string problem_of(std::string_view text) {
    const auto mapping = Mapping::parse(text);
    return mapping ? "" : mapping.error().message;
}

std::string read_file(const std::string& path) {
    std::ifstream file(std::string(SYMBOLON_SOURCE_DIR) + "/" + path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

TEST(Mapping, FieldsStandInTheOrderOfTheFile) {
    EXPECT_EQ(applied(R"({"fields":{"z":"/b","a":"/a"}})", R"({"a":1,"b":[2]})"),
              R"({"z":[2],"a":1})");
}

TEST(Mapping, TheFirstPointerThatLeadsToAValueCounts) {
    EXPECT_EQ(applied(R"({"fields":{"x":{"from":["/a","/b/0","/c"]}}})", R"({"a":null,"b":[5]})"),
              R"({"x":5})");
}

TEST(Mapping, AnAbsentFieldIsNullOrItsDefault) {
    EXPECT_EQ(
        applied(R"({"fields":{"x":"/a","y":{"from":"/a","default":{"k":[1,"1",true]}}}})", "{}"),
        R"({"x":null,"y":{"k":[1,"1",true]}})");
}

TEST(Mapping, ARequiredFieldThatIsAbsentOrNullIsRefusedWithItsPlace) {
    const auto* const mapping = R"({"fields":{"x":{"from":["/a","/b"],"required":true}}})";
    EXPECT_EQ(applied(mapping, "{}"),
              "refused: /a or /b: The field \"x\" is required and has no value there.");
    EXPECT_EQ(applied(mapping, R"({"a":null})"), applied(mapping, "{}"));
    EXPECT_EQ(applied(mapping, R"({"b":false})"), R"({"x":false})");
}

TEST(Mapping, ConstantsAndTheTimeOfDay) {
    EXPECT_EQ(applied(R"({"fields":{"c":{"value":"7"},"n":{"now":true}}})", "{}"),
              R"({"c":"7","n":"2024-03-01T12:00:00.123Z"})");
}

TEST(Mapping, YamlSaysTheSame) {
    EXPECT_EQ(applied("fields:\n  a: /x\n  b: {from: [/y], default: {n: 1.5, t: '1', u: null}}\n",
                      R"({"x":"é"})"),
              R"({"a":"é","b":{"n":1.5,"t":"1","u":null}})");
}

TEST(Mapping, EscapedPointersLeadToNamesWithSlashesAndTildes) {
    EXPECT_EQ(applied(R"({"fields":{"x":"/a~1b/~0"}})", R"({"a/b":{"~":1}})"), R"({"x":1})");
    EXPECT_EQ(applied(R"({"fields":{"x":"/a/01"}})", R"({"a":[1,2]})"), R"({"x":null})");
}

TEST(Mapping, WhatIsNoMappingIsToldWithItsField) {
    EXPECT_NE(problem_of("[]").find("one member \"fields\""), std::string::npos);
    EXPECT_NE(problem_of("{").find("the mapping file: "), std::string::npos);
    EXPECT_NE(problem_of(R"({"fields":{"x":{"from":"a"}}})").find("must be empty or begin with /"),
              std::string::npos);
    EXPECT_NE(problem_of(R"({"fields":{"x":{"form":"/a"}}})").find("field \"x\": form is none of"),
              std::string::npos);
    EXPECT_NE(problem_of(R"({"fields":{"x":{"from":"/a","now":true}}})").find("exactly one of"),
              std::string::npos);
    EXPECT_NE(problem_of(R"({"fields":{"x":{"required":true}}})").find("exactly one of"),
              std::string::npos);
    EXPECT_NE(problem_of(R"({"fields":{"x":{"from":"/a","required":true,"default":1}}})")
                  .find("needs no default"),
              std::string::npos);
    EXPECT_NE(problem_of(R"({"fields":{"x":{"now":"yes"}}})").find("true or false"),
              std::string::npos);
    EXPECT_NE(problem_of(R"({"fields":{"x":"/a","x":"/b"}})").find("stands there twice"),
              std::string::npos);
}

TEST(Mapping, FieldsPointersAndValuesAreBounded) {
    std::string fields = "fields:\n";
    for (std::size_t at = 0; at < limits::mapping_fields_max; ++at) {
        fields += fmt::format("  f{}: /a\n", at);
    }
    EXPECT_EQ(problem_of(fields), "");
    EXPECT_NE(problem_of(fields + "  more: /a\n").find("more than 1000 fields"), std::string::npos);

    std::string pointers = "/a";
    for (std::size_t at = 1; at < limits::mapping_pointers_max; ++at) {
        pointers += ", /a";
    }
    EXPECT_EQ(problem_of("fields: {x: {from: [" + pointers + "]}}"), "");
    EXPECT_NE(problem_of("fields: {x: {from: [" + pointers + ", /a]}}").find("more than 100"),
              std::string::npos);
    EXPECT_NE(problem_of(std::string(limits::mapping_bytes_max + 1, ' ')).find("larger than"),
              std::string::npos);
}

TEST(Mapping, ConstantsAreBounded) {
    const auto problem_with = [](const std::string& value) {
        return problem_of("fields: {x: {value: " + value + "}}");
    };
    const auto list_of = [](std::size_t nodes) {  // the list itself is one of them
        std::string list = "[0";
        for (std::size_t at = 2; at < nodes; ++at) {
            list += ",0";
        }
        return list + "]";
    };
    EXPECT_EQ(problem_with(list_of(limits::mapping_nodes_max)), "");
    EXPECT_NE(problem_with(list_of(limits::mapping_nodes_max + 1)).find("too large"),
              std::string::npos);
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + "0" + std::string(depth, ']');
    };
    EXPECT_EQ(problem_with(nested(limits::mapping_depth_max)), "");
    EXPECT_NE(problem_with(nested(limits::mapping_depth_max + 1)).find("too large"),
              std::string::npos);
}

TEST(Mapping, AliasesThatMultiplyAreRefused) {
    std::string bomb = "fields:\n  x:\n    value:\n      a0: &a0 [1]\n";
    for (int at = 1; at < 20; ++at) {
        bomb += fmt::format("      a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}]\n", at, at - 1);
    }
    EXPECT_NE(problem_of(bomb).find("too large"), std::string::npos);
}

TEST(Mapping, TheShippedMappingTurnsAnInteractionIntoItsRecord) {
    const auto mapping = read_file("examples/genesys/interaction_started.mapping.json");
    EXPECT_EQ(applied(mapping, read_file("examples/genesys/events/interaction_started.json")),
              R"({"interaction_id":"int-9001","start_time":"2026-03-01T09:29:58.120Z",)"
              R"("channel_type":"voice","queue_id":"queue-7","queue_name":"Support",)"
              R"("customer_email":"sam@example.org","customer_name":"Sam Example",)"
              R"("attributes":{"language":"en"},"processed_at":"2024-03-01T12:00:00.123Z"})");
    EXPECT_TRUE(
        applied(mapping,
                read_file("examples/genesys/events/interaction_started_without_id.bad.json"))
            .starts_with("refused: /detail/interaction/id or "));
}

}  // namespace
}  // namespace symbolon::client
