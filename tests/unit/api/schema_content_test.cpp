#include "api/schema_content.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

std::string guid_text(std::string_view text, const std::vector<Reference>& references = {},
                      const std::optional<Metadata>& metadata = {},
                      const std::optional<RuleSet>& rules = {}) {
    return to_text(identity_of(text, references, metadata, rules));
}

constexpr std::string_view record_r =
    R"({"type":"record","name":"R","fields":[{"name":"f","type":"string"}]})";

TEST(Identity, TheContractsVectorsHold) {  // ID-2
    EXPECT_EQ(guid_text("\"string\""), "095d71cf-1255-6b9d-5e33-0ad575b3df5d");
    EXPECT_EQ(guid_text("\"string\"", {}, Metadata{}), "cecc02e2-232b-87f1-1b0c-aa0e70dbb74d");
    EXPECT_EQ(guid_text("\"string\"", {}, Metadata{{}, {{"owner", "data"}}, {}}),
              "d139e5be-4269-81f7-d680-0af5b951cdd4");
    EXPECT_EQ(guid_text(record_r), "cdb6ff1b-d7cb-db54-8c8f-3f17d4742ece");
    EXPECT_EQ(guid_text(record_r, {{"x.Y", "sub", 1}}), "79839282-a41b-3123-3f43-313bf69d8257");
}

TEST(Identity, EveryPartOfAContractCounts) {  // ID-1, ID-5
    const std::string plain = guid_text("\"string\"");
    RuleSet rules;
    rules.domain_rules.push_back({});
    rules.domain_rules[0].name = "check";
    rules.domain_rules[0].type = "CEL";
    const std::string with_rule = guid_text("\"string\"", {}, {}, rules);
    EXPECT_NE(plain, with_rule);
    rules.domain_rules[0].disabled = true;
    EXPECT_NE(with_rule, guid_text("\"string\"", {}, {}, rules));
    EXPECT_NE(plain, guid_text("\"string\"", {}, {}, RuleSet{}));
}

TEST(Guids, TextGoesBothWays) {  // ID-3, H7
    const auto guid = find_guid("cdb6ff1b-d7cb-db54-8c8f-3f17d4742ece");
    ASSERT_TRUE(guid);
    EXPECT_EQ(to_text(*guid), "cdb6ff1b-d7cb-db54-8c8f-3f17d4742ece");
    EXPECT_EQ(find_guid("cdb6ff1bd7cbdb548c8f3f17d4742ece"), guid);
    EXPECT_EQ(find_guid("CDB6FF1BD7CBDB548C8F3F17D4742ECE"), guid);
}

TEST(Guids, OtherTextsAreNone) {
    EXPECT_FALSE(find_guid(""));
    EXPECT_FALSE(find_guid("cdb6ff1b-d7cb-db54-8c8f-3f17d4742ec"));
    EXPECT_FALSE(find_guid("cdb6ff1b+d7cb-db54-8c8f-3f17d4742ece"));
    EXPECT_FALSE(find_guid("gdb6ff1bd7cbdb548c8f3f17d4742ece"));
    EXPECT_FALSE(find_guid("cdb6ff1b-d7cbdb54-8c8f-3f17-d4742ece"));
}

}  // namespace
}  // namespace symbolon
