#include "api/rest/media_type.hpp"

#include <gtest/gtest.h>

#include <string>

namespace symbolon::rest {
namespace {

constexpr std::string_view v1_type = "application/vnd.schemaregistry.v1+json";
constexpr std::string_view unversioned = "application/vnd.schemaregistry+json";
constexpr std::string_view json_type = "application/json";

std::optional<std::string_view> choice_for(const std::string& accept) {
    Request request;
    request.headers.push_back({"accept", accept});
    return choose_media_type(request);
}

bool reads_body(const std::string& content_type) {
    Request request;
    request.headers.push_back({"content-type", content_type});
    return is_body_readable(request);
}

TEST(MediaType, TheDefaultIsTheVersionedType) {
    EXPECT_EQ(choose_media_type(Request{}), v1_type);
    EXPECT_EQ(choice_for(""), v1_type);
    EXPECT_EQ(choice_for("*/*"), v1_type);
    EXPECT_EQ(choice_for("application/*"), v1_type);
    EXPECT_EQ(choice_for("text/html, application/xhtml+xml, */*;q=0.8"), v1_type);
    EXPECT_EQ(choice_for("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"), v1_type);
}

TEST(MediaType, AClientGetsTheTypeThatItNames) {
    EXPECT_EQ(choice_for("application/json"), json_type);
    EXPECT_EQ(choice_for("Application/JSON; charset=utf-8"), json_type);
    EXPECT_EQ(choice_for("application/vnd.schemaregistry+json"), unversioned);
    EXPECT_EQ(choice_for("text/html, application/json"), json_type);
}

TEST(MediaType, BothSidesQualitiesCount) {
    EXPECT_EQ(choice_for("application/json, application/vnd.schemaregistry+json, "
                         "application/vnd.schemaregistry.v1+json"),
              v1_type);
    EXPECT_EQ(choice_for("application/json, */*;q=0.1"), json_type);
    EXPECT_EQ(choice_for("application/vnd.schemaregistry.v1+json;q=0.1, application/json"),
              json_type);
    EXPECT_EQ(choice_for("application/vnd.schemaregistry.v1+json;q=0, */*"), unversioned);
}

TEST(MediaType, ForeignTypesAloneAreRefused) {
    EXPECT_EQ(choice_for("text/html"), std::nullopt);
    EXPECT_EQ(choice_for("application/xml, text/plain"), std::nullopt);
    EXPECT_EQ(choice_for("application/json;q=0"), std::nullopt);
}

TEST(MediaType, SeveralAcceptHeadersAreOneList) {
    Request request;
    request.headers.push_back({"Accept", "text/html"});
    request.headers.push_back({"ACCEPT", "application/json"});
    EXPECT_EQ(choose_media_type(request), json_type);
}

TEST(MediaType, OddQualitiesDoNoHarm) {
    for (const std::string quality : {"", "x", "1.0.0", "99999999999999999999", "-1", "0.99999"}) {
        EXPECT_EQ(choice_for("application/json;q=" + quality), json_type) << quality;
    }
    EXPECT_EQ(choice_for(",;,=;q,/"), std::nullopt);
}

TEST(MediaType, BodiesMayHaveFourTypesOrNone) {
    EXPECT_TRUE(is_body_readable(Request{}));
    for (const std::string_view type : {v1_type, unversioned, json_type}) {
        EXPECT_TRUE(reads_body(std::string(type)));
        EXPECT_TRUE(reads_body(std::string(type) + "; charset=utf-8"));
    }
    EXPECT_TRUE(reads_body("application/octet-stream"));
    EXPECT_FALSE(reads_body("application/x-www-form-urlencoded"));
    EXPECT_FALSE(reads_body("text/plain"));
}

TEST(MediaType, ACompressedBodyIsNotReadable) {
    Request request;
    request.headers.push_back({"Content-Encoding", "gzip"});
    EXPECT_FALSE(is_body_readable(request));
    request.headers.front().value = "Identity";
    EXPECT_TRUE(is_body_readable(request));
}

TEST(Request, FindsAHeaderInAnyLetterCase) {
    Request request;
    request.headers.push_back({"X-a", "1"});
    request.headers.push_back({"x-A", "2"});
    ASSERT_NE(request.find_header("X-A"), nullptr);
    EXPECT_EQ(*request.find_header("X-A"), "1");
    EXPECT_EQ(request.find_header("X-B"), nullptr);
}

}  // namespace
}  // namespace symbolon::rest
