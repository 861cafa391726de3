#include "compat/schema_tags.hpp"

#include "core/limits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace symbolon::compat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto record = EntityKind::record;
constexpr auto field = EntityKind::field;

std::vector<EntityTags> found_in(SchemaType type, std::string_view text) {
    auto found = find_tags(type, text);
    EXPECT_TRUE(found) << (found ? "" : found.error().message);
    return found ? *std::move(found) : std::vector<EntityTags>();
}

std::string edited(SchemaType type, std::string_view text, const TagEdits& edits) {
    auto result = edit_tags(type, text, edits);
    return result ? *std::move(result) : result.error().message;
}

TEST(SchemaTags, OfAvroAreFoundUnderFullNames) {
    constexpr auto* text = R"({"type":"record","name":"R","namespace":"ns","fields":[
        {"name":"a","type":"int","confluent:tags":["PII","A"]},
        {"name":"b","type":["null",{"type":"record","name":"In","confluent:tags":["X"],"fields":[
            {"name":"c","type":{"type":"array","items":{"type":"map","values":
                {"type":"record","name":"other.Deep","fields":[
                    {"name":"d","type":"int","confluent:tags":["D"]}]}}}}]}]}]})";
    EXPECT_THAT(
        found_in(SchemaType::avro, text),
        ElementsAre(EntityTags{"ns.R.a", field, {"A", "PII"}}, EntityTags{"ns.In", record, {"X"}},
                    EntityTags{"other.Deep.d", field, {"D"}}));
}

TEST(SchemaTags, OfJsonAreFoundUnderPaths) {
    constexpr auto* text = R"({"type":"object","confluent:tags":["T"],"properties":{
        "a":{"type":"array","items":{"type":"object","properties":{
            "b":{"type":"string","confluent:tags":["B"]}},"confluent:tags":["I"]}},
        "c":{"allOf":[{"type":"null"},{"properties":{"d":{"confluent:tags":["D"]}}}]},
        "e":{"not":{"type":"object","confluent:tags":["N"]}},
        "f":{"type":"object","properties":{},"confluent:tags":["F"]}},
        "$defs":{"g":{"type":"object","confluent:tags":["G"]}}})";
    EXPECT_THAT(found_in(SchemaType::json, text),
                ElementsAre(EntityTags{"object", record, {"T"}},
                            EntityTags{"object.a.array.object", record, {"I"}},
                            EntityTags{"object.a.array.object.b", field, {"B"}},
                            EntityTags{"object.c.allof.1.object.d", field, {"D"}},
                            EntityTags{"object.e.not.object", record, {"N"}},
                            EntityTags{"object.f", field, {"F"}},
                            EntityTags{"$defs.g.object", record, {"G"}}));
}

TEST(SchemaTags, AreAddedAndRemovedAndTheRestOfTheTextStays) {
    const std::string text =
        R"({"type":"record","name":"R","fields":[{"name":"f","type":"int","default":1.50}]})";
    const auto added = edited(SchemaType::avro, text, {{}, {{"R", record, {"B", "A"}}}, {}});
    EXPECT_EQ(added, R"({"type":"record","name":"R","fields":[)"
                     R"({"name":"f","type":"int","default":1.5}],"confluent:tags":["A","B"]})");
    EXPECT_EQ(
        edited(SchemaType::avro, added, {{}, {{"R.f", field, {"F"}}}, {{"R", record, {"A"}}}}),
        R"({"type":"record","name":"R","fields":[)"
        R"({"name":"f","type":"int","default":1.5,"confluent:tags":["F"]}],)"
        R"("confluent:tags":["B"]})");
    EXPECT_EQ(edited(SchemaType::avro, added, {{}, {}, {{"R", record, {"A", "B", "C"}}}}),
              R"({"type":"record","name":"R","fields":[{"name":"f","type":"int","default":1.5}]})")
        << "without tags there is no property";
}

TEST(SchemaTags, OfEarlierVersionsAreKeptWhereTheirEntityIsStillThere) {
    const std::string text = R"({"properties":{"a":{"confluent:tags":["NEW"]}}})";
    EXPECT_EQ(edited(SchemaType::json, text,
                     {{{"object.a", field, {"OLD"}}, {"object.gone", field, {"OLD"}}}, {}, {}}),
              R"({"properties":{"a":{"confluent:tags":["NEW","OLD"]}}})");
}

TEST(SchemaTags, OfAnUnknownEntityAreRefused) {
    const std::string text = R"({"type":"record","name":"R","fields":[]})";
    EXPECT_EQ(edited(SchemaType::avro, text, {{}, {{"does.not.exist", field, {"T"}}}, {}}),
              "No entity does.not.exist of type sr_field in the schema");
    EXPECT_EQ(edited(SchemaType::avro, text, {{}, {}, {{"R", field, {"T"}}}}),
              "No entity R of type sr_field in the schema");
    EXPECT_THAT(edited(SchemaType::avro, "{", {{}, {}, {{"R", field, {"T"}}}}),
                HasSubstr("line 1"));
}

TEST(SchemaTags, OfTheWrongShapeAreNone) {
    EXPECT_THAT(found_in(SchemaType::json, R"({"type":"object","confluent:tags":"PII"})"),
                IsEmpty());
    EXPECT_THAT(found_in(SchemaType::json, "true"), IsEmpty());
    EXPECT_THAT(found_in(SchemaType::avro, R"("string")"), IsEmpty());
    EXPECT_THAT(found_in(SchemaType::protobuf, "message M {}"), IsEmpty());
}

TEST(SchemaTags, PathsTogetherAreBounded) {
    // 300 levels of 1,000 letters hold some 45 MB of paths; each further field at the bottom 300
    // kB.
    const auto nested = [](int fields) {
        const std::string name(1'000, 'n');
        std::string text = "{";
        for (int level = 0; level < 300; ++level) {
            text += R"("properties":{")" + name + R"(":{)";
        }
        text += R"("properties":{)";
        for (int at = 0; at < fields; ++at) {
            text += (at > 0 ? ",\"" : "\"") + std::to_string(at) + R"(":{})";
        }
        return text + "}" + std::string(601, '}');
    };
    static_assert(limits::tag_path_bytes_max == 128U << 20U);
    EXPECT_TRUE(find_tags(SchemaType::json, nested(100)));
    const auto refused = find_tags(SchemaType::json, nested(400));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::check_too_costly);
}

}  // namespace
}  // namespace symbolon::compat
