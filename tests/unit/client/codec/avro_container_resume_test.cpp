#include "client/codec/avro_container.hpp"
#include "client/codec/avro_container_input.hpp"
#include "client/codec/avro_decode.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace symbolon::client {
namespace {

const std::string resumed_marker(16, 'm');

std::string counted(const std::string& text) {
    std::string bytes;
    append_long(bytes, static_cast<std::int64_t>(text.size()));
    return bytes + text;
}

std::string framed_block(std::int64_t records, std::int64_t size, const std::string& data) {
    std::string bytes;
    append_long(bytes, records);
    append_long(bytes, size);
    return bytes + data + resumed_marker;
}

/// A block of 20 bytes with one text of one letter.
std::string good_block(const std::string& letter) {
    return framed_block(1, 2, counted(letter));
}

/// A file of texts that has `block` between a good one and two more.
std::string file_with(const std::string& block) {
    std::string bytes = "Obj\x01";
    append_long(bytes, 1);
    bytes += counted("avro.schema") + counted("\"string\"");
    append_long(bytes, 0);
    return bytes + resumed_marker + good_block("a") + block + good_block("c") + good_block("d");
}

/// Hands out a few bytes at a time, so that everything lies across the borders of reads.
class PiecemealSource final : public ByteSource {
public:
    PiecemealSource(std::string_view bytes, std::size_t piece) : bytes_(bytes), piece_(piece) {}
    Result<std::size_t> read(char* to, std::size_t size) override {
        const std::size_t taken = bytes_.copy(to, std::min(size, piece_));
        bytes_.remove_prefix(taken);
        return taken;
    }

private:
    std::string_view bytes_;
    std::size_t piece_;
};

/// The texts of a damaged file, "!" for each place that was passed over, "." where none followed.
std::string resumed_texts(std::string_view bytes, std::size_t piece) {
    auto reader = ContainerReader::open(std::make_unique<PiecemealSource>(bytes, piece));
    EXPECT_TRUE(reader);
    const auto plan = AvroReadPlan::compile(reader->schema());
    AvroValue value;
    std::string texts;
    for (int turn = 0; turn < 100; ++turn) {
        const auto more = reader->next(**plan, value);
        if (more && !*more) {
            return texts;
        }
        if (more) {
            texts += value.root().text();
            continue;
        }
        texts += '!';
        const auto resumed = reader->resume();
        EXPECT_TRUE(resumed);
        if (resumed && !*resumed) {
            EXPECT_EQ(reader->offset(), bytes.size());
            EXPECT_FALSE(reader->next(**plan, value).value_or(true));
            return texts + ".";
        }
    }
    return texts + " and no end";
}

/// The same whatever the pieces are that the file comes in.
std::string resumed_texts(std::string_view bytes) {
    const std::string texts = resumed_texts(bytes, 1);
    for (const std::size_t piece : {2U, 15U, 16U, 17U, 1'000U}) {
        EXPECT_EQ(resumed_texts(bytes, piece), texts) << piece;
    }
    return texts;
}

TEST(ContainerResume, BehindARecordThatCannotBeReadItsBlockIsPassedOver) {
    EXPECT_EQ(resumed_texts(file_with(good_block("b"))), "abcd");
    EXPECT_EQ(resumed_texts(file_with(framed_block(3, 6, counted("b") + "\x7E??" + "?"))), "ab!cd");
    EXPECT_EQ(resumed_texts(file_with(framed_block(1, 3, counted("b") + "?"))), "ab!cd");
}

TEST(ContainerResume, AFrameThatLiesIsPassedOverToTheNextMarker) {
    // Too long, too short, more than there is, more than is read at once, less than nothing.
    for (const std::int64_t size : {5LL, 1LL, 1'000LL, 1'000'000'000LL, -1LL}) {
        EXPECT_EQ(resumed_texts(file_with(framed_block(1, size, counted("b")))), "a!cd") << size;
    }
    EXPECT_EQ(resumed_texts(file_with(framed_block(-1, 2, counted("b")))), "a!cd");
}

TEST(ContainerResume, AMarkerThatIsDamagedTakesTheNextBlockAlong) {
    std::string block = good_block("b");
    block.back() = 'x';
    EXPECT_EQ(resumed_texts(file_with(block)), "a!d");
}

TEST(ContainerResume, AFileThatIsCutOffIsOver) {
    const std::string bytes = file_with(good_block("b"));
    EXPECT_EQ(resumed_texts(std::string_view(bytes).substr(0, bytes.size() - 1)), "abc!.");
    EXPECT_EQ(resumed_texts(std::string_view(bytes).substr(0, bytes.size() - 19)), "abc!.");
}

TEST(ContainerResume, ABlockThatDoesNotInflateIsPassedOver) {
    std::string bytes;
    auto writer = ContainerWriter::create(memory_target(bytes), "\"string\"",
                                          {.codec = ContainerCodec::deflate, .block_bytes = 1});
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->append(counted("one")));
    ASSERT_TRUE(writer->flush(Durability::handed_over));
    const std::size_t second = bytes.size();
    ASSERT_TRUE(writer->append(counted("two")));
    ASSERT_TRUE(writer->append(counted("three")));
    ASSERT_TRUE(writer->close());
    bytes[second + 2] = '\x07';  // behind count and size: a kind of block that deflate has not
    EXPECT_EQ(resumed_texts(bytes), "one!three");
}

TEST(ContainerResume, AnErrorOfTheSourceIsNotPassedOver) {
    class FailingSource final : public ByteSource {
    public:
        explicit FailingSource(std::string bytes) : bytes_(std::move(bytes)) {}
        Result<std::size_t> read(char* to, std::size_t size) override {
            if (bytes_.empty()) {
                return failure(make_error(ErrorCode::unavailable, "the disk is gone"));
            }
            const std::size_t taken = bytes_.copy(to, size);
            bytes_.erase(0, taken);
            return taken;
        }

    private:
        std::string bytes_;
    };
    auto reader = ContainerReader::open(
        std::make_unique<FailingSource>(file_with("").substr(0, file_with("").size() - 40)));
    ASSERT_TRUE(reader);
    ASSERT_TRUE(reader->next_block());
    ASSERT_FALSE(reader->next_block());
    const auto resumed = reader->resume();
    ASSERT_FALSE(resumed);
    EXPECT_EQ(resumed.error().message, "the disk is gone");
}

TEST(ContainerResume, AnotherFileBehindTheFirstIsTold) {
    const std::string bytes = file_with(file_with(""));
    auto reader = ContainerReader::open(memory_source(bytes));
    ASSERT_TRUE(reader);
    ASSERT_TRUE(reader->next_block());
    const auto other = reader->next_block();
    ASSERT_FALSE(other);
    EXPECT_NE(other.error().message.find("after 1 whole records: another container file begins"),
              std::string::npos)
        << other.error().message;
}

}  // namespace
}  // namespace symbolon::client
