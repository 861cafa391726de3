#include "client/producer/deduplicator.hpp"

#include "core/limits.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace symbolon::client {
namespace {

using std::chrono::seconds;

const Deduplicator::TimePoint window_start{seconds(1'000)};

std::string key_at(const char* event, const std::vector<std::string>& pointers) {
    std::vector<EventPointer> parsed;
    for (const auto& pointer : pointers) {
        parsed.push_back(*parse_event_pointer(pointer));
    }
    return to_key(*parse_json(event), parsed);
}

TEST(Deduplicator, AKeyIsADuplicateWithinTheWindowOf300Seconds) {
    Deduplicator seen(seconds(300), 10'000);
    EXPECT_TRUE(seen.take("a", window_start));
    EXPECT_FALSE(seen.take("a", window_start + seconds(1)));
    EXPECT_FALSE(seen.take("a", window_start + std::chrono::milliseconds(299'999)));
    EXPECT_TRUE(seen.take("a", window_start + seconds(300)));
}

TEST(Deduplicator, TheWindowSlidesAndADuplicateDoesNotProlongIt) {
    Deduplicator seen(seconds(300), 10'000);
    EXPECT_TRUE(seen.take("a", window_start));
    EXPECT_TRUE(seen.take("b", window_start + seconds(200)));
    EXPECT_FALSE(seen.take("a", window_start + seconds(250)));
    EXPECT_TRUE(seen.take("a", window_start + seconds(310)));
    EXPECT_FALSE(seen.take("b", window_start + seconds(310)));
}

TEST(Deduplicator, AtMostTenThousandKeysAreKeptAndTheOldestGoes) {
    Deduplicator seen(seconds(300), 10'000);
    for (int number = 0; number <= 10'000; ++number) {
        ASSERT_TRUE(seen.take("key " + std::to_string(number), window_start));
    }
    EXPECT_EQ(seen.keys(), 10'000U);
    EXPECT_FALSE(seen.take("key 1", window_start));
    EXPECT_TRUE(seen.take("key 0", window_start));
}

TEST(Deduplicator, KeysOfAnyLengthTakeBoundedMemory) {
    Deduplicator seen(seconds(300), 10'000);
    const std::string long_key(limits::duplicate_keys_bytes_max / 4, 'k');
    for (int number = 0; number < 8; ++number) {
        EXPECT_TRUE(seen.take(long_key + std::to_string(number), window_start));
    }
    EXPECT_LE(seen.keys(), 4U);
    EXPECT_FALSE(seen.take(long_key + "7", window_start));
}

TEST(Deduplicator, AnEventWithoutAKeyIsNeverADuplicate) {
    Deduplicator seen(seconds(300), 10'000);
    EXPECT_TRUE(seen.take("", window_start));
    EXPECT_TRUE(seen.take("", window_start));
}

TEST(Deduplicator, WhatIsForgottenMayComeAgainAndOnlyOnce) {
    Deduplicator seen(seconds(300), 10'000);
    EXPECT_TRUE(seen.take("a", window_start));
    seen.forget("a");
    EXPECT_TRUE(seen.take("a", window_start + seconds(1)));
    EXPECT_FALSE(seen.take("a", window_start + seconds(2)));
    // The first one's end of the window is not the second one's.
    EXPECT_FALSE(seen.take("a", window_start + seconds(300)));
    EXPECT_TRUE(seen.take("a", window_start + seconds(301)));
}

TEST(Deduplicator, TheKeyIsTheValuesAtAnyPointers) {
    const std::vector<std::string> both{"/a", "/b/1"};
    EXPECT_EQ(key_at(R"({"a":"x","b":[1,2]})", both), key_at(R"({"b":[9,2],"a":"x"})", both));
    EXPECT_NE(key_at(R"({"a":"x","b":[1,2]})", both), key_at(R"({"a":"x","b":[1,3]})", both));
    EXPECT_NE(key_at(R"({"a":"1"})", both), key_at(R"({"a":1})", both));
    EXPECT_NE(key_at(R"({"a":"x"})", both), "");
    EXPECT_EQ(key_at(R"({"c":1})", both), "");
    EXPECT_EQ(key_at(R"({"a":null})", both), "");
    EXPECT_EQ(key_at("[1]", both), "");
    EXPECT_NE(key_at(R"({"a/b~c":1})", {"/a~1b~0c"}), "");
}

TEST(Deduplicator, WhatIsNoPointerIsRefusedByName) {
    for (const char* const text : {"a", "a/b", "/a~", "/a~2"}) {
        const auto parsed = parse_event_pointer(text);
        ASSERT_FALSE(parsed) << text;
        EXPECT_EQ(parsed.error().code, ErrorCode::malformed_request);
        EXPECT_NE(parsed.error().message.find("JSON Pointer"), std::string::npos);
    }
    EXPECT_TRUE(parse_event_pointer("")->steps.empty());
    EXPECT_EQ(parse_event_pointer("/a//b")->steps, (std::vector<std::string>{"a", "", "b"}));
}

}  // namespace
}  // namespace symbolon::client
