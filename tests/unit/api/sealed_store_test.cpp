#include "api/sealed_store.hpp"

#include "api/metadata_cipher.hpp"
#include "core/limits.hpp"
#include "tests/support/registry_fixture.hpp"

#include <gmock/gmock.h>

namespace symbolon {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::message_of;
using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string first_secret = "the first secret of this test";
const std::string second_secret = "the second secret of this test";

class SensitiveMetadata : public RegistryFixture {
protected:
    void open_with(const std::string& secret, const std::string& old = {}) {
        settings.metadata_secret = secret;
        settings.metadata_secret_old = old;
        open();
    }
    std::string refusal_with(const std::string& secret) {
        auto changed = settings;
        changed.metadata_secret = secret;
        changed.metadata_secret_old.clear();
        const auto opened = Registry::open(store, changed);
        return opened ? "opened" : opened.error().message;
    }
    void add_secret(const char* subject) {
        auto request = request_of(record_of({"a"}));
        request.metadata = Metadata{{}, {{"password", "hush-hush"}, {"owner", "me"}}, {"password"}};
        add(subject, request);
    }
    std::string password_of(const char* subject) {
        const auto found = get(subject, 1);
        return found ? found->content->metadata->properties.at("password") : "";
    }
    std::string stored() {
        std::string text;
        const auto entries = *store->read_since(Revision(0));
        for (const auto& entry : entries) {
            text += entry.key + " " + entry.value.value_or("") + "\n";
        }
        return text;
    }
};

TEST_F(SensitiveMetadata, AreStoredInClearWithoutASecret) {
    add_secret("s");
    EXPECT_THAT(stored(), HasSubstr("hush-hush"));
    open_with(first_secret);
    EXPECT_EQ(password_of("s"), "hush-hush") << "what is in clear stays readable";
}

TEST_F(SensitiveMetadata, AreStoredEncryptedAndAnsweredInClear) {
    add_secret("plain");
    const auto guid = get("plain", 1)->content->guid;
    open_with(first_secret);
    add_secret(":.dev:s");
    EXPECT_EQ(get(":.dev:s", 1)->content->guid, guid) << "the identity is that of clear values";
    open_with(first_secret);
    EXPECT_EQ(password_of(":.dev:s"), "hush-hush");
    std::string record;
    const auto entries = *store->read_since(Revision(0));
    for (const auto& entry : entries) {
        record = entry.key == "schema/.dev/1" ? *entry.value : record;
    }
    EXPECT_THAT(record, Not(HasSubstr("hush")));
    EXPECT_THAT(record, HasSubstr(R"("owner":"me")")) << "only what is sensitive is encrypted";
    EXPECT_THAT(record, HasSubstr("\n" + record_of({"a"}))) << "the schema's text stays as it is";
}

TEST_F(SensitiveMetadata, OfConfigsAreEncryptedToo) {
    open_with(first_secret);
    ASSERT_TRUE(set_config("s", R"({"defaultMetadata":{"properties":{"token":"hush-hush"},)"
                                R"("sensitive":["token"]}})"));
    EXPECT_THAT(stored(), Not(HasSubstr("hush")));
    open_with(first_secret);
    add("s", record_of({"a"}));
    EXPECT_EQ(get("s", 1)->content->metadata->properties.at("token"), "hush-hush");
    EXPECT_THAT(stored(), Not(HasSubstr("hush")));
}

TEST_F(SensitiveMetadata, CannotBeReadWithoutTheirSecret) {
    open_with(first_secret);
    add_secret("s");
    EXPECT_THAT(refusal_with(""), HasSubstr("'schema/./1' has metadata that was encrypted"));
    EXPECT_THAT(refusal_with(second_secret), HasSubstr("metadata_secret_old"));
    EXPECT_THAT(refusal_with("short"), HasSubstr("16 to 4096 bytes; this one has 5"));
    EXPECT_EQ(refusal_with(first_secret), "opened");
}

TEST_F(SensitiveMetadata, MoveToANewSecretWhenTheOldOneIsGivenOnce) {
    add_secret("clear");
    open_with(first_secret);
    auto request = request_of(record_of({"b"}));
    request.metadata = Metadata{{}, {{"password", "hush-more"}}, {"password"}};
    add("sealed", request);
    open_with(second_secret, first_secret);
    EXPECT_EQ(password_of("clear"), "hush-hush");
    EXPECT_EQ(password_of("sealed"), "hush-more");
    EXPECT_THAT(stored(), Not(HasSubstr("hush"))) << "what was in clear is encrypted as well";
    EXPECT_EQ(refusal_with(second_secret), "opened");
    EXPECT_NE(refusal_with(first_secret), "opened");
    const auto revision = store->read_since(Revision(0))->back().revision;
    open_with(second_secret, first_secret);
    EXPECT_EQ(store->read_since(Revision(0))->back().revision, revision) << "nothing left to do";
}

TEST_F(SensitiveMetadata, APropertyMayHaveTheNameOfTheMark) {
    auto request = request_of(record_of({"a"}));
    request.metadata = Metadata{{}, {{"metadataKey", "x"}}, {}};
    add("s", request);
    open();
    EXPECT_EQ(get("s", 1)->content->metadata->properties.at("metadataKey"), "x");
}

TEST(MetadataCiphers, OpenWhatTheySealedAndNothingElse) {
    const auto cipher = *MetadataCipher::make(first_secret);
    for (const std::string value : {"", "a", "ab", "abc", "a longer value with \xC3\xA4"}) {
        const auto sealed = cipher.seal(value, "here");
        ASSERT_TRUE(sealed);
        EXPECT_EQ(cipher.open(*sealed, "here"), value);
        EXPECT_NE(*cipher.seal(value, "here"), *sealed) << "each time under a fresh nonce";
        EXPECT_FALSE(cipher.open(*sealed, "elsewhere"));
        EXPECT_FALSE(MetadataCipher::make(second_secret)->open(*sealed, "here"));
        std::string damaged = *sealed;
        damaged[5] = damaged[5] == 'A' ? 'B' : 'A';
        EXPECT_FALSE(cipher.open(damaged, "here"));
        EXPECT_FALSE(cipher.open("\n" + *sealed, "here")) << "a value has one spelling";
    }
    for (const char* text : {"", "AAAA", "no base64!", "="}) {
        EXPECT_FALSE(cipher.open(text, "here")) << text;
    }
}

TEST(MetadataCiphers, SecretsHaveABoundedLength) {
    EXPECT_FALSE(MetadataCipher::make(std::string(limits::metadata_secret_bytes_min - 1, 's')));
    EXPECT_TRUE(MetadataCipher::make(std::string(limits::metadata_secret_bytes_min, 's')));
    EXPECT_TRUE(MetadataCipher::make(std::string(limits::metadata_secret_bytes_max, 's')));
    EXPECT_FALSE(MetadataCipher::make(std::string(limits::metadata_secret_bytes_max + 1, 's')));
}

}  // namespace
}  // namespace symbolon
