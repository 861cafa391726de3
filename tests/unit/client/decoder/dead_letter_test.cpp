#include "client/decoder/dead_letter.hpp"

#include "core/json.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace symbolon::client {
namespace {

TEST(DeadLetter, ARecordHasTheFieldsOfTheContractInTheirOrder) {
    const DeadLetter letter{.queue = Queue::dead_letter,
                            .reason = Reason::backward_incompatible_schema,
                            .error = "why \"so\"\n",
                            .schema_id = "\"orders\"",
                            .version = "3",
                            .event_type = "t",
                            .original_event = R"({"a":1.0})",
                            .origin = "x:1",
                            .timestamp_ms = 5};
    EXPECT_EQ(to_text(letter),
              R"({"status":"routed_to_dlq","reason":"backward_incompatible_schema",)"
              R"("schema_id":"orders","version":3,"retry_eligible":false,)"
              R"("error":"why \"so\"\n","original_event":{"a":1.0},"attempt":0,)"
              R"("event_type":"t","origin":"x:1","timestamp":5})");
}

TEST(DeadLetter, EachQueueHasItsStatusAndTheDiagnosticOneTheRawSchema) {
    DeadLetter letter{.queue = Queue::retry, .reason = Reason::registry_unavailable, .attempt = 2};
    auto json = parse_json(to_text(letter));
    ASSERT_TRUE(json);
    EXPECT_EQ((*json)["status"], "routed_to_retry");
    EXPECT_EQ((*json)["retry_eligible"], true);
    EXPECT_EQ((*json)["attempt"], 2);
    EXPECT_EQ((*json)["original_event"], nullptr);
    EXPECT_FALSE(json->contains("raw_schema"));
    letter.queue = Queue::diagnostic;
    letter.raw_schema = "{\"type\":";
    json = parse_json(to_text(letter));
    EXPECT_EQ((*json)["status"], "routed_to_diagnostic");
    EXPECT_EQ((*json)["raw_schema"], "{\"type\":");
}

TEST(DeadLetter, WhatIsInTheRetryQueueIsEligibleForARetry) {
    DeadLetter letter{.queue = Queue::retry, .reason = Reason::payload_corrupt};
    EXPECT_EQ((*parse_json(to_text(letter)))["retry_eligible"], true);
    letter.queue = Queue::dead_letter;
    EXPECT_EQ((*parse_json(to_text(letter)))["retry_eligible"], false);
}

TEST(DeadLetter, ReasonsHaveNamesOfTheirOwn) {
    std::set<std::string_view> names;
    for (const auto& row : reason_table) {
        EXPECT_FALSE(row.name.empty());
        EXPECT_FALSE(row.meaning.empty());
        names.insert(row.name);
    }
    EXPECT_EQ(names.size(), reason_table.size());
}

TEST(DeadLetter, ErrorsThatAreNoTextDoNotBreakTheRecord) {
    const auto json = parse_json(to_text(DeadLetter{.error = "\xFF\xFE"}));
    EXPECT_TRUE(json);
}

TEST(DeadLetter, KeyTopicAndHeadersGoAlong) {
    const auto json = parse_json(
        to_text(DeadLetter{.topic = "orders",
                           .key = "k",
                           .headers = {{"a", "text"}, {"b", std::string("\xFF\0", 2)}}}));
    ASSERT_TRUE(json);
    EXPECT_EQ((*json)["topic"], "orders");
    EXPECT_EQ((*json)["key"], "k");
    EXPECT_EQ((*json)["headers"], parse_json(R"([["a","text"],["b",{"base64":"/wA="}]])").value());
}

TEST(OriginalEvent, JsonStandsAsItIsOnOneLine) {
    EXPECT_EQ(original_event_of("{\"b\":1.0,\n\"a\":2}"), "{\"b\":1.0, \"a\":2}");
}

TEST(OriginalEvent, BytesAreBase64) {
    EXPECT_EQ(original_event_of(std::string("\0\1", 2)), R"({"payload_base64":"AAE="})");
    EXPECT_EQ(original_event_of("{not json"), R"({"payload_base64":"e25vdCBqc29u"})");
    EXPECT_EQ(original_event_of("7"), R"({"payload_base64":"Nw=="})");
    EXPECT_EQ(original_event_of(""), R"({"payload_base64":""})");
}

TEST(OriginalEvent, JsonThatLooksLikeAWrapperIsWrapped) {
    EXPECT_EQ(original_event_of(R"({"payload_base64":""})"),
              R"({"payload_base64":"eyJwYXlsb2FkX2Jhc2U2NCI6IiJ9"})");
}

}  // namespace
}  // namespace symbolon::client
