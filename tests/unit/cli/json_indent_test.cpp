#include "cli/json_indent.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::cli {
namespace {

TEST(JsonIndent, BreaksLinesAndKeepsTheOrder) {
    EXPECT_EQ(indent_json(R"({"b":[1,{"x":null}],"a":"c"})"),
              "{\n  \"b\": [\n    1,\n    {\n      \"x\": null\n    }\n  ],\n  \"a\": \"c\"\n}");
    EXPECT_EQ(indent_json(" { \"a\" :\n[ ] , \"b\" : { } } "), "{\n  \"a\": [],\n  \"b\": {}\n}");
    EXPECT_EQ(indent_json("-1.50e+10"), "-1.50e+10");
}

TEST(JsonIndent, LeavesStringsAlone) {
    EXPECT_EQ(indent_json(R"(["{\"a\": [,]}","\\"])"), "[\n  \"{\\\"a\\\": [,]}\",\n  \"\\\\\"\n]");
}

TEST(JsonIndent, WhatIsNoJsonStaysAsItIs) {
    EXPECT_EQ(indent_json("syntax = \"proto3\";\n"), "syntax = \"proto3\";\n");
    EXPECT_EQ(indent_json("{} {}"), "{} {}");
    EXPECT_EQ(indent_json(""), "");
}

TEST(JsonIndent, WhatWouldGrowWithoutBoundStaysAsItIs) {
    std::string text(900, '[');
    for (int at = 0; at < 40'000; ++at) {
        text += "1,";
    }
    text += "1" + std::string(900, ']');
    EXPECT_EQ(indent_json(text), text);
}

}  // namespace
}  // namespace symbolon::cli
