#include "api/rest/tag_dto.hpp"

#include <gtest/gtest.h>

namespace symbolon::rest {
namespace {

SchemaContent tagged_content() {
    SchemaContent content;
    content.text = R"({"type":"record","name":"R","fields":[)"
                   R"({"name":"f","type":"int","confluent:tags":["A","B"]}]})";
    content.rule_set = RuleSet{};
    for (const char* name : {"one", "two"}) {
        Rule rule;
        rule.name = name;
        rule.type = "T";
        content.rule_set->domain_rules.push_back(rule);
    }
    return content;
}

Result<SchemaRequest> parsed(const char* text) {
    return parse_tag_request(Json::parse(text), tagged_content());
}

TEST(TagDto, AnswersOnlyTheTagsThatWereAskedFor) {
    const auto content = tagged_content();
    EXPECT_EQ(*find_tags_text(content, {}), "");
    EXPECT_EQ(*find_tags_text(content, {"*"}),
              R"([{"schemaEntity":{"entityPath":"R.f","entityType":"sr_field"},)"
              R"("tags":["A","B"]}])");
    EXPECT_EQ(*find_tags_text(content, {"B", "C"}),
              R"([{"schemaEntity":{"entityPath":"R.f","entityType":"sr_field"},"tags":["B"]}])");
    EXPECT_EQ(*find_tags_text(content, {"C"}), "");
}

TEST(TagDto, ATagRequestChangesTheVersionThatItNames) {
    const auto request =
        parsed(R"({"tagsToAdd":[{"schemaEntity":{"entityPath":"R","entityType":"sr_record"},)"
               R"("tags":["T"]}],"newVersion":4})");
    ASSERT_TRUE(request) << request.error().message;
    EXPECT_EQ(request->schema, tagged_content().text);
    EXPECT_EQ(request->version, 4);
    EXPECT_EQ(request->rule_set, tagged_content().rule_set);
    ASSERT_EQ(request->tags.add.size(), 1U);
    EXPECT_EQ(request->tags.add.front(),
              (compat::EntityTags{"R", compat::EntityKind::record, {"T"}}));
    EXPECT_EQ(parsed("{}")->version, -1);
}

TEST(TagDto, RulesAreMergedAndRemovedByName) {
    const auto request = parsed(R"({"rulesToMerge":{"domainRules":[{"name":"two","type":"NEW"}]},)"
                                R"("rulesToRemove":["one"]})");
    ASSERT_TRUE(request) << request.error().message;
    ASSERT_EQ(request->rule_set->domain_rules.size(), 1U);
    EXPECT_EQ(request->rule_set->domain_rules.front().type, "NEW");
    const auto both = parsed(R"({"ruleSet":{},"rulesToRemove":["one"]})");
    ASSERT_FALSE(both);
    EXPECT_EQ(both.error().code, ErrorCode::invalid_rule_set);
}

TEST(TagDto, TheWrongShapeIsMalformed) {
    for (const char* text :
         {R"({"tagsToAdd":{}})", R"({"tagsToAdd":[1]})", R"({"tagsToAdd":[{"tags":["T"]}]})",
          R"({"tagsToAdd":[{"schemaEntity":{"entityPath":"R","entityType":"enum"},"tags":[]}]})",
          R"({"tagsToAdd":[{"schemaEntity":{"entityPath":"R","entityType":"sr_field"}}]})",
          R"({"rulesToRemove":[1]})", R"({"newVersion":2147483648})", R"({"newVersion":"1"})"}) {
        const auto request = parsed(text);
        ASSERT_FALSE(request) << text;
        EXPECT_EQ(request.error().code, ErrorCode::malformed_json) << text;
    }
    EXPECT_FALSE(parse_propagation(Json::parse(R"({"propagateSchemaTags":"yes"})")));
    EXPECT_TRUE(*parse_propagation(Json::parse(R"({"propagateSchemaTags":true})")));
}

}  // namespace
}  // namespace symbolon::rest
