#include "gate/diff/text_diff.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <random>
#include <sstream>
#include <string>
#include <vector>

namespace symbolon::gate {
namespace {

std::string diff_of(const std::string& before, const std::string& after) {
    return to_unified_diff(before, after, {"old", "new"}).text;
}

/// The new text, made of the old one by the hunks: what `patch` does.
std::string apply_patch(const std::string& before, const std::string& patch) {
    std::vector<std::string> lines;
    std::istringstream text(before);
    for (std::string line; std::getline(text, line);) {
        lines.push_back(line);
    }
    std::string out;
    std::size_t at = 0;
    std::istringstream hunks(patch);
    for (std::string line; std::getline(hunks, line);) {
        if (line.starts_with("--- ") || line.starts_with("+++ ")) {
            continue;
        }
        if (line.starts_with("@@ -")) {
            const std::size_t first = std::stoul(line.substr(4));
            const bool none = line.substr(4, line.find(' ', 4) - 4).ends_with(",0");
            for (const std::size_t begin = none ? first : first - 1; at < begin; ++at) {
                out += lines.at(at) + "\n";
            }
        } else if (line.front() == '+') {
            out += line.substr(1) + "\n";
        } else {
            EXPECT_EQ(lines.at(at), line.substr(1));
            out += line.front() == ' ' ? lines.at(at) + "\n" : "";
            ++at;
        }
    }
    for (; at < lines.size(); ++at) {
        out += lines[at] + "\n";
    }
    return out;
}

TEST(TextDiff, EqualTextsHaveNone) {
    EXPECT_EQ(diff_of("a\nb\n", "a\nb\n"), "");
    EXPECT_EQ(diff_of("", ""), "");
}

TEST(TextDiff, AReplacedLineIsShownWithLinesAroundIt) {
    EXPECT_EQ(diff_of("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nfive\n6\n7\n8\n9\n"),
              "--- old\n+++ new\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n");
}

TEST(TextDiff, AnEmptySideIsPlacedAtLineZero) {
    EXPECT_EQ(diff_of("", "a\n"), "--- old\n+++ new\n@@ -0,0 +1 @@\n+a\n");
    EXPECT_EQ(diff_of("a\n", ""), "--- old\n+++ new\n@@ -1 +0,0 @@\n-a\n");
}

TEST(TextDiff, WhatIsFarApartComesInHunksOfItsOwn) {
    std::string before;
    for (int line = 1; line <= 40; ++line) {
        before += fmt::format("{}\n", line);
    }
    std::string after = before;
    after.replace(after.find("\n5\n"), 3, "\n");
    after += "41\n";
    EXPECT_EQ(diff_of(before, after),
              "--- old\n+++ new\n@@ -2,7 +2,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8\n"
              "@@ -38,3 +37,4 @@\n 38\n 39\n 40\n+41\n");
}

TEST(TextDiff, TheHunksMakeTheNewTextOfTheOldOneWhateverTheTexts) {
    std::mt19937 random(7);
    for (int round = 0; round < 400; ++round) {
        std::string before;
        std::string after;
        for (auto* text : {&before, &after}) {
            const auto lines = random() % 30;
            for (unsigned line = 0; line < lines; ++line) {
                *text += static_cast<char>('a' + random() % 4);
                *text += '\n';
            }
        }
        EXPECT_EQ(apply_patch(before, diff_of(before, after)), after) << before << "---\n" << after;
    }
}

TEST(TextDiff, TheShortestWayIsFound) {
    const std::string text = diff_of("a\nb\nc\na\nb\nb\na\n", "c\nb\na\nb\na\nc\n");
    std::size_t edits = 0;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const bool is_head = line.starts_with("---") || line.starts_with("+++");
        edits += !is_head && (line.front() == '+' || line.front() == '-') ? 1 : 0;
    }
    EXPECT_EQ(edits, 5U);  // The example of Myers's article.
}

TEST(TextDiff, TooManyEditsEndInAReplacementThatIsRight) {
    std::string before;
    std::string after;
    for (std::size_t line = 0; line < limits::text_diff_edits_max; ++line) {
        before += fmt::format("old {}\n", line);
        after += fmt::format("new {}\n", line);
    }
    const UnifiedDiff diff = to_unified_diff("same\n" + before, "same\n" + after, {"old", "new"});
    EXPECT_TRUE(diff.is_coarse);
    EXPECT_EQ(apply_patch("same\n" + before, diff.text), "same\n" + after);
}

TEST(TextDiff, JsonIsLaidOutInTheOrderOfItsMembers) {
    EXPECT_EQ(lay_out(SchemaType::avro, R"({"type":"enum","a":[1,{}],"b":[]})"),
              "{\n  \"type\": \"enum\",\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": []\n}\n");
    EXPECT_EQ(lay_out(SchemaType::protobuf, "message A {}"), "message A {}\n");
    EXPECT_EQ(lay_out(SchemaType::json, "no JSON"), "no JSON\n");
}

}  // namespace
}  // namespace symbolon::gate
