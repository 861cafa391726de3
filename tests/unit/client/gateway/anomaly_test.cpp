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

TEST(Anomaly, AnObjectThatWasSentAsATextIsNotQuoted) {
    const std::string_view schema = R"({"properties":{"detail":{"type":"object"}}})";
    for (const std::string_view datum :
         {R"({"detail":"{\"email\":\"secret\"}"})", R"({"detail":"{\"\\u0065mail\":\"secret\"}"})",
          R"({"detail":"name: secret"})"}) {
        EXPECT_EQ(details(schema, datum), "/detail: The value does not meet \"type\".");
    }
    EXPECT_EQ(details(schema, R"({"detail":"{\"id\":5}"})"),
              R"(/detail: "{\"id\":5}" is not an object.)");
}

TEST(Anomaly, NamesOfMissingFieldsAreToldAlsoWhereTheyAreMasked) {
    EXPECT_EQ(details(R"({"required":["email"]})", "{}"),
              "/: The required property \"email\" is missing.");
}

TEST(Anomaly, EscapesOfPointersHideNoMaskedField) {
    EXPECT_EQ(details(R"({"properties":{"e/mail":{"type":"number"}}})", R"({"e/mail":"secret"})"),
              "/e~1mail: The value does not meet \"type\".");
    const auto nested =
        details(R"({"anyOf":[{"properties":{"na~me":{"type":"number"}}},{"type":"null"}]})",
                R"({"na~me":"secret"})");
    EXPECT_EQ(nested.find("secret"), std::string::npos) << nested;
}

TEST(Anomaly, AMaskedFieldInThePartOfAPointerThatIsNotToldStaysMasked) {
    const std::string schema =
        R"({"additionalProperties":{"additionalProperties":{"additionalProperties":)"
        R"({"type":"integer"}}}})";
    const auto text = details(schema, R"({")" + std::string(600, 'a') + R"(":{"email":{")" +
                                          std::string(700, 'b') + R"(":"secret"}}})");
    EXPECT_EQ(text.find("email"), std::string::npos) << text;
    EXPECT_EQ(text.find("secret"), std::string::npos) << text;
    EXPECT_NE(text.find("type"), std::string::npos) << text;
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
