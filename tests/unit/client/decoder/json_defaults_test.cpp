#include "client/decoder/json_defaults.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

std::string filled(std::string json, std::string_view defaults) {
    const auto parsed = parse_json_defaults(defaults);
    EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().message);
    fill_defaults(json, *parsed);
    return json;
}

std::string defaults_refusal(std::string_view defaults) {
    const auto parsed = parse_json_defaults(defaults);
    return parsed ? "" : parsed.error().message;
}

constexpr std::string_view anonymous = R"({"/agent/id":"anonymous"})";

TEST(JsonDefaults, ANullIsFilled) {
    EXPECT_EQ(filled(R"({"agent":{"id":null,"name":"A"},"n":1.50})", anonymous),
              R"({"agent":{"id":"anonymous","name":"A"},"n":1.50})");
}

TEST(JsonDefaults, AMissingMemberIsAddedAtTheEnd) {
    EXPECT_EQ(filled(R"({"agent":{"name":"A"}})", anonymous),
              R"({"agent":{"name":"A","id":"anonymous"}})");
    EXPECT_EQ(filled(R"({"agent":{ }})", anonymous), R"({"agent":{ "id":"anonymous"}})");
}

TEST(JsonDefaults, AParentThatIsMissingOrNullBecomesAnObject) {
    EXPECT_EQ(filled(R"({"agent":null})", anonymous), R"({"agent":{"id":"anonymous"}})");
    EXPECT_EQ(filled("{}", anonymous), R"({"agent":{"id":"anonymous"}})");
}

TEST(JsonDefaults, AValueThatIsThereStays) {
    EXPECT_EQ(filled(R"({"agent":{"id":"7"}})", anonymous), R"({"agent":{"id":"7"}})");
    EXPECT_EQ(filled(R"({"agent":{"id":false}})", anonymous), R"({"agent":{"id":false}})");
}

TEST(JsonDefaults, AParentOfAnotherKindIsLeftAlone) {
    EXPECT_EQ(filled(R"({"agent":"x"})", anonymous), R"({"agent":"x"})");
    EXPECT_EQ(filled("7", anonymous), "7");
}

TEST(JsonDefaults, ItemsThatAreThereAreReached) {
    EXPECT_EQ(filled(R"({"a":[{"b":null},null]})", R"({"/a/0/b":1,"/a/1":2,"/a/2":3,"/a/x":4})"),
              R"({"a":[{"b":1},2]})");
}

TEST(JsonDefaults, EscapesOfPointersAreRead) {
    EXPECT_EQ(filled(R"({"a/b":null,"c~d":null,"\"":null})", R"({"/a~1b":1,"/c~0d":2,"/\"":3})"),
              R"({"a/b":1,"c~d":2,"\"":3})");
}

TEST(JsonDefaults, AnythingButPointersIsRefusedWithAnExample) {
    EXPECT_THAT(defaults_refusal(R"({"agent":1})"), ::testing::HasSubstr("begin with a slash"));
    EXPECT_THAT(defaults_refusal(R"({"":1})"), ::testing::HasSubstr("begin with a slash"));
    EXPECT_THAT(defaults_refusal(R"({"/a~2":1})"), ::testing::HasSubstr("~0"));
    EXPECT_THAT(defaults_refusal("[]"), ::testing::HasSubstr("object"));
    EXPECT_NE(defaults_refusal("{"), "");
}

}  // namespace
}  // namespace symbolon::client
