// Texts made to hurt: each must be answered, quickly and without much stack.
#include "compat/avro/avro_schema.hpp"
#include "core/limits.hpp"
#include "tests/support/avro_builders.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <ctime>
#include <functional>

namespace symbolon::compat::avro {

using tests::avro_schema;
using tests::problem_of;

class AvroHostile : public testing::Test {
protected:
    void SetUp() override { begin_ = std::clock(); }

    // Why ten: sanitizers; without them each case takes well under a second. Time of the processor,
    // so that a busy machine does not fail it.
    void TearDown() override {
        const auto seconds = static_cast<double>(std::clock() - begin_) / CLOCKS_PER_SEC;
        EXPECT_LT(seconds, 10);
    }

private:
    std::clock_t begin_ = 0;
};

namespace {

std::string repeated(std::size_t times, const std::function<std::string(std::size_t)>& part,
                     std::string_view separator = ",") {
    std::string out;
    for (std::size_t at = 0; at < times; ++at) {
        out += at == 0 ? "" : separator;
        out += part(at);
    }
    return out;
}

std::string field(std::string_view name, std::string_view type) {
    return R"({"name":")" + std::string(name) + R"(","type":)" + std::string(type) + "}";
}

// Records R0, R1 … side by side, each holding the next: flat as text, deep as a type.
std::string chain(std::size_t length, std::string_view bottom) {
    return "[" +
           repeated(length,
                    [&](std::size_t at) {
                        const std::string next = at + 1 == length
                                                     ? "\"" + std::string(bottom) + "\""
                                                     : "\"R" + std::to_string(at + 1) + "\"";
                        return R"({"type":"record","name":"R)" + std::to_string(at) +
                               R"(","fields":[)" + field("f", next) + "]}";
                    }) +
           "]";
}

}  // namespace

TEST_F(AvroHostile, DeepNestingIsRefused) {
    std::string deep;
    for (int level = 0; level < 100'000; ++level) {
        deep += R"({"type":"array","items":)";
    }
    EXPECT_NE(problem_of(deep).find("nested too deeply"), std::string::npos);
    EXPECT_NE(problem_of(std::string(1'000'000, '[')).find("nested too deeply"), std::string::npos);
    EXPECT_NE(problem_of("{\"type\":\"int\",\"x\":" + std::string(1'000'000, '[')), "");
}

TEST_F(AvroHostile, AnEnumOf300000SymbolsIsHandled) {
    const auto with = [](std::string_view last) {
        return R"({"type":"enum","name":"E","symbols":[)" +
               repeated(300'000, [](std::size_t at) { return "\"s" + std::to_string(at) + "\""; }) +
               ",\"" + std::string(last) + "\"]}";
    };
    const SchemaPtr reader = avro_schema(with("a"));
    const SchemaPtr writer = avro_schema(with("b"));
    EXPECT_FALSE(tests::reads(*reader, *writer));
    EXPECT_FALSE(reader->equivalent_to(*writer));
    EXPECT_EQ(reader->canonical_text(Normalize::yes)->size(), with("a").size());
}

TEST_F(AvroHostile, ManyTypesInALongNamespaceDoNotGrowWithoutBound) {
    const std::string space(4'000, 'n');
    const std::string text =
        R"({"type":"record","name":"R","namespace":")" + space + R"(","fields":[)" +
        repeated(40'000, [](std::size_t at) { return field("f" + std::to_string(at), R"("R")"); }) +
        "]}";
    const SchemaPtr schema = avro_schema(text);
    EXPECT_TRUE(schema->canonical_text(Normalize::no).has_value());
    const auto normalized = schema->canonical_text(Normalize::yes);
    ASSERT_FALSE(normalized.has_value());
    EXPECT_EQ(normalized.error().code, ErrorCode::schema_too_large);
}

TEST_F(AvroHostile, TypesThatNestOnlyWhenWrittenOutAreBounded) {
    const SchemaPtr schema = avro_schema(chain(10'000, "int"));
    const auto text = schema->canonical_text(Normalize::no);
    ASSERT_FALSE(text.has_value());
    EXPECT_NE(text.error().message.find("nested deeper than 1000 levels"), std::string::npos);
    EXPECT_FALSE(schema->canonical_text(Normalize::yes).has_value());
    EXPECT_TRUE(schema->equivalent_to(*avro_schema(chain(10'000, "int"))));
}

TEST_F(AvroHostile, ACheckThatGoesTooDeepGivesUp) {
    const auto findings =
        avro_schema(chain(10'000, "int"))->findings_reading(*avro_schema(chain(10'000, "int")));
    ASSERT_FALSE(findings.has_value());
    EXPECT_EQ(findings.error().code, ErrorCode::check_too_costly);
    EXPECT_EQ(findings.error().message,
              "The schemas are too large or too deep to compare: more than 20000000 steps or 2000 "
              "levels. Make them simpler, or give parts that repeat a name and refer to it");
    EXPECT_TRUE(tests::reads(*avro_schema(chain(400, "long")), *avro_schema(chain(400, "int"))));
}

TEST_F(AvroHostile, ACheckThatTakesTooLongGivesUp) {
    // Unions of records that all differ: each of one side meets each of the other.
    const auto wide = [](std::string_view prefix) {
        return "[" +
               repeated(6'000,
                        [&](std::size_t at) {
                            return R"({"type":"record","name":")" + std::string(prefix) +
                                   std::to_string(at) + R"(","fields":[]})";
                        }) +
               "]";
    };
    const auto findings = avro_schema(wide("A"))->findings_reading(*avro_schema(wide("B")));
    ASSERT_FALSE(findings.has_value());
    EXPECT_EQ(findings.error().code, ErrorCode::check_too_costly);
}

TEST_F(AvroHostile, DefaultsThatFanOutAreBounded) {
    // A default {} for each type asks for two defaults of the next: 2^60 questions.
    std::string type = R"({"type":"record","name":"R60","fields":[]})";
    for (int level = 59; level >= 0; --level) {
        type = fmt::format(R"({{"type":"record","name":"R{}","fields":[)"
                           R"({{"name":"a","type":{},"default":{{}}}},)"
                           R"({{"name":"b","type":"R{}","default":{{}}}}]}})",
                           level, type, level + 1);
    }
    EXPECT_NE(problem_of(type).find("too costly to check"), std::string::npos);
}

TEST_F(AvroHostile, RepeatedKeysAndAliasesAreNotQuadratic) {
    const std::string keys = repeated(
        100'000, [](std::size_t at) { return "\"k" + std::to_string(at % 50'000) + "\":1"; });
    EXPECT_EQ(problem_of(R"({"type":"int",)" + keys + "}"), "");
    const std::string aliases = repeated(
        100'000, [](std::size_t at) { return "\"a" + std::to_string(at % 50'000) + "\""; });
    EXPECT_EQ(problem_of(R"({"type":"fixed","name":"F","size":1,"aliases":[)" + aliases + "]}"),
              "");
}

TEST_F(AvroHostile, AUnionOfManyTypesIsNotQuadratic) {
    EXPECT_EQ(problem_of(chain(40'000, "int")), "");
}

}  // namespace symbolon::compat::avro
