#include "client/producer/event_validator.hpp"

#include "client/producer/batch_target.hpp"
#include "client/producer/event_schema.hpp"
#include "core/limits.hpp"
#include "tests/support/fake_schema_source.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace symbolon::client {
namespace {

std::string example_text(const std::string& name) {
    std::ifstream file(std::string(SYMBOLON_SOURCE_DIR) + "/examples/genesys/" + name);
    return std::string((std::istreambuf_iterator<char>(file)), {});
}

std::unique_ptr<EventValidator> validator_for(SchemaType type, const std::string& text,
                                              EventFormats formats = EventFormats::annotate) {
    auto schema = find_event_schema({.text = text, .type = type}, nullptr);
    EXPECT_TRUE(schema) << schema.error().message;
    return EventValidator::open(*schema, formats, FillDefaults::yes).value();
}

std::unique_ptr<EventValidator> shipped_validator() {
    return validator_for(SchemaType::json, example_text("ingest_event.schema.json"));
}

Json shipped_event() {
    return *parse_json(
        R"({"eventType":"interaction.queued","eventTime":"2024-03-04T08:15:30Z",
            "interactionId":"i-1","routingMetadata":{"queueId":"q","skill":"s",
            "actionType":"QUEUE"},"attributes":{},"schemaVersion":1})");
}

std::string reason_of(const EventValidator& validator, const Json& event) {
    const auto valid = validator.check(to_text(event));
    return valid ? "" : valid.error().message;
}

TEST(EventValidator, TheShippedSchemaTakesTheShippedEvents) {
    const auto validator = shipped_validator();
    std::ifstream events(std::string(SYMBOLON_SOURCE_DIR) +
                         "/examples/genesys/ingest_events.jsonl");
    std::string line;
    int count = 0;
    while (std::getline(events, line)) {
        const auto valid = validator->check(line);
        EXPECT_TRUE(valid) << line << '\n' << valid.error().message;
        ++count;
    }
    EXPECT_EQ(count, 5);
}

// Editors on Windows begin a file with one.
TEST(EventValidator, AByteOrderMarkIsPassedOverWhateverTheSchema) {
    const std::string mark = "\xEF\xBB\xBF";
    const auto shipped = shipped_validator()->check(mark + to_text(shipped_event()));
    ASSERT_TRUE(shipped) << shipped.error().message;
    EXPECT_EQ(shipped->text.front(), '{') << "and it does not travel";
    const auto avro =
        validator_for(SchemaType::avro,
                      R"({"type":"record","name":"O","fields":[{"name":"id","type":"string"}]})");
    const auto valid = avro->check(mark + R"({"id":"a"})");
    ASSERT_TRUE(valid) << valid.error().message;
    EXPECT_EQ(valid->body, "\2a");
    EXPECT_FALSE(avro->check(mark + mark + R"({"id":"a"})")) << "one, at the beginning";
}

TEST(EventValidator, TheShippedSchemaAsksForEachField) {
    const auto validator = shipped_validator();
    for (const auto* const name :
         {"eventType", "eventTime", "interactionId", "routingMetadata", "schemaVersion"}) {
        auto event = shipped_event();
        event.erase(name);
        EXPECT_NE(reason_of(*validator, event).find(name), std::string::npos) << name;
    }
    for (const auto* const name : {"queueId", "skill", "actionType"}) {
        auto event = shipped_event();
        event["routingMetadata"].erase(name);
        const auto reason = reason_of(*validator, event);
        EXPECT_NE(reason.find("/routingMetadata"), std::string::npos) << reason;
        EXPECT_NE(reason.find(name), std::string::npos) << reason;
    }
}

TEST(EventValidator, TheShippedSchemaBoundsTheVersionTheActionAndTheTime) {
    const auto validator = shipped_validator();
    for (const int version : {1, 2, 3}) {
        auto event = shipped_event();
        event["schemaVersion"] = version;
        EXPECT_EQ(reason_of(*validator, event), "");
    }
    for (const Json& version : {Json(0), Json(4), Json(1.5), Json("1")}) {
        auto event = shipped_event();
        event["schemaVersion"] = version;
        EXPECT_NE(reason_of(*validator, event).find("/schemaVersion"), std::string::npos);
    }
    for (const auto* const action : {"ANSWER", "TRANSFER", "DISCONNECT", "QUEUE", "REQUEUE"}) {
        auto event = shipped_event();
        event["routingMetadata"]["actionType"] = action;
        EXPECT_EQ(reason_of(*validator, event), "");
    }
    auto odd_action = shipped_event();
    odd_action["routingMetadata"]["actionType"] = "answer";
    EXPECT_NE(reason_of(*validator, odd_action).find("actionType"), std::string::npos);
    for (const auto* const time : {"2024-02-29T23:59:60Z", "2024-01-31T00:00:00.5+01:00",
                                   "2024-06-30T00:00:00-0330", "2024-12-31T00:00:00Z"}) {
        auto event = shipped_event();
        event["eventTime"] = time;
        EXPECT_EQ(reason_of(*validator, event), "") << time;
    }
    for (const auto* const time :
         {"yesterday", "2024-13-01T00:00:00Z", "2024-03-04", "2024-03-04T25:00:00Z",
          "2024-03-04T08:15:30", "2024-02-30T08:15:30Z", "2024-04-31T08:15:30Z",
          "2024-11-31T08:15:30Z", "2024-12-00T08:15:30Z"}) {
        auto event = shipped_event();
        event["eventTime"] = time;
        EXPECT_NE(reason_of(*validator, event).find("/eventTime"), std::string::npos) << time;
    }
}

TEST(EventValidator, AbsentAttributesBecomeTheDefaultAndTheRestStaysAsWritten) {
    const auto validator = validator_for(
        SchemaType::json, R"({"properties":{"attributes":{"type":"object","default":{}},"n":{}}})");
    EXPECT_EQ(validator
                  ->check(R"({ "n" : 1.10,
        "z": 12345678901234567890123 })")
                  ->text,
              R"({"n":1.10,"z":12345678901234567890123,"attributes":{}})");
    EXPECT_EQ(validator->check("{}")->text, R"({"attributes":{}})");
    EXPECT_EQ(validator->check(R"({"attributes":{"a":1}})")->text, R"({"attributes":{"a":1}})");
}

TEST(EventValidator, WhatIsNoJsonSaysSo) {
    const auto validator = shipped_validator();
    for (const auto* const text : {"", "{", "{}x", "\xff", "nul"}) {
        const auto valid = validator->check(text);
        ASSERT_FALSE(valid) << text;
        EXPECT_NE(valid.error().message.find("no JSON"), std::string::npos);
    }
}

TEST(EventValidator, FormatsAreAssertedOnRequest) {
    const auto* const schema = R"({"properties":{"mail":{"format":"email"}}})";
    const auto* const event = R"({"mail":"nobody"})";
    EXPECT_TRUE(validator_for(SchemaType::json, schema)->check(event));
    EXPECT_FALSE(validator_for(SchemaType::json, schema, EventFormats::assert_them)->check(event));
}

TEST(EventValidator, AvroValidatesByEncoding) {
    const auto validator =
        validator_for(SchemaType::avro,
                      R"({"type":"record","name":"R","fields":[{"name":"id","type":"string"},
            {"name":"n","type":"int","default":7}]})");
    const auto valid = validator->check(R"({"id":"a"})");
    ASSERT_TRUE(valid) << valid.error().message;
    EXPECT_EQ(valid->body, std::string("\2a\16"));
    const auto wrong = validator->check(R"({"id":1})");
    ASSERT_FALSE(wrong);
    EXPECT_NE(wrong.error().message.find("id"), std::string::npos) << wrong.error().message;
}

TEST(EventValidator, ProtobufValidatesByEncoding) {
    const auto validator = validator_for(
        SchemaType::protobuf, "syntax = \"proto3\"; message M { string id = 1; int32 n = 2; }");
    const auto valid = validator->check(R"({"id":"a","n":5})");
    ASSERT_TRUE(valid) << valid.error().message;
    EXPECT_EQ(valid->body, std::string("\0\x0a\1a\x10\5", 6));
    EXPECT_FALSE(validator->check(R"({"n":"x"})"));
}

TEST(EventValidator, TheFirstReasonsAreToldAndTheRestCounted) {
    const auto validator =
        validator_for(SchemaType::json, R"({"type":"array","items":{"type":"string"}})");
    const auto numbers = [&](std::size_t count) {
        return reason_of(*validator, Json(std::vector<int>(count)));
    };
    const auto all = numbers(limits::event_reasons_max);
    EXPECT_NE(all.find("; /9: "), std::string::npos) << all;
    EXPECT_EQ(all.find(" more"), std::string::npos) << all;
    const auto cut = numbers(limits::event_reasons_max + 1);
    EXPECT_EQ(cut, all + "; and 1 more");
}

TEST(EventValidator, OneLineKeepsWhatIsInStrings) {
    EXPECT_EQ(to_one_line("{ \"a b\" : \" \\\" \\\\\" ,\r\n\t\"c\" : [ 1 , 2 ] }"),
              R"({"a b":" \" \\","c":[1,2]})");
}

TEST(EncodeEvents, ConfluentFramingHasTheIdAndTheBodyOfTheType) {
    IngestEvent json{.index = 0, .text = "{}", .body = {}, .duplicate_key = {}, .message_key = "k"};
    IngestEvent avro = json;
    avro.body = "";
    const std::vector events{json, avro};
    const auto framed = encode_events(events, EventEncoding::confluent, SchemaId{258});
    ASSERT_EQ(framed.size(), 2U);
    EXPECT_EQ(framed[0].value, std::string("\0\0\0\1\2{}", 7));
    EXPECT_EQ(framed[0].key, "k");
    EXPECT_EQ(framed[1].value, std::string("\0\0\0\1\2", 5)) << "a record without fields is empty";
    EXPECT_EQ(encode_events(events, EventEncoding::json, SchemaId{})[1].value, "{}");
    EXPECT_EQ(encode_events(events, EventEncoding::datum, SchemaId{})[1].value, "");
    EXPECT_EQ(encode_events(events, EventEncoding::wrapped, SchemaId{})[0].value, "\4{}");
    const std::vector<IngestEvent> long_one{{.index = 0, .text = std::string(200, 'x')}};
    EXPECT_EQ(encode_events(long_one, EventEncoding::wrapped, SchemaId{})[0].value,
              "\x90\3" + std::string(200, 'x'));
}

class EventSchemaTest : public ::testing::Test {
protected:
    EventSchemaTest() {
        source_.add("s", SchemaId{1}, R"({"type":"object"})", SchemaType::json);
        source_.add("s", SchemaId{2}, R"({"type":"array"})", SchemaType::json);
    }
    tests::FakeSchemaSource source_;
};

TEST_F(EventSchemaTest, TheLatestOfASubjectIsUsed) {
    EXPECT_EQ((*find_event_schema({.subject = "s"}, &source_))->id, SchemaId{2});
}

TEST_F(EventSchemaTest, AVersionIsUsed) {
    EXPECT_EQ((*find_event_schema({.subject = "s", .version = Version{1}}, &source_))->id,
              SchemaId{1});
}

TEST_F(EventSchemaTest, ATextIsLookedUpAndRegisteredOnlyWhereThatIsAllowed) {
    EventSchemaChoice choice{.subject = "s", .text = R"({"type":"object"})"};
    EXPECT_EQ((*find_event_schema(choice, &source_))->id, SchemaId{1});
    choice.text = R"({"type":"string"})";
    EXPECT_EQ(find_event_schema(choice, &source_).error().code, ErrorCode::schema_not_found);
    choice.registration = Registration::allowed;
    const auto registered = find_event_schema(choice, &source_);
    ASSERT_TRUE(registered);
    choice.registration = Registration::look_up;
    EXPECT_EQ((*find_event_schema(choice, &source_))->id, (*registered)->id);
}

TEST_F(EventSchemaTest, ATextAloneNeedsNoRegistryAndHasNoId) {
    const auto schema = find_event_schema({.text = "{}"}, nullptr);
    ASSERT_TRUE(schema);
    EXPECT_EQ((*schema)->id, SchemaId{});
    EXPECT_EQ(find_event_schema({}, &source_).error().code, ErrorCode::malformed_request);
    EXPECT_EQ(find_event_schema({.subject = "s"}, nullptr).error().code,
              ErrorCode::malformed_request);
    EXPECT_EQ(find_event_schema({.text = "{"}, nullptr).error().code, ErrorCode::invalid_schema);
}

}  // namespace
}  // namespace symbolon::client
