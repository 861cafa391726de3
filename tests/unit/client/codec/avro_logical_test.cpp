#include "client/codec/avro_logical.hpp"

#include "client/codec/avro_logical_bytes.hpp"
#include "client/codec/avro_logical_time.hpp"
#include "core/guid.hpp"
#include "core/hex.hpp"
#include "core/limits.hpp"
#include "tests/support/avro_builders.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::client {
namespace {

constexpr std::int64_t int64_least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t int64_most = std::numeric_limits<std::int64_t>::max();

std::string stamp(std::int64_t time, TimeUnit unit) {
    std::string out;
    append_time_stamp(out, time, unit, Zone::utc);
    std::int64_t again = 0;
    EXPECT_EQ(parse_time_stamp(out, unit, Zone::utc, again), "") << out;
    EXPECT_EQ(again, time) << out;
    return out;
}

std::string day(std::int64_t days) {
    std::string out;
    append_date(out, days);
    std::int64_t again = 0;
    EXPECT_EQ(parse_date(out, again), "") << out;
    EXPECT_EQ(again, days) << out;
    return out;
}

std::int64_t stamp_of(const std::string& text, TimeUnit unit = TimeUnit::millis) {
    std::int64_t time = -1;
    EXPECT_EQ(parse_time_stamp(text, unit, Zone::utc, time), "") << text;
    return time;
}

std::string stamp_problem(const std::string& text, TimeUnit unit = TimeUnit::millis,
                          Zone zone = Zone::utc) {
    std::int64_t time = 0;
    return parse_time_stamp(text, unit, zone, time);
}

TEST(AvroLogical, TimeStampsGoToTheEndsOf64Bits) {
    EXPECT_EQ(stamp(0, TimeUnit::millis), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(stamp(-1, TimeUnit::millis), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(stamp(int64_most, TimeUnit::millis), "+292278994-08-17T07:12:55.807Z");
    EXPECT_EQ(stamp(int64_least, TimeUnit::millis), "-292275055-05-16T16:47:04.192Z");
    EXPECT_EQ(stamp(int64_most, TimeUnit::micros), "+294247-01-10T04:00:54.775807Z");
    EXPECT_EQ(stamp(int64_least, TimeUnit::micros), "-290308-12-21T19:59:05.224192Z");
    EXPECT_EQ(stamp(int64_most, TimeUnit::nanos), "2262-04-11T23:47:16.854775807Z");
    EXPECT_EQ(stamp(int64_least, TimeUnit::nanos), "1677-09-21T00:12:43.145224192Z");
}

TEST(AvroLogical, TimeStampsBeyond64BitsAreRefused) {
    EXPECT_NE(stamp_problem("+292278994-08-17T07:12:55.808Z"), "");
    EXPECT_NE(stamp_problem("-292275055-05-16T16:47:04.191Z"), "");
    EXPECT_NE(stamp_problem("2262-04-11T23:47:16.854775808Z", TimeUnit::nanos), "");
    EXPECT_NE(stamp_problem("1677-09-21T00:12:43.145224191Z", TimeUnit::nanos), "");
    EXPECT_NE(stamp_problem("+999999999-12-31T23:59:59Z", TimeUnit::nanos), "");
}

TEST(AvroLogical, DatesGoToTheEndsOf32Bits) {
    EXPECT_EQ(day(0), "1970-01-01");
    EXPECT_EQ(day(std::numeric_limits<std::int32_t>::max()), "+5881580-07-11");
    EXPECT_EQ(day(std::numeric_limits<std::int32_t>::min()), "-5877641-06-23");
    EXPECT_EQ(day(-719'528), "0000-01-01");
    EXPECT_EQ(day(-719'529), "-0001-12-31");
    EXPECT_EQ(day(2'932'897), "+10000-01-01");
    EXPECT_FALSE(read_logical_integer(LogicalKind::date, "+5881580-07-12").value);
    EXPECT_EQ(read_logical_integer(LogicalKind::date, "2000-02-29").value, 11'016);
}

TEST(AvroLogical, DaysOfFourCenturiesComeBack) {
    for (std::int64_t days = -80'000; days < 80'000; days += 7) {
        day(days);
    }
}

TEST(AvroLogical, AnyZoneIsReadAndAnyPrecisionThatFits) {
    EXPECT_EQ(stamp_of("1970-01-01T02:30:00+02:30"), 0);
    EXPECT_EQ(stamp_of("1969-12-31T19:00:00-0500"), 0);
    EXPECT_EQ(stamp_of("1970-01-01t00:00z"), 0);
    EXPECT_EQ(stamp_of("1970-01-01 00:00:00.5Z"), 500);
    EXPECT_EQ(stamp_of("1970-01-01T00:00:00.123000Z"), 123);
    EXPECT_EQ(stamp_of("1969-12-31T23:59:59.9Z", TimeUnit::nanos), -100'000'000);
}

TEST(AvroLogical, WhatIsNoTimeStampIsToldWhy) {
    EXPECT_EQ(stamp_problem("1970-01-01T00:00:00.0001Z"), "is finer than milliseconds");
    EXPECT_EQ(stamp_problem("1970-01-01T00:00:00"), "has no time zone; add Z or one like +02:00");
    EXPECT_EQ(stamp_problem("1970-01-01T00:00:00Z", TimeUnit::millis, Zone::local),
              "goes on after a local time, which has no zone");
    EXPECT_EQ(stamp_problem("2023-02-29T00:00:00Z"), "is a date that there is not");
    EXPECT_EQ(stamp_problem("2023-02-28T24:00:00Z"), "has a time of day that there is not");
    for (const char* text :
         {"", "1970", "70-01-01T00:00:00Z", "1970-1-01T00:00:00Z", "19700-01-01T00:00Z",
          "1970-01-01", "1970-01-01T", "1970-01-01T00", "1970-01-01T00:00:00.Z",
          "1970-01-01T00:00:00Zx", "1970-01-01T00:00:60Z", "1970-13-01T00:00:00Z",
          "1970-00-01T00:00:00Z", "1970-01-00T00:00:00Z", "1970-01-01T00:00:00+24:00"}) {
        EXPECT_NE(stamp_problem(text), "") << text;
    }
}

TEST(AvroLogical, TimesOfDayEndAtMidnight) {
    std::string out;
    EXPECT_TRUE(append_time_of_day(out, 86'399'999, TimeUnit::millis));
    EXPECT_EQ(out, "23:59:59.999");
    EXPECT_FALSE(append_time_of_day(out, 86'400'000, TimeUnit::millis));
    EXPECT_FALSE(append_time_of_day(out, -1, TimeUnit::micros));
    EXPECT_EQ(out, "23:59:59.999");
    EXPECT_EQ(read_logical_integer(LogicalKind::time_micros, "23:59:59.999999").value,
              86'399'999'999);
    EXPECT_EQ(read_logical_integer(LogicalKind::time_millis, "07:30").value, 27'000'000);
    EXPECT_FALSE(read_logical_integer(LogicalKind::time_millis, "07:30Z").value);
}

std::string decimal(const std::string& bytes, std::int32_t scale) {
    std::string out;
    append_decimal(out, bytes, scale);
    return out;
}

/// Bytes of a decimal in hexadecimal, or what is wrong with the text.
std::string decimal_hex(const std::string& text, std::int32_t precision, std::int32_t scale,
                        std::optional<std::size_t> size = std::nullopt) {
    std::string bytes;
    std::string problem = parse_decimal_bytes(text, {precision, scale}, size, bytes);
    return problem.empty() ? to_hex(bytes) : problem;
}

TEST(AvroLogical, DecimalsKeepTheirScaleAndSign) {
    EXPECT_EQ(decimal("\x04\xE2", 2), "12.50");
    EXPECT_EQ(decimal("\xFB\x1E", 2), "-12.50");
    EXPECT_EQ(decimal(std::string(1, '\0'), 3), "0.000");
    EXPECT_EQ(decimal("", 0), "0");
    EXPECT_EQ(decimal("\xFF", 2), "-0.01");
    EXPECT_EQ(decimal("\x80", 0), "-128");
    EXPECT_EQ(decimal(std::string("\0\x80", 2), 0), "128");
    EXPECT_EQ(decimal("\xFF\xFF\xFF\x80", 0), "-128");
}

TEST(AvroLogical, DecimalsAreExactFarBeyond128Bits) {
    EXPECT_EQ(decimal("\x7F" + std::string(15, '\xFF'), 0),
              "170141183460469231731687303715884105727");
    EXPECT_EQ(decimal("\x80" + std::string(15, '\0'), 0),
              "-170141183460469231731687303715884105728");
    EXPECT_EQ(decimal("\x01" + std::string(32, '\0'), 10),
              "11579208923731619542357098500868790785326998466564056403945758400791."
              "3129639936");
    const std::string nines(500, '9');
    std::string bytes;
    ASSERT_EQ(parse_decimal_bytes("-" + nines, {1'000, 0}, std::nullopt, bytes), "");
    EXPECT_EQ(decimal(bytes, 0), "-" + nines);
}

TEST(AvroLogical, DecimalsOfAnyLengthHaveATextThatReadsBack) {
    const std::string large(limits::decimal_bytes_max + 1, '\x11');
    const std::string text = decimal(large, 2);
    EXPECT_TRUE(text.starts_with("0x1111"));
    std::string bytes;
    EXPECT_EQ(parse_decimal_bytes(text, {4, 2}, std::nullopt, bytes), "");
    EXPECT_EQ(bytes, large);
    EXPECT_EQ(decimal("\x05", limits::decimal_scale_max + 1), "0x05");
    EXPECT_FALSE(decimal("\x05", limits::decimal_scale_max).starts_with("0x"));
}

TEST(AvroLogical, DecimalTextsBecomeTheShortestBytesOrFillTheFixed) {
    EXPECT_EQ(decimal_hex("12.5", 4, 2), "04e2");
    EXPECT_EQ(decimal_hex("-12.50", 4, 2), "fb1e");
    EXPECT_EQ(decimal_hex("-12.50", 4, 2, 4), "fffffb1e");
    EXPECT_EQ(decimal_hex("1.25E1", 4, 2, 4), "000004e2");
    EXPECT_EQ(decimal_hex("0", 4, 2), "00");
    EXPECT_EQ(decimal_hex("-0.00", 4, 2), "00");
    EXPECT_EQ(decimal_hex("128", 4, 0), "0080");
    EXPECT_EQ(decimal_hex("-128", 4, 0), "80");
    EXPECT_EQ(decimal_hex("-129", 4, 0), "ff7f");
    EXPECT_EQ(decimal_hex("-1", 4, 0), "ff");
    EXPECT_EQ(decimal_hex("12.500", 4, 2), "04e2");
}

TEST(AvroLogical, DecimalTextsThatDoNotFitAreToldWhy) {
    EXPECT_EQ(decimal_hex("12.505", 9, 2), "has more than 2 decimal places");
    EXPECT_EQ(decimal_hex("123.4", 4, 2), "has more digits than the precision 4 allows");
    EXPECT_EQ(decimal_hex("32768", 9, 0, 2), "does not fit into 2 bytes");
    EXPECT_EQ(decimal_hex("1E2000000000", INT32_MAX, 0),
              "has more than 2457 digits; write its bytes as 0x…");
    EXPECT_EQ(decimal_hex("1E-2000000000", 9, 2), "has more than 2 decimal places");
    for (const char* text : {"", "-", ".5", "5.", "1e", "1e+", "abc", "1 ", "0x1", "0xzz", "--1",
                             "1E99999999999999999999"}) {
        std::string bytes;
        EXPECT_NE(parse_decimal_bytes(text, {9, 2}, std::nullopt, bytes), "") << text;
    }
}

TEST(AvroLogical, UuidsAreSixteenBytes) {
    const std::string text = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
    std::string bytes;
    ASSERT_EQ(parse_uuid(text, bytes), "");
    EXPECT_EQ(bytes, decode_guid(text));
    for (const std::string& bad :
         {text.substr(1), text + "0", "g" + text.substr(1), std::string(36, '-'), std::string()}) {
        EXPECT_NE(parse_uuid(bad, bytes), "") << bad;
    }
}

std::string duration(const std::string& text) {
    std::string bytes;
    std::string problem = parse_duration(text, bytes);
    std::string out;
    if (problem.empty()) {
        append_duration(out, bytes);
    }
    return problem.empty() ? out : problem;
}

TEST(AvroLogical, DurationsHoldThreeUnsignedNumbers) {
    EXPECT_EQ(duration("P2M1DT3.25S"), "P2M1DT3.250S");
    EXPECT_EQ(duration("P1Y2W"), "P12M14D");
    EXPECT_EQ(duration("PT1H1M1S"), "PT3661S");
    EXPECT_EQ(duration("PT0S"), "PT0S");
    std::string out;
    append_duration(out, std::string(12, '\xFF'));
    EXPECT_EQ(out, "P4294967295M4294967295DT4294967.295S");
    EXPECT_EQ(duration(out), out);
    EXPECT_EQ(duration("PT4294967.296S"),
              "is longer than 32 bits of months, days and milliseconds hold");
    for (const char* text : {"", "P", "PT", "P1", "1D", "P1DT", "P1.5D", "PT1.5M", "PT0.0001S",
                             "P1S", "P-1D", "P99999999999D", "P1D "}) {
        std::string bytes;
        EXPECT_NE(parse_duration(text, bytes), "") << text;
    }
}

LogicalKind kind_of(const std::string& text) {
    const auto schema = tests::avro_schema(text);
    return find_logical_kind(*dynamic_cast<const compat::avro::AvroSchema&>(*schema).tree().root);
}

TEST(AvroLogical, AKindIsKnownOnlyWhereItIsValid) {
    EXPECT_EQ(kind_of(R"({"type":"int","logicalType":"date"})"), LogicalKind::date);
    EXPECT_EQ(kind_of(R"({"type":"long","logicalType":"date"})"), LogicalKind::none);
    EXPECT_EQ(kind_of(R"({"type":"long","logicalType":"local-timestamp-nanos"})"),
              LogicalKind::local_timestamp_nanos);
    EXPECT_EQ(kind_of(R"({"type":"bytes","logicalType":"decimal","precision":4,"scale":2})"),
              LogicalKind::decimal);
    EXPECT_EQ(kind_of(R"({"type":"bytes","logicalType":"decimal","precision":2,"scale":4})"),
              LogicalKind::none);
    EXPECT_EQ(kind_of(R"({"type":"fixed","name":"u","size":16,"logicalType":"uuid"})"),
              LogicalKind::uuid_fixed);
    EXPECT_EQ(kind_of(R"({"type":"string","logicalType":"uuid"})"), LogicalKind::none);
    EXPECT_EQ(kind_of(R"({"type":"fixed","name":"d","size":12,"logicalType":"duration"})"),
              LogicalKind::duration);
}

}  // namespace
}  // namespace symbolon::client
