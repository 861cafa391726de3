#include "cli/command_tree.hpp"

#include <gtest/gtest.h>

namespace symbolon::cli {
namespace {

using Kind = WordWalk::Kind;
using Words = std::vector<std::string>;

class CommandTree : public ::testing::Test {
protected:
    CommandTree() {
        app.require_subcommand(1);
        config->require_subcommand(1);
        set->add_option("subject", text)->type_name("SUBJECT");
        set->add_option("level", text)->type_name("LEVEL");
        set->add_option("--level,-l", text, "The level.\n  environment: A_LEVEL or\n  B_LEVEL")
            ->check(CLI::IsMember({"FULL", "NONE"}));
        set->add_option("--jobs", number, "How many.")->check(CLI::Range(1, 8))->envname("C_JOBS");
        set->add_option("--switch", text)->expected(0, 1)->option_text("[true|false]");
        set->add_option("--output", text)->type_name("table|json");
        set->add_option("--against", text)->type_name("URL|DIR");
        set->add_flag("--force", flag);
        app.add_subcommand("secret", "")->group("");
    }
    const CLI::Option& flag_named(const std::string& name) { return *find_flag(*set, name); }

    std::string text;
    int number = 0;
    bool flag = false;
    CLI::App app{"", "symbolon"};
    CLI::App* const config = app.add_subcommand("config", "Settings.");
    CLI::App* const set = config->add_subcommand("set", "Sets.");
};

TEST_F(CommandTree, HiddenCommandsAreNotListed) {
    ASSERT_EQ(commands_of(app).size(), 1U);
    EXPECT_EQ(path_of(*commands_of(*config).front()), "symbolon config set");
    EXPECT_EQ(top_name_of(*set), "config");
    EXPECT_EQ(top_name_of(app), "");
}

TEST_F(CommandTree, FlagsHaveNamesValuesRangesAndVariables) {
    EXPECT_EQ(find_flag(*set, "--nope"), nullptr);
    EXPECT_EQ(find_flag(*set, "-l"), find_flag(*set, "--level"));
    EXPECT_EQ(values_of(flag_named("--level")), (Words{"FULL", "NONE"}));
    EXPECT_EQ(values_of(flag_named("--switch")), (Words{"true", "false"}));
    EXPECT_EQ(values_of(flag_named("--output")), (Words{"table", "json"}));
    EXPECT_EQ(values_of(flag_named("--against")), Words{});
    EXPECT_EQ(values_of(flag_named("--force")), Words{});
    EXPECT_EQ(values_of(*arguments_of(*set).at(1)).front(), "NONE");
    EXPECT_EQ(value_name_of(flag_named("--level")), "TEXT");
    EXPECT_EQ(value_name_of(flag_named("--jobs")), "INT");
    EXPECT_EQ(range_of(flag_named("--jobs")), "1 to 8");
    EXPECT_EQ(range_of(flag_named("--level")), "");
    EXPECT_EQ(variables_of(flag_named("--level")), (Words{"A_LEVEL", "B_LEVEL"}));
    EXPECT_EQ(variables_of(flag_named("--jobs")), Words{"C_JOBS"});
    EXPECT_TRUE(takes_value(flag_named("--switch")));
    EXPECT_FALSE(needs_value(flag_named("--switch")));
    EXPECT_FALSE(takes_value(flag_named("--force")));
}

TEST_F(CommandTree, FlagsOfTheCommandAboveCountWhereTheParserTakesThem) {
    config->add_option("--registry", text);
    EXPECT_EQ(find_flag(*set, "--registry"), nullptr);
    const auto own = reachable_flags_of(*set).size();
    set->fallthrough();
    EXPECT_NE(find_flag(*set, "--registry"), nullptr);
    EXPECT_EQ(reachable_flags_of(*set).size(), own + 1);  // and not its --help
    EXPECT_EQ(flags_of(*set).size(), own);
}

TEST_F(CommandTree, AWalkFollowsTheWordsOfACall) {
    WordWalk walk(app);
    EXPECT_EQ(walk.step("config"), Kind::command);
    EXPECT_EQ(walk.step("set"), Kind::command);
    EXPECT_EQ(walk.step("--level"), Kind::flag);
    EXPECT_TRUE(walk.awaits_value());
    EXPECT_EQ(walk.step("--force"), Kind::value);
    EXPECT_EQ(walk.step("--level=FULL"), Kind::flag);
    EXPECT_FALSE(walk.awaits_value());
    EXPECT_EQ(walk.step("--switch"), Kind::flag);
    EXPECT_EQ(walk.step("--force"), Kind::flag);
    EXPECT_EQ(walk.step("orders"), Kind::argument);
    EXPECT_EQ(walk.last_argument(), arguments_of(*set).at(0));
    EXPECT_EQ(walk.next_argument(), arguments_of(*set).at(1));
    EXPECT_EQ(walk.step("--nope"), Kind::unknown_flag);
    EXPECT_EQ(walk.step("--"), Kind::flag);
    EXPECT_EQ(walk.step("--nope"), Kind::argument);
    EXPECT_EQ(walk.next_argument(), nullptr);
}

TEST_F(CommandTree, AWordThatIsNoCommandIsUnknownWhereOneIsNeeded) {
    EXPECT_EQ(WordWalk(app).step("confog"), Kind::unknown_command);
    EXPECT_EQ(WordWalk(app).step("--nope"), Kind::unknown_flag);
}

}  // namespace
}  // namespace symbolon::cli
