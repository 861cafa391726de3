#include "client/decoder/event_line.hpp"

#include "client/decoder/dead_letter.hpp"

#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

DeadLetter letter_about(std::string_view bytes, Queue queue, int attempt) {
    return {.queue = queue,
            .original_event = original_event_of(bytes),
            .topic = "orders",
            .key = std::string("\xFFk", 2),
            .headers = {{"h", std::string("\0", 1)}, {"event_type", "t"}},
            .attempt = attempt};
}

TEST(UnwrapEvent, AnEventIsItself) {
    for (const std::string text :
         {R"({"detail":{}})", "", "no json", R"({"original_event":{}})",
          R"({"status":"routed_to_x","original_event")", R"(["payload_base64"])",
          R"({"payload_base64":"not base64!"})"}) {
        const auto event = unwrap_event(text);
        EXPECT_EQ(event.bytes, text);
        EXPECT_EQ(event.attempt, 0);
    }
}

TEST(UnwrapEvent, WhatTheRetryQueueHoldsComesBackWithItsAttempts) {
    const std::string everything("\0\n\xFF{}", 5);
    for (const std::string& bytes : {std::string(R"({"detail":{"n":1.50}})"), everything}) {
        const auto event = unwrap_event(to_text(letter_about(bytes, Queue::retry, 2)));
        EXPECT_EQ(event.bytes, bytes);
        EXPECT_EQ(event.attempt, 2);
        EXPECT_EQ(event.topic, "orders");
        EXPECT_EQ(event.key, std::string("\xFFk", 2));
        EXPECT_EQ(event.headers,
                  (PayloadHeaders{{"h", std::string("\0", 1)}, {"event_type", "t"}}));
    }
}

TEST(UnwrapEvent, ADeadLetterBeginsAnew) {
    const auto event = unwrap_event(to_text(letter_about("{}", Queue::dead_letter, 3)));
    EXPECT_EQ(event.bytes, "{}");
    EXPECT_EQ(event.attempt, 0);
}

TEST(UnwrapEvent, AForgedNumberOfAttemptsIsBounded) {
    const auto attempt = [](const std::string& number) {
        return unwrap_event(R"({"status":"routed_to_retry","original_event":{},"attempt":)" +
                            number + "}")
            .attempt;
    };
    EXPECT_EQ(attempt("-5"), 0);
    EXPECT_EQ(attempt("9223372036854775807"), 1'000);
    EXPECT_EQ(attempt("\"x\""), 0);
    EXPECT_EQ(attempt("1e3"), 0);
}

TEST(UnwrapEvent, BytesInBase64AreTheEvent) {
    const auto event = unwrap_event(R"({"payload_base64":"AAE=","headers":[["a","b"],["c"],7]})");
    EXPECT_EQ(event.bytes, std::string("\0\1", 2));
    EXPECT_EQ(event.headers, (PayloadHeaders{{"a", "b"}}));
}

TEST(UnwrapEvent, ARecordWithoutAStatusOfOursIsAnEvent) {
    const std::string text = R"({"status":7,"original_event":{"a":1}})";
    EXPECT_EQ(unwrap_event(text).bytes, text);
}

}  // namespace
}  // namespace symbolon::client
