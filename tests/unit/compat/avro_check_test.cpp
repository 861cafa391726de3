#include "compat/avro/avro_check.hpp"

#include "tests/support/avro_builders.hpp"
#include "tests/support/naive_avro_check.hpp"
#include "tests/support/vectors.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace symbolon::compat::avro {

using tests::avro_schema;
using tests::is_readable_naively;
using tests::reads;

namespace {

std::string record(std::string_view name, std::string_view fields) {
    return R"({"type":"record","name":")" + std::string(name) + R"(","fields":[)" +
           std::string(fields) + "]}";
}

std::vector<std::string> findings_of(std::string_view reader, std::string_view writer) {
    std::vector<std::string> out;
    const auto findings = avro_schema(reader)->findings_reading(*avro_schema(writer));
    for (const Finding& finding : *findings) {
        out.push_back(std::string(to_string(finding.kind)) + " " + finding.path + " " +
                      finding.message);
    }
    return out;
}

std::vector<std::string> places_of(std::string_view reader, std::string_view writer) {
    std::vector<std::string> out;
    const auto findings = avro_schema(reader)->findings_reading(*avro_schema(writer));
    for (const Finding& finding : *findings) {
        out.push_back(fmt::format("{} reading {}", finding.reader_path, finding.writer_path));
    }
    return out;
}

// The pair of schemas on which the reference's answer hangs on the order of fields: X holds a
// nullable P, P holds an X; reader and writer differ in the type of q, and Q reads P by its alias.
struct FaultPair {
    SchemaPtr reader;
    SchemaPtr writer;
};

FaultPair fault_pair(bool union_first) {
    const std::string p_and_x_inside = record("X", R"({"name":"p","type":["null","P"]})");
    const auto p_type = [&](std::string_view x, std::string_view q) {
        return record("P", R"({"name":"x","type":)" + std::string(x) + R"(},{"name":"q","type":")" +
                               std::string(q) + R"("})");
    };
    const auto top = [&](std::string_view q, bool reader_side) {
        const std::string x_outer =
            record("X", R"({"name":"p","type":["null",)" + p_type(R"("X")", q) + "]}");
        const std::string p = union_first ? p_type(p_and_x_inside, q) : R"("P")";
        const std::string x = union_first ? R"("X")" : x_outer;
        const std::string other = R"({"type":"record","name":"Q","aliases":["P"],"fields":[)"
                                  R"({"name":"q","type":"string"}]})";
        const std::string u = reader_side ? "[" + p + "," + other + "]" : p;
        const std::string field_u = R"({"name":"u","type":)" + u + "}";
        const std::string field_x = R"({"name":"x","type":)" + x + "}";
        return record("Top", union_first ? field_u + "," + field_x : field_x + "," + field_u);
    };
    return {avro_schema(top("int", true)), avro_schema(top("string", false))};
}

}  // namespace

TEST(AvroCheck, ReaderFieldWithoutDefaultIsAFinding) {
    EXPECT_EQ(findings_of(record("R", R"({"name":"a","type":"int"})"), record("R", "")),
              std::vector<std::string>{"READER_FIELD_MISSING_DEFAULT_VALUE /fields/0 a"});
}

TEST(AvroCheck, PlacesStepThroughArraysMapsAndWriterUnions) {
    EXPECT_EQ(findings_of(R"({"type":"array","items":{"type":"map","values":"int"}})",
                          R"({"type":"array","items":{"type":"map","values":["int","string"]}})"),
              std::vector<std::string>{"TYPE_MISMATCH /items/values/1 reader type: INT not "
                                       "compatible with writer type: STRING"});
}

using Places = std::vector<std::string>;

TEST(AvroCheck, PlacesAreThoseOfEachSchema) {
    const auto e = [](std::string_view symbols) {
        return R"({"name":"e","type":{"type":"enum","name":"E","symbols":[)" +
               std::string(symbols) + "]}}";
    };
    EXPECT_EQ(places_of(record("R", e(R"("A")")),
                        record("R", R"({"name":"a","type":"int"},)" + e(R"("A","B")"))),
              Places{"/fields/0/type/symbols reading /fields/1/type/symbols"});
}

TEST(AvroCheck, WhatTheWriterLacksIsPlacedAtItsRecord) {
    const auto inner = [](std::string_view fields) {
        return R"({"name":"in","type":{"type":"array","items":)" + record("I", fields) + "}}";
    };
    EXPECT_EQ(places_of(record("R", inner(R"({"name":"a","type":"int"})")), record("R", inner(""))),
              Places{"/fields/0/type/items/fields/0 reading /fields/0/type/items"});
}

TEST(AvroCheck, ABranchOfTheWriterAloneIsNoStepInTheReader) {
    EXPECT_EQ(places_of(R"({"type":"map","values":"int"})",
                        R"({"type":"map","values":["int","string"]})"),
              Places{"/values reading /values/1"});
    EXPECT_EQ(places_of(R"(["null","int"])", R"(["null","string"])"), Places{"/ reading /1"});
}

TEST(AvroCheck, PlacesGoThroughUnionsThatWereProbed) {
    const auto both = [](std::string_view type) {
        const std::string inner = record("I", R"({"name":"a","type":)" + std::string(type) + "}");
        return record("R",
                      R"({"name":"u","type":["null",)" + inner + R"(]},{"name":"v","type":"I"})");
    };
    // The reference prints the place from the union on, because it met the pair inside a probe.
    EXPECT_EQ(findings_of(both(R"("int")"), both(R"("string")")).back(),
              "TYPE_MISMATCH /fields/0/type reader type: INT not compatible with writer type: "
              "STRING");
    EXPECT_EQ(places_of(both(R"("int")"), both(R"("string")")).back(),
              "/fields/0/type/1/fields/0/type reading /fields/0/type/1/fields/0/type");
}

TEST(AvroCheck, ATypeUsedTwiceRepeatsItsFindingsWithTheFirstPlace) {
    const auto twice = [](std::string_view kind) {
        return record("R",
                      R"({"name":"a","type":)" +
                          record("N", R"({"name":"v","type":")" + std::string(kind) + R"("})") +
                          R"(},{"name":"b","type":"N"})");
    };
    const std::string finding =
        "TYPE_MISMATCH /fields/0/type/fields/0/type reader type: INT not compatible with writer "
        "type: STRING";
    EXPECT_EQ(findings_of(twice("int"), twice("string")),
              (std::vector<std::string>{finding, finding}));
}

TEST(AvroCheck, AmbiguousAliasesMakeThePairFailWithTheReferencesText) {
    EXPECT_EQ(findings_of(record("R", R"({"name":"a","type":"int","aliases":["a"]})"),
                          record("R", R"({"name":"a","type":"int"})")),
              std::vector<std::string>{
                  "CHECK_EXCEPTION /fields/0 Reader record field a type:INT pos:0 matches multiple "
                  "fields in writer record schema " +
                  record("R", R"({"name":"a","type":"int"})")});
}

TEST(AvroCheck, OrderOfFieldsDoesNotChangeAVerdict) {
    for (const bool union_first : {true, false}) {
        const FaultPair pair = fault_pair(union_first);
        EXPECT_FALSE(reads(*pair.reader, *pair.writer)) << union_first;
        EXPECT_EQ(is_readable_naively(*pair.reader, *pair.writer), std::optional(false));
    }
}

TEST(AvroCheck, RecursiveTypesThatFitAreReadable) {
    const std::string list =
        record("L", R"({"name":"v","type":"int"},{"name":"next","type":["null","L"]})");
    const std::string wider =
        record("L", R"({"name":"v","type":"long"},{"name":"next","type":["null","L"]})");
    EXPECT_TRUE(reads(*avro_schema(wider), *avro_schema(list)));
    EXPECT_FALSE(reads(*avro_schema(list), *avro_schema(wider)));
}

TEST(AvroCheck, ListsOfFindingsEndAtTheLimit) {
    // Each level names the next one twice, so the finding at the bottom is repeated 2^20 times.
    const auto doubling = [](std::string_view bottom) {
        std::string type = record("L20", R"({"name":"v","type":")" + std::string(bottom) + R"("})");
        for (int level = 19; level >= 0; --level) {
            type = record(fmt::format("L{}", level),
                          fmt::format(R"({{"name":"a","type":{}}},{{"name":"b","type":"L{}"}})",
                                      type, level + 1));
        }
        return type;
    };
    EXPECT_EQ(findings_of(doubling("int"), doubling("string")).size(), 10'000U);
}

// Every pair of the generated vectors once more: laws that hold for any two schemas.
TEST(AvroCheck, LawsHoldOnEveryRandomPair) {
    const auto rows = tests::read_vectors("avro/compat-random.jsonl");
    if (rows.empty()) {
        GTEST_SKIP() << "no vectors";
    }
    std::size_t judged = 0;
    for (const auto& row : rows) {
        const auto parse = [&row](const char* side) {
            return *parse_schema(SchemaType::avro, row.at(side).dump(), {}, Strictness::lenient);
        };
        const SchemaPtr reader = parse("reader");
        const SchemaPtr writer = parse("writer");
        const bool backward = reads(*reader, *writer);
        const bool forward = reads(*writer, *reader);
        const std::vector<HistoryEntry> both{{Version{2}, writer, ""}, {Version{1}, reader, ""}};
        const auto level = [&](Level asked, std::size_t count) {
            return check_level(asked, *reader, std::span(both).first(count))->compatible();
        };
        EXPECT_EQ(level(Level::full, 1), backward && forward) << row.at("id");
        EXPECT_EQ(level(Level::backward_transitive, 2), backward && reads(*reader, *reader));
        const auto naive = is_readable_naively(*reader, *writer, 2'000'000);
        if (naive) {
            EXPECT_EQ(*naive, backward) << row.at("id");
            ++judged;
        }
        const auto self = reader->findings_reading(*reader);
        const bool ambiguous = !self->empty() && self->front().kind == FindingKind::check_exception;
        EXPECT_TRUE(self->empty() || ambiguous) << row.at("id") << " reads itself";
    }
    std::cout << "avro pairs judged by the naive checker: " << judged << " of " << rows.size()
              << '\n';
    EXPECT_GT(judged, rows.size() / 2);
}

}  // namespace symbolon::compat::avro
