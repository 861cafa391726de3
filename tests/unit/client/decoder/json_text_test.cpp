#include "client/decoder/json_text.hpp"

#include <gtest/gtest.h>

namespace symbolon::client {
namespace {

TEST(JsonText, AMemberKeepsItsSpelling) {
    const std::string_view json = R"( {"a" : 1.50 , "b\u0021":[1, {"a":2}],"c":"x\"}y"} )";
    EXPECT_EQ(find_json_member(json, "a"), "1.50");
    EXPECT_EQ(find_json_member(json, "b!"), R"([1, {"a":2}])");
    EXPECT_EQ(find_json_member(json, "c"), R"("x\"}y")");
    EXPECT_EQ(find_json_member(json, "d"), std::nullopt);
    EXPECT_EQ(find_json_member("[1]", "a"), std::nullopt);
    EXPECT_EQ(find_json_member("{}", "a"), std::nullopt);
}

TEST(JsonText, AnItemIsFoundByItsPosition) {
    const std::string_view json = R"([ [], {"a":"]"} ,3 ])";
    const auto item = [&](std::size_t index) {
        const auto place = find_json_item_place(json, 0, index);
        return place ? std::string(json.substr(place->begin, place->end - place->begin)) : "none";
    };
    EXPECT_EQ(item(0), "[]");
    EXPECT_EQ(item(1), R"({"a":"]"})");
    EXPECT_EQ(item(2), "3");
    EXPECT_EQ(item(3), "none");
    EXPECT_EQ(find_json_item_place("[]", 0, 0), std::nullopt);
}

TEST(JsonText, DeepTextsAreSkippedWithoutRecursion) {
    const std::string deep = std::string(900, '[') + std::string(900, ']');
    EXPECT_EQ(skip_json_value(deep, 0), deep.size());
}

TEST(JsonText, LineBreaksBetweenTokensBecomeBlanks) {
    EXPECT_EQ(on_one_line("{\r\n\"a\":\n1}"), "{  \"a\": 1}");
}

}  // namespace
}  // namespace symbolon::client
