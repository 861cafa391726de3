#include "cli/server_layer.hpp"

#include <gtest/gtest.h>

namespace symbolon::cli {
namespace {

ServerLayer layer_named(const std::string& origin) {
    ServerLayer layer;
    layer.origin = origin;
    return layer;
}

TEST(ServerLayer, EachSettingComesFromTheFirstPlaceThatHasIt) {
    auto first = layer_named("first");
    auto second = layer_named("second");
    first.ca_file = "a";
    second.ca_file = "b";
    second.certificate_file = "c";
    second.timeout_ms = 5;
    ASSERT_TRUE(add_urls(second, "http://x,http://y"));
    const auto chosen = choose_settings(std::vector{first, second}, 1);
    ASSERT_TRUE(chosen);
    EXPECT_EQ(chosen->ca_file, "a");
    EXPECT_EQ(chosen->certificate_file, "c");
    EXPECT_EQ(chosen->timeout_ms, 5);
    EXPECT_EQ(chosen->urls, (std::vector<std::string>{"http://x", "http://y"}));
}

TEST(ServerLayer, ASecretOfALaterPlaceDoesNotGoToTheUserOfAnEarlierOne) {
    auto flags = layer_named("flags");
    auto own = layer_named("own");
    auto common = layer_named("common");
    flags.user = "me";
    common.user = "you";
    common.password = "theirs";
    auto chosen = choose_settings(std::vector{flags, own, common}, 2);
    ASSERT_TRUE(chosen);
    EXPECT_EQ(chosen->user, "me");
    EXPECT_EQ(chosen->password, "");
    own.password = "mine";
    chosen = choose_settings(std::vector{flags, own, common}, 2);
    EXPECT_EQ(chosen->password, "mine");
    flags.user.clear();
    own.password.clear();
    flags.password_file = "file";
    chosen = choose_settings(std::vector{flags, own, common}, 2);
    EXPECT_EQ(chosen->user, "you");
    EXPECT_EQ(chosen->password_file, "file");
    EXPECT_EQ(chosen->password, "");
}

TEST(ServerLayer, TwoWaysOrTwoSecretsInOnePlaceExcludeEachOther) {
    auto layer = layer_named("the flags");
    layer.user = "me";
    layer.oauth_token_url = "http://t";
    EXPECT_FALSE(choose_settings(std::vector{layer}, 1));
    layer.oauth_token_url.clear();
    layer.password = "hidden";
    layer.password_file = "f";
    const auto chosen = choose_settings(std::vector{layer}, 1);
    ASSERT_FALSE(chosen);
    EXPECT_EQ(chosen.error().message.find("hidden"), std::string::npos);
}

TEST(ServerLayer, UserAndPasswordComeOutOfAUrl) {
    auto layer = layer_named("here");
    ASSERT_TRUE(add_url(layer, "https://m%65:p%3Aw%@host:1/x@y"));
    EXPECT_EQ(layer.urls.front(), "https://host:1/x@y");
    EXPECT_EQ(layer.url_user, "me");
    EXPECT_EQ(layer.url_password, "p:w%");
    EXPECT_FALSE(add_url(layer, "https://other:p@host"));
    EXPECT_EQ(without_secrets("https://me:hidden@host/x"), "https://***@host/x");
    EXPECT_EQ(without_secrets("me:hidden@host"), "***@host");
    EXPECT_EQ(without_secrets("http://host"), "http://host");
}

TEST(ServerLayer, APasswordThatNobodyPercentEncodedComesOutOfAUrlToo) {
    for (const auto* password : {"p/w", "p?w", "p#w"}) {
        auto layer = layer_named("here");
        ASSERT_TRUE(add_url(layer, std::string("https://me:") + password + "@host:1/x"));
        EXPECT_EQ(layer.urls.front(), "https://host:1/x") << password;
        EXPECT_EQ(layer.url_user, "me") << password;
        EXPECT_EQ(layer.url_password, password);
        EXPECT_EQ(without_secrets(std::string("me:") + password + "@host"), "***@host");
    }
}

TEST(ServerLayer, SpacesAroundAUrlCountForNothing) {
    auto layer = layer_named("here");
    ASSERT_TRUE(add_url(layer, " http://x "));
    ASSERT_TRUE(add_urls(layer, "http://y ,, http://z , "));
    EXPECT_EQ(layer.urls, (std::vector<std::string>{"http://x", "http://y", "http://z"}));
}

TEST(ServerLayer, UrlsHaveABound) {
    auto layer = layer_named("here");
    std::string urls;
    for (int at = 0; at < 101; ++at) {
        urls += "http://h,";
    }
    EXPECT_FALSE(add_urls(layer, urls));
}

}  // namespace
}  // namespace symbolon::cli
