// Where findings of Protobuf schemas are, and what they say there.
#include "compat/protobuf/proto_places.hpp"
#include "compat/compat.hpp"
#include "compat/locate.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace symbolon::compat::protobuf {

namespace {

constexpr std::string_view old_text = R"(syntax = "proto2";
package a.b;

message Outer {
  optional string name = 1;
  message Inner {
    optional int32 count = 1;
    required int64 total = 2;
  }
  oneof choice {
    string email = 3;
    int32 phone = 4;
  }
  map<string, int32> sizes = 5;
  optional string first = 6; optional string last = 7;
  optional Inner inner = 8;
  optional string extra = 9;
  repeated int32 marks = 10;
  repeated group Part = 11 { optional int32 deep = 1; }
}

message Gone {}
enum Colour { RED = 0; }
)";

constexpr std::string_view new_text = R"(syntax = "proto2";

  /* émile 😀 */ package a.c;
message Outer {
  message Inner {
    optional string count = 1;
    required int32 fresh = 3;
  }
  optional string name = 1;
  oneof choice {
    string email = 3;
    string extra = 9;
  }
  oneof person {
    string first = 6;
    string last = 7;
  }
  map<string, double> sizes = 5;
  optional int32 inner = 8;
  optional int32 marks = 10;
}
enum Colour { RED = 0; }
)";

SchemaPtr parsed(std::string_view text, const std::vector<NamedText>& references = {}) {
    auto schema = parse_schema(SchemaType::protobuf, text, references, Strictness::strict);
    EXPECT_TRUE(schema.has_value()) << (schema ? "" : schema.error().message);
    return schema ? *schema : nullptr;
}

Findings findings_between(std::string_view reader, std::string_view writer) {
    auto findings = parsed(reader)->findings_reading(*parsed(writer));
    EXPECT_TRUE(findings.has_value());
    return findings ? *findings : Findings();
}

std::string in_text(std::string_view text, std::string_view path) {
    const auto found = Locator(SchemaType::protobuf, text).find(path);
    return found ? fmt::format("{}:{} {}", found->line, found->column, found->path) : "nowhere";
}

// "reader line:column path, writer line:column path" of the only finding of a kind.
std::string places_of(FindingKind kind) {
    for (const Finding& finding : findings_between(new_text, old_text)) {
        if (finding.kind == kind) {
            return fmt::format("reader {}, writer {}", in_text(new_text, finding.reader_path),
                               in_text(old_text, finding.writer_path));
        }
    }
    return "no such finding";
}

// Sentence and hint of the only finding between two schemas of one message.
std::string words_of(std::string_view reader, std::string_view writer, Direction direction) {
    const Findings findings = findings_between(reader, writer);
    EXPECT_EQ(findings.size(), 1U);
    return findings.empty()
               ? ""
               : to_sentence(findings[0], direction) + "\n" + to_hint(findings[0], direction);
}

}  // namespace

TEST(ProtoPlaces, EveryFindingHasItsLineAndColumnInBothTexts) {
    EXPECT_EQ(places_of(FindingKind::package_changed), "reader 3:17 /package, writer 2:1 /package");
    EXPECT_EQ(places_of(FindingKind::message_removed), "reader 1:1 /, writer 22:1 /Gone");
    EXPECT_EQ(places_of(FindingKind::field_kind_changed),
              "reader 19:3 /Outer/inner, writer 16:3 /Outer/inner");
    EXPECT_EQ(places_of(FindingKind::required_field_added),
              "reader 7:5 /Outer/Inner/fresh, writer 6:3 /Outer/Inner");
    EXPECT_EQ(places_of(FindingKind::required_field_removed),
              "reader 5:3 /Outer/Inner, writer 8:5 /Outer/Inner/total");
    EXPECT_EQ(places_of(FindingKind::oneof_field_removed),
              "reader 4:1 /Outer, writer 12:5 /Outer/choice/phone");
    EXPECT_EQ(places_of(FindingKind::field_moved_to_existing_oneof),
              "reader 12:5 /Outer/choice/extra, writer 17:3 /Outer/extra");
    EXPECT_EQ(places_of(FindingKind::multiple_fields_moved_to_oneof),
              "reader 15:5 /Outer/person/first, writer 15:3 /Outer/first");
    EXPECT_EQ(places_of(FindingKind::field_numeric_label_changed),
              "reader 20:3 /Outer/marks, writer 18:3 /Outer/marks");
}

TEST(ProtoPlaces, FieldsOfNestedMessagesAndMapsAreFound) {
    std::vector<std::string> places;
    for (const Finding& finding : findings_between(new_text, old_text)) {
        if (finding.kind == FindingKind::field_scalar_kind_changed) {
            places.push_back(in_text(new_text, finding.reader_path) + " " +
                             in_text(old_text, finding.writer_path));
        }
    }
    std::sort(places.begin(), places.end());
    EXPECT_EQ(fmt::format("{}", fmt::join(places, ", ")),
              "18:3 /Outer/sizes 14:3 /Outer/sizes, "
              "6:5 /Outer/Inner/count 7:5 /Outer/Inner/count");
}

TEST(ProtoPlaces, EveryKindOfStatementIsFound) {
    EXPECT_EQ(in_text(old_text, "/"), "1:1 /");
    EXPECT_EQ(in_text(old_text, ""), "1:1 /");
    EXPECT_EQ(in_text(old_text, "/Outer/choice"), "10:3 /Outer/choice");
    EXPECT_EQ(in_text(old_text, "/Outer/last"), "15:30 /Outer/last");
    EXPECT_EQ(in_text(old_text, "/Outer/Part"), "19:3 /Outer/Part");
    EXPECT_EQ(in_text(old_text, "/Outer/Part/deep"), "19:30 /Outer/Part/deep");
    EXPECT_EQ(in_text(old_text, "/Colour/RED"), "23:15 /Colour/RED");
}

TEST(ProtoPlaces, TheReferencesPathsAreFoundToo) {
    EXPECT_EQ(in_text(old_text, "#/"), "1:1 /");
    EXPECT_EQ(in_text(old_text, "#/Outer/Inner/2"), "8:5 /Outer/Inner/2");
    EXPECT_EQ(in_text(old_text, "#/Outer/choice/4"), "12:5 /Outer/choice/4");
    EXPECT_EQ(in_text(old_text, "#/Outer/11"), "19:3 /Outer/11");
    EXPECT_EQ(in_text(old_text, "#/Colour/0"), "23:15 /Colour/0");
}

TEST(ProtoPlaces, WhatIsNotThereIsPlacedAtTheNearestAroundIt) {
    EXPECT_EQ(in_text(old_text, "/Outer/Inner/none/more"), "6:3 /Outer/Inner");
    EXPECT_EQ(in_text(old_text, "/Outer/name/more"), "5:3 /Outer/name");
    EXPECT_EQ(in_text(old_text, "/none"), "1:1 /");
    EXPECT_EQ(in_text("message M {}", "/package"), "1:1 /");
    EXPECT_EQ(in_text("\nmessage package {}", "/package"), "2:1 /package");
}

TEST(ProtoPlaces, ADescriptorHasNone) {
    const auto text = parsed("message M {}")->formatted_text(TextFormat::serialized);
    ASSERT_TRUE(text.has_value());
    EXPECT_TRUE(parsed(*text) != nullptr);
    EXPECT_EQ(in_text(*text, "/M"), "nowhere");
    EXPECT_EQ(in_text("message {", "/"), "nowhere");
}

TEST(ProtoPlaces, WhatIsInAnotherFileIsPlacedWhereTheTextLeadsThere) {
    const auto imported = [](std::int32_t version, std::string_view type) {
        return NamedText{"k.proto",
                         fmt::format("package k; message K {{ optional L l = 1; }} message L {{ "
                                     "optional {} n = 2; }}",
                                     type),
                         "k", version};
    };
    const std::string text = "import \"k.proto\";\nmessage M {\n  optional k.K k = 1;\n}";
    const auto reader = parsed(text, {imported(2, "string")});
    const auto findings = reader->findings_reading(*parsed(text, {imported(1, "int32")}));
    ASSERT_TRUE(findings.has_value());
    ASSERT_EQ(findings->size(), 3U);
    for (const Finding& finding : *findings) {
        EXPECT_EQ(finding.reader_path, "/M/k");
        EXPECT_EQ(finding.writer_path, "/M/k");
        EXPECT_EQ(in_text(text, finding.reader_path), "3:3 /M/k");
    }
    EXPECT_EQ(findings->front().path, "#/L/2");
    EXPECT_EQ(to_sentence(findings->front(), Direction::backward),
              "The field at /M/k is `optional string n = 2;` in the new schema and `optional int32 "
              "n = 2;` in the old schema: written as a varint (wire type 0), read as a length and "
              "bytes (wire type 2), in the imported message L.");
    EXPECT_EQ(to_sentence(findings->back(), Direction::backward),
              "The field at /M/k is `optional k.K k = 1;` in the new schema and `optional k.K k = "
              "1;` in the old schema: K itself changed in the imported file.");
}

TEST(ProtoPlaces, SentencesAndHintsQuoteWhatIsDeclared) {
    EXPECT_EQ(
        words_of("message M { required string a = 3; }", "message M {}", Direction::backward),
        "The new schema requires `required string a = 3;` at /M/a, and data of the old schema "
        "does not hold that field.\n"
        "Write optional instead of required in `required string a = 3;`.");
    EXPECT_EQ(words_of("message M { oneof o { int32 x = 1; } }",
                       "message M { oneof o { int32 x = 1; int32 y = 2; } }", Direction::forward),
              "Data of the new schema may hold `int32 y = 2;` of the oneof at /M/o/y, and the old "
              "schema has no field of that number.\n"
              "Leave `int32 y = 2;` out of the oneof, or declare it beside it: the old schema does "
              "not know it.");
    EXPECT_EQ(words_of("message M {}", "package x; message M {}", Direction::backward),
              "The new schema has no package statement and the old schema has `package x;`, so the "
              "full names of all messages differ.\n"
              "Keep what the old schema has: `package x;`.");
    EXPECT_EQ(
        words_of("message M { oneof o { int32 x = 1; int32 y = 2; } }",
                 "message M { optional int32 x = 1; optional int32 y = 2; }", Direction::backward),
        "Data of the old schema may hold both `optional int32 x = 1;` and `optional int32 y = "
        "2;`, and `oneof o` of the new schema keeps only one of them.\n"
        "Leave all but one of `optional int32 x = 1;` and `optional int32 y = 2;` outside "
        "`oneof o`.");
}

TEST(ProtoPlaces, AOneofThatTakesOneFieldTwiceIsStillAFinding) {
    const Findings findings =
        findings_between("message M { oneof o { int32 x = 1; int32 y = 1; } }",
                         "message M { optional int32 x = 1; }");
    ASSERT_EQ(findings.size(), 1U);
    EXPECT_EQ(findings[0].writer_path, "/M/x");
}

}  // namespace symbolon::compat::protobuf
