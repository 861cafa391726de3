// Many generated pairs of schemas with data, read by two decoders that share nothing.
#include "tests/support/avro_differential.hpp"
#include "client/codec/avro_decode.hpp"
#include "client/codec/avro_encode.hpp"
#include "tests/support/avro_builders.hpp"
#include "tests/support/avro_pair_maker.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>

namespace symbolon::client {
namespace {

using compat::avro::AvroSchema;

class Seeds {
public:
    explicit Seeds(std::uint64_t seed) : random_(seed) {}
    std::size_t below(std::size_t count) { return random_() % count; }
    std::string bytes(std::size_t count) {
        std::string text;
        for (std::size_t at = 0; at < count; ++at) {
            text += static_cast<char>(random_());
        }
        return text;
    }
    std::string changed(std::string text) {
        for (std::size_t count = below(3); count > 0; --count) {
            text[below(text.size())] = static_cast<char>(random_());
        }
        return text;
    }

private:
    std::mt19937_64 random_;
};

compat::SchemaPtr made_schema(const std::string& seed) {
    const auto schema = compat::parse_schema(SchemaType::avro, tests::AvroSchemaMaker(seed).type(),
                                             {}, compat::Strictness::lenient);
    return schema ? *schema : nullptr;
}

TEST(AvroDifferential, BothDecodersAgreeOnGoodAndBadBytes) {
    Seeds seeds(20'260'101);
    int pairs = 0;
    int read = 0;
    for (int at = 0; at < 6'000; ++at) {
        const std::string seed = seeds.bytes(8 + seeds.below(40));
        const compat::SchemaPtr writer = made_schema(seed);
        const compat::SchemaPtr reader = made_schema(seeds.changed(seed));
        if (!writer || !reader) {
            continue;
        }
        ++pairs;
        std::string bytes;
        const auto& root = *dynamic_cast<const AvroSchema&>(*writer).tree().root;
        if (tests::AvroDatumMaker(seeds.bytes(100), bytes).write(root)) {
            read += tests::read_naively(*writer, *reader, bytes).value.has_value() ? 1 : 0;
            ASSERT_EQ(tests::find_disagreement(writer, reader, bytes), "")
                << *writer->canonical_text(compat::Normalize::no) << "\n"
                << *reader->canonical_text(compat::Normalize::no);
        }
        if (!bytes.empty()) {
            const std::string broken =
                seeds.changed(bytes).substr(0, 1 + seeds.below(bytes.size()));
            ASSERT_EQ(tests::find_disagreement(writer, reader, broken), "")
                << *writer->canonical_text(compat::Normalize::no) << "\n"
                << *reader->canonical_text(compat::Normalize::no);
        }
    }
    EXPECT_GT(pairs, 1'000);
    EXPECT_GT(read, pairs / 4);
}

TEST(AvroDifferential, WhatWasWrittenCanonicallyIsWrittenSoAgain) {
    Seeds seeds(7);
    int data = 0;
    for (int at = 0; at < 4'000; ++at) {
        const compat::SchemaPtr schema = made_schema(seeds.bytes(8 + seeds.below(60)));
        if (!schema) {
            continue;
        }
        std::string bytes;
        const auto& root = *dynamic_cast<const AvroSchema&>(*schema).tree().root;
        if (!tests::AvroDatumMaker(seeds.bytes(200), bytes).write(root)) {
            continue;
        }
        const auto reading = AvroReadPlan::compile(schema);
        const auto writing = AvroWritePlan::compile(schema);
        ASSERT_TRUE(reading && writing);
        AvroValue value;
        const auto used = (*reading)->decode(bytes, value);
        ASSERT_TRUE(used) << used.error().message;
        std::string written;
        ASSERT_TRUE((*writing)->encode(value.root(), written));
        ASSERT_EQ(written, bytes) << *schema->canonical_text(compat::Normalize::no);
        ++data;
    }
    EXPECT_GT(data, 1'000);
}

}  // namespace
}  // namespace symbolon::client
