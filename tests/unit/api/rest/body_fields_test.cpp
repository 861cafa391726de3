#include "api/rest/body_fields.hpp"

#include <gtest/gtest.h>

namespace symbolon::rest {
namespace {

const Json sample_object =
    Json::parse(R"({"text":"t","flag":true,"number":7,"quoted":"-7","huge":2147483648,
                                  "texts":["a","b"],"mixed":["a",1],"null":null})");

class BodyFieldsTest : public testing::Test {
protected:
    BodyFields fields_ = *BodyFields::open(sample_object, "/at");
};

TEST_F(BodyFieldsTest, ReadsEachTypeByItsName) {
    EXPECT_EQ(*fields_.text("text"), "t");
    EXPECT_EQ(*fields_.flag("flag"), true);
    EXPECT_EQ(*fields_.number("number"), 7);
    EXPECT_EQ(*fields_.number("quoted"), -7);
    EXPECT_EQ(*fields_.texts("texts"), (std::vector<std::string>{"a", "b"}));
}

TEST_F(BodyFieldsTest, NullIsAbsent) {
    for (const auto* name : {"null", "nothing"}) {
        EXPECT_EQ(*fields_.text(name), std::nullopt);
        EXPECT_EQ(*fields_.flag(name), std::nullopt);
        EXPECT_EQ(*fields_.number(name), std::nullopt);
        EXPECT_TRUE(fields_.texts(name)->empty());
        EXPECT_EQ(*fields_.text_or_empty(name), "");
    }
}

TEST_F(BodyFieldsTest, AnotherTypeIsRefusedWithItsPlace) {
    EXPECT_EQ(fields_.text("flag").error().message,
              "at /at/flag: expected a string, found boolean");
    EXPECT_EQ(fields_.flag("text").error().code, ErrorCode::malformed_json);
    EXPECT_EQ(fields_.number("huge").error().code, ErrorCode::malformed_json);
    EXPECT_EQ(fields_.texts("mixed").error().message,
              "at /at/mixed/1: expected a string, found number");
    EXPECT_EQ(fields_.items("text").error().code, ErrorCode::malformed_json);
    EXPECT_EQ(BodyFields::open(Json::array(), "").error().message,
              "at the start: expected an object, found array");
}

}  // namespace
}  // namespace symbolon::rest
