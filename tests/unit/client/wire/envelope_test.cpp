#include "client/wire/envelope.hpp"

#include "client/wire/payload_fault.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

std::string with_detail(const std::string& detail) {
    return R"({"version":"0","source":"x","detail":)" + detail + "}";
}

TEST(Envelope, IsReadWithANumberOrATextForAVersion) {
    for (const char* version : {"3", "\"3\""}) {
        const auto parsed = parse_envelope(
            with_detail(std::string(R"({"schema_id":"orders","schema_version":)") + version +
                        R"(,"event_type":"v2.detail","avro_payload":"BGFi"})"));
        ASSERT_TRUE(parsed) << parsed.error().message;
        EXPECT_EQ(parsed->subject, "orders");
        EXPECT_EQ(parsed->version, Version{3});
        EXPECT_EQ(parsed->event_type, "v2.detail");
        EXPECT_EQ(parsed->payload,
                  "\x04"
                  "ab");
    }
}

TEST(Envelope, WithoutAnEventTypeIsOfTypeUnknown) {
    const auto parsed = parse_envelope(
        with_detail(R"({"schema_id":"o","schema_version":1,"avro_payload":"AA=="})"));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->event_type, "unknown");
}

TEST(Envelope, NamesTheFieldThatIsMissing) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"({})", "detail is missing"},
        {R"({"detail":7})", "detail must be a JSON object"},
        {R"([])", "the event must be a JSON object"},
        {with_detail(R"({"schema_version":1,"avro_payload":"AA=="})"),
         "detail.schema_id is missing"},
        {with_detail(R"({"schema_id":"","schema_version":1,"avro_payload":"AA=="})"),
         "detail.schema_id must be a text that is not empty"},
        {with_detail(R"({"schema_id":"o","avro_payload":"AA=="})"),
         "detail.schema_version is missing"},
        {with_detail(R"({"schema_id":"o","schema_version":null,"avro_payload":"AA=="})"),
         "detail.schema_version is missing"},
        {with_detail(R"({"schema_id":"o","schema_version":1})"), "detail.avro_payload is missing"},
        {with_detail(
             R"({"schema_id":"o","schema_version":1,"event_type":1,"avro_payload":"AA=="})"),
         "detail.event_type must be a text"},
    };
    for (const auto& [text, message] : cases) {
        const auto parsed = parse_envelope(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().message, message);
        EXPECT_EQ(find_payload_fault(parsed.error()), PayloadFault::missing_metadata);
    }
}

TEST(Envelope, RefusesVersionsThatAreNone) {
    for (const char* version :
         {"0", "-1", "1.5", "\"\"", "\"1x\"", "\" 1\"", "2147483648", "\"+1\"",
          "18446744073709551615", "true", "[1]", "\"99999999999999999999\""}) {
        const auto parsed =
            parse_envelope(with_detail(std::string(R"({"schema_id":"o","schema_version":)") +
                                       version + R"(,"avro_payload":"AA=="})"));
        EXPECT_FALSE(parsed) << version;
    }
}

TEST(Envelope, APayloadThatIsNoBase64IsCorruptAndToldWhere) {
    const auto parsed = parse_envelope(
        with_detail(R"({"schema_id":"o","schema_version":1,"avro_payload":"AA=!"})"));
    ASSERT_FALSE(parsed);
    EXPECT_EQ(find_payload_fault(parsed.error()), PayloadFault::corrupt);
    EXPECT_EQ(parsed.error().message,
              "detail.avro_payload is not base64: a character of another alphabet at character 2");
}

TEST(Envelope, ComesBackFromItsText) {
    const Envelope envelope{"orders", Version{2}, "created", std::string("\0\xFF", 2)};
    const auto parsed = parse_envelope(to_text(envelope));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->subject, envelope.subject);
    EXPECT_EQ(parsed->version, envelope.version);
    EXPECT_EQ(parsed->event_type, envelope.event_type);
    EXPECT_EQ(parsed->payload, envelope.payload);
}

TEST(Envelope, ClaimsAreFoundInABadOne) {
    const auto claims = find_envelope_claims(
        with_detail(R"({"schema_id":"orders","schema_version":"x","avro_payload":7})"));
    EXPECT_EQ(claims.subject, "orders");
    EXPECT_EQ(claims.version, "x");
    EXPECT_EQ(claims.event_type, "");
    EXPECT_EQ(find_envelope_claims("no JSON").subject, "");
}

}  // namespace
}  // namespace symbolon::client
