#include "api/rest/dto.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace symbolon::rest {
namespace {

Result<SchemaRequest> parse_request(std::string_view text) {
    SYMBOLON_TRY(const Json json, parse_body(text, "argument"));
    return parse_schema_request(json);
}

Error error_of_request(std::string_view text) {
    const auto request = parse_request(text);
    return request ? Error{ErrorCode::cannot_start, "no error"} : request.error();
}

SubjectVersion some_version() {
    SchemaContent content;
    content.text = R"({"type":"fixed","name":"F","size":1})";
    content.references = {{"a.B", "b-value", 2}};
    return {{".dev", "s"}, Version{3}, SchemaId{7}, std::make_shared<SchemaContent>(content), 99,
            false};
}

TEST(AppendQuoted, WritesWhatAJsonParserReadsBack) {
    std::string text;
    for (int byte = 0; byte < 128; ++byte) {
        text += static_cast<char>(byte);
    }
    text += "\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80";
    std::string quoted;
    append_quoted(quoted, text);
    EXPECT_EQ(parse_json(quoted).value().get<std::string>(), text);
    std::string empty;
    append_quoted(empty, "");
    EXPECT_EQ(empty, R"("")");
}

TEST(ParseBody, AMissingBodyNamesItsArgument) {
    for (const std::string_view body : {"", "  \r\n\t", "null", " null "}) {
        const auto json = parse_body(body, "registerSchema.request");
        ASSERT_FALSE(json);
        EXPECT_EQ(json.error().code, ErrorCode::missing_body);
        EXPECT_EQ(json.error().message, "registerSchema.request must not be null (was null)");
    }
}

TEST(ParseBody, OnlyAnObjectIsARequest) {
    for (const std::string_view body :
         {"[]", "1", "\"a\"", "{", "{}x", "\xff", "{\"a\":\"\xc3\"}"}) {
        const auto json = parse_body(body, "argument");
        ASSERT_FALSE(json) << body;
        EXPECT_EQ(json.error().code, ErrorCode::malformed_json) << body;
    }
}

TEST(ParseSchemaRequest, ReadsEveryMember) {
    const auto request = parse_request(R"({"schema":"\"string\"","schemaType":"AVRO",
        "references":[{"name":"n","subject":"s","version":-1}],"version":2,"id":3,"unknown":{}})");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->schema, "\"string\"");
    EXPECT_EQ(request->schema_type, "AVRO");
    EXPECT_EQ(request->references, (std::vector<Reference>{{"n", "s", -1}}));
    EXPECT_EQ(request->version, 2);
    EXPECT_EQ(request->id, 3);
    EXPECT_FALSE(request->metadata);
}

TEST(ParseSchemaRequest, AbsentAndNullAreTheDefaults) {
    for (const std::string_view body :
         {"{}", R"({"schema":null,"schemaType":null,"references":null,"metadata":null,
                    "ruleSet":null,"version":null,"id":null,"schemaTagsToAdd":null,
                    "schemaTagsToRemove":[],"propagateSchemaTags":false})"}) {
        const auto request = parse_request(body);
        ASSERT_TRUE(request) << body;
        EXPECT_EQ(request->schema, "");
        EXPECT_TRUE(request->references.empty());
        EXPECT_EQ(request->version, 0);
        EXPECT_FALSE(request->id);
    }
    EXPECT_FALSE(parse_request(R"({"id":-1})")->id);
    EXPECT_EQ(parse_request(R"({"id":0})")->id, 0);
    EXPECT_EQ(parse_request(R"({"version":"4"})")->version, 4);
}

TEST(ParseSchemaRequest, AWrongShapeNamesThePlace) {
    EXPECT_EQ(error_of_request(R"({"schema":1})").message,
              "at /schema: expected a string, found number");
    EXPECT_EQ(error_of_request(R"({"references":{}})").message,
              "at /references: expected an array, found object");
    EXPECT_EQ(error_of_request(R"({"references":[{},3]})").message,
              "at /references/1: expected an object, found number");
    EXPECT_EQ(error_of_request(R"({"references":[{"name":[]}]})").message,
              "at /references/0/name: expected a string, found array");
    for (const std::string_view number :
         {"2147483648", "-2147483649", "1e99", "1.5", "123456789012345678901234567890", "true"}) {
        const Error error = error_of_request(R"({"version":)" + std::string(number) + "}");
        EXPECT_EQ(error.code, ErrorCode::malformed_json) << number;
        EXPECT_NE(error.message.find("/version: expected a 32-bit integer"), std::string::npos)
            << error.message;
    }
}

TEST(ParseSchemaRequest, EditsOfTagsAreTakenAndTheirShapeIsChecked) {
    const auto request = parse_request(R"({"propagateSchemaTags":true})");
    ASSERT_TRUE(request);
    EXPECT_TRUE(request->propagate_tags);
    EXPECT_EQ(error_of_request(R"({"schemaTagsToAdd":[{}]})").code, ErrorCode::malformed_json);
}

TEST(ParseModeUpdate, TellsClearingFromAMissingOrUnknownMode) {
    EXPECT_FALSE(parse_mode_update(Json{{"mode", nullptr}})->sent);
    EXPECT_EQ(parse_mode_update(Json{{"mode", "readonly"}})->mode, Mode::readonly);
    EXPECT_EQ(parse_mode_update(Json{{"mode", "readonly"}})->sent, "readonly");
    EXPECT_EQ(parse_mode_update(Json::object()).error().code, ErrorCode::invalid_mode);
    EXPECT_EQ(parse_mode_update(Json{{"mode", "x"}}).error().code, ErrorCode::invalid_mode);
    EXPECT_EQ(parse_mode_update(Json{{"mode", 1}}).error().code, ErrorCode::malformed_json);
}

TEST(SchemaBodies, PrintFieldsOfTheContractAndNoEmptyOnes) {
    const SubjectVersion version = some_version();
    std::string schema;
    append_schema(schema, version, {version.content->text});
    const Json expected = {
        {"subject", ":.dev:s"},
        {"version", 3},
        {"id", 7},
        {"guid", "00000000-0000-0000-0000-000000000000"},
        {"schemaType", "AVRO"},
        {"references", Json::array({{{"name", "a.B"}, {"subject", "b-value"}, {"version", 2}}})},
        {"schema", version.content->text},
        {"ts", 99},
        {"deleted", false}};
    EXPECT_EQ(parse_json(schema).value(), expected);

    Json registered = expected;
    registered.erase("subject");
    EXPECT_EQ(parse_json(to_registered_body(version, {version.content->text})).value(), registered);

    FoundSchema found{version.id, version.content, version, 99, true};
    Json by_id = expected;
    by_id.erase("id");
    by_id["deleted"] = true;
    by_id["maxId"] = 12;
    EXPECT_EQ(
        parse_json(to_schema_string_body(found, {version.content->text}, SchemaId{12})).value(),
        by_id);
    found.as_version.reset();
    by_id.erase("subject");
    by_id.erase("version");
    by_id.erase("maxId");
    EXPECT_EQ(parse_json(to_schema_string_body(found, {version.content->text}, {})).value(), by_id);
}

TEST(SchemaBodies, ReferencesAreQualifiedOnRequest) {
    const SubjectVersion version = some_version();
    std::string schema;
    append_schema(schema, version,
                  {version.content->text, ReferenceStyle::qualified, version.subject.context});
    EXPECT_EQ(parse_json(schema).value()["references"][0]["subject"], ":.dev:b-value");
}

TEST(CheckBody, FindingsStandBesideMessagesInVerboseAnswersOnly) {
    CheckAnswer answer;
    EXPECT_EQ(to_check_body(answer, Detail::verdict), R"({"is_compatible":true})");
    EXPECT_EQ(
        parse_json(to_check_body(answer, Detail::verbose)).value(),
        (Json{{"is_compatible", true}, {"messages", Json::array()}, {"findings", Json::array()}}));
    answer.compatible = false;
    answer.messages = {"m"};
    ReportedFinding finding;
    finding.finding = {compat::FindingKind::type_mismatch, "/fields/0", "reader type: X"};
    finding.direction = compat::Direction::forward;
    answer.findings = {finding};
    const Json body = parse_json(to_check_body(answer, Detail::verbose)).value();
    EXPECT_EQ(body["findings"][0]["kind"], "TYPE_MISMATCH");
    EXPECT_EQ(body["findings"][0]["direction"], "forward");
    EXPECT_EQ(body["findings"][0]["readerPath"], "/fields/0");
    EXPECT_EQ(to_check_body(answer, Detail::verdict), R"({"is_compatible":false})");
}

TEST(ArrayBody, IsCompactJson) {
    EXPECT_EQ(to_array_body(std::vector<std::string>{}), "[]");
    EXPECT_EQ(to_array_body(std::vector<std::string>{"a", "b\"c"}), R"(["a","b\"c"])");
    EXPECT_EQ(to_array_body(std::vector<std::int32_t>{1, -2}), "[1,-2]");
}

}  // namespace
}  // namespace symbolon::rest
