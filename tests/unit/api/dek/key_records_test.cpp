#include "api/dek/key_records.hpp"

#include "api/records.hpp"

#include <gmock/gmock.h>

namespace symbolon {
namespace {

TEST(KeyRecords, AreReadAsTheyWereWritten) {
    const Dek dek{{{"kek", {".dev", "a/b%"}, DekAlgorithm::aes256_siv}, Version(7)}, "w", 5, true};
    Change change;
    change.key.family = RecordFamily::dek;
    change.key.parts = to_key_parts(dek.key);
    change.value = std::make_shared<const Dek>(dek);
    const auto write = to_write(change);
    EXPECT_EQ(write.key, "dek/kek/.dev/a%2Fb%25/AES256_SIV/7");
    const auto read = parse_record({write.key, write.value, Revision(1)});
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*std::get<DekPtr>(read->value), dek);
}

TEST(KeyRecords, AKekKeepsItsProperties) {
    Kek kek;
    kek.name = "kek";
    kek.kms_type = "aws-kms";
    kek.kms_key_id = "arn:aws:kms:x";
    kek.kms_props = {{"a", "b"}};
    kek.doc = "why";
    kek.ts = 9;
    Change change;
    change.key.family = RecordFamily::kek;
    change.key.parts = {"kek"};
    change.value = std::make_shared<const Kek>(kek);
    const auto write = to_write(change);
    EXPECT_EQ(write.key, "kek/kek");
    const auto read = parse_record({write.key, write.value, Revision(1)});
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*std::get<KekPtr>(read->value), kek);
}

TEST(KeyRecords, ADamagedOneNamesItsKey) {
    for (const auto* key : {"dek/k/./s/AES256_GCM/x", "dek/k/./s/DES/1", "kek/k"}) {
        const auto read = parse_record({key, "{}", Revision(1)});
        ASSERT_FALSE(read) << key;
        EXPECT_THAT(read.error().message, ::testing::HasSubstr(key));
    }
    EXPECT_FALSE(parse_record_key("dek/k/./s/AES256_GCM"));
    EXPECT_FALSE(parse_record_key("kek/a/b"));
    // An erased one needs a key that can be read, too.
    EXPECT_FALSE(find_dek_key({"k", ".", "s", "DES", "1"}));
}

}  // namespace
}  // namespace symbolon
