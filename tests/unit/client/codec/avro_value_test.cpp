#include "client/codec/avro_value.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::client {
namespace {

TEST(AvroValue, NextPassesOverAllThatBelongsToARecord) {
    AvroValue value;
    const auto outer = value.open(AvroKind::record, 2);
    const auto inner = value.open(AvroKind::array, 0);
    value.append_integer(AvroKind::int64, 7);
    value.append_integer(AvroKind::int64, 8);
    value.close(inner, 2);
    value.append_boolean(true);
    value.close(outer);

    const AvroView array = value.root().first();
    EXPECT_EQ(array.count(), 2U);
    EXPECT_EQ(array.first().next().as_integer(), 8);
    EXPECT_TRUE(array.next().as_boolean());
}

TEST(AvroValue, KeepsACopyOfATextThatGoesAway) {
    AvroValue value;
    {
        const std::string passing(100, 'x');
        value.append_text(AvroKind::string, passing, KeepText::copied);
    }
    EXPECT_EQ(value.root().text(), std::string(100, 'x'));
}

TEST(AvroValue, IsEmptyOnceItWasCleared) {
    AvroValue value;
    value.append_null();
    value.clear();
    EXPECT_TRUE(value.empty());
}

}  // namespace
}  // namespace symbolon::client
