#include "client/decoder/container_events.hpp"

#include "client/codec/avro_container_input.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr const char* text_schema = R"("string")";

/// The file with a block more.
std::string with_block(std::string file, std::int64_t records, std::string_view data) {
    const auto marker = file.substr(file.size() - 16);
    append_long(file, records);
    append_long(file, static_cast<std::int64_t>(data.size()));
    return file.append(data).append(marker);
}

std::vector<Event> events_of_file(const std::string& file) {
    std::vector<Event> events;
    auto source = ContainerEvents::open(memory_source(file));
    EXPECT_TRUE(source) << (source ? "" : source.error().message);
    while (source) {
        auto event = (*source)->next();
        EXPECT_TRUE(event);
        if (!event || !*event) {
            EXPECT_FALSE(*(*source)->next()) << "the end stays the end";
            break;
        }
        events.push_back(std::move(**event));
    }
    return events;
}

std::vector<std::string> words_of(const std::vector<Event>& events) {
    std::vector<std::string> words;
    for (const auto& event : events) {
        words.push_back(event.broken ? "broken" : event.bytes);
    }
    return words;
}

TEST(ContainerEvents, EachRecordIsAnEventWithTheFilesSchema) {
    const auto file = with_block(to_container_file(text_schema, 2, "\x02x\x02y"), 1, "\x02z");
    const auto events = events_of_file(file);
    EXPECT_THAT(words_of(events), ElementsAre("\x02x", "\x02y", "\x02z"));
    EXPECT_EQ(events[0].schema->text, text_schema);
    EXPECT_TRUE(events[0].schema->parsed);
    EXPECT_TRUE(events_of_file(to_container_file(text_schema, 0, "")).empty());
}

TEST(ContainerEvents, ABrokenRecordSpoilsItsBlockAndNoOther) {
    // The second record claims a text of -1 bytes.
    const auto file = with_block(to_container_file(text_schema, 3, "\x02x\x01\x02y"), 1, "\x02z");
    const auto events = events_of_file(file);
    ASSERT_THAT(words_of(events), ElementsAre("\x02x", "broken", "\x02z"));
    EXPECT_THAT(events[1].broken->message, HasSubstr("after 1 whole records"));
    EXPECT_THAT(events[1].broken->message, HasSubstr("2 records in 3 bytes"));
    EXPECT_EQ(events[1].bytes, to_container_file(text_schema, 2, "\x01\x02y"));
    // What a letter keeps of it is the same when it is read again.
    const auto again = events_of_file(events[1].bytes);
    ASSERT_THAT(words_of(again), ElementsAre("broken"));
    EXPECT_EQ(again[0].bytes, events[1].bytes);
}

TEST(ContainerEvents, BytesBehindTheLastRecordOfABlockAreKept) {
    const auto file = with_block(to_container_file(text_schema, 1, "\x02xmore"), 1, "\x02z");
    const auto events = events_of_file(file);
    ASSERT_THAT(words_of(events), ElementsAre("\x02x", "broken", "\x02z"));
    EXPECT_THAT(events[1].broken->message, HasSubstr("4 bytes follow"));
    EXPECT_EQ(events[1].bytes, to_container_file(text_schema, 0, "more"));
}

TEST(ContainerEvents, BehindADamagedBlockReadingGoesOnAtTheNextMarker) {
    auto file = with_block(to_container_file(text_schema, 1, "\x02x"), 1, "\x02y");
    const auto marker = file.size() - 16;
    file = with_block(with_block(file, 1, "\x02z"), 1, "\x02w");
    file[marker] = '!';
    // The next marker is the one behind z.
    const auto events = events_of_file(file);
    ASSERT_THAT(words_of(events), ElementsAre("\x02x", "broken", "\x02w"));
    EXPECT_THAT(events[1].broken->message, HasSubstr("reading goes on at byte"));
    EXPECT_TRUE(events[1].bytes.empty());
}

TEST(ContainerEvents, ADamagedBlockWithoutAMarkerBehindItEndsTheFile) {
    auto file = with_block(to_container_file(text_schema, 1, "\x02x"), 1, "\x02y");
    file.back() = '!';
    const auto events = events_of_file(file);
    ASSERT_THAT(words_of(events), ElementsAre("\x02x", "broken"));
    EXPECT_THAT(events[1].broken->message, HasSubstr("nothing behind it can be read"));
}

TEST(ContainerEvents, WhatIsNoContainerFileIsNotOpened) {
    EXPECT_FALSE(ContainerEvents::open(memory_source("Obj\x01")));
}

/// Breaks off within the block.
class FailingSource final : public ByteSource {
public:
    explicit FailingSource(std::string bytes) : bytes_(std::move(bytes)) {}
    Result<std::size_t> read(char* to, std::size_t size) override {
        if (at_ == bytes_.size()) {
            return failure(make_error(ErrorCode::unavailable, "the disk is gone"));
        }
        const auto got = bytes_.copy(to, size, at_);
        at_ += got;
        return got;
    }

private:
    std::string bytes_;
    std::size_t at_ = 0;
};

TEST(ContainerEvents, AFileThatCannotBeReadIsAnErrorAndNoCorruptEvent) {
    auto file = to_container_file(text_schema, 1, "\x02x");
    file.resize(file.size() - 4);
    const auto source = ContainerEvents::open(std::make_unique<FailingSource>(file));
    ASSERT_TRUE(source) << source.error().message;
    const auto event = (*source)->next();
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace symbolon::client
