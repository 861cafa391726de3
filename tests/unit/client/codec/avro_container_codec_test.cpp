#include "client/codec/avro_container_codec.hpp"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <cstdint>
#include <random>
#include <string>

namespace symbolon::client {
namespace {

constexpr std::size_t plenty = 64U << 20U;

std::string noise(std::size_t size) {
    std::mt19937 random(7);
    std::string bytes(size, '\0');
    for (char& byte : bytes) {
        byte = static_cast<char>(random());
    }
    return bytes;
}

std::string deflated(ContainerCodec codec, const std::string& block) {
    std::string out;
    EXPECT_TRUE(BlockCodec(codec).deflate(block, out));
    return out;
}

std::string inflate_problem(ContainerCodec codec, const std::string& stored,
                            std::size_t bytes_max) {
    std::string out;
    const auto status = BlockCodec(codec).inflate(stored, bytes_max, out);
    EXPECT_LE(out.size(), bytes_max);
    return status ? "" : status.error().message;
}

class EveryCodec : public ::testing::TestWithParam<ContainerCodec> {};
INSTANTIATE_TEST_SUITE_P(BlockCodec, EveryCodec,
                         ::testing::Values(ContainerCodec::null, ContainerCodec::deflate,
                                           ContainerCodec::snappy, ContainerCodec::zstandard),
                         [](const auto& param_info) {
                             return std::string(to_string(param_info.param));
                         });

TEST_P(EveryCodec, BlocksOfAnySizeComeBack) {
    BlockCodec codec(GetParam());
    for (const std::size_t size : {0U, 1U, 63U, 16'384U, 16'385U, 300'000U}) {
        for (const std::string& block : {noise(size), std::string(size, 'a')}) {
            std::string stored;
            std::string again;
            ASSERT_TRUE(codec.deflate(block, stored)) << size;
            ASSERT_TRUE(codec.inflate(stored, plenty, again)) << size;
            EXPECT_TRUE(again == block) << size;
        }
    }
}

TEST_P(EveryCodec, ABlockMayFillTheBoundAndNotMore) {
    const std::string stored = deflated(GetParam(), std::string(100'000, 'a'));
    EXPECT_EQ(inflate_problem(GetParam(), stored, 100'000), "");
    EXPECT_EQ(inflate_problem(GetParam(), stored, 99'999),
              "the block inflates to more than 99999 bytes");
}

TEST_P(EveryCodec, ACutOrChangedBlockNeverPassesTheBound) {
    const std::string stored = deflated(GetParam(), noise(2'000) + std::string(3'000, 'x'));
    for (std::size_t size = 0; size < stored.size(); size += 7) {
        const std::string problem = inflate_problem(GetParam(), stored.substr(0, size), 10'000);
        EXPECT_EQ(problem.empty(), GetParam() == ContainerCodec::null) << size;
    }
    for (std::size_t at = 0; at < stored.size(); at += 5) {
        std::string changed = stored;
        changed[at] = static_cast<char>(changed[at] ^ 0x55);
        inflate_problem(GetParam(), changed, 10'000);
    }
}

TEST(BlockCodec, AFrameThatAsksForAHugeWindowIsRefused) {
    const std::string block = noise(1'000);
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 27);
    ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
    std::string stored(ZSTD_compressBound(block.size()), '\0');
    ZSTD_outBuffer to{stored.data(), stored.size(), 0};
    ZSTD_inBuffer first{block.data(), block.size(), 0};
    ZSTD_compressStream2(context, &to, &first, ZSTD_e_flush);
    ZSTD_compressStream2(context, &to, &first, ZSTD_e_end);
    ZSTD_freeCCtx(context);
    stored.resize(to.pos);
    EXPECT_NE(inflate_problem(ContainerCodec::zstandard, stored, plenty), "");
}

TEST(BlockCodec, FramesOfZstandardMayFollowOneAnother) {
    const std::string stored =
        deflated(ContainerCodec::zstandard, "one ") + deflated(ContainerCodec::zstandard, "two");
    std::string block;
    ASSERT_TRUE(BlockCodec(ContainerCodec::zstandard).inflate(stored, plenty, block));
    EXPECT_EQ(block, "one two");
}

TEST(BlockCodec, WhatFollowsADeflatedStreamIsNotLookedAt) {
    std::string block;
    ASSERT_TRUE(BlockCodec(ContainerCodec::deflate)
                    .inflate(deflated(ContainerCodec::deflate, "text") + "abc", plenty, block));
    EXPECT_EQ(block, "text");
}

TEST(BlockCodec, SnappysChecksumIsOfTheBlockAndStandsAtTheEnd) {
    std::string stored = deflated(ContainerCodec::snappy, "text");
    const auto sum = static_cast<std::uint32_t>(
        crc32(crc32(0, nullptr, 0), reinterpret_cast<const Bytef*>("text"), 4));
    EXPECT_EQ(static_cast<unsigned char>(stored[stored.size() - 4]), sum >> 24U);
    stored.back() = static_cast<char>(stored.back() + 1);
    EXPECT_EQ(inflate_problem(ContainerCodec::snappy, stored, plenty),
              "the checksum of the snappy block is wrong");
}

TEST(BlockCodec, SnappyThatClaimsMoreThanItCanHoldTakesNoMemory) {
    const std::string claim = "\xFF\xFF\xFF\x0F" + std::string(8, 'a');  // 32 MiB less one
    EXPECT_EQ(inflate_problem(ContainerCodec::snappy, claim, plenty),
              "the snappy block claims more bytes than it can hold");
}

TEST(BlockCodec, NamesAreTheSpecifications) {
    for (const auto codec : {ContainerCodec::null, ContainerCodec::deflate, ContainerCodec::snappy,
                             ContainerCodec::zstandard}) {
        EXPECT_EQ(find_container_codec(to_string(codec)), codec);
    }
    EXPECT_FALSE(find_container_codec("bzip2"));
}

}  // namespace
}  // namespace symbolon::client
