#include "compat/json_text/json_text.hpp"

#include "compat/json_text/json_numbers.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace symbolon::compat {

namespace {

// What a text reads and prints as, or the place and kind of its fault.
std::string reprint(std::string_view text, MemberOrder order = MemberOrder::as_written) {
    std::pmr::monotonic_buffer_resource memory;
    JsonReader reader(text, memory, memory);
    const JsonNode* root = reader.read();
    if (root == nullptr) {
        return place_of(text, reader.problem_offset()) + ": " + reader.problem();
    }
    std::string out;
    append_json(out, *root, order);
    return out;
}

std::string printed(double value) {
    std::string out;
    append_double(out, value);
    return out;
}

std::string printed_narrow(float value) {
    std::string out;
    append_float(out, value);
    return out;
}

}  // namespace

TEST(JsonText, KeepsOrderAndDigitsOfIntegers) {
    EXPECT_EQ(reprint(R"( { "b" : 1 , "a" : [ 123456789012345678901234567890 , -0 ] } )"),
              R"({"b":1,"a":[123456789012345678901234567890,0]})");
}

TEST(JsonText, PrintsMembersSortedWhenAsked) {
    EXPECT_EQ(reprint(R"({"b":{"z":1,"a":2},"a":0})", MemberOrder::sorted),
              R"({"a":0,"b":{"a":2,"z":1}})");
}

TEST(JsonText, OfRepeatedKeysTheLastValueTakesTheFirstPlace) {
    EXPECT_EQ(reprint(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
    std::string many = "{";
    for (int at = 0; at < 40; ++at) {
        many += "\"k" + std::to_string(at % 20) + "\":" + std::to_string(at) + ",";
    }
    many.back() = '}';
    EXPECT_EQ(reprint(many).substr(0, 18), R"({"k0":20,"k1":21,")");
}

TEST(JsonText, SkipsCommentsBeforeAndInsideOnly) {
    EXPECT_EQ(reprint("/* a */ [1, // b\n 2]"), "[1,2]");
    EXPECT_EQ(reprint("1 // c"), "line 1, column 3: something follows the schema");
    EXPECT_EQ(reprint("/* a"), "line 1, column 1: a comment is not closed");
}

TEST(JsonText, SaysWhereAndWhatIsWrong) {
    EXPECT_EQ(reprint("{\n  \"\xC3\xA9\": tru}"), "line 2, column 8: this is no JSON value");
    EXPECT_EQ(reprint("[1,]"), "line 1, column 4: this is no JSON value");
    EXPECT_EQ(reprint("{\"a\" 1}"), "line 1, column 6: expected \":\"");
    EXPECT_EQ(reprint(""), "line 1, column 1: the text ends where a value was expected");
    EXPECT_EQ(reprint("\"a\tb\""), "line 1, column 3: a control character stands in a string");
}

TEST(JsonText, UndoesEscapesAndRefusesHalfSurrogates) {
    EXPECT_EQ(reprint(R"("\u0041\u00e9\ud83d\ude00\n\/\u0001")"),
              "\"A\xC3\xA9\xF0\x9F\x98\x80\\n/\\u0001\"");
    EXPECT_EQ(reprint(R"("\ud83d")"), "line 1, column 2: an escape in a string is wrong");
    EXPECT_EQ(reprint(R"("\x")"), "line 1, column 2: an escape in a string is wrong");
}

TEST(JsonText, RefusesWhatIsNotUtf8) {
    for (const std::string_view bad : {"\"\x80\"", "\"\xC0\xAF\"", "\"\xED\xA0\x80\"",
                                       "\"\xF5\x80\x80\x80\"", "\"12345678\xE2\x82\""}) {
        EXPECT_NE(reprint(bad).find("the text is not UTF-8"), std::string::npos);
    }
}

TEST(JsonText, DepthEndsAtTheLimit) {
    const std::string deep(1'000, '[');
    EXPECT_EQ(reprint(deep + std::string(1'000, ']')).size(), 2'000U);
    EXPECT_EQ(reprint("[" + deep), "line 1, column 1001: the text is nested too deeply");
}

TEST(JsonText, DigitsEndAtTheLimit) {
    EXPECT_EQ(reprint(std::string(1'000, '9')).size(), 1'000U);
    EXPECT_EQ(reprint(std::string(1'001, '9')), "line 1, column 1: a number is too long");
}

TEST(JsonText, EqualityKnowsNoOrderOfMembersButTheWidthOfNumbers) {
    const auto equal = [](std::string_view left, std::string_view right) {
        std::pmr::monotonic_buffer_resource memory;
        const JsonNode* ours = JsonReader(left, memory, memory).read();
        const JsonNode* theirs = JsonReader(right, memory, memory).read();
        return equal_json(*ours, *theirs);
    };
    EXPECT_TRUE(equal(R"({"a":1,"b":[2]})", R"({"b":[2],"a":1})"));
    EXPECT_TRUE(equal("1.50", "1.5"));
    EXPECT_FALSE(equal("1", "1.0"));
    EXPECT_FALSE(equal("0.0", "-0.0"));
    EXPECT_FALSE(equal("[1]", "[1,1]"));
    EXPECT_FALSE(equal(R"({"a":1})", R"({"b":1})"));
}

TEST(JsonText, OrdersTextsAsUtf16) {
    EXPECT_TRUE(utf16_less("a", "ab"));
    EXPECT_FALSE(utf16_less("a", "a"));
    EXPECT_TRUE(utf16_less("\xF0\x9F\x98\x80", "\xEF\xBF\xBD"));  // a surrogate before U+FFFD
    EXPECT_TRUE(utf16_less("\xE2\x82\xAC", "\xF0\x9F\x98\x80"));
}

TEST(AvroNumbers, PrintAsTheReferenceDoes) {
    EXPECT_EQ(printed(1), "1.0");
    EXPECT_EQ(printed(-0.0), "-0.0");
    EXPECT_EQ(printed(100), "100.0");
    EXPECT_EQ(printed(9'999'999), "9999999.0");
    EXPECT_EQ(printed(1e7), "1.0E7");
    EXPECT_EQ(printed(0.001), "0.001");
    EXPECT_EQ(printed(0.00099), "9.9E-4");
    EXPECT_EQ(printed(12345678.9), "1.23456789E7");
    EXPECT_EQ(printed(5e-324), "4.9E-324");
    EXPECT_EQ(printed(-INFINITY), "-Infinity");
    EXPECT_EQ(printed_narrow(16'777'216.0F), "1.6777216E7");
    EXPECT_EQ(printed_narrow(0.1F), "0.1");
}

TEST(AvroNumbers, BeyondTheRangeAreInfiniteOrZero) {
    EXPECT_TRUE(std::isinf(parse_real("1e400")));
    EXPECT_EQ(parse_real("1e-400"), 0);
}

TEST(AvroNumbers, InTextsMayBeWrittenInManyWays) {
    EXPECT_EQ(parse_double_text(" 1f\t"), 1.0);
    EXPECT_EQ(parse_double_text("0x1p3"), 8.0);
    EXPECT_EQ(parse_double_text("-.5e1D"), -5.0);
    EXPECT_TRUE(std::isnan(*parse_double_text("NaN")));
    for (const std::string_view bad : {"", "inf", "nan", "0x1", "1e", ".", "1ff", "1 2", "--1"}) {
        EXPECT_EQ(parse_double_text(bad), std::nullopt) << bad;
    }
}

TEST(JsonText, PlainDialectKeepsDecimalsAndIgnoresWhatFollows) {
    const auto reprint_plain = [](std::string_view text) {
        std::pmr::monotonic_buffer_resource memory;
        JsonReader reader(text, memory, memory, JsonDialect::plain);
        const JsonNode* root = reader.read();
        std::string out;
        if (root != nullptr) {
            append_json(out, *root, MemberOrder::as_written);
        }
        return root == nullptr ? reader.problem() : out;
    };
    EXPECT_EQ(reprint_plain("[1.0, 0.50, 1e2, 1.5E-3, 12e0, 1e-7, 0.0000001, -0.0, -0] rest"),
              "[1.0,0.50,1E+2,0.0015,12,1E-7,1E-7,0.0,0]");
    EXPECT_EQ(reprint_plain("[1.25e5, -10.5, 0e5, 0.000001]"), "[1.25E+5,-10.5,0E+5,0.000001]");
    EXPECT_EQ(reprint_plain("/* c */ 1"), "this is no JSON value");
    EXPECT_EQ(reprint_plain("1e2147483647"), "1E+2147483647");
    EXPECT_EQ(reprint_plain("1e2147483648"), "a number has too large an exponent");
    EXPECT_EQ(reprint_plain("1e99999999999999999999"), "a number has too large an exponent");
}

}  // namespace symbolon::compat
