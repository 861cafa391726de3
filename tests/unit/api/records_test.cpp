#include "api/records.hpp"

#include <gtest/gtest.h>

namespace symbolon {
namespace {

Result<Change> change_from(std::string key, std::optional<std::string> value) {
    return parse_record({std::move(key), std::move(value), Revision(1)});
}

void expect_same_after_storing(const Change& change) {
    const auto write = to_write(change);
    const auto read = change_from(write.key, write.value);
    ASSERT_TRUE(read) << read.error().message;
    const auto again = to_write(*read);
    EXPECT_EQ(again.key, write.key);
    EXPECT_EQ(again.value, write.value);
}

ContentPtr content_with_everything() {
    auto content = std::make_shared<SchemaContent>();
    content->text = "{\"type\":\n\"string\"}";
    content->references = {{"x.Y", "a/b", 3}};
    content->metadata = Metadata{{{"p", {"t"}}}, {{"k", "v\n"}}, {"k"}};
    content->rule_set.emplace();
    content->guid =
        identity_of(content->text, content->references, content->metadata, content->rule_set);
    return content;
}

TEST(Records, KeysEscapeWhatSeparatesTheirParts) {
    const RecordKey key{RecordFamily::version, ".a/b", "50%/x", 12};
    EXPECT_EQ(to_text(key), "version/.a%2Fb/12/50%25%2Fx");
    const auto parsed = parse_record_key(to_text(key));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->context, ".a/b");
    EXPECT_EQ(parsed->subject, "50%/x");
    EXPECT_EQ(parsed->number, 12);
}

TEST(Records, EveryFamilySurvivesTheStore) {
    expect_same_after_storing(
        {{RecordFamily::context, ".dev", {}, 0}, ContextRecord{SchemaId(7), false}});
    expect_same_after_storing(
        {{RecordFamily::context, ".dev", {}, 0}, ContextRecord{SchemaId(7), true}});
    expect_same_after_storing({{RecordFamily::schema, ".", {}, 7}, content_with_everything()});
    expect_same_after_storing(
        {{RecordFamily::version, ".", "ü \"quoted\"", 2}, VersionRecord{SchemaId(7), 99, true}});
    Config config;
    config.level = compat::Level::full;
    config.default_metadata.emplace();
    expect_same_after_storing(
        {{RecordFamily::config, ".", "", 0}, std::make_shared<const Config>(config)});
    expect_same_after_storing({{RecordFamily::mode, ".", "s", 0}, Mode::readonly});
    expect_same_after_storing({{RecordFamily::usage, ".dev", "a/b", 7},
                               UsageRecord{9, 99, {{"curl/8 (x; y)", 4, 99}, {"java", 5, 1}}}});
    expect_same_after_storing({{RecordFamily::usage, ".", "", 7}, UsageRecord{1, 2, {}}});
}

TEST(Records, UsageIsReadBackInFull) {
    const auto read = change_from(
        "usage/./7/s",
        R"({"agents":{"a":[4,99],"b":[5,1]},"context":".","id":7,"lastRead":99,"reads":9,)"
        R"("subject":"s"})");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->key.number, 7);
    EXPECT_EQ(std::get<UsageRecord>(read->value),
              (UsageRecord{9, 99, {{"a", 4, 99}, {"b", 5, 1}}}));
    for (const char* value : {"{}", R"({"reads":1})", R"({"reads":-1,"lastRead":2})",
                              R"({"reads":1,"lastRead":2,"agents":{"a":[1]}})",
                              R"({"reads":1,"lastRead":2,"agents":{"a":7}})"}) {
        EXPECT_FALSE(change_from("usage/./7/s", value)) << value;
    }
}

TEST(Records, ASchemaIsReadBackInFull) {
    const auto stored = content_with_everything();
    const auto write = to_write({{RecordFamily::schema, ".", {}, 7}, stored});
    const auto read = change_from(write.key, write.value);
    ASSERT_TRUE(read);
    const auto& content = *std::get<ContentPtr>(read->value);
    EXPECT_EQ(content.text, stored->text);
    EXPECT_EQ(content.references, stored->references);
    EXPECT_EQ(content.metadata, stored->metadata);
    EXPECT_EQ(content.rule_set, stored->rule_set);
    EXPECT_EQ(content.guid, stored->guid);
}

TEST(Records, FieldsMayComeInAnyOrderAndWithSpaces) {
    const auto read = change_from(
        "version/./1/s", R"({ "deleted" : true , "later":{"a":[1,"}"]}, "ts":5 ,"id" : 7 })");
    ASSERT_TRUE(read) << read.error().message;
    const auto& record = std::get<VersionRecord>(read->value);
    EXPECT_EQ(record.id, SchemaId(7));
    EXPECT_EQ(record.ts, 5);
    EXPECT_TRUE(record.deleted);
}

TEST(Records, AnErasedKeyHasNoValue) {
    const auto read = change_from("config/.dev/s", std::nullopt);
    ASSERT_TRUE(read);
    EXPECT_TRUE(std::holds_alternative<std::monostate>(read->value));
    EXPECT_EQ(read->key.context, ".dev");
}

TEST(Records, WhatCannotBeReadIsAnErrorThatNamesTheKey) {
    const std::vector<std::pair<std::string, std::string>> broken{
        {"what/ever", "{}"},
        {"schema/.", "{}\n"},
        {"schema/./x", "{}\n"},
        {"schema/./1/2", "{}\n"},
        {"version/./1", "{}"},
        {"version/./1/%2", R"({"id":1,"ts":1})"},
        {"version/./1/s", R"({"id":"1","ts":1})"},
        {"version/./1/s", R"({"ts":1})"},
        {"version/./1/s", R"({"id":1,"ts":1)"},
        {"version/./1/s", ""},
        {"schema/./1", R"({"type":"AVRO","guid":"cdb6ff1b-d7cb-db54-8c8f-3f17d4742ece"})"},
        {"schema/./1", "{\"type\":\"X\",\"guid\":\"cdb6ff1b-d7cb-db54-8c8f-3f17d4742ece\"}\nx"},
        {"schema/./1", "{\"type\":\"AVRO\",\"guid\":\"12\"}\nx"},
        {"schema/./1",
         "{\"type\":\"AVRO\",\"guid\":\"cdb6ff1b-d7cb-db54-8c8f-3f17d4742ece\","
         "\"references\":[{}]}\nx"},
        {"context/.", R"({"context":"."})"},
        {"config/./", R"({"config":{"compatibility":"X"}})"},
        {"config/./", "{}"},
        {"mode/./", R"({"mode":"X"})"},
    };
    for (const auto& [key, value] : broken) {
        const auto read = change_from(key, value);
        ASSERT_FALSE(read) << key << " " << value;
        EXPECT_EQ(read.error().code, ErrorCode::store_failed);
        EXPECT_NE(read.error().message.find("'" + key + "'"), std::string::npos);
    }
}

}  // namespace
}  // namespace symbolon
