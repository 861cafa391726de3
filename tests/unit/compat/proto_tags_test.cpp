#include "compat/tags/proto_tags.hpp"

#include "compat/compat.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace symbolon::compat::protobuf {
namespace {

using ::testing::ElementsAre;

constexpr auto message_kind = EntityKind::record;
constexpr auto field_kind = EntityKind::field;

constexpr std::string_view plain =
    "syntax = \"proto3\";\npackage com.example;\n\nmessage M {\n  string f1 = 1;\n  string f2 = "
    "2;\n}\n";

std::string edited_proto(std::string_view text, const TagEdits& edits) {
    auto result = edit_tags(SchemaType::protobuf, text, edits);
    return result ? *std::move(result) : result.error().message;
}

TEST(ProtoTags, AreFoundInTheOptionsOfMessagesAndFields) {
    const auto found = find_tags(SchemaType::protobuf, R"(package p;
        message M {
          option (confluent.message_meta) = { doc: "d", tags: ["B", "A"] };
          optional string a = 1 [(confluent.field_meta).tags = "PII"];
          oneof o { string b = 2 [(.confluent.field_meta) = { tags: "ONE" }]; }
          message In { optional int32 c = 3 [(other.field_meta).tags = "NO", deprecated = true]; }
          enum E { option (confluent.enum_meta).tags = "NO"; Z = 0; }
        })");
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_THAT(*found, ElementsAre(EntityTags{"M", message_kind, {"A", "B"}},
                                    EntityTags{"M.a", field_kind, {"PII"}},
                                    EntityTags{"M.b", field_kind, {"ONE"}}));
}

TEST(ProtoTags, AreAddedAsTheReferenceWritesThem) {
    const std::string tagged = edited_proto(
        plain, {{}, {{"M.f1", field_kind, {"T1"}}, {".M.f1", field_kind, {"T2"}}}, {}});
    EXPECT_EQ(tagged,
              "syntax = \"proto3\";\npackage com.example;\n\nmessage M {\n"
              "  string f1 = 1 [(confluent.field_meta) = {\n    tags: [\n      \"T1\",\n      "
              "\"T2\"\n    ]\n  }];\n  string f2 = 2;\n}\n");
    EXPECT_EQ(edited_proto(tagged, {{}, {}, {{"M.f1", field_kind, {"T2"}}}}),
              "syntax = \"proto3\";\npackage com.example;\n\nmessage M {\n"
              "  string f1 = 1 [(confluent.field_meta) = {\n    tags: [\n      \"T1\"\n    ]\n"
              "  }];\n  string f2 = 2;\n}\n");
    EXPECT_EQ(edited_proto(tagged, {{}, {}, {{"M.f1", field_kind, {"T1", "T2"}}}}), plain)
        << "without tags there is no option";
    EXPECT_TRUE(parse_schema(SchemaType::protobuf, tagged, {}, Strictness::strict).has_value());
}

TEST(ProtoTags, LeaveTheRestOfTheOptionAlone) {
    const std::string text = edited_proto(
        "message M { option (confluent.message_meta) = { doc: \"d\", tags: \"A\" }; "
        "option (confluent.message_meta).tags = \"B\"; option deprecated = true; }",
        {{}, {{"M", message_kind, {"C"}}}, {{"M", message_kind, {"A"}}}});
    const auto found = find_tags(SchemaType::protobuf, text);
    ASSERT_TRUE(found);
    EXPECT_THAT(*found, ElementsAre(EntityTags{"M", message_kind, {"B", "C"}}));
    EXPECT_THAT(text, ::testing::HasSubstr("doc: \"d\""));
    EXPECT_THAT(text, ::testing::HasSubstr("deprecated = true"));
    const std::string none = edited_proto(text, {{}, {}, {{"M", message_kind, {"B", "C"}}}});
    EXPECT_THAT(none, ::testing::HasSubstr("doc: \"d\""));
    EXPECT_THAT(none, ::testing::Not(::testing::HasSubstr("tags")));
}

TEST(ProtoTags, JoinAnOptionThatIsSetPartByPart) {
    const std::string text =
        edited_proto("message M { option (confluent.message_meta).doc = \"d\"; }",
                     {{}, {{"M", message_kind, {"A", "B"}}}, {}});
    EXPECT_THAT(text, ::testing::HasSubstr("option (confluent.message_meta).tags = \"A\";"));
    EXPECT_THAT(text, ::testing::HasSubstr("option (confluent.message_meta).tags = \"B\";"));
    EXPECT_THAT(text, ::testing::Not(::testing::HasSubstr("{\n    tags")));
}

TEST(ProtoTags, ATextInWhichNothingChangesStays) {
    const std::string text = "/* mine */ message M {optional int32 a=1;}";
    EXPECT_EQ(edited_proto(text, {{}, {}, {{"M.a", field_kind, {"T"}}}}), text);
    EXPECT_EQ(edited_proto(text, {}), text);
}

TEST(ProtoTags, OfEarlierVersionsAreKeptAndUnknownEntitiesRefused) {
    EXPECT_THAT(
        edited_proto(plain,
                     {{{"M", message_kind, {"OLD"}}, {"Gone", message_kind, {"OLD"}}}, {}, {}}),
        ::testing::HasSubstr("(confluent.message_meta)"));
    EXPECT_EQ(edited_proto(plain, {{}, {{"does.not.exist", field_kind, {"T"}}}, {}}),
              "No entity does.not.exist of type sr_field in the schema");
    EXPECT_EQ(edited_proto(plain, {{}, {}, {{"M.f1", message_kind, {"T"}}}}),
              "No entity M.f1 of type sr_record in the schema");
    EXPECT_THAT(edited_proto("message {", {{}, {{"M", message_kind, {"T"}}}, {}}),
                ::testing::HasSubstr("Could not parse Protobuf"));
}

}  // namespace
}  // namespace symbolon::compat::protobuf
