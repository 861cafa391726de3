#include "client/producer/line_reader.hpp"

#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <array>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

/// Every line, a too long one as its length with a sign.
std::vector<std::string> lines_of(const std::string& content, std::size_t line_bytes_max) {
    const testing::TempDir folder;
    std::ofstream(folder.file("in"), std::ios::binary) << content;
    auto reader = *LineReader::open(folder.file("in"), line_bytes_max);
    std::vector<std::string> lines;
    while (true) {
        const auto line = reader->next();
        if (!line || !*line) {
            EXPECT_TRUE(line);
            EXPECT_EQ(reader->offset(), content.size());
            return lines;
        }
        lines.push_back((*line)->too_long ? "too long: " + std::string((*line)->text)
                                          : std::string((*line)->text));
    }
}

using Lines = std::vector<std::string>;

TEST(LineReader, LinesEndWithALineFeedOrTheFile) {
    EXPECT_EQ(lines_of("", 100), Lines{});
    EXPECT_EQ(lines_of("a\nb", 100), (Lines{"a", "b"}));
    EXPECT_EQ(lines_of("a\r\n\nb\n", 100), (Lines{"a", "", "b"}));
}

TEST(LineReader, ALineAboveTheLimitIsPassedOverAndTheNextOneIsRead) {
    EXPECT_EQ(lines_of("abcdef\nab\n", 5), (Lines{"too long: abcdef", "ab"}));
    const std::string endless(3'000'000, 'x');
    EXPECT_EQ(lines_of(endless + "\nab\n", 5), (Lines{"too long: xxxxx", "ab"}));
    EXPECT_EQ(lines_of("ab\n" + endless, 5), (Lines{"ab", "too long: xxxxx"}));
}

TEST(LineReader, LinesAcrossManyReadsStayWhole) {
    std::string content;
    Lines expected;
    for (int number = 0; number < 20'000; ++number) {
        expected.push_back("line " + std::to_string(number) +
                           std::string(static_cast<std::size_t>(number) % 97, '.'));
        content += expected.back() + "\n";
    }
    EXPECT_EQ(lines_of(content, 200), expected);
}

TEST(LineReader, AReadableDescriptorStopsItAndHalfALineIsLeft) {
    std::array<int, 2> input{};
    std::array<int, 2> stop{};
    ASSERT_EQ(::pipe(input.data()), 0);
    ASSERT_EQ(::pipe(stop.data()), 0);
    ASSERT_EQ(::write(input[1], "one\nha", 6), 6);
    auto reader = *LineReader::open("/proc/self/fd/" + std::to_string(input[0]), 100);
    reader->stop_with(stop[0]);
    const auto first = reader->next();
    ASSERT_TRUE(first && *first);
    EXPECT_EQ((*first)->text, "one");
    ASSERT_EQ(::write(stop[1], "x", 1), 1);
    const auto none = reader->next();
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
    EXPECT_TRUE(reader->stopped());
    for (const int descriptor : {input[0], input[1], stop[0], stop[1]}) {
        ::close(descriptor);
    }
}

TEST(LineReader, AFileThatIsNotThereIsNamed) {
    const auto reader = LineReader::open("/no/such/file", 100);
    ASSERT_FALSE(reader);
    EXPECT_NE(reader.error().message.find("/no/such/file"), std::string::npos);
}

}  // namespace
}  // namespace symbolon::client
