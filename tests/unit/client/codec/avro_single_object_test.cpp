#include "client/codec/avro_single_object.hpp"

#include "tests/support/avro_builders.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::client {
namespace {

TEST(AvroSingleObject, TheFingerprintStandsLeastSignificantByteFirst) {
    const auto schema = tests::avro_schema(R"("int")");
    const auto& root = *dynamic_cast<const compat::avro::AvroSchema&>(*schema).tree().root;
    const auto fingerprint = single_object_fingerprint(root);
    ASSERT_TRUE(fingerprint);
    EXPECT_EQ(*fingerprint, 0x7275D51A3F395C8FU);  // Spec: the specification's own example
    std::string bytes;
    append_single_object_header(bytes, *fingerprint);
    EXPECT_EQ(bytes, "\xC3\x01\x8F\x5C\x39\x3F\x1A\xD5\x75\x72");
    EXPECT_EQ(find_single_object(bytes + "datum"), fingerprint);
}

TEST(AvroSingleObject, OtherBytesAreNone) {
    const std::string header("\xC3\x01\x8F\x5C\x39\x3F\x1A\xD5\x75\x72");
    for (std::size_t size = 0; size < header.size(); ++size) {
        EXPECT_FALSE(find_single_object(header.substr(0, size))) << size;
    }
    EXPECT_FALSE(find_single_object("\xC3\x02" + header.substr(2)));
    EXPECT_FALSE(find_single_object(std::string(10, '\0')));
}

}  // namespace
}  // namespace symbolon::client
