#include "api/rest/finding_body.hpp"

#include "api/rest/error_body.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace symbolon::rest {
namespace {

ContentPtr schema_text(std::string text, SchemaType type = SchemaType::avro) {
    auto content = std::make_shared<SchemaContent>();
    content->type = type;
    content->text = std::move(text);
    return content;
}

ReportedFinding missing_default() {
    ReportedFinding reported;
    reported.finding = {compat::FindingKind::reader_field_missing_default_value, "/fields/1", "b",
                        "/fields/1", "/"};
    reported.old_version = Version(3);
    reported.new_schema =
        schema_text("{\"fields\": [\n  {\"name\": \"a\"},\n  {\"name\": \"b\"}]}");
    reported.old_schema = schema_text("{}");
    return reported;
}

TEST(FindingBody, TellsKindPlacesSentenceAndHint) {
    const Json body = to_json({missing_default()})[0];
    EXPECT_EQ(body, (Json{{"kind", "READER_FIELD_MISSING_DEFAULT_VALUE"},
                          {"direction", "backward"},
                          {"oldVersion", 3},
                          {"message",
                           "The old schema has no field \"b\", and the new schema has "
                           "no default for it at /fields/1."},
                          {"hint", "Add a \"default\" to the field \"b\"."},
                          {"detail", "b"},
                          {"readerPath", "/fields/1"},
                          {"readerLine", 3},
                          {"readerColumn", 3},
                          {"writerPath", "/"},
                          {"writerLine", 1},
                          {"writerColumn", 1},
                          {"counterExample", nullptr}}));
}

TEST(FindingBody, ACounterExampleIsShown) {
    ReportedFinding reported = missing_default();
    reported.finding.counter_example = {R"({"a":1})", "The field \"b\" has no value."};
    EXPECT_EQ(to_json({reported})[0]["counterExample"],
              (Json{{"datum", R"({"a":1})"}, {"reading", "The field \"b\" has no value."}}));
}

TEST(FindingBody, ForwardTheOldSchemaReads) {
    ReportedFinding reported = missing_default();
    reported.direction = compat::Direction::forward;
    std::swap(reported.new_schema, reported.old_schema);
    const Json body = to_json({reported})[0];
    EXPECT_EQ(body["direction"], "forward");
    EXPECT_EQ(body["readerLine"], 3);
}

TEST(FindingBody, AReferrerIsNamed) {
    ReportedFinding reported = missing_default();
    reported.referrer =
        SubjectVersion{{".dev", "person"}, Version(2), SchemaId(7), nullptr, 0, false};
    EXPECT_EQ(to_json({reported})[0]["referrer"],
              (Json{{"subject", ":.dev:person"}, {"version", 2}}));
}

TEST(FindingBody, WithoutAWritersPlaceTheNearestThatItHasIsTaken) {
    ReportedFinding reported;
    reported.finding = {compat::FindingKind::type_mismatch, "#/properties/a/type", ""};
    reported.new_schema = schema_text(R"({"properties":{"a":{"type":"x"}}})", SchemaType::json);
    reported.old_schema = schema_text(R"({"properties":{}})", SchemaType::json);
    const Json body = to_json({reported})[0];
    EXPECT_EQ(body["readerPath"], "#/properties/a/type");
    EXPECT_EQ(body["writerPath"], "/properties");
    EXPECT_EQ(body["writerColumn"], 15);
}

TEST(FindingBody, WithoutTextsThereAreNoLines) {
    ReportedFinding reported;
    reported.finding = {compat::FindingKind::schema_type_changed, "/", "m"};
    const Json body = to_json({reported})[0];
    EXPECT_FALSE(body.contains("readerLine"));
    EXPECT_FALSE(body.contains("oldVersion"));
    EXPECT_FALSE(body.contains("referrer"));
}

TEST(ErrorBody, CarriesFindingsOnlyWhenTheErrorDoes) {
    Error error = make_error(ErrorCode::incompatible_schema, "s", "d");
    EXPECT_EQ(Json::parse(to_response(error, "application/json", {}).body).size(), 2U);
    auto refusal = std::make_shared<Refusal>();
    refusal->findings = {missing_default()};
    refusal->member = Refusal::Member{4, "s"};
    error.detail = refusal;
    const Json body = Json::parse(to_response(error, "application/json", {}).body);
    EXPECT_EQ(body["error_code"], 40901);
    EXPECT_EQ(body["findings"].size(), 1U);
    EXPECT_EQ(body["member"], (Json{{"index", 4}, {"subject", "s"}}));
}

}  // namespace
}  // namespace symbolon::rest
