#include "cli/profiles.hpp"

#include "core/limits.hpp"
#include "tests/support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace symbolon::cli {
namespace {

using ::testing::HasSubstr;

class ProfilesFile : public ::testing::Test {
protected:
    Result<Profiles> load(const std::string& text, mode_t mode = 0600) {
        std::ofstream(file) << text;
        ::chmod(file.c_str(), mode);
        return load_profiles(file);
    }
    std::string refused(const std::string& text) {
        const auto loaded = load(text);
        return loaded ? "taken" : loaded.error().message;
    }

    symbolon::testing::TempDir folder;
    const std::string file = folder.file("config.yaml");
};

TEST_F(ProfilesFile, AProfileHasTheFlagsByTheirNames) {
    const auto loaded = load(
        "default: prod\nprofiles:\n  prod:\n    registry: [http://a, http://b]\n"
        "    user: ci\n    password-file: pw\n    ca-file: /etc/ca.pem\n"
        "    timeout-ms: 5000\n  next:\n    registry: http://c,http://d\n"
        "    oauth-token-url: http://t\n    oauth-scope: [a, b]\n"
        "    oauth-secret-in-body: true\n");
    ASSERT_TRUE(loaded) << loaded.error().message;
    EXPECT_EQ(loaded->default_name, "prod");
    const auto prod = find_profile(*loaded, "prod");
    ASSERT_TRUE(prod);
    EXPECT_EQ(prod->urls, (std::vector<std::string>{"http://a", "http://b"}));
    EXPECT_EQ(prod->user, "ci");
    EXPECT_EQ(prod->password_file, folder.file("pw"));
    EXPECT_EQ(prod->ca_file, "/etc/ca.pem");
    EXPECT_EQ(prod->timeout_ms, 5000);
    const auto next = find_profile(*loaded, "next");
    ASSERT_TRUE(next);
    EXPECT_EQ(next->urls.size(), 2U);
    EXPECT_EQ(next->oauth_scopes, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(next->oauth_secret_in_body, true);
}

TEST_F(ProfilesFile, WithoutAFileThereAreNone) {
    const auto none = load_profiles(folder.file("nothing"));
    ASSERT_TRUE(none);
    EXPECT_FALSE(find_profile(*none, "prod"));
    EXPECT_TRUE(load_profiles(""));
    EXPECT_TRUE(load(""));
    EXPECT_FALSE(load_profiles(folder.file("")));
}

TEST_F(ProfilesFile, WhatIsWrongIsToldWithItsPlace) {
    EXPECT_THAT(refused("profiles: {prod: {registy: http://a}}"),
                HasSubstr("config.yaml:1:19: 'registy' is not known; there are: registry"));
    EXPECT_THAT(refused("profile: {}"), HasSubstr(":1:1: 'profile' is not known"));
    EXPECT_THAT(refused("profiles:\n  prod: http://a\n"), HasSubstr(":2:9: prod must be a map"));
    EXPECT_THAT(refused("profiles: {p: {user: a, user: b}}"), HasSubstr("'user' is there twice"));
    EXPECT_THAT(refused("profiles: {p: {user: [a]}}"), HasSubstr("user must be a text"));
    EXPECT_THAT(refused("profiles: {p: {timeout-ms: 0}}"), HasSubstr("1 to 3600000"));
    EXPECT_THAT(refused("profiles: {p: {registry: 'ftp://a'}}"), HasSubstr("http://"));
    EXPECT_THAT(refused("profiles: {p: {oauth-secret-in-body: 7}}"), HasSubstr("true or false"));
    EXPECT_THAT(refused("default: x\nprofiles: {p: {}}"), HasSubstr("there is no profile 'x'"));
    EXPECT_THAT(refused("a: [b"), HasSubstr("not YAML"));
    EXPECT_THAT(refused("[a]"), HasSubstr("must be a map"));
    EXPECT_THAT(refused("{? {a: b} : c}"), HasSubstr("must be a text"));
}

TEST_F(ProfilesFile, SizesHaveABound) {
    EXPECT_THAT(refused(std::string(limits::profiles_bytes_max + 1, '#')), HasSubstr("bytes"));
    std::string many = "profiles: {";
    for (std::size_t at = 0; at <= limits::profiles_max; ++at) {
        many += "p" + std::to_string(at) + ": {},";
    }
    EXPECT_THAT(refused(many + "}"), HasSubstr("more than"));
    EXPECT_THAT(refused(std::string(10'000, '[')), HasSubstr("not YAML"));
}

TEST_F(ProfilesFile, ASecretThatOthersCanReadIsWarnedOf) {
    const std::string with_secret = "profiles: {p: {token: abc}, q: {user: a}}";
    auto loaded = load(with_secret, 0644);
    ASSERT_TRUE(loaded);
    ASSERT_EQ(loaded->warnings.count("p"), 1U);
    EXPECT_THAT(loaded->warnings.at("p").front(), HasSubstr("chmod 600"));
    EXPECT_EQ(loaded->warnings.count("q"), 0U);
    loaded = load(with_secret, 0600);
    EXPECT_TRUE(loaded->warnings.empty());
    loaded = load("profiles: {p: {registry: 'http://me:pw@h'}}", 0640);
    EXPECT_EQ(loaded->warnings.count("p"), 1U);
    std::ofstream(folder.file("pw")) << "secret";
    ::chmod(folder.file("pw").c_str(), 0644);
    loaded = load("profiles: {p: {user: a, password-file: pw}}", 0644);
    ASSERT_EQ(loaded->warnings.count("p"), 1U);
    EXPECT_THAT(loaded->warnings.at("p").front(), HasSubstr("/pw "));
}

}  // namespace
}  // namespace symbolon::cli
