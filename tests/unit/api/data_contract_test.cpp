#include "api/data_contract.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

Result<RuleSet> rules_from(const char* text) {
    return parse_rule_set(Json::parse(text));
}

std::string rule_complaint(const char* text) {
    const auto rules = rules_from(text);
    if (!rules) {
        return rules.error().message;
    }
    const auto checked = check_rule_set(*rules);
    return checked ? "" : checked.error().message;
}

std::string domain_rule(const std::string& fields) {
    return R"({"domainRules":[{)" + fields + "}]}";
}

TEST(DataContract, MetadataGoesThroughJsonUnchanged) {  // DC-1
    const auto* text = R"({"properties":{"a":"1","b":"2"},"sensitive":["a"],)"
                       R"("tags":{"**.ssn":["PII","PRIVATE"]}})";
    const auto metadata = parse_metadata(Json::parse(text));
    ASSERT_TRUE(metadata);
    EXPECT_EQ(to_text(to_json(*metadata)), text);
}

TEST(DataContract, EmptyMetadataIsAnEmptyObject) {  // PROTO-15, ID-2
    const auto metadata = parse_metadata(Json::parse(R"({"tags":null})"));
    ASSERT_TRUE(metadata);
    EXPECT_EQ(to_text(to_json(*metadata)), "{}");
}

TEST(DataContract, TheWrongShapeIsMalformed) {
    for (const auto* text : {"[]", "3", R"({"tags":[]})", R"({"tags":{"a":"b"}})",
                             R"({"properties":["a"]})", R"({"sensitive":[1]})"}) {
        const auto metadata = parse_metadata(Json::parse(text));
        ASSERT_FALSE(metadata) << text;
        EXPECT_EQ(metadata.error().code, ErrorCode::malformed_json);
    }
}

TEST(DataContract, RulesHaveDefaultsAndGoThroughJson) {  // 3.1
    const auto rules = rules_from(
        R"({"domainRules":[{"name":"a","type":"CEL","tags":["x"],"params":{"k":"v"}}],
            "enableAt":"CLIENT"})");
    ASSERT_TRUE(rules);
    EXPECT_EQ(rules->domain_rules[0].kind, "TRANSFORM");
    EXPECT_EQ(rules->domain_rules[0].mode, "WRITEREAD");
    EXPECT_EQ(to_text(to_json(*rules)),
              R"({"domainRules":[{"disabled":false,"kind":"TRANSFORM","mode":"WRITEREAD",)"
              R"("name":"a","params":{"k":"v"},"tags":["x"],"type":"CEL"}],"enableAt":"CLIENT"})");
    EXPECT_EQ(*parse_rule_set(to_json(*rules)), *rules);
}

TEST(DataContract, RuleNamesAreChecked) {  // 2.7
    EXPECT_EQ(rule_complaint(domain_rule(R"("type":"CEL")").c_str()), "Missing rule name");
    EXPECT_EQ(rule_complaint(domain_rule(R"("name":"","type":"CEL")").c_str()), "Empty rule name");
    EXPECT_EQ(rule_complaint(domain_rule(R"("name":"1a","type":"CEL")").c_str()),
              "Illegal initial character in rule name: 1a");
    EXPECT_EQ(rule_complaint(domain_rule(R"("name":"a b","type":"CEL")").c_str()),
              "Illegal character in rule name: a b");
    const std::string longest(256, 'a');
    EXPECT_EQ(rule_complaint(domain_rule(R"("type":"CEL","name":")" + longest + '"').c_str()), "");
    EXPECT_EQ(rule_complaint(domain_rule(R"("type":"CEL","name":"a)" + longest + '"').c_str()),
              "Rule name too long");
    EXPECT_EQ(rule_complaint(domain_rule(R"("name":"_a-1","type":"CEL")").c_str()), "");
}

TEST(DataContract, RulesAreCheckedForTypeModeAndActions) {  // 2.7
    EXPECT_EQ(rule_complaint(domain_rule(R"("name":"a")").c_str()), "Missing rule type");
    EXPECT_EQ(rule_complaint(domain_rule(R"("name":"a","type":"T","mode":"UPGRADE")").c_str()),
              "Domain rules can only be WRITE, READ, WRITEREAD");
    EXPECT_EQ(rule_complaint(R"({"encodingRules":[{"name":"a","type":"T","mode":"UPDOWN"}]})"),
              "Encoding rules can only be WRITE, READ, WRITEREAD");
    EXPECT_EQ(rule_complaint(R"({"migrationRules":[{"name":"a","type":"T","mode":"READ"}]})"),
              "Migration rules can only be UPGRADE, DOWNGRADE, UPDOWN");
    EXPECT_EQ(
        rule_complaint(R"({"domainRules":[{"name":"a","type":"T"},{"name":"a","type":"T"}]})"),
        "Found rule with duplicate name 'a'");
    EXPECT_EQ(rule_complaint(
                  domain_rule(R"("name":"a","type":"T","mode":"READ","onSuccess":"A,B")").c_str()),
              "Multiple actions only valid with WRITEREAD and UPDOWN");
    EXPECT_EQ(rule_complaint(domain_rule(R"("name":"a","type":"T","onSuccess":"A,B")").c_str()),
              "");
}

TEST(DataContract, AnEmptyRuleSetIsEmpty) {  // DC-5
    EXPECT_TRUE(rules_from("{}")->empty());
    EXPECT_FALSE(rules_from(R"({"domainRules":[{"name":"a","type":"T"}]})")->empty());
}

}  // namespace
}  // namespace symbolon
