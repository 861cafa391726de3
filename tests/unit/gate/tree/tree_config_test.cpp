#include "gate/tree/tree_config.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

namespace symbolon::gate {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

Result<TreeConfig> parse(std::string_view text) {
    return parse_tree_config(text, "s/symbolon.yaml");
}

std::string problem_of(std::string_view text) {
    const auto config = parse(text);
    return config ? "no problem" : config.error().message;
}

TEST(TreeConfig, EveryPartIsRead) {
    const auto config = parse(R"(version: 1
level: backward
schemas:
  - path: "./orders/**/*.avsc"
    subject: "{dir}.{stem}-value"
    level: FULL
    type: AVRO
    references:
      - {name: com.acme.Address, subject: address-value, version: 3}
      - {name: common/money.proto, file: ./common/money.proto}
      - {name: x, subject: y, version: latest}
exclude: ["build/**", node_modules/]
ignore:
  - rule: READER_FIELD_MISSING_DEFAULT_VALUE
    subject: orders-value
    path: /fields/3
    reason: every consumer was asked
    expires: 2027-01-31
lint: {use: [INVALID_SCHEMA], except: [UNDECIDED]}
)");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->rules.level, compat::Level::backward);
    ASSERT_EQ(config->entries.size(), 1U);
    const ConfigEntry& entry = config->entries[0];
    EXPECT_EQ(entry.pattern, "orders/**/*.avsc");
    EXPECT_EQ(entry.subject, "{dir}.{stem}-value");
    EXPECT_EQ(entry.level, compat::Level::full);
    EXPECT_EQ(entry.type, SchemaType::avro);
    EXPECT_EQ(entry.line, 4U);
    ASSERT_EQ(entry.references.size(), 3U);
    EXPECT_EQ(entry.references[0].subject, "address-value");
    EXPECT_EQ(entry.references[0].version, 3);
    EXPECT_EQ(entry.references[1].file, "common/money.proto");
    EXPECT_EQ(entry.references[2].version, 0);
    EXPECT_THAT(config->exclude, ElementsAre("build/**", "node_modules/"));
    ASSERT_EQ(config->rules.waivers.size(), 1U);
    const Waiver& waiver = config->rules.waivers[0];
    EXPECT_EQ(waiver.rule, "READER_FIELD_MISSING_DEFAULT_VALUE");
    EXPECT_EQ(waiver.subject, "orders-value");
    EXPECT_EQ(waiver.path, "/fields/3");
    EXPECT_EQ(waiver.reason, "every consumer was asked");
    EXPECT_EQ(waiver.expires, "2027-01-31");
    EXPECT_EQ(waiver.file, "s/symbolon.yaml");
    EXPECT_EQ(waiver.line, 14U);
    EXPECT_THAT(config->rules.lint_use, ElementsAre("INVALID_SCHEMA"));
    EXPECT_THAT(config->rules.lint_except, ElementsAre("UNDECIDED"));
}

TEST(TreeConfig, AnEmptyFileAndEmptyListsSayNothing) {
    for (const std::string_view text : {"", "# nothing\n", "---\n", "schemas:\nignore: []\n"}) {
        const auto config = parse(text);
        ASSERT_TRUE(config) << text;
        EXPECT_THAT(config->entries, IsEmpty());
    }
}

struct Mistake {
    std::string_view text;
    std::string_view problem;
};

TEST(TreeConfig, EachMistakeIsToldWithItsPlaceAndWhatWasMeant) {
    const std::array mistakes{
        Mistake{"level: FUL", "1:8: there is no level FUL (did you mean FULL?)"},
        Mistake{"a: 1\n", "1:1: symbolon.yaml has no key \"a\"; there are version, level"},
        Mistake{"version: 2", "1:10: version must be 1"},
        Mistake{"[1]", "1:1: symbolon.yaml must be a map"},
        Mistake{"level: FULL\nlevel: FULL", "2:1: the key \"level\" stands there twice"},
        Mistake{"schemas: x", "1:10: \"schemas\" must be a list"},
        Mistake{"schemas: [x]", "1:11: an entry of \"schemas\" must be a map"},
        Mistake{"schemas:\n  - subject: x", "2:5: an entry of \"schemas\" needs a \"path\""},
        Mistake{"schemas:\n  - path: a\n    subjekt: x",
                "3:5: an entry of \"schemas\" has no key \"subjekt\" (did you mean subject?)"},
        Mistake{"schemas: [{path: a, type: AVO}]", "1:27: there is no type AVO (did you mean AVRO"},
        Mistake{"schemas: [{path: a, subject: \"{stm}\"}]",
                "{stm} is no placeholder (did you mean stem?)"},
        Mistake{"schemas: [{path: a, subject: \"{stem\"}]", "is no placeholder"},
        Mistake{"schemas: [{path: a, subject: \"stem}\"}]", "is no placeholder"},
        Mistake{"schemas: [{path: /a}]", "must be a pattern from this file's folder down"},
        Mistake{"schemas: [{path: ../a}]", "must be a pattern from this file's folder down"},
        Mistake{"schemas: [{path: [a]}]", "\"path\" must be a text"},
        Mistake{"schemas: [{path: a, references: [{subject: s}]}]", "a reference needs a \"name\""},
        Mistake{"schemas: [{path: a, references: [{name: n}]}]", "either a \"file\""},
        Mistake{"schemas: [{path: a, references: [{name: n, file: f, subject: s}]}]",
                "either a \"file\""},
        Mistake{"schemas: [{path: a, references: [{name: n, file: f, version: 1}]}]",
                "\"version\" goes with \"subject\""},
        Mistake{"schemas: [{path: a, references: [{name: n, subject: s, version: 0}]}]",
                "version 0 must be a number from 1"},
        Mistake{"schemas: [{path: a, references: [{name: n, subject: s, version: 99999999999}]}]",
                "must be a number from 1"},
        Mistake{"ignore: [{rule: TYPE_MISMATHC, reason: r, expires: 2027-01-31}]",
                "there is no rule TYPE_MISMATHC (did you mean TYPE_MISMATCH?)"},
        Mistake{"ignore: [{rule: TYPE_MISMATCH, expires: 2027-01-31}]", "needs a \"reason\""},
        Mistake{"ignore: [{rule: TYPE_MISMATCH, reason: \"\", expires: 2027-01-31}]",
                "\"reason\" must be a text that is not empty"},
        Mistake{"ignore: [{rule: TYPE_MISMATCH, reason: r}]", "a day on which it \"expires\""},
        Mistake{"ignore: [{reason: r, expires: 2027-01-31}]", "needs the \"rule\""},
        Mistake{"ignore: [{rule: TYPE_MISMATCH, reason: r, expires: 2027-02-30}]",
                "2027-02-30 is no day"},
        Mistake{"ignore: [{rule: TYPE_MISMATCH, reason: r, expires: tomorrow}]",
                "tomorrow is no day"},
        Mistake{"lint: {use: [NO_SUCH_RULE_AT_ALL]}", "there is no rule NO_SUCH_RULE_AT_ALL"},
        Mistake{"lint: {uses: []}", "(did you mean use?)"},
        Mistake{"level: [", "this is no YAML"},
        Mistake{"level: FULL\n---\nlevel: FULL", "something follows after the first value"},
        Mistake{"? [a]\n: b", "a key of symbolon.yaml must be a word"},
    };
    for (const Mistake& mistake : mistakes) {
        const auto problem = problem_of(mistake.text);
        EXPECT_THAT(problem, StartsWith("s/symbolon.yaml:")) << mistake.text;
        EXPECT_THAT(problem, HasSubstr(mistake.problem)) << mistake.text;
    }
}

TEST(TreeConfig, APrintedExceptionIsRefusedUntilSomebodySaysWhy) {
    const auto text = fmt::format(
        "ignore: [{{rule: TYPE_MISMATCH, reason: \"{}\", expires: 2027-01-31}}]", unwritten_reason);
    EXPECT_THAT(problem_of(text), HasSubstr("write down in \"reason\""));
}

TEST(TreeConfig, AliasesThatStandForTooMuchAreRefused) {
    std::string bomb = "lint:\n  use:\n    - &b0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int at = 1; at < 9; ++at) {
        bomb += fmt::format("    - &b{} [", at);
        for (int copy = 0; copy < 10; ++copy) {
            bomb += fmt::format("{}*b{}", copy == 0 ? "" : ", ", at - 1);
        }
        bomb += "]\n";
    }
    EXPECT_THAT(problem_of(bomb), HasSubstr("values with their aliases"));
}

TEST(TreeConfig, NestingAndSizeAreBounded) {
    EXPECT_THAT(problem_of("exclude: " + std::string(400, '[') + std::string(400, ']')),
                HasSubstr("in one another"));
    EXPECT_THAT(problem_of(std::string(100'000, '[')), HasSubstr("this is no YAML"));
    const std::string comment(limits::tree_config_bytes_max - 1, ' ');
    EXPECT_EQ(problem_of("#" + comment), "no problem");
    EXPECT_THAT(problem_of("# " + comment), HasSubstr("more than a configuration may have"));
}

TEST(TreeConfig, PatternsAreBoundedInNumberAndLength) {
    std::string text = "exclude:\n";
    for (std::size_t at = 0; at < limits::tree_patterns_max; ++at) {
        text += "  - a\n";
    }
    EXPECT_EQ(problem_of(text), "no problem");
    EXPECT_THAT(problem_of(text + "  - a\n"), HasSubstr("patterns"));
    const std::string longest(limits::tree_pattern_bytes_max, 'a');
    EXPECT_EQ(problem_of("exclude: [" + longest + "]"), "no problem");
    EXPECT_THAT(problem_of("exclude: [" + longest + "a]"), HasSubstr("bytes in a pattern"));
}

TEST(TreeConfig, TheFirstEntryThatFitsCounts) {
    const auto config = parse("schemas: [{path: a/*.avsc, level: FULL}, {path: \"**\"}]");
    ASSERT_TRUE(config);
    EXPECT_EQ(find_entry(*config, "a/x.avsc"), &config->entries[0]);
    EXPECT_EQ(find_entry(*config, "b/x.avsc"), &config->entries[1]);
}

TEST(TreeConfig, ASubjectIsMadeOfItsParts) {
    const SubjectParts parts{"order", "orders.eu", "com.acme.Order"};
    EXPECT_EQ(fill_subject("{stem}-value", parts), "order-value");
    EXPECT_EQ(fill_subject("{dir}.{stem}", parts), "orders.eu.order");
    EXPECT_EQ(fill_subject("{record}", parts), "com.acme.Order");
    EXPECT_EQ(fill_subject("plain", parts), "plain");
    EXPECT_EQ(fill_subject("{dir}.{stem}-{dir}", {"order", "", ""}), "order-");
}

TEST(TreeConfig, ADateIsADayOfTheCalendar) {
    EXPECT_TRUE(is_date("2028-02-29"));
    for (const std::string_view text : {"2027-02-29", "2027-13-01", "2027-00-10", "2027-01-00",
                                        "27-01-01", "2027/01/01", "2027-1-01", "20a7-01-01", ""}) {
        EXPECT_FALSE(is_date(text)) << text;
    }
}

}  // namespace
}  // namespace symbolon::gate
