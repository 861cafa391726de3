#include "compat/protobuf/proto_parse.hpp"

#include "compat/compat.hpp"
#include "compat/protobuf/proto_print.hpp"
#include "core/limits.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace symbolon::compat::protobuf {

namespace {

std::string canonical_of(std::string_view text) {
    const auto file = parse_proto_text(text);
    if (!file) {
        return file.error().message;
    }
    return print_proto(*file, OptionOrder::default_last).value_or("too long");
}

std::string problem_of(const std::string& text) {
    const auto file = parse_proto_text(text);
    return file ? "accepted" : file.error().message;
}

std::string repeated_text(std::string_view part, std::size_t times) {
    std::string text;
    for (std::size_t at = 0; at < times; ++at) {
        text += part;
    }
    return text;
}

}  // namespace

TEST(ProtoParse, AProblemIsToldWithLineAndColumn) {
    EXPECT_EQ(problem_of("syntax = \"proto3\";\nmessage M { string a 1; }"),
              "Could not parse Protobuf - Syntax error in :2:23: expected '=' but was '1'");
    EXPECT_EQ(problem_of("/* ☕ 𝄞 */ nope"),
              "Could not parse Protobuf - Syntax error in :1:12: unexpected label: nope");
}

TEST(ProtoParse, WhatIsNotClosedIsAProblem) {
    for (const char* text : {"message M {", "/* ", "option a = \"x", "option a = {b: 1", "/",
                             "message M { reserved 1 to ", "service S { rpc A(M) returns",
                             "option a = \"\\x\";", "option a = \"\\"}) {
        EXPECT_NE(problem_of(text), "accepted") << text;
    }
}

TEST(ProtoParse, OctalAndHexadecimalNumbersArePrintedInDecimal) {
    EXPECT_EQ(canonical_of("syntax='proto3'; message M { string a = 0x10; string b = 017; }"),
              "syntax = \"proto3\";\n\nmessage M {\n  string a = 16;\n  string b = 15;\n}\n");
}

TEST(ProtoParse, BytesThatAreNoTextArePrintedAsEscapes) {
    EXPECT_EQ(canonical_of("option a = \"\\377\\001\\0\\u00e9\\U0001D11E\";"),
              "\noption a = \"\\377\\001\\000\u00e9\U0001D11E\";\n");
    EXPECT_EQ(quote_proto("\xED\xA0\x80"), "\"\\355\\240\\200\"");  // half of a surrogate pair
    EXPECT_EQ(quote_proto("\xC0\x80"), "\"\\300\\200\"");           // too long a form
}

TEST(ProtoParse, KeysThatComeAgainMakeAList) {
    EXPECT_EQ(canonical_of("option (a) = { b: 1 b: 2, c <d: 3>; [x.y/z]: 4 };"),
              "\noption (a) = {\n  b: [\n    1,\n    2\n  ],\n  c: {\n    d: 3\n  },\n"
              "  [x.y/z]: 4\n};\n");
}

TEST(ProtoParse, TheCanonicalTextIsItsOwnCanonicalText) {
    const std::string text = canonical_of(
        "syntax='proto2'; import public 'b'; import 'a'; option (x.y).z.(w).v = -1e+5;"
        "message M { extensions 4 to 9 [verification = UNVERIFIED]; optional group G = 2 { oneof o "
        "{ int32 i = 1; group H = 3 {} } } oneof e {} reserved 'a', 'b'; }"
        "extend M { repeated int32 z = 4 [default = 3, packed = true, json_name = 'q']; }");
    EXPECT_EQ(canonical_of(text), text);
    EXPECT_NE(text.find("packed = true,\n    default = 3,\n    json_name = \"q\""),
              std::string::npos)
        << text;
}

TEST(ProtoParse, NestingStopsAtItsBound) {
    const auto nested = [](std::size_t levels) {
        return "syntax = \"proto3\";" + repeated_text("message M {", levels) +
               repeated_text("}", levels);
    };
    EXPECT_EQ(problem_of(nested(limits::protobuf_depth_max)), "accepted");
    EXPECT_NE(problem_of(nested(limits::protobuf_depth_max + 1)), "accepted");
    const auto value = [](std::size_t levels) {
        return "option a = " + repeated_text("[", levels) + repeated_text("]", levels) + ";";
    };
    EXPECT_EQ(problem_of(value(limits::protobuf_depth_max)), "accepted");
    EXPECT_NE(problem_of(value(limits::protobuf_depth_max + 1)), "accepted");
    EXPECT_NE(problem_of(repeated_text("option a = {b ", 1) + repeated_text("{b", 100'000)),
              "accepted");
}

TEST(ProtoParse, MembersStopAtTheirBound) {
    const std::string head = "enum E { A = 0;";  // two members
    EXPECT_EQ(
        problem_of(head + repeated_text("reserved 1;", limits::schema_members_max / 2 - 1) + "}"),
        "accepted");
    EXPECT_NE(problem_of(head + repeated_text("reserved 1;", limits::schema_members_max / 2) + "}"),
              "accepted");
}

TEST(ProtoParse, AWordStopsAtItsBound) {
    EXPECT_EQ(problem_of("message " + std::string(limits::name_bytes_max, 'a') + " {}"),
              "accepted");
    EXPECT_NE(problem_of("message " + std::string(limits::name_bytes_max + 1, 'a') + " {}"),
              "accepted");
}

TEST(ProtoParse, AManyTimesIndentedTextStopsAtItsBound) {
    const std::string text = repeated_text("message M {", 99) + "enum E {" +
                             repeated_text("A=1;", 400'000) + "}" + repeated_text("}", 99);
    const auto file = parse_proto_text(text);
    ASSERT_TRUE(file.has_value());
    EXPECT_FALSE(print_proto(*file, OptionOrder::default_last).has_value());
}

TEST(ProtoParse, OnlyTopLevelTypesMustDifferInName) {
    EXPECT_NE(problem_of("message A {} enum A {}"), "accepted");
    EXPECT_EQ(problem_of("message A { message B {} message B {} }"), "accepted");
}

}  // namespace symbolon::compat::protobuf
