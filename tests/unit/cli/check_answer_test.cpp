#include "cli/check_answer.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::cli {
namespace {

Json finding() {
    return Json{{"kind", "READER_FIELD_MISSING_DEFAULT_VALUE"},
                {"direction", "backward"},
                {"message", "There is no default."},
                {"hint", "Add one."},
                {"readerPath", "/fields/1"},
                {"readerLine", 6},
                {"readerColumn", 5},
                {"writerPath", "/"},
                {"writerLine", 1},
                {"writerColumn", 2},
                {"oldVersion", 3},
                {"counterExample", {{"datum", "{}"}, {"reading", "It fails."}}}};
}

std::string text_of(const Json& one, Highlight highlight = Highlight::no) {
    return to_refusal_text(Json{{"findings", Json::array({one})}}, "orders.avsc", highlight);
}

TEST(CheckAnswer, FindingsStandAtTheirPlaceInTheFile) {
    EXPECT_EQ(text_of(finding()),
              "orders.avsc:6:5: error: READER_FIELD_MISSING_DEFAULT_VALUE: There is no default.\n"
              "  place: /fields/1 here, the reader; / in version 3\n"
              "  hint: Add one.\n"
              "  example: {}: It fails.\n");
}

TEST(CheckAnswer, ForwardTheNewSchemaIsTheWriter) {
    auto forward = finding();
    forward["direction"] = "forward";
    const std::string text = text_of(forward);
    EXPECT_TRUE(text.starts_with("orders.avsc:1:2: error: ")) << text;
    EXPECT_NE(text.find("place: / here, the writer; /fields/1 in version 3"), std::string::npos);
}

TEST(CheckAnswer, ReferrersAreNamed) {
    auto referred = finding();
    referred["referrer"] = Json{{"subject", "customers"}, {"version", 2}};
    EXPECT_NE(text_of(referred).find("customers version 2, which refers to it"), std::string::npos);
}

TEST(CheckAnswer, WithoutFindingsTheMessagesAreTold) {
    EXPECT_EQ(to_refusal_text(Json{{"messages", {"one", "two"}}, {"findings", Json::array()}}, "f",
                              Highlight::no),
              "f: one\nf: two\n");
    EXPECT_EQ(to_refusal_text(Json::object(), "f", Highlight::no), "");
}

TEST(CheckAnswer, AnswersOfOtherShapesDoNoHarm) {
    for (const auto& answer :
         {Json(), Json(7), Json::array({1}), Json{{"findings", 7}, {"messages", Json{{"a", 1}}}},
          Json{{"findings", {1, nullptr, "x"}}},
          Json{{"findings",
                {Json{{"kind", 7},
                      {"readerLine", "x"},
                      {"counterExample", 7},
                      {"referrer", 7},
                      {"oldVersion", -1}}}}}}) {
        EXPECT_NO_THROW(to_refusal_text(answer, "f", Highlight::no));
    }
}

TEST(CheckAnswer, WhatARegistrySaysDoesNotSteerTheTerminal) {
    auto hostile = finding();
    for (const std::string member : {"kind", "message", "hint", "readerPath", "writerPath"}) {
        hostile[member] = "\x1b[2J";
    }
    hostile["counterExample"] = Json{{"datum", "\x1b[2J"}, {"reading", "\x1b[2J"}};
    hostile["referrer"] = Json{{"subject", "\x1b[2J"}, {"version", 1}};
    EXPECT_EQ(text_of(hostile).find('\x1b'), std::string::npos);
    EXPECT_NE(text_of(finding(), Highlight::yes).find("\x1b[1;31merror\x1b[0m"), std::string::npos);
}

TEST(CheckAnswer, AHundredFindingsAreEnough) {
    Json all = Json::array();
    for (int at = 0; at < 103; ++at) {
        all.push_back(finding());
    }
    EXPECT_TRUE(
        to_refusal_text(Json{{"findings", all}}, "f", Highlight::no).ends_with("and 3 more\n"));
}

}  // namespace
}  // namespace symbolon::cli
