#include "compat/json_schema/json_uri.hpp"

#include <gtest/gtest.h>

namespace symbolon::compat::json {

TEST(JsonUri, ResolvesAsTheExamplesOfRfc3986) {
    constexpr std::string_view base = "http://a/b/c/d;p?q";
    EXPECT_EQ(resolve_uri(base, "g:h"), "g:h");
    EXPECT_EQ(resolve_uri(base, "g"), "http://a/b/c/g");
    EXPECT_EQ(resolve_uri(base, "./g/"), "http://a/b/c/g/");
    EXPECT_EQ(resolve_uri(base, "/g"), "http://a/g");
    EXPECT_EQ(resolve_uri(base, "//g"), "http://g");
    EXPECT_EQ(resolve_uri(base, "?y"), "http://a/b/c/d;p?y");
    EXPECT_EQ(resolve_uri(base, "#s"), "http://a/b/c/d;p?q#s");
    EXPECT_EQ(resolve_uri(base, ""), "http://a/b/c/d;p?q");
    EXPECT_EQ(resolve_uri(base, ".."), "http://a/b/");
    EXPECT_EQ(resolve_uri(base, "../../../g"), "http://a/g");
    EXPECT_EQ(resolve_uri(base, "g/../h"), "http://a/b/c/h");
    EXPECT_EQ(resolve_uri("", "g"), "g");
    EXPECT_EQ(resolve_uri("mem://input", "g"), "mem://input/g");
}

TEST(JsonUri, BlanksAndWrongEscapesAreNoUri) {
    EXPECT_TRUE(is_uri_reference("http://ex.org/a?b#c"));
    EXPECT_TRUE(is_uri_reference("%20\xC3\xA9"));
    EXPECT_FALSE(is_uri_reference("a b"));
    EXPECT_FALSE(is_uri_reference("%2"));
    EXPECT_FALSE(is_uri_reference("a#b#c"));
}

TEST(JsonUri, PercentEscapesAreUndone) {
    EXPECT_EQ(undo_percent("a%20b%"), "a b%");
    EXPECT_EQ(undo_percent("%C3%A9%2"), "\xC3\xA9%2");
}

}  // namespace symbolon::compat::json
