#include "client/http/header_text.hpp"

#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

TEST(HeaderText, PercentEncodesAllThatIsNotPlain) {
    EXPECT_EQ(percent_encode("az-AZ_09.~"), "az-AZ_09.~");
    EXPECT_EQ(percent_encode(":.ctx:a/b c+%?#"), "%3A.ctx%3Aa%2Fb%20c%2B%25%3F%23");
    EXPECT_EQ(percent_encode("\xC3\xA9"), "%C3%A9");
}

TEST(HeaderText, AUrlInAMessageHasNoSecrets) {
    EXPECT_EQ(without_secrets("https://me:pass@host:1/a/b@c?token=x#y"), "https://host:1/a/b@c");
    EXPECT_EQ(without_secrets("https://me:p@ss@host"), "https://host");
    EXPECT_EQ(without_secrets("https://host?token=x"), "https://host");
    EXPECT_EQ(without_secrets(""), "");
    EXPECT_EQ(without_secrets("me@host"), "host");
}

TEST(HeaderText, APasswordThatNobodyPercentEncodedIsASecretToo) {
    EXPECT_EQ(without_secrets("http://me:p/ass@host:1/a"), "http://host:1/a");
    EXPECT_EQ(without_secrets("http://me:p?ass@host:1/a"), "http://host:1/a");
    EXPECT_EQ(without_secrets("http://me:p#a@ss@host/a?b#c"), "http://host/a");
    // What are no users: at-signs behind a host with its port, or without one.
    EXPECT_EQ(without_secrets("http://host:1/a@b"), "http://host:1/a@b");
    EXPECT_EQ(without_secrets("http://host/a@b"), "http://host/a@b");
    EXPECT_EQ(without_secrets("http://[::1]/a@b"), "http://[::1]/a@b");
    EXPECT_EQ(without_secrets("http://[::1]:8081/a@b"), "http://[::1]:8081/a@b");
    EXPECT_EQ(without_secrets("http://host:abc/a"), "http://host:abc/a");
}

TEST(HeaderText, HeaderValuesCannotEndTheirLine) {
    EXPECT_TRUE(is_header_value("a b\tc \xC3\xA9"));
    for (const std::string_view value :
         {std::string_view("a\rb"), std::string_view("a\nb"), std::string_view("a\0b", 3),
          std::string_view("a\x7f"), std::string_view("\x1b")}) {
        EXPECT_FALSE(is_header_value(value));
    }
    EXPECT_TRUE(is_token("X-Some_1"));
    EXPECT_FALSE(is_token(""));
    EXPECT_FALSE(is_token("a b"));
    EXPECT_FALSE(is_token("a:"));
}

}  // namespace
}  // namespace symbolon::client
