#include "cli/text_file.hpp"

#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::cli {
namespace {

using symbolon::testing::TempDir;

TEST(TextFile, ComesBackAsItWasWritten) {
    const TempDir folder;
    const std::string text("a\0b\r\n", 5);
    ASSERT_TRUE(write_whole_file(folder.file("x"), "longer than the next text"));
    ASSERT_TRUE(write_whole_file(folder.file("x"), text));
    EXPECT_EQ(read_whole_file(folder.file("x"), 5).value_or(""), text);
}

TEST(TextFile, IsReadUpToABound) {
    const TempDir folder;
    ASSERT_TRUE(write_whole_file(folder.file("x"), std::string(200'000, 'x')));
    EXPECT_TRUE(read_whole_file(folder.file("x"), 200'000));
    const auto text = read_whole_file(folder.file("x"), 199'999);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, ErrorCode::body_too_large);
    // A device without an end.
    EXPECT_FALSE(read_whole_file("/dev/zero", 100'000));
}

TEST(TextFile, WhatCannotBeReadOrWrittenIsToldWithItsReason) {
    const TempDir folder;
    const auto missing = read_whole_file(folder.file("none"), 10);
    ASSERT_FALSE(missing);
    EXPECT_NE(missing.error().message.find("No such file"), std::string::npos);
    const auto directory = read_whole_file(folder.path().string(), 10);
    ASSERT_FALSE(directory);
    EXPECT_NE(directory.error().message.find("Is a directory"), std::string::npos);
    EXPECT_FALSE(write_whole_file(folder.file("none/x"), "x"));
    EXPECT_FALSE(write_whole_file("/dev/full", std::string(100'000, 'x')));
}

}  // namespace
}  // namespace symbolon::cli
