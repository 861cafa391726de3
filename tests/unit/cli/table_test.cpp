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
    Table table({"A", "B"});
    table.add({"\u6ce8\u6587\u6ce8\u6587\u6ce8\u6587", "1"});
    table.add({"e\u0301", "2"});
    EXPECT_EQ(table.to_text(0),
              "A             B\n\u6ce8\u6587\u6ce8\u6587\u6ce8\u6587  1\n"
              "e\u0301             2\n");
    EXPECT_EQ(table.to_text(12),
              "A          B\n\u6ce8\u6587\u6ce8\u6587\u2026  1\ne\u0301          2\n");
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
