#include "api/associations/association_records.hpp"

#include "api/records.hpp"

#include <gmock/gmock.h>

namespace symbolon {
namespace {

Change change_of(const Association& association) {
    Change change;
    change.key.family = RecordFamily::association;
    change.key.parts = to_key_parts(association.key);
    change.value = std::make_shared<const Association>(association);
    return change;
}

TEST(AssociationRecords, AreReadAsTheyWereWritten) {
    Association association;
    association.key = {"lkc-1/orders%", "topic", "value"};
    association.resource_name = "orders";
    association.resource_namespace = "lkc-1";
    association.subject = {".lkc-1", "orders-value"};
    association.guid.bytes[3] = 7;
    association.lifecycle = Lifecycle::strong;
    association.frozen = true;
    association.create_ts = 5;
    association.update_ts = 6;
    const auto write = to_write(change_of(association));
    EXPECT_EQ(write.key, "association/lkc-1%2Forders%25/topic/value");
    const auto read = parse_record({write.key, write.value, Revision(1)});
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->key.parts, to_key_parts(association.key));
    EXPECT_EQ(*std::get<AssociationPtr>(read->value), association);
    const auto erased = parse_record({write.key, std::nullopt, Revision(2)});
    ASSERT_TRUE(erased);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(erased->value));
}

TEST(AssociationRecords, AKeyHasThreeParts) {
    for (const auto* key :
         {"association/", "association/a/b", "association/a/b/c/d", "association/a/b/%2f"}) {
        EXPECT_FALSE(parse_record_key(key)) << key;
    }
    EXPECT_TRUE(parse_record_key("association/a/b/c"));
}

TEST(AssociationRecords, ADamagedValueNamesItsKey) {
    for (const auto* value : {"", "[]", "{}", R"({"lifecycle":"STRONG","guid":"x"})"}) {
        const auto read = parse_record({"association/a/topic/key", value, Revision(1)});
        ASSERT_FALSE(read) << value;
        EXPECT_EQ(read.error().code, ErrorCode::store_failed);
        EXPECT_THAT(read.error().message, ::testing::HasSubstr("association/a/topic/key"));
    }
}

}  // namespace
}  // namespace symbolon
