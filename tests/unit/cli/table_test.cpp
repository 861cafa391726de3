#include "cli/table.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::cli {
namespace {

TEST(Table, ColumnsAreAlignedAndNumbersStandRight) {
    Table table({"SUBJECT", "VERSION", "TYPE"});
    table.add({"orders-value", "3", "AVRO"});
    table.add({"a", "12", ""});
    EXPECT_EQ(table.to_text(0),
              "SUBJECT       VERSION  TYPE\n"
              "orders-value        3  AVRO\n"
              "a                  12\n");
    EXPECT_EQ(table.lines(), 2U);
}

TEST(Table, CellsThatAreLeftOutAreEmptyAndThoseBeyondTheHeadsAreDropped) {
    Table table({"A", "B"});
    table.add({"1"});
    table.add({"x", "y", "z"});
    EXPECT_EQ(table.to_text(0), "A  B\n1\nx  y\n");
}

TEST(Table, TheWidestColumnsAreCutToATerminalAndToNothingElse) {
    Table table({"SUBJECT", "NOTE"});
    table.add({"a-name-of-a-subject-that-is-long", "short"});
    EXPECT_EQ(table.to_text(20), "SUBJECT        NOTE\na-name-of-a-\u2026  short\n");
    EXPECT_EQ(table.to_text(0),
              "SUBJECT                           NOTE\n"
              "a-name-of-a-subject-that-is-long  short\n");
    // A terminal that is too narrow for anything breaks lines; letters are still there.
    EXPECT_EQ(table.to_text(3), "SUBJECT   NOTE\na-name-\u2026  short\n");
}

TEST(Table, WhatCellsHoldDoesNotSteerTheTerminal) {
    Table table({"SUBJECT"});
    table.add({"a\x1b[2Jb\nc\x7f"});
    table.add({"\u009b2J"});  // the same command in one character
    const std::string text = table.to_text(0);
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find("\u009b"), std::string::npos);
    EXPECT_EQ(text.find('\x7f'), std::string::npos);
    EXPECT_EQ(text.find("SUBJECT\na\\x1b[2Jb"), 0U) << text;
}

TEST(Table, WideLettersAndMarksAreCountedAsATerminalShowsThem) {
    EXPECT_EQ(text_columns("abc"), 3U);
    EXPECT_EQ(text_columns("\u00e9"), 1U);
    EXPECT_EQ(text_columns("e\u0301"), 1U);
    EXPECT_EQ(text_columns("\u6ce8\u6587"), 4U);
    EXPECT_EQ(text_columns("\xff\xfe"), 2U);
    EXPECT_EQ(text_columns("\xe6\xb3"), 2U);
    EXPECT_EQ(cut_text("\u6ce8\u6587\u6ce8", 5), "\u6ce8\u6587\u2026");
    EXPECT_EQ(cut_text("\u6ce8\u6587\u6ce8", 4), "\u6ce8\u2026");
    EXPECT_EQ(cut_text("abc", 3), "abc");
    EXPECT_EQ(cut_text("abc", 0), "");
}

TEST(OutputFlag, ReadsTheFormAndRefusesOthers) {
    CLI::App app;
    OutputForm form = OutputForm::table;
    add_output_flag(app, form);
    app.parse("--output json");
    EXPECT_EQ(form, OutputForm::json);
    EXPECT_THROW(app.parse("--output yaml"), CLI::ParseError);
}

}  // namespace
}  // namespace symbolon::cli
