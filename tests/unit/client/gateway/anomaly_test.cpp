#include "client/gateway/anomaly.hpp"

#include "core/json.hpp"
#include "core/limits.hpp"
#include "tests/support/json_builders.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symbolon::client {
namespace {

std::string details(std::string_view schema_text, std::string_view datum) {
    const auto schema = symbolon::tests::json_schema(schema_text);
    const auto validator = compat::validator_of(*schema, compat::Formats::assert_them);
    const auto errors = (*validator)->validate(datum);
    return details_of(*errors, MaskRules());
}

TEST(Anomaly, TheRecordHasItsSixMembersInOrder) {
    const std::string body = R"({"id":"","email":"a@b.c"})";
    EXPECT_EQ(to_json_line({.request_id = "r1", .details = "/id: too short"}, body, MaskRules(),
                           std::chrono::system_clock::time_point(std::chrono::milliseconds(1'500))),
              R"({"timestamp":1500,"requestId":"r1","anomalyType":"SCHEMA_VALIDATION_FAILURE",)"
              R"("errorDetails":"/id: too short","payloadSize":25,)"
              R"("maskedPayload":"{\"id\":\"\",\"email\":\"***\"}"})");
}

TEST(Anomaly, ARecordIsOneLineOfJsonWhateverTheBodyIs) {
    const std::string body("\n\0\xFF{\"name\":\n\"x\"", 15);
    const auto line = to_json_line({}, body, MaskRules(), {});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_TRUE(parse_json(line).has_value()) << line;
}

TEST(Anomaly, DetailsAreJoinedByPointerAndMessage) {
    EXPECT_EQ(details(R"({"required":["a"],"properties":{"n":{"maximum":3}}})", R"({"n":4})"),
              "/: The required property \"a\" is missing.; /n: 4 is more than the maximum 3.");
}

TEST(Anomaly, MessagesAboutMaskedFieldsTellNoValue) {
    EXPECT_EQ(details(R"({"properties":{"email":{"pattern":"^x"}}})", R"({"email":"secret"})"),
              "/email: The value does not meet \"pattern\".");
    const auto nested = details(R"({"anyOf":[{"properties":{"email":{"type":"number"}}}]})",
                                R"({"email":"secret"})");
    EXPECT_EQ(nested.find("secret"), std::string::npos) << nested;
}

TEST(Anomaly, LongDetailsAreCutBetweenErrors) {
    std::vector<compat::ValidationError> errors(
        100, {"/" + std::string(200, 'x'), "/type", "A message."});
    const auto text = details_of(errors, MaskRules());
    EXPECT_LE(text.size(), limits::error_details_bytes_max + 30);
    EXPECT_TRUE(text.ends_with(" more")) << text.substr(text.size() - 40);
}

}  // namespace
}  // namespace symbolon::client
