#include "cli/man_page.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(ManPage, WhatRoffReadsAsItsOwnIsEscaped) {
    EXPECT_EQ(to_roff(".so x"), "\\&.so x");
    EXPECT_EQ(to_roff("'quoted' \"x\""), "\\(aqquoted\\(aq \\(dqx\\(dq");
    EXPECT_EQ(to_roff("a\\nb"), "a\\enb");
    EXPECT_EQ(to_roff("--a-b"), "\\-\\-a\\-b");
    EXPECT_EQ(to_roff("~^`"), "\\(ti\\(ha\\(ga");
    EXPECT_EQ(to_roff("a…ü\x80z\t\x01"), "a\\[u2026]\\[u00FC]\\[uFFFD]z  ");
    EXPECT_EQ(to_roff("\xe2\x80"), "\\[uFFFD]\\[uFFFD]");
}

TEST(ManPage, AFooterComesApart) {
    const auto parts = split_footer(
        "It reads.\nExample: symbolon x\nMore words.\nExit status: 0 done,\n1 failed.\n\nLast.\n"
        "Examples:\n  symbolon a \\\n      b\n");
    EXPECT_THAT(parts.description, ElementsAre("It reads.", "More words.", "", "Last."));
    EXPECT_THAT(parts.examples, ElementsAre("symbolon x", "symbolon a \\", "    b"));
    EXPECT_THAT(parts.exit_status, ElementsAre("0 done,", "1 failed."));
    EXPECT_THAT(split_footer("").examples, IsEmpty());
}

class ManPageOfACommand : public ::testing::Test {
protected:
    ManPageOfACommand() {
        app.add_subcommand("get", "Shows.")->group("The registry");
        set->group("The registry");
        set->add_option("subject", text, "The subject.")->required();
        set->add_option("-l,--level", text, "The level.\n  default NONE\n  environment: A_LEVEL")
            ->check(CLI::IsMember({"FULL", "NONE"}))
            ->type_name("LEVEL");
        set->add_option("--registry", text, ".leading")->group("The registry");
        set->add_option("--jobs", number, "How many.")
            ->check(CLI::Range(1, 8))
            ->capture_default_str()
            ->envname("B_JOBS");
        set->footer("It is set.\n  a  table\nExample: symbolon set x\nExit status: 0 done.");
    }
    std::string text;
    int number = 3;
    CLI::App app{"A registry.", "symbolon"};
    CLI::App* const set = app.add_subcommand("set", "Sets a level. Always.");
};

TEST_F(ManPageOfACommand, HasAllSections) {
    const auto page = to_man_page(*set, "1.2.3", {{"OTHER_URL", "The URL."}});
    EXPECT_THAT(page, HasSubstr(".TH \"SYMBOLON\\-SET\" \"1\" "));
    EXPECT_THAT(page, HasSubstr("symbolon 1.2.3"));
    EXPECT_THAT(page, HasSubstr(".SH NAME\nsymbolon\\-set \\- Sets a level. Always\n"));
    EXPECT_THAT(page, HasSubstr(".B symbolon set\n[\\fIOPTIONS\\fR] \\fISUBJECT\\fR\n"));
    EXPECT_THAT(page, HasSubstr("Sets a level.\nAlways.\n.PP\nIt is set.\n.PP\n.nf\n  a  table\n"));
    EXPECT_THAT(page, HasSubstr(".TP\n\\fB\\-l\\fR, \\fB\\-\\-level\\fR \\fILEVEL\\fR\nThe level.\n"
                                ".br\ndefault NONE\n.br\nenvironment: A_LEVEL\n.br\n"
                                "one of: FULL, NONE\n"));
    EXPECT_THAT(page, HasSubstr(".SS The registry\n.TP\n\\fB\\-\\-registry\\fR \\fITEXT\\fR\n"));
    EXPECT_THAT(page, HasSubstr("\\&.leading\n"));
    EXPECT_THAT(page, HasSubstr("from 1 to 8\n.br\ndefault: 3\n.br\nenvironment: B_JOBS\n"));
    EXPECT_THAT(page, HasSubstr(".SH EXAMPLES\n.nf\nsymbolon set x\n.fi\n"));
    EXPECT_THAT(page, HasSubstr(".SH EXIT STATUS\n0 done.\n"));
    EXPECT_THAT(page, HasSubstr(".TP\n\\fBOTHER_URL\\fR\nThe URL.\n"));
    EXPECT_THAT(page, HasSubstr(".TP\n\\fBA_LEVEL\\fR\nAs \\fB\\-\\-level\\fR.\n"));
    EXPECT_THAT(page, HasSubstr(".SH SEE ALSO\n\\fBsymbolon\\fR(1),\n\\fBsymbolon\\-get\\fR(1)\n"));
    EXPECT_THAT(to_man_page(app, "1", {{"OTHER_URL", "x"}}), Not(HasSubstr("OTHER_URL")));
}

}  // namespace
}  // namespace symbolon::cli
