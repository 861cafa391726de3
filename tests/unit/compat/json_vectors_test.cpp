#include "compat/json_schema/json_check.hpp"
#include "compat/json_schema/json_schema.hpp"
#include "tests/support/json_builders.hpp"
#include "tests/support/vectors.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

namespace symbolon::compat {

using tests::json_schema;
using tests::parse_json_schema;
using tests::read_vectors;

namespace {

std::vector<NamedText> references_of(const nlohmann::ordered_json& row, const std::string& field) {
    std::vector<NamedText> references;
    if (row.contains(field)) {
        for (const auto& reference : row[field]) {
            references.push_back({reference["name"], reference["schema"].dump()});
        }
    }
    return references;
}

// Texts that the reference refuses by an accident of its own; docs/parity.md says why we do not.
const std::set<std::string>& accidents() {
    static const std::set<std::string> ids{"dynamicRef-2020"};
    return ids;
}

// What is wrong with our answer to a row of parse.jsonl; empty when nothing is.
std::string fault_of(const nlohmann::ordered_json& row) {
    const auto schema =
        parse_json_schema(row["schema_text"].get<std::string>(), references_of(row, "references"));
    const bool valid = row["valid"].get<bool>() || accidents().count(row["id"]) != 0;
    if (schema.has_value() != valid) {
        return schema ? "is accepted" : schema.error().message;
    }
    if (!valid) {
        const std::string error = row["error"].get<std::string>();
        return schema.error().message.find(error) == std::string::npos && error != "Invalid JSON"
                   ? schema.error().message
                   : "";
    }
    if (*(*schema)->canonical_text(Normalize::no) != row["canonical"].get<std::string>()) {
        return *(*schema)->canonical_text(Normalize::no);
    }
    if (*(*schema)->canonical_text(Normalize::yes) != row["normalized"].get<std::string>()) {
        return *(*schema)->canonical_text(Normalize::yes);
    }
    if ((*schema)->check_fields().has_value() != row.value("valid_when_validating_fields", true)) {
        return "is judged otherwise when fields are validated";
    }
    return "";
}

using Strings = std::multiset<std::string>;

// Positions in combined schemas are an accident of the reference's; README of the vectors.
std::string without_positions(std::string path) {
    for (const std::string_view word : {"/allOf/", "/anyOf/", "/oneOf/"}) {
        for (std::size_t at = path.find(word); at != std::string::npos; at = path.find(word, at)) {
            at += word.size();
            const std::size_t end = std::min(path.find_first_not_of("0123456789", at), path.size());
            if (end > at) {
                path.replace(at, end - at, "*");
            }
            --at;  // the "/" behind the word may begin the next one
        }
    }
    return path;
}

std::string joined(const Strings& texts) {
    return fmt::format("[{}]", fmt::join(texts, ", "));
}

std::string difference(std::string_view what, const Strings& ours, const Strings& theirs) {
    return ours == theirs
               ? ""
               : fmt::format("{}: {} instead of {}\n", what, joined(ours), joined(theirs));
}

struct Pair {
    SchemaPtr original;
    SchemaPtr update;
};

Pair pair_of(const nlohmann::ordered_json& row) {
    return {json_schema(row["original"].dump(), references_of(row, "original_references")),
            json_schema(row["update"].dump(), references_of(row, "update_references"))};
}

const json::Model& model_of(const SchemaPtr& schema) {
    return static_cast<const json::JsonSchema&>(*schema).root();
}

std::string fault_of_verdicts(const nlohmann::ordered_json& row, const Pair& pair) {
    std::string fault;
    for (const auto& [field, policy] : {std::pair{"compatible", Policy::strict},
                                        std::pair{"compatible_lenient", Policy::lenient}}) {
        const auto findings = pair.update->findings_under(policy, *pair.original);
        if (!findings) {
            fault += findings.error().message;
        } else if (findings->empty() != row[field].get<bool>()) {
            fault += std::string(field) + " is not as recorded\n";
        }
    }
    return fault;
}

// The types that the recorded messages are about.
std::set<std::string> breaking_types(const nlohmann::ordered_json& messages) {
    constexpr std::string_view before = "{errorType:\"";
    std::set<std::string> types;
    for (const auto& message : messages) {
        const auto text = message.get<std::string>();
        types.insert(text.substr(before.size(), text.find('"', before.size()) - before.size()));
    }
    return types;
}

std::string fault_of_changes(const nlohmann::ordered_json& row, const Pair& pair) {
    const auto changes = json::changes_between(model_of(pair.original), model_of(pair.update),
                                               Policy::strict, json::Wanted::all);
    if (!changes) {
        return changes.error().message;
    }
    const bool exact = row["exact"];
    Strings ours;
    Strings theirs;
    const std::set<std::string> breaking = breaking_types(row["messages"]);
    for (const json::Change& change : *changes) {
        if (exact) {
            ours.insert(std::string(change.kind.name()) + " " + without_positions(change.path));
        } else if (!change.kind.is_allowed(Policy::strict) &&
                   ours.count(std::string(change.kind.name())) == 0) {
            ours.emplace(change.kind.name());
        }
    }
    for (const auto& change : row["changes"]) {
        const auto type = change["type"].get<std::string>();
        if (exact) {
            theirs.insert(type + " " + without_positions(change["path"]));
        } else if (breaking.count(type) != 0 && theirs.count(type) == 0) {
            theirs.insert(type);
        }
    }
    return difference("changes", ours, theirs);
}

std::string fault_of_messages(const nlohmann::ordered_json& row, const Pair& pair) {
    Strings ours;
    Strings theirs;
    if (const auto findings = pair.update->findings_reading(*pair.original)) {
        for (const Finding& finding : *findings) {
            ours.insert(without_positions(to_message(finding, Direction::backward)));
        }
    }
    for (const auto& message : row["messages"]) {
        theirs.insert(without_positions(message));
    }
    return row["exact"] ? difference("messages", ours, theirs) : "";
}

std::string fault_of_pair(const nlohmann::ordered_json& row) {
    const Pair pair = pair_of(row);
    return fault_of_verdicts(row, pair) + fault_of_changes(row, pair) +
           fault_of_messages(row, pair);
}

// Pairs on which we decide otherwise than the reference; docs/parity.md says why.
const std::map<std::string, std::string>& decisions() {
    static const std::map<std::string, std::string> verdicts = [] {
        std::map<std::string, std::string> made;
        const std::string tests = "redpanda/compatibility-test-cases-";
        // An embedded or own `$id` is found in the schema, as the drafts say.
        for (const std::string id :
             {"116-94ca15", "118-c3782a", "122-584204", "132-bf2502", "133-e893a8"}) {
            made[tests + id] = "true";
        }
        for (const std::string id : {"117-b08b20", "119-3058ff", "124-2c0a3c", "123-5367ab",
                                     "125-39b0a3", "126-231b68", "127-3d1338"}) {
            made[tests + id] = "false";
        }
        // "./" in front of a reference's name changes nothing.
        for (const std::string draft : {"d4", "d6", "d7"}) {
            made["own/extref-dot-slash-" + draft] = "true";
        }
        return made;
    }();
    return verdicts;
}

std::string our_verdict(const nlohmann::ordered_json& row) {
    const auto original =
        parse_json_schema(row["original"].dump(), references_of(row, "original_references"));
    const auto update =
        parse_json_schema(row["update"].dump(), references_of(row, "update_references"));
    if (!original || !update) {
        return "refused";
    }
    const auto findings = (*update)->findings_reading(**original);
    return !findings ? "error" : findings->empty() ? "true" : "false";
}

std::string decided_verdict(const nlohmann::ordered_json& row) {
    const auto decided = decisions().find(row["id"]);
    if (decided != decisions().end()) {
        return decided->second;
    }
    // Lowering exclusiveMaximum fails or is missed there.
    if (row["note"].get<std::string>().find("EXCLUSIVE_MAXIMUM_DECREASED") != std::string::npos) {
        return "false";
    }
    const auto& theirs = row["verdicts"]["confluent"];
    return theirs.is_string() ? "refused" : theirs.get<bool>() ? "true" : "false";
}

}  // namespace

TEST(JsonVectors, DisputedPairsAreDecidedAsThePageOnParitySays) {
    const auto rows = read_vectors("json-schema/compat-disputed.jsonl");
    if (rows.empty()) {
        GTEST_SKIP();
    }
    std::size_t good = 0;
    for (const auto& row : rows) {
        EXPECT_EQ(our_verdict(row), decided_verdict(row))
            << row["id"] << " " << row["original"] << " => " << row["update"];
        good += our_verdict(row) == decided_verdict(row) ? 1 : 0;
    }
    std::cout << "json disputed pairs: " << good << " of " << rows.size() << '\n';
}

TEST(JsonVectors, TextsParseAndPrintAsRecorded) {
    const auto rows = read_vectors("json-schema/parse.jsonl");
    if (rows.empty()) {
        GTEST_SKIP();
    }
    std::size_t good = 0;
    for (const auto& row : rows) {
        const std::string fault = fault_of(row);
        EXPECT_EQ(fault, "") << row["id"] << " " << row["schema_text"];
        good += fault.empty() ? 1 : 0;
    }
    std::cout << "json parse: " << good << " of " << rows.size() << " (" << accidents().size()
              << " better)\n";
}

TEST(JsonVectors, PairsAreComparedAsRecorded) {
    const auto rows = read_vectors("json-schema/compat.jsonl");
    if (rows.empty()) {
        GTEST_SKIP();
    }
    std::size_t good = 0;
    for (const auto& row : rows) {
        const std::string fault = fault_of_pair(row);
        EXPECT_EQ(fault, "") << row["id"] << " " << row["original"] << " => " << row["update"];
        good += fault.empty() ? 1 : 0;
    }
    std::cout << "json pairs: " << good << " of " << rows.size() << '\n';
}

}  // namespace symbolon::compat
