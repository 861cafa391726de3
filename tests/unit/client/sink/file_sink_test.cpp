#include "client/sink/file_sink.hpp"

#include "tests/support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace symbolon::client {
namespace {

using symbolon::testing::TempDir;
using ::testing::HasSubstr;

std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void put(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::binary) << text;
}

std::vector<SinkRecord> records_of(const std::vector<std::string>& values) {
    std::vector<SinkRecord> records;
    records.reserve(values.size());
    for (const auto& value : values) {
        records.push_back({.value = value});
    }
    return records;
}

/// What the file holds after one more record was appended to `before`.
std::string after_append(std::string_view before) {
    const TempDir folder;
    const auto path = folder.file("queue.jsonl");
    put(path, before);
    auto sink = FileSink::open(path);
    EXPECT_TRUE(sink) << (sink ? "" : sink.error().message);
    if (sink) {
        EXPECT_TRUE((*sink)->write(records_of({R"({"n":9})"})));
    }
    return content_of(path);
}

TEST(FileSink, EachRecordIsALine) {
    const TempDir folder;
    const auto path = folder.file("queue.jsonl");
    auto sink = FileSink::open(path);
    ASSERT_TRUE(sink);
    EXPECT_TRUE((*sink)->write(records_of({R"({"a":1})", R"({"b":2})"})));
    EXPECT_TRUE((*sink)->write({}));
    EXPECT_TRUE((*sink)->write(records_of({"3"})));
    EXPECT_EQ(content_of(path), "{\"a\":1}\n{\"b\":2}\n3\n");
    EXPECT_EQ((*sink)->name(), "file " + path);
}

TEST(FileSink, WhatIsThereStays) {
    EXPECT_EQ(after_append("{\"n\":1}\n"), "{\"n\":1}\n{\"n\":9}\n");
}

TEST(FileSink, ALineThatACrashCutShortIsCutOff) {
    EXPECT_EQ(after_append("{\"n\":1}\n{\"n\":2,\"te"), "{\"n\":1}\n{\"n\":9}\n");
    EXPECT_EQ(after_append("{\"n\":"), "{\"n\":9}\n");
    EXPECT_EQ(after_append(std::string("{\"n\":1}\n\0\0\0\0", 12)), "{\"n\":1}\n{\"n\":9}\n");
}

TEST(FileSink, AWholeLastLineOnlyGetsItsEnd) {
    EXPECT_EQ(after_append("{\"n\":1}\n{\"n\":2}"), "{\"n\":1}\n{\"n\":2}\n{\"n\":9}\n");
}

TEST(FileSink, AnIncompleteLineLongerThanABlockIsCutOff) {
    EXPECT_EQ(after_append("{\"n\":1}\n{\"t\":\"" + std::string(300'000, 'x')),
              "{\"n\":1}\n{\"n\":9}\n");
}

TEST(FileSink, AFileThatEndsInAnythingElseIsLeftAsItIs) {
    const TempDir folder;
    const auto path = folder.file("letter.txt");
    put(path, "Dear Sir,\nnot your file");
    const auto sink = FileSink::open(path);
    ASSERT_FALSE(sink);
    EXPECT_EQ(sink.error().code, ErrorCode::sink_failed);
    EXPECT_THAT(sink.error().message, HasSubstr("at byte 10"));
    EXPECT_EQ(content_of(path), "Dear Sir,\nnot your file");
}

TEST(FileSink, ASecondWriterIsRefused) {
    const TempDir folder;
    const auto first = FileSink::open(folder.file("queue.jsonl"));
    ASSERT_TRUE(first);
    const auto second = FileSink::open(folder.file("queue.jsonl"));
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr("another process writes to it"));
}

TEST(FileSink, ARecordWithALineBreakIsRefusedBeforeAnythingIsWritten) {
    const TempDir folder;
    const auto path = folder.file("queue.jsonl");
    auto sink = FileSink::open(path);
    ASSERT_TRUE(sink);
    EXPECT_FALSE((*sink)->write(records_of({"1", "2\n3"})));
    EXPECT_EQ(content_of(path), "");
}

TEST(FileSink, AMissingFolderIsNamed) {
    const auto sink = FileSink::open("/not/there/queue.jsonl");
    ASSERT_FALSE(sink);
    EXPECT_THAT(sink.error().message, HasSubstr("/not/there/queue.jsonl"));
}

TEST(FileSink, ADeviceIsWrittenButNeverFlushed) {
    auto sink = FileSink::open("/dev/null");
    ASSERT_TRUE(sink);
    EXPECT_TRUE((*sink)->write(records_of({"1"})));
}

TEST(FileSink, AFullDeviceIsAnError) {
    auto sink = FileSink::open("/dev/full");
    ASSERT_TRUE(sink);
    const auto written = (*sink)->write(records_of({"1"}));
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::sink_failed);
}

TEST(FileSink, AWriteThatFailsInTheMiddleLeavesNothingBehind) {
    const TempDir folder;
    const auto path = folder.file("queue.jsonl");
    auto sink = FileSink::open(path);
    ASSERT_TRUE(sink);
    ASSERT_TRUE((*sink)->write(records_of({"1"})));
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before{};
    ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit small{10, before.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto written = (*sink)->write(records_of({"22", std::string(100, '3')}));
    ::setrlimit(RLIMIT_FSIZE, &before);
    EXPECT_FALSE(written);
    EXPECT_EQ(content_of(path), "1\n");
}

TEST(FileSink, MoreThanOneBufferOfRecordsIsWrittenWhole) {
    const TempDir folder;
    const auto path = folder.file("queue.jsonl");
    auto sink = FileSink::open(path, FlushPolicy::on_request);
    ASSERT_TRUE(sink);
    const std::string long_value(700'000, 'x');
    ASSERT_TRUE((*sink)->write(records_of({long_value, long_value, long_value})));
    ASSERT_TRUE((*sink)->sync());
    EXPECT_EQ(content_of(path).size(), 3 * (long_value.size() + 1));
}

}  // namespace
}  // namespace symbolon::client
