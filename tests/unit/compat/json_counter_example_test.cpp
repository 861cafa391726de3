#include "compat/json_schema/json_counter_example.hpp"

#include "tests/support/json_builders.hpp"
#include "tests/support/vectors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <iostream>
#include <map>

namespace symbolon::compat {

using tests::json_schema;

namespace {

using Json = nlohmann::ordered_json;
using References = std::vector<NamedText>;

// The counter-example of the first finding; "none" when there is none.
CounterExample first_example(std::string_view reader_text, std::string_view writer_text) {
    const SchemaPtr reader = json_schema(reader_text);
    const SchemaPtr writer = json_schema(writer_text);
    const auto findings = reader->findings_reading(*writer);
    EXPECT_FALSE(findings->empty());
    return reader->find_counter_example(findings->front(), *writer)
        .value_or(CounterExample{"none", ""});
}

References references_in(const Json& row, const std::string& field) {
    References references;
    if (row.contains(field)) {
        for (const auto& reference : row[field]) {
            references.push_back({reference["name"], reference["schema"].dump()});
        }
    }
    return references;
}

// Whether a validator made anew from the text takes the datum.
bool takes(const Json& schema, const References& references, const std::string& datum) {
    const auto validator =
        json::JsonValidator::compile(schema.dump(), references, json::Formats::annotate);
    EXPECT_TRUE(validator.has_value());
    const auto errors = (*validator)->validate(datum);
    EXPECT_TRUE(errors.has_value());
    return errors && errors->empty();
}

struct Count {
    std::size_t shown = 0;
    std::size_t all = 0;
};

}  // namespace

TEST(JsonCounterExample, ShowsADatumAndWhatTheReaderSays) {
    const CounterExample example = first_example(R"({"properties":{"age":{"type":"string"}}})",
                                                 R"({"properties":{"age":{"type":"integer"}}})");
    EXPECT_EQ(example.datum, R"({"age":0})");
    EXPECT_THAT(example.reading, testing::StartsWith("At /age: "));
    EXPECT_THAT(example.reading, testing::EndsWith("."));
}

TEST(JsonCounterExample, IsAtTheEdgeOfALimit) {
    EXPECT_EQ(first_example(R"({"maxLength":3})", R"({"maxLength":5})").datum, R"("aaaa")");
    EXPECT_EQ(first_example(R"({"type":"array","maxItems":1})", R"({"type":"array"})").datum,
              R"([0,"a"])");
    EXPECT_EQ(first_example(R"({"type":"integer","minimum":3})", R"({"type":"integer"})").datum,
              "2");
}

TEST(JsonCounterExample, KeepsToWhatTheWriterAsksForAroundThePlace) {
    const std::string around =
        R"({"type":"object","required":["id","lines"],"properties":{"id":)"
        R"({"type":"string","pattern":"^[A-Z]{3}-\\d+$"},"lines":)"
        R"({"type":"array","minItems":2,"items":{"$ref":"#/definitions/l"}}},)"
        R"("definitions":{"l":{"type":"object","required":["n"],)"
        R"("properties":{"n":{"type":)";
    const std::string end = "}}}}}";
    const CounterExample example =
        first_example(around + R"("integer","maximum":9)" + end, around + R"("integer")" + end);
    EXPECT_THAT(example.datum, testing::HasSubstr("\"id\":\"AAA-0"));
    EXPECT_THAT(example.reading, testing::StartsWith("At /lines/0/n: "));
}

TEST(JsonCounterExample, IsNotShownWhereThereIsNone) {
    // The reference's rules refuse it; the data are the same.
    EXPECT_EQ(first_example(R"({"minLength":0})", R"({})").datum, "none");
    EXPECT_EQ(first_example(R"({"enum":["a"]})", R"({"const":"a"})").datum, "none");
}

TEST(JsonCounterExample, AreVerifiedForMostFindingsOfAllVectors) {
    const auto rows = tests::read_vectors("json-schema/compat.jsonl");
    if (rows.empty()) {
        GTEST_SKIP();
    }
    std::map<std::string, Count> counts;
    Count total;
    std::array<std::size_t, 2> pairs{};
    for (const Json& row : rows) {
        const References old_references = references_in(row, "original_references");
        const References new_references = references_in(row, "update_references");
        const SchemaPtr writer = json_schema(row["original"].dump(), old_references);
        const SchemaPtr reader = json_schema(row["update"].dump(), new_references);
        const auto findings = reader->findings_reading(*writer);
        ASSERT_TRUE(findings.has_value());
        bool shown = false;
        for (const Finding& finding : *findings) {
            Count& count = counts[std::string(to_string(finding.kind))];
            ++count.all;
            ++total.all;
            const auto example = reader->find_counter_example(finding, *writer);
            if (!example) {
                if (std::getenv("SYMBOLON_LIST_MISSING") != nullptr) {
                    std::cout << to_string(finding.kind) << ' ' << finding.path << ' '
                              << row["original"] << " => " << row["update"] << '\n';
                }
                continue;
            }
            ++count.shown;
            ++total.shown;
            shown = true;
            EXPECT_TRUE(takes(row["original"], old_references, example->datum)) << row["id"];
            EXPECT_FALSE(takes(row["update"], new_references, example->datum)) << row["id"];
        }
        pairs[0] += shown ? 1 : 0;
        pairs[1] += findings->empty() ? 0 : 1;
    }
    for (const auto& [kind, count] : counts) {
        if (count.shown < count.all) {
            std::cout << "  " << kind << ": " << count.shown << " of " << count.all << '\n';
        }
    }
    std::cout << "json counter-examples: " << total.shown << " of " << total.all << " findings, "
              << pairs[0] << " of " << pairs[1] << " pairs\n";
    EXPECT_GE(total.shown * 100, total.all * 85);
}

}  // namespace symbolon::compat
