#include "core/guid.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

TEST(Guid, ComesBackInLowerCase) {
    const auto bytes = decode_guid("3F1C8E4A-89AB-4CDE-8F01-0123456789ab");
    ASSERT_TRUE(bytes);
    EXPECT_EQ(bytes->size(), guid_bytes);
    EXPECT_EQ(to_guid(*bytes), "3f1c8e4a-89ab-4cde-8f01-0123456789ab");
}

TEST(Guid, HasItsDashesAndLength) {
    for (const char* text :
         {"", "3f1c8e4a89ab4cde8f010123456789ab", "3f1c8e4a-89ab-4cde-8f01-0123456789a",
          "3f1c8e4-a89ab-4cde-8f01-0123456789ab", "3f1c8e4a-89ab-4cde-8f01-0123456789ag",
          "3f1c8e4a-89ab-4cde-8f0100123456789ab", "3f1c8e4a-89ab-4cde-8f01-0123456789abc"}) {
        EXPECT_EQ(decode_guid(text), std::nullopt) << text;
    }
}

TEST(Guid, OfRandomIsOfVersionFour) {
    const auto one = make_guid();
    ASSERT_TRUE(decode_guid(one)) << one;
    EXPECT_EQ(one[14], '4');
    EXPECT_NE(std::string_view("89ab").find(one[19]), std::string_view::npos) << one;
    EXPECT_NE(one, make_guid());
}

}  // namespace
}  // namespace symbolon
