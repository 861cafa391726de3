#include "cli/unknown_word.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class WrongCall : public ::testing::Test {
protected:
    WrongCall() {
        app.require_subcommand(1);
        auto* const check = app.add_subcommand("check", "");
        check->add_option("--level", text)->check(CLI::IsMember({"BACKWARD", "FULL"}));
        check->add_option("--rules", texts)
            ->delimiter(',')
            ->check(CLI::IsMember({"names", "docs"}));
        check->add_option("--against", text);
        check->add_option("path", text)->required();
        auto* const guard = app.add_subcommand("guard", "");
        guard->require_subcommand(1);
        guard->add_subcommand("list", "");
    }
    std::string said_of(std::vector<std::string> words) {
        try {
            app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
        } catch (const CLI::ParseError& error) {
            return explain_call(app, words, error);
        }
        return "nothing";
    }

    std::string text;
    std::vector<std::string> texts;
    CLI::App app{"", "symbolon"};
};

TEST_F(WrongCall, AnUnknownCommandIsNamedWithTheNearest) {
    EXPECT_EQ(said_of({"chekc", "x"}),
              "symbolon: there is no command 'chekc'; did you mean "
              "'check'?\nSee 'symbolon --help'.\n");
    EXPECT_THAT(said_of({"guard", "lsit"}), HasSubstr("did you mean 'list'?"));
    EXPECT_THAT(said_of({"guard", "nope"}), HasSubstr("there are: list"));
    EXPECT_THAT(said_of({"guard"}), StartsWith("symbolon guard: a command is missing"));
}

TEST_F(WrongCall, AnUnknownFlagIsNamedWithTheNearest) {
    EXPECT_THAT(said_of({"check", "x", "--agianst", "y"}),
                StartsWith("symbolon check: there is no flag '--agianst'; did you mean "
                           "'--against'?\n"));
    EXPECT_THAT(said_of({"check", "x", "-level=FULL"}), HasSubstr("did you mean '--level'?"));
    EXPECT_THAT(said_of({"check", "x", "--nope"}), Not(HasSubstr("did you mean")));
}

TEST_F(WrongCall, AValueThatThereIsNotIsNamedWithTheNearestAndAll) {
    const auto said = said_of({"check", "x", "--level", "BACKWARDS"});
    EXPECT_THAT(said, StartsWith("symbolon check: --level cannot be 'BACKWARDS'; did you mean "
                                 "'BACKWARD'?\n  allowed: BACKWARD, FULL\n"));
    EXPECT_EQ(said_of({"check", "x", "--level=BACKWARDS"}), said);
    EXPECT_THAT(said_of({"check", "x", "--rules", "names,docz"}), HasSubstr("'docz'; did you mean "
                                                                            "'docs'?"));
}

TEST_F(WrongCall, OtherMistakesAreToldInTheParsersWords) {
    EXPECT_THAT(said_of({"check"}), StartsWith("symbolon check: path is required\n"));
    EXPECT_THAT(said_of({"check", "x", "\x1b[2J"}), Not(HasSubstr("\x1b")));
    EXPECT_THAT(said_of({"\x1b[2J"}), HasSubstr("'\\x1b[2J'"));
}

}  // namespace
}  // namespace symbolon::cli
