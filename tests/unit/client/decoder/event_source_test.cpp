#include "client/decoder/event_source.hpp"

#include "client/decoder/container_events.hpp"
#include "client/decoder/dead_letter.hpp"
#include "client/decoder/event_line.hpp"
#include "core/limits.hpp"
#include "tests/support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <fstream>

namespace symbolon::client {
namespace {

std::vector<Event> read_all(EventSource& source, const BatchBounds& bounds = {}) {
    std::vector<Event> all;
    while (!source.at_end()) {
        auto events = source.read(bounds);
        EXPECT_TRUE(events) << (events ? "" : events.error().message);
        if (!events) {
            break;
        }
        EXPECT_LE(events->size(), bounds.events_max);
        for (auto& event : *events) {
            all.push_back(std::move(event));
        }
    }
    return all;
}

std::vector<Event> events_of(std::string_view content, InputForm form = InputForm::recognised,
                             const BatchBounds& bounds = {}) {
    const symbolon::testing::TempDir folder;
    const auto path = folder.file("events");
    std::ofstream(path, std::ios::binary) << content;
    auto source = open_event_source(path, {.form = form});
    EXPECT_TRUE(source);
    return read_all(**source, bounds);
}

std::vector<std::string> texts_of(const std::vector<Event>& events) {
    std::vector<std::string> texts;
    texts.reserve(events.size());
    for (const auto& event : events) {
        texts.push_back(event.bytes);
    }
    return texts;
}

using ::testing::ElementsAre;

TEST(EventSource, EachLineIsAnEventWithItsPlace) {
    const auto events = events_of("{\"a\":1}\n\n  \r\n{\"b\":2} \r\n{\"c\":3}");
    EXPECT_THAT(texts_of(events), ElementsAre("{\"a\":1}", "{\"b\":2}", "{\"c\":3}"));
    EXPECT_THAT(events[1].origin, ::testing::EndsWith("events:4"));
    EXPECT_THAT(texts_of(events_of("\xEF\xBB\xBF{}\n")), ElementsAre("{}"));
    EXPECT_TRUE(events_of("").empty());
    EXPECT_TRUE(events_of("\n\n").empty());
}

TEST(EventSource, BinaryBytesAreOneMessage) {
    const std::string message("\0\0\0\0\7a\nb\n", 9);
    EXPECT_THAT(texts_of(events_of(message)), ElementsAre(message));
    EXPECT_THAT(texts_of(events_of("{\n}", InputForm::message)), ElementsAre("{\n}"));
    EXPECT_TRUE(events_of("", InputForm::message).empty());
}

TEST(EventSource, LinesOfBase64AreMessagesAndOthersBroken) {
    const auto events = events_of("AAE=\n***\nAg==\n", InputForm::base64_lines);
    EXPECT_THAT(texts_of(events), ElementsAre(std::string("\0\1", 2), "***", "\2"));
    EXPECT_FALSE(events[0].broken);
    EXPECT_TRUE(events[1].broken);
}

TEST(EventSource, BatchesKeepTheirBounds) {
    std::string content;
    for (int at = 0; at < 100; ++at) {
        content += "{\"n\":" + std::to_string(at) + "}\n";
    }
    EXPECT_EQ(events_of(content, InputForm::lines, {.events_max = 7}).size(), 100U);
    const symbolon::testing::TempDir folder;
    std::ofstream(folder.file("e")) << content;
    auto source = open_event_source(folder.file("e"), {});
    EXPECT_EQ((*source)->read({.events_max = 50, .bytes_max = 10})->size(), 2U);
}

TEST(EventSource, ALineBeyondTheBoundIsOneBrokenEventWithItsBeginning) {
    const std::string at_bound(limits::event_bytes_max, 'x');
    const auto events = events_of(at_bound + "\n{}\n" + at_bound + "yy\n{}\n" + at_bound + "zzz");
    ASSERT_EQ(events.size(), 5U);
    EXPECT_FALSE(events[0].broken);
    EXPECT_EQ(events[0].bytes.size(), at_bound.size());
    EXPECT_EQ(events[1].bytes, "{}");
    ASSERT_TRUE(events[2].broken);
    EXPECT_EQ(events[2].broken->code, ErrorCode::body_too_large);
    EXPECT_THAT(events[2].broken->message,
                ::testing::HasSubstr(std::to_string(limits::event_bytes_max + 2)));
    EXPECT_EQ(events[2].bytes.size(), limits::event_excerpt_bytes_max);
    EXPECT_EQ(events[3].bytes, "{}");
    EXPECT_TRUE(events[4].broken);
    EXPECT_THAT(events[4].origin, ::testing::EndsWith(":5"));
}

TEST(EventSource, ALineBeyondAnyRecordIsOneBrokenEventToo) {
    const auto events = events_of(std::string(event_line_bytes_max + 1, 'x') + "\n{}\n");
    ASSERT_EQ(events.size(), 2U);
    ASSERT_TRUE(events[0].broken);
    EXPECT_EQ(events[0].bytes.size(), limits::event_excerpt_bytes_max);
    EXPECT_EQ(events[1].bytes, "{}");
}

TEST(EventSource, TheDeadLetterOfAnEventAtTheBoundIsThatEventAgain) {
    const std::string event(limits::event_bytes_max, '\0');
    DeadLetter letter;
    letter.error = "corrupt";
    letter.original_event = original_event_of(event);
    const auto events = events_of(to_text(letter) + "\n{}\n");
    ASSERT_EQ(events.size(), 2U);
    EXPECT_FALSE(events[0].broken);
    EXPECT_TRUE(events[0].bytes == event);
    EXPECT_EQ(events[1].bytes, "{}");
}

TEST(EventSource, AMessageBeyondTheBoundIsOneBrokenEvent) {
    const auto events =
        events_of(std::string(limits::event_bytes_max + 1, 'x'), InputForm::message);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_TRUE(events[0].broken);
}

TEST(EventSource, APipeThatIsSilentGivesAnEmptyBatchInTime) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    auto source = open_event_descriptor(ends[0], "pipe", {});
    const BatchBounds bounds{.wait = std::chrono::milliseconds(5)};
    EXPECT_TRUE((*source)->read(bounds)->empty());
    EXPECT_FALSE((*source)->at_end());
    ASSERT_EQ(::write(ends[1], "{}\n{\"half\":", 11), 11);
    EXPECT_THAT(texts_of(*(*source)->read(bounds)), ElementsAre("{}"));
    EXPECT_TRUE((*source)->read(bounds)->empty());
    ASSERT_EQ(::write(ends[1], "1}\n", 3), 3);
    ::close(ends[1]);
    EXPECT_THAT(texts_of(read_all(**source)), ElementsAre("{\"half\":1}"));
}

TEST(EventSource, WhatCameThroughAPipeBeforeAStopIsHandedOut) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    auto source = open_event_descriptor(ends[0], "pipe", {.form = InputForm::lines});
    const BatchBounds bounds{.events_max = 1, .wait = std::chrono::milliseconds(5)};
    ASSERT_EQ(::write(ends[1], "{}\n{\"n\":1}\n", 11), 11);
    EXPECT_THAT(texts_of(*(*source)->read(bounds)), ElementsAre("{}"));
    ASSERT_EQ(::write(ends[1], "{\"n\":2}\n{\"half", 14), 14);
    ASSERT_TRUE((*source)->stop_reading());
    EXPECT_THAT(texts_of(read_all(**source)), ElementsAre("{\"n\":1}", "{\"n\":2}", "{\"half"));
    ::close(ends[1]);
}

TEST(EventSource, AFileIsNotReadOnAfterAStop) {
    const symbolon::testing::TempDir folder;
    std::ofstream(folder.file("e")) << "{}\n{}\n{}\n";
    auto source = open_event_source(folder.file("e"), {});
    EXPECT_EQ((*source)->read({.events_max = 1})->size(), 1U);
    ASSERT_TRUE((*source)->stop_reading());
    EXPECT_TRUE((*source)->at_end());
}

TEST(EventSource, ASilentPipeWithHalfAContainerFileIsLeftOnAStop) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    bool stop = false;
    auto source = open_event_descriptor(ends[0], "pipe", {.stop = [&] { return stop; }});
    const auto file = to_container_file(R"("string")", 2, "\x02x\x02y");
    const auto half = file.size() - 3;
    ASSERT_EQ(::write(ends[1], file.data(), half), static_cast<ssize_t>(half));
    stop = true;
    const auto events = read_all(**source);
    ::close(ends[1]);
    ASSERT_EQ(events.size(), 1U);
    EXPECT_THAT(events[0].broken->message, ::testing::HasSubstr("cut off"));
}

TEST(EventSource, RecordsOfAContainerFileHaveTheirNumbers) {
    const auto events = events_of(to_container_file(R"("string")", 2, "\x02x\x02y"));
    EXPECT_THAT(texts_of(events), ElementsAre("\x02x", "\x02y"));
    EXPECT_THAT(events[1].origin, ::testing::EndsWith("events:2"));
}

TEST(EventSource, AFileThatIsNotThereIsNamed) {
    const auto source = open_event_source("/not/there.jsonl", {});
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, ErrorCode::cannot_start);
    EXPECT_THAT(source.error().message, ::testing::HasSubstr("/not/there.jsonl"));
}

TEST(EventSource, AFolderCannotBeRead) {
    auto source = open_event_source("/", {});
    ASSERT_TRUE(source);
    EXPECT_FALSE((*source)->read({}));
}

TEST(EventSource, ATopicNeedsBrokersAndAGroup) {
    const auto source = open_event_source("kafka:orders", {});
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, ErrorCode::malformed_request) << "a wrong call: exit 2";
    EXPECT_THAT(source.error().message, ::testing::HasSubstr("--brokers"));
}

}  // namespace
}  // namespace symbolon::client
