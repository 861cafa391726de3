// Properties that every JSON Schema and every pair has, tried on made ones.
#include "core/json.hpp"
#include "tests/support/json_builders.hpp"
#include "tests/support/json_schema_maker.hpp"
#include "tests/support/naive_json_check.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <random>

namespace symbolon::compat {

using nlohmann::ordered_json;
using tests::json_schema;
using tests::JsonSchemaMaker;

namespace {

constexpr int rounds = 500;

class Maker {
public:
    std::string bytes() {
        std::string made(60, '\0');
        for (char& byte : made) {
            byte = static_cast<char>(random_());
        }
        return made;
    }

    // Two schemas that are mostly alike.
    std::pair<std::string, std::string> pair() {
        const std::string first = bytes();
        std::string second = first;
        for (unsigned change = 0; change < 1 + random_() % 3; ++change) {
            second[random_() % second.size()] = static_cast<char>(random_());
        }
        return {JsonSchemaMaker(first).schema_text(), JsonSchemaMaker(second).schema_text()};
    }

    // The members of all objects in another order.
    std::string with_members_shuffled(const std::string& text) {
        keeps_lists_ = true;
        const std::string out = shuffled_text(text);
        keeps_lists_ = false;
        return out;
    }

    // The members of all objects, and what `required` and `enum` list, in another order.
    ordered_json shuffled(const ordered_json& json, const std::string& key = "") {
        if (json.is_array()) {
            std::vector<ordered_json> items;
            for (const auto& item : json) {
                items.push_back(shuffled(item));
            }
            if (!keeps_lists_ && (key == "required" || key == "enum")) {
                std::shuffle(items.begin(), items.end(), random_);
            }
            return items;
        }
        if (!json.is_object()) {
            return json;
        }
        std::vector<std::string> names;
        for (const auto& [name, value] : json.items()) {
            names.push_back(name);
        }
        std::shuffle(names.begin(), names.end(), random_);
        ordered_json out = ordered_json::object();
        for (const std::string& name : names) {
            out[name] = shuffled(json[name], name);
        }
        return out;
    }

    std::string shuffled_text(const std::string& text) {
        return shuffled(ordered_json::parse(text)).dump();
    }

private:
    bool keeps_lists_ = false;
    std::mt19937 random_{11};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same every time
};

// Whether `update` reads what `original` wrote; nullopt when the check gave up.
bool reads(const SchemaPtr& update, const SchemaPtr& original) {
    const auto findings = update->findings_reading(*original);
    EXPECT_TRUE(findings.has_value());
    return findings && findings->empty();
}

}  // namespace

TEST(JsonProperties, EverySchemaReadsItself) {
    Maker maker;
    for (int round = 0; round < rounds; ++round) {
        const std::string text = JsonSchemaMaker(maker.bytes()).schema_text();
        EXPECT_TRUE(reads(json_schema(text), json_schema(text))) << text;
    }
}

TEST(JsonProperties, OrderOfMembersAndNormalisingChangeNoVerdict) {
    Maker maker;
    int compatible = 0;
    for (int round = 0; round < rounds; ++round) {
        const auto [original, update] = maker.pair();
        const bool verdict = reads(json_schema(update), json_schema(original));
        compatible += verdict ? 1 : 0;
        EXPECT_EQ(verdict, reads(json_schema(maker.shuffled_text(update)),
                                 json_schema(maker.shuffled_text(original))))
            << original << " => " << update;
        const auto normalised = [](const std::string& text) {
            return json_schema(*json_schema(text)->canonical_text(Normalize::yes));
        };
        EXPECT_EQ(verdict, reads(normalised(update), normalised(original)))
            << original << " => " << update;
    }
    // Else the pairs would say little.
    EXPECT_GT(compatible, rounds / 10);
    EXPECT_LT(compatible, rounds - rounds / 10);
}

TEST(JsonProperties, FullIsBackwardAndForward) {
    Maker maker;
    for (int round = 0; round < rounds / 10; ++round) {
        const auto [original, update] = maker.pair();
        const std::vector<HistoryEntry> history{{Version{1}, json_schema(original), original}};
        const SchemaPtr candidate = json_schema(update);
        const auto passes = [&](Level level) {
            return check_level(level, *candidate, history)->compatible();
        };
        EXPECT_EQ(passes(Level::full), passes(Level::backward) && passes(Level::forward));
    }
}

TEST(JsonProperties, TheNaiveCheckAgrees) {
    Maker maker;
    int decided = 0;
    std::array<int, 2> compatible{};
    for (int round = 0; round < 2 * rounds; ++round) {
        const auto [original, update] = maker.pair();
        const SchemaPtr writer = json_schema(original);
        const SchemaPtr reader = json_schema(update);
        for (const Policy policy : {Policy::strict, Policy::lenient}) {
            const auto naive = tests::json_reads_naively(update, original, policy);
            if (naive) {
                EXPECT_EQ(reader->findings_under(policy, *writer)->empty(), *naive)
                    << original << " => " << update;
                ++decided;
                compatible[static_cast<std::size_t>(policy)] += *naive ? 1 : 0;
            }
        }
    }
    std::cout << "json naive check: " << decided << " verdicts of " << 4 * rounds << ", compatible "
              << compatible[0] << " strictly and " << compatible[1] << " leniently\n";
    EXPECT_GT(decided, 3 * rounds);
    EXPECT_GT(compatible[1], compatible[0]);
}

TEST(JsonProperties, RecordedPairsHaveThemToo) {
    const auto rows = tests::read_vectors("json-schema/compat.jsonl");
    if (rows.empty()) {
        GTEST_SKIP();
    }
    Maker maker;
    const auto references_of_row = [](const ordered_json& row, const std::string& field) {
        std::vector<NamedText> references;
        if (row.contains(field)) {
            for (const auto& reference : row[field]) {
                references.push_back({reference["name"], reference["schema"].dump()});
            }
        }
        return references;
    };
    for (const auto& row : rows) {
        const auto old_references = references_of_row(row, "original_references");
        const auto new_references = references_of_row(row, "update_references");
        const SchemaPtr original = json_schema(row["original"].dump(), old_references);
        const SchemaPtr update = json_schema(row["update"].dump(), new_references);
        const bool backward = reads(update, original);
        EXPECT_TRUE(reads(original, original)) << row["original"];
        EXPECT_TRUE(reads(update, update)) << row["update"];
        const SchemaPtr shuffled_original =
            json_schema(maker.shuffled(row["original"]).dump(), old_references);
        const SchemaPtr shuffled_update =
            json_schema(maker.shuffled(row["update"]).dump(), new_references);
        EXPECT_EQ(backward, reads(shuffled_update, shuffled_original)) << row["id"];
        const auto normalised = [](const SchemaPtr& schema, const std::vector<NamedText>& names) {
            return json_schema(*schema->canonical_text(Normalize::yes), names);
        };
        EXPECT_EQ(backward,
                  reads(normalised(update, new_references), normalised(original, old_references)))
            << row["id"];
        const std::vector<HistoryEntry> history{{Version{1}, original, ""}};
        EXPECT_EQ(check_level(Level::full, *update, history)->compatible(),
                  backward && reads(original, update))
            << row["id"];
    }
    std::cout << "json recorded pairs, reordered and normalised: " << rows.size() << '\n';
}

TEST(JsonProperties, TextsComeOutAsTheyWentIn) {
    Maker maker;
    for (int round = 0; round < rounds / 10; ++round) {
        const std::string text = JsonSchemaMaker(maker.bytes()).schema_text();
        const std::string canonical = *json_schema(text)->canonical_text(Normalize::no);
        EXPECT_EQ(canonical, text);
        const std::string normalised = *json_schema(text)->canonical_text(Normalize::yes);
        EXPECT_EQ(*json_schema(maker.with_members_shuffled(text))->canonical_text(Normalize::yes),
                  normalised);
    }
}

}  // namespace symbolon::compat
