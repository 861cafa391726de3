#include "core/schema_type.hpp"

#include <gtest/gtest.h>

namespace symbolon {

TEST(SchemaType, NamesGoBothWays) {
    for (const auto& [type, name] : schema_type_table) {
        EXPECT_EQ(find_schema_type(to_string(type)), type) << name;
    }
}

TEST(SchemaType, UnknownNamesAreNotFound) {
    EXPECT_EQ(find_schema_type("avro"), std::nullopt);
    EXPECT_EQ(find_schema_type(""), std::nullopt);
}

}  // namespace symbolon
