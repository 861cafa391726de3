#include "tests/support/json_builders.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <set>

namespace symbolon::compat {

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
    return "";
}

}  // namespace

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

TEST(JsonVectors, EverySchemaOfARecordedPairParses) {
    const auto rows = read_vectors("json-schema/compat.jsonl");
    if (rows.empty()) {
        GTEST_SKIP();
    }
    for (const auto& row : rows) {
        for (const std::string side : {"original", "update"}) {
            const auto schema =
                parse_json_schema(row[side].dump(), references_of(row, side + "_references"));
            EXPECT_TRUE(schema.has_value()) << row["id"] << ": " << schema.error().message;
        }
    }
}

}  // namespace symbolon::compat
