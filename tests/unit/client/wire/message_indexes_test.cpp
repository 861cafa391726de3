#include "client/wire/message_indexes.hpp"

#include "client/wire/payload_fault.hpp"
#include "core/limits.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symbolon::client {
namespace {

using Path = std::vector<std::int32_t>;

std::string written(const Path& path) {
    std::string out;
    append_message_indexes(out, path);
    return out;
}

TEST(MessageIndexes, TheFirstMessageIsASingleZero) {
    EXPECT_EQ(written({0}), std::string(1, '\0'));
    const auto parsed = parse_message_indexes(std::string_view("\0rest", 5));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->path, Path{0});
    EXPECT_EQ(parsed->bytes, 1U);
}

TEST(MessageIndexes, TheLongFormOfTheFirstMessageIsReadToo) {
    const auto parsed = parse_message_indexes(std::string_view("\x02\x00", 2));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->path, Path{0});
    EXPECT_EQ(parsed->bytes, 2U);
}

TEST(MessageIndexes, ComeBackZigzagged) {
    EXPECT_EQ(written({1, 0}), std::string("\x04\x02\x00", 3));
    for (const Path& path : {Path{1}, Path{0, 0}, Path{63, 64, 8191, 2'147'483'647}}) {
        const std::string bytes = written(path);
        const auto parsed = parse_message_indexes(bytes + "body");
        ASSERT_TRUE(parsed) << parsed.error().message;
        EXPECT_EQ(parsed->path, path);
        EXPECT_EQ(parsed->bytes, bytes.size());
    }
}

TEST(MessageIndexes, AreBoundedInNumber) {
    const Path most(limits::message_indexes_max, 1);
    EXPECT_TRUE(parse_message_indexes(written(most)));
    const Path more(limits::message_indexes_max + 1, 1);
    const auto parsed = parse_message_indexes(written(more));
    ASSERT_FALSE(parsed);
    EXPECT_NE(parsed.error().message.find("101 of them"), std::string::npos)
        << parsed.error().message;
}

TEST(MessageIndexes, RefusesWhatIsCutOffNegativeOrTooLong) {
    for (const std::string& bytes :
         {std::string(), std::string("\x80"), std::string("\x04\x02"), std::string("\x01"),
          std::string("\x02\x01"), std::string("\x80\x80\x80\x80\x80\x00", 6),
          std::string("\x02\xFF\xFF\xFF\xFF\x7F")}) {
        const auto parsed = parse_message_indexes(bytes);
        ASSERT_FALSE(parsed) << testing::PrintToString(bytes);
        EXPECT_EQ(find_payload_fault(parsed.error()), PayloadFault::corrupt);
    }
}

}  // namespace
}  // namespace symbolon::client
