#include "cli/completion_words.hpp"

#include "core/limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::cli {
namespace {

using Words = std::vector<std::string>;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CompletionWords : public ::testing::Test {
protected:
    CompletionWords() {
        app.require_subcommand(1);
        auto* const check = app.add_subcommand("check", "The gate. It never stores.");
        check->add_option("--level", text)->check(CLI::IsMember({"FULL", "FORWARD", "NONE"}));
        check->add_option("--rules", texts)->delimiter(',')->check(CLI::IsMember({"a1", "a2"}));
        check->add_option("--against", text)->type_name("URL|DIR");
        check->add_option("--profile", text)->type_name("NAME");
        check->add_option("path", texts)->type_name("PATH");
        auto* const config = app.add_subcommand("config", "Settings.");
        config->require_subcommand(1);
        auto* const set = config->add_subcommand("set", "Sets.");
        set->add_option("subject", text)->type_name("SUBJECT");
        set->add_option("level", text);
        app.add_subcommand("help", "")->add_option("command", texts)->type_name("COMMAND");
        sources.subjects = [this](const Words& words, const std::string& prefix) {
            asked = words;
            asked.push_back(prefix);
            return Words{"orders-value", "other\nthing", "payments"};
        };
        sources.profiles = [] { return Words{"prod", "next"}; };
    }
    Words texts_of(const Words& words) {
        made = complete_words(app, words, sources);
        Words found;
        for (const auto& word : made.words) {
            found.push_back(word.text);
        }
        return found;
    }

    std::string text;
    Words texts;
    Words asked;
    Completion made;
    CompletionSources sources;
    CLI::App app{"", "symbolon"};
};

TEST_F(CompletionWords, CommandsAreCompletedAtEveryDepth) {
    EXPECT_THAT(texts_of({""}), ElementsAre("check", "config", "help"));
    EXPECT_EQ(made.words.front().help, "The gate");
    EXPECT_THAT(texts_of({"c"}), ElementsAre("check", "config"));
    EXPECT_THAT(texts_of({"config", "s"}), ElementsAre("set"));
    EXPECT_THAT(texts_of({"help", "config", ""}), ElementsAre("set"));
    EXPECT_THAT(texts_of({"nope", ""}), Contains("check"));
}

TEST_F(CompletionWords, FlagsAndTheirValuesAreCompleted) {
    EXPECT_THAT(texts_of({"check", "--l"}), ElementsAre("--level"));
    EXPECT_THAT(texts_of({"check", "--level", "F"}), ElementsAre("FULL", "FORWARD"));
    EXPECT_THAT(texts_of({"check", "--level=FU"}), ElementsAre("--level=FULL"));
    EXPECT_THAT(texts_of({"check", "--rules", "a1,"}), ElementsAre("a1,a1", "a1,a2"));
    EXPECT_THAT(texts_of({"check", "--rules=a1,a2"}), ElementsAre("--rules=a1,a2"));
    EXPECT_THAT(texts_of({"check", "--profile", "p"}), ElementsAre("prod"));
    EXPECT_THAT(texts_of({"check", "--nope=x"}), IsEmpty());
}

TEST_F(CompletionWords, FilesAreLeftToTheShell) {
    EXPECT_THAT(texts_of({"check", ""}), IsEmpty());
    EXPECT_TRUE(made.files);
    EXPECT_THAT(texts_of({"check", "--against", "x"}), IsEmpty());
    EXPECT_TRUE(made.files);
    texts_of({"check", "--level", ""});
    EXPECT_FALSE(made.files);
    EXPECT_EQ(to_lines({{{"a", "b"}, {"c", ""}}, true}), "files\na\tb\nc\n");
}

TEST_F(CompletionWords, SubjectsAreAskedForWhereOneIsWanted) {
    EXPECT_THAT(texts_of({"config", "set", "--registry", "http://a", "o"}), IsEmpty());
    EXPECT_THAT(texts_of({"config", "set", "o"}), ElementsAre("orders-value"));
    EXPECT_THAT(asked, ElementsAre("config", "set", "o"));
    EXPECT_THAT(texts_of({"config", "set", "orders-value", "FULL"}),
                ElementsAre("FULL", "FULL_TRANSITIVE"));
    sources = {};
    EXPECT_THAT(texts_of({"config", "set", ""}), IsEmpty());
}

TEST_F(CompletionWords, ThereIsABoundToThem) {
    sources.subjects = [](const Words&, const std::string&) {
        return Words(limits::completion_candidates_max + 1, "s");
    };
    EXPECT_EQ(texts_of({"config", "set", ""}).size(), limits::completion_candidates_max);
}

}  // namespace
}  // namespace symbolon::cli
