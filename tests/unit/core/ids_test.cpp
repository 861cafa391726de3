#include "core/ids.hpp"

#include <gtest/gtest.h>

#include <type_traits>
#include <unordered_set>

namespace symbolon {

TEST(Ids, CompareByValue) {
    EXPECT_LT(SchemaId{1}, SchemaId{2});
    EXPECT_EQ(Version{3}, Version{3});
}

TEST(Ids, OfDifferentKindsDoNotConvert) {
    EXPECT_FALSE((std::is_convertible_v<SchemaId, Version>));
    EXPECT_FALSE((std::is_convertible_v<int, SchemaId>));
}

TEST(Ids, AreKeysOfHashMaps) {
    const std::unordered_set<SchemaId> ids{SchemaId{1}, SchemaId{1}, SchemaId{2}};
    EXPECT_EQ(ids.size(), 2U);
}

}  // namespace symbolon
