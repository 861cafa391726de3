#include "client/codec/avro_decode.hpp"

#include "client/codec/avro_bytes.hpp"
#include "core/limits.hpp"
#include "tests/support/avro_builders.hpp"
#include "tests/support/avro_value_json.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::client {
namespace {

using Plan = std::shared_ptr<const AvroReadPlan>;

Plan plan_of(std::string_view writer, std::string_view reader = {}) {
    auto plan = reader.empty()
                    ? AvroReadPlan::compile(tests::avro_schema(writer))
                    : AvroReadPlan::compile(tests::avro_schema(writer), tests::avro_schema(reader));
    EXPECT_TRUE(plan) << (plan ? "" : plan.error().message);
    return plan ? *plan : nullptr;
}

/// The datum as Avro's JSON, or the error.
std::string decoded(const Plan& plan, std::string_view bytes) {
    AvroValue value;
    const auto used = plan->decode(bytes, value);
    if (!used) {
        EXPECT_EQ(used.error().code, ErrorCode::malformed_datum);
        EXPECT_TRUE(value.empty());
        return used.error().message;
    }
    return tests::to_avro_json(plan->schema(), value.root()).dump();
}

std::string varint(std::int64_t integer) {
    char bytes[varint_bytes_max];
    return {bytes, write_varint(bytes, to_zigzag(integer))};
}

TEST(AvroDecode, AnswersTheBytesOfOneDatum) {
    const Plan plan = plan_of(R"("string")");
    const std::string bytes =
        "\x06"
        "abcrest";
    AvroValue value;
    const auto used = plan->decode(bytes, value);
    ASSERT_TRUE(used);
    EXPECT_EQ(*used, 4U);
    EXPECT_EQ(value.root().text(), "abc");
}

TEST(AvroDecode, NamesTheByteThePathAndWhatWasExpected) {
    const Plan plan = plan_of(R"({"type":"record","name":"A","fields":[{"name":"orders","type":
        {"type":"array","items":{"type":"record","name":"O","fields":[{"name":"id","type":"int"},
            {"name":"note","type":"string"},{"name":"price","type":"double"}]}}}]})");
    const std::string orders =
        varint(2) + varint(7) + varint(10) + "0123456789" + "12345678" + varint(8) + varint(0);
    EXPECT_EQ(
        decoded(plan, orders + "12"),
        "At byte 23, /orders/1/price: a double of 8 bytes was expected, and 2 bytes are left");
}

TEST(AvroDecode, NamesTheKeyOfAMapEscaped) {
    const Plan plan = plan_of(R"({"type":"map","values":["null",{"type":"array","items":"int"}]})");
    const std::string bytes = varint(1) + varint(3) + "a/~" + varint(1) + varint(2) + varint(7);
    EXPECT_EQ(decoded(plan, bytes + std::string("\xFF\xFF\xFF\xFF\xFF\x01", 6)),
              "At byte 8, /a~1~0/1: an int was expected, and this number is too large for that");
}

TEST(AvroDecode, ALongPathIsCutBetweenLetters) {
    const Plan plan = plan_of(R"({"type":"map","values":{"type":"map","values":"int"}})");
    std::string key;
    for (int at = 0; at < 300; ++at) {
        key += "\xE2\x82\xAC";
    }
    for (const std::string& first : {key, "x" + key, "xy" + key}) {
        const std::string bytes = varint(1) + varint(static_cast<std::int64_t>(first.size())) +
                                  first + varint(1) + varint(900) + key;
        const std::string message = decoded(plan, bytes);
        EXPECT_EQ(compat::find_bad_utf8(message), std::string::npos) << message;
        EXPECT_NE(message.find("…"), std::string::npos);
        EXPECT_LT(message.size(), limits::error_path_bytes_max + 100);
    }
}

TEST(AvroDecode, ReadsVarintsOfEveryLength) {
    const Plan plan = plan_of(R"("long")");
    for (unsigned bits = 0; bits < 64; ++bits) {
        for (const std::int64_t near : {-1, 0, 1}) {
            const auto integer = static_cast<std::int64_t>((std::uint64_t{1} << bits) +
                                                           static_cast<std::uint64_t>(near));
            for (const std::int64_t value : {integer, -1 - integer}) {
                EXPECT_EQ(decoded(plan, varint(value)), std::to_string(value));
                EXPECT_EQ(decoded(plan, varint(value) + "12345678"), std::to_string(value));
            }
        }
    }
}

TEST(AvroDecode, RefusesVarintsThatAreTooLongOrTooLarge) {
    const Plan plan = plan_of(R"("long")");
    const std::string nine(9, '\xFF');
    EXPECT_EQ(decoded(plan, nine + "\x01"), "-9223372036854775808");
    EXPECT_EQ(decoded(plan, nine + "\x02"),
              "At byte 0: a long was expected, and this number is too large for that");
    EXPECT_EQ(decoded(plan, nine + "\xFF\x01"),
              "At byte 0: a long was expected, and this number is too large for that");
    EXPECT_EQ(decoded(plan, "\x80"), "At byte 0: a long was expected, and the bytes end within it");
    const Plan narrow = plan_of(R"("int")");
    EXPECT_EQ(decoded(narrow, varint(INT32_MIN)), "-2147483648");
    EXPECT_EQ(decoded(narrow, varint(std::int64_t{INT32_MAX} + 1)),
              "At byte 0: an int was expected, and this number is too large for that");
    EXPECT_EQ(decoded(narrow, std::string("\x80\x80\x80\x80\x80\x00", 6)),
              "At byte 0: an int was expected, and this number is too large for that");
}

TEST(AvroDecode, RefusesLengthsBeyondTheBytesBeforeItAsksForMemory) {
    for (const char* type : {R"("string")", R"("bytes")"}) {
        EXPECT_NE(
            decoded(plan_of(type), varint(INT64_MAX) + "abc").find("is more than what is left"),
            std::string::npos);
        EXPECT_NE(decoded(plan_of(type), varint(-1) + "abc").find("is negative"),
                  std::string::npos);
    }
    EXPECT_EQ(decoded(plan_of(R"({"type":"array","items":"double"})"), varint(1'000'000) + "abcd"),
              "At byte 0: a block of 1000000 items was announced, and 4 bytes are left");
    EXPECT_NE(decoded(plan_of(R"({"type":"array","items":"long"})"), varint(INT64_MIN) + varint(0))
                  .find("a block of 9223372036854775808 items"),
              std::string::npos);
}

TEST(AvroDecode, BoundsItemsThatTakeNoBytes) {
    const Plan plan = plan_of(R"({"type":"array","items":"null"})");
    EXPECT_EQ(decoded(plan, varint(3) + varint(0)), "[null,null,null]");
    EXPECT_NE(decoded(plan, varint(INT64_MAX) + varint(0)).find("has more than 4000000 values"),
              std::string::npos);
    const Plan skipping = plan_of(
        R"({"type":"record","name":"A","fields":[{"name":"gone","type":{"type":"array","items":
            {"type":"record","name":"E","fields":[{"name":"n","type":
                {"type":"record","name":"N","fields":[]}}]}}},{"name":"kept","type":"int"}]})",
        R"({"type":"record","name":"A","fields":[{"name":"kept","type":"int"}]})");
    EXPECT_EQ(decoded(skipping, varint(INT64_MAX) + varint(0) + varint(7)), R"({"kept":7})");
}

TEST(AvroDecode, ReadsBlocksThatTellTheirBytes) {
    const Plan plan = plan_of(R"({"type":"array","items":"int"})");
    EXPECT_EQ(decoded(plan, varint(-2) + varint(2) + "\x02\x04" + varint(1) + "\x06" + varint(0)),
              "[1,2,3]");
    EXPECT_NE(
        decoded(plan, varint(-2) + varint(3) + "\x02\x04" + varint(0)).find("more than it has"),
        std::string::npos);
    EXPECT_NE(decoded(plan, varint(-2) + varint(-3) + "\x02\x04" + varint(0)).find("is negative"),
              std::string::npos);
}

TEST(AvroDecode, BoundsNesting) {
    const Plan plan =
        plan_of(R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]}]})");
    const std::size_t most = limits::datum_depth_max;
    AvroValue value;
    EXPECT_TRUE(plan->decode(std::string(most - 1, '\x02') + '\0', value));
    EXPECT_NE(decoded(plan, std::string(most, '\x02') + '\0').find("nested more than 1000 deep"),
              std::string::npos);
    const Plan endless = plan_of(R"({"type":"record","name":"L","fields":[
        {"name":"next","type":{"type":"map","values":"L"}}]})");
    EXPECT_NE(decoded(endless, std::string(100'000, '\x02')).find("At byte "), std::string::npos);
}

TEST(AvroDecode, BoundsWhatIsPutInAnotherOrder) {
    const Plan plan = plan_of(
        R"({"type":"record","name":"L","fields":[{"name":"next","type":["null","L"]},
            {"name":"a","type":{"type":"array","items":"int"}}]})",
        R"({"type":"record","name":"L","fields":[
            {"name":"a","type":{"type":"array","items":"int"}},
            {"name":"next","type":["null","L"]}]})");
    // Records in one another, each of which moves all that stands in it. Of the records alone that
    // is 3 cells of the innermost, and 3 more for each one around it.
    constexpr std::size_t levels = 500;
    constexpr std::size_t of_records = levels * (levels + 1) / 2 * 3;
    constexpr std::size_t items = (limits::datum_moved_cells_max - of_records) / levels;
    const auto nested = [](std::size_t count) {
        return std::string(levels - 1, '\x02') + '\0' + varint(static_cast<std::int64_t>(count)) +
               std::string(count, '\x02') + std::string(levels, '\0');
    };
    AvroValue value;
    EXPECT_TRUE(plan->decode(nested(items), value));
    const auto refused = plan->decode(nested(items + 1), value);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("in another order"), std::string::npos);
}

TEST(AvroDecode, BoundsATypeThatHasNoEnd) {
    const Plan plan = plan_of(R"({"type":"record","name":"L","fields":[{"name":"l","type":"L"}]})");
    EXPECT_NE(decoded(plan, "").find("nested more than 1000 deep"), std::string::npos);
    const Plan skipping = plan_of(
        R"({"type":"record","name":"A","fields":[{"name":"gone","type":
            {"type":"record","name":"L","fields":[{"name":"l","type":"L"}]}}]})",
        R"({"type":"record","name":"A","fields":[]})");
    EXPECT_NE(decoded(skipping, "").find("nested more than 1000 deep"), std::string::npos);
}

TEST(AvroDecode, RefusesTextThatIsNotUtf8) {
    const Plan plan = plan_of(R"("string")");
    EXPECT_EQ(decoded(plan, varint(9) + "12345678\xFF"),
              "At byte 9: a text is UTF-8, and this byte is not");
    EXPECT_EQ(decoded(plan, varint(4) + "\xF0\x9F\x98\x80"), "\"\xF0\x9F\x98\x80\"");
}

TEST(AvroDecode, MendsBytesThatAreReadAsAString) {
    const Plan plan = plan_of(R"("bytes")", R"("string")");
    const std::string mark = "\xEF\xBF\xBD";
    for (const auto& [bytes, text] : {
             std::pair<std::string, std::string>{"abc", "abc"},
             {"\xE4\x16"
              "f\xD0",
              mark + "\\u0016f" + mark},
             {"\xF0\x9F\x98"
              "a",
              mark + "a"},
             {"\xED\xA0\x80", mark + mark + mark},
             {"\xC3\xA9\xE2\x82", "\xC3\xA9" + mark},
         }) {
        EXPECT_EQ(decoded(plan, varint(static_cast<std::int64_t>(bytes.size())) + bytes),
                  "\"" + text + "\"");
    }
}

TEST(AvroDecode, AFieldWithoutDefaultTakesTheReadersOne) {
    const Plan plan =
        plan_of(R"({"type":"record","name":"A","fields":[{"name":"b","type":"int"}]})",
                R"({"type":"record","name":"A","fields":[
            {"name":"a","type":["int","string"],"default":"x"},
            {"name":"b","type":"long"},
            {"name":"c","type":{"type":"record","name":"C","fields":[
                {"name":"d","type":{"type":"map","values":"bytes"},"default":{"k":"\u00FF"}},
                {"name":"e","type":{"type":"enum","name":"E","symbols":["P","Q"]}}]},
             "default":{"e":"Q"}}]})");
    EXPECT_EQ(decoded(plan, "\x0E"), R"({"a":{"string":"x"},"b":7,"c":{"d":{"k":"ÿ"},"e":"Q"}})");
}

TEST(AvroDecode, FieldsComeInTheReadersOrderWhateverTheirSize) {
    const Plan fixed = plan_of(
        R"({"type":"record","name":"A","fields":[{"name":"a","type":"int"},
            {"name":"b","type":["null","string"]},{"name":"c","type":"string"}]})",
        R"({"type":"record","name":"A","fields":[{"name":"c","type":"string"},
            {"name":"n","type":"int","default":5},{"name":"b","type":["null","string"]},
            {"name":"a","type":"long"}]})");
    EXPECT_EQ(decoded(fixed, "\x02\x02\x04hi\x02x"),
              R"({"a":1,"b":{"string":"hi"},"c":"x","n":5})");
    const Plan varying = plan_of(
        R"({"type":"record","name":"A","fields":[{"name":"a","type":{"type":"array","items":"int"}},
            {"name":"gone","type":"string"},
            {"name":"b","type":{"type":"array","items":"int"}},{"name":"c","type":"string"}]})",
        R"({"type":"record","name":"A","fields":[{"name":"c","type":"string"},
            {"name":"n","type":"int","default":5},
            {"name":"b","type":{"type":"array","items":"int"}},
            {"name":"a","type":{"type":"array","items":"int"}}]})");
    EXPECT_EQ(decoded(varying, std::string("\x04\x02\x04\x00\x04hi\x02\x06\x00\x02x", 12)),
              R"({"a":[1,2],"b":[3],"c":"x","n":5})");
}

TEST(AvroDecode, AUnionsBranchFailsOnlyForItsData) {
    const Plan plan = plan_of(R"(["null","string",{"type":"array","items":"int"}])",
                              R"(["null","long",{"type":"array","items":"int"}])");
    EXPECT_EQ(decoded(plan, std::string(1, '\0')), "null");
    EXPECT_EQ(decoded(plan, std::string("\x04\x02\x0E\x00", 4)), R"({"array":[7]})");
    EXPECT_EQ(decoded(plan, "\x02\x02x"),
              "At byte 1: this was written as string, and no branch of the reader's union takes "
              "that");
    EXPECT_EQ(decoded(plan, "\x06"),
              "At byte 0: a union's branch from 0 to 2 was expected, and this is 3");
}

TEST(AvroDecode, SymbolsAreMatchedByNameWithTheReadersDefault) {
    const char* const writer = R"({"type":"enum","name":"E","symbols":["A","B","C"]})";
    const Plan with_default =
        plan_of(writer, R"({"type":"enum","name":"E","symbols":["Z","C","A"],"default":"Z"})");
    EXPECT_EQ(decoded(with_default, varint(0)), "\"A\"");
    EXPECT_EQ(decoded(with_default, varint(1)), "\"Z\"");
    EXPECT_EQ(decoded(with_default, varint(2)), "\"C\"");
    const Plan without = plan_of(writer, R"({"type":"enum","name":"E","symbols":["C","A"]})");
    EXPECT_EQ(decoded(without, varint(1)),
              "At byte 0: the reader's enum \"E\" has no symbol \"B\" and no default");
    EXPECT_EQ(decoded(without, varint(3)),
              "At byte 0: an enum's symbol from 0 to 2 was expected, and this is 3");
}

TEST(AvroDecode, TheReadersAliasesAreAppliedToTheWriter) {
    const Plan plan = plan_of(
        R"({"type":"record","name":"Old","fields":[{"name":"x","type":["null",
            {"type":"enum","name":"F","symbols":["A"]}]}]})",
        R"({"type":"record","name":"New","aliases":["Old"],"fields":[{"name":"y","aliases":["x"],
            "type":["null",{"type":"enum","name":"E","aliases":["F"],"symbols":["B","A"]}]}]})");
    EXPECT_EQ(decoded(plan, std::string("\x02\x00", 2)), R"({"y":{"E":"A"}})");
    const auto ambiguous = AvroReadPlan::compile(
        tests::avro_schema(R"({"type":"record","name":"A","fields":[{"name":"x","type":"int"},
            {"name":"y","type":"int"}]})"),
        tests::avro_schema(R"({"type":"record","name":"A","fields":[{"name":"y","type":"int",
            "aliases":["x"]}]})"));
    ASSERT_FALSE(ambiguous);
    EXPECT_EQ(ambiguous.error().code, ErrorCode::invalid_schema);
}

TEST(AvroDecode, RefusesSchemasOfOtherTypes) {
    const auto json = compat::parse_schema(SchemaType::json, "{}", {}, compat::Strictness::strict);
    ASSERT_TRUE(json);
    const auto plan = AvroReadPlan::compile(*json);
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().code, ErrorCode::invalid_schema);
}

TEST(AvroDecode, ManyFieldsNestedInManyWaysBuildASmallPlan) {
    // Each record holds the next twice: written out, it would be two to the thirtieth fields.
    std::string text = R"({"type":"record","name":"R0","fields":[{"name":"x","type":"null"}]})";
    for (int at = 1; at <= 30; ++at) {
        text = R"({"type":"record","name":"R)" + std::to_string(at) +
               R"(","fields":[{"name":"a","type":)" + text + R"(},{"name":"b","type":"R)" +
               std::to_string(at - 1) + R"("}]})";
    }
    const Plan plan = plan_of(text);
    AvroValue value;
    const auto used = plan->decode("", value);
    ASSERT_FALSE(used);
    EXPECT_NE(used.error().message.find("has more than"), std::string::npos);
}

}  // namespace
}  // namespace symbolon::client
