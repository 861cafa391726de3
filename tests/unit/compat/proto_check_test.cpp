#include "compat/protobuf/proto_check.hpp"

#include "compat/compat.hpp"
#include "core/limits.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace symbolon::compat::protobuf {

namespace {

SchemaPtr schema_of(const std::string& text, const std::vector<NamedText>& references = {}) {
    auto schema = parse_schema(SchemaType::protobuf, text, references, Strictness::strict);
    EXPECT_TRUE(schema.has_value()) << (schema ? "" : schema.error().message);
    return schema ? *schema : nullptr;
}

// Kinds and paths of what keeps `reader` from reading data of `writer`.
std::string findings_of(const SchemaPtr& reader, const SchemaPtr& writer) {
    const auto findings = reader->findings_reading(*writer);
    if (!findings) {
        return findings.error().message;
    }
    std::string text;
    for (const Finding& finding : *findings) {
        text +=
            fmt::format("{}{} {}", text.empty() ? "" : ", ", to_string(finding.kind), finding.path);
    }
    return text;
}

const std::string head = "syntax = \"proto3\"; ";

// `count` messages that all hold each other, in a file of their own; `type` is that of a last
// field.
NamedText knot(int count, std::int32_t version, const std::string& type) {
    std::string text = head;
    for (int at = 0; at < count; ++at) {
        text += fmt::format("message K{} {{ {} last = 1000;", at, type);
        for (int other = 0; other < count; ++other) {
            text += fmt::format(" K{} f{} = {};", other, other, other + 1);
        }
        text += "}";
    }
    return {"knot.proto", text, "knot", version};
}

}  // namespace

TEST(ProtoCheck, AFindingIsSaidInTheReferencesWords) {
    const auto reader = schema_of(head + "message M { sint32 a = 1; }");
    const auto writer = schema_of(head + "message M { int32 a = 1; }");
    const auto findings = reader->findings_reading(*writer);
    ASSERT_TRUE(findings.has_value());
    ASSERT_EQ(findings->size(), 1U);
    EXPECT_EQ(to_message(findings->front(), Direction::backward),
              "{errorType:\"FIELD_SCALAR_KIND_CHANGED\", description:\"The kind of a SCALAR field "
              "at path '#/M/1' in the new schema does not match its kind in the old schema\"}");
}

TEST(ProtoCheck, TheSameReferenceIsNotLookedInto) {
    const NamedText first = knot(3, 1, "int32");
    const NamedText second = knot(3, 1, "string");
    const std::string text = head + "import \"knot.proto\"; message M { K0 k = 1; }";
    EXPECT_EQ(findings_of(schema_of(text, {second}), schema_of(text, {first})), "");
}

TEST(ProtoCheck, AKnotOfManyMessagesIsDecided) {
    const std::string text = head + "import \"knot.proto\"; message M { K0 k = 1; }";
    const auto before = schema_of(text, {knot(40, 1, "int32")});
    EXPECT_EQ(findings_of(schema_of(text, {knot(40, 2, "int64")}), before), "");
    EXPECT_NE(findings_of(schema_of(text, {knot(40, 2, "string")}), before), "");
}

TEST(ProtoCheck, AChainOfMessagesStopsAtItsBound) {
    const auto chain = [](std::size_t length, std::int32_t version) {
        std::string text = head;
        for (std::size_t at = 0; at < length; ++at) {
            text += fmt::format("message C{} {{ {} next = 1; }}", at,
                                at + 1 < length ? fmt::format("C{}", at + 1) : "int32");
        }
        return NamedText{"chain.proto", text, "chain", version};
    };
    const std::string text = head + "import \"chain.proto\"; message M { C0 c = 1; }";
    const std::size_t most = limits::protobuf_check_depth_max - 1;  // M itself is one
    EXPECT_EQ(findings_of(schema_of(text, {chain(most, 2)}), schema_of(text, {chain(most, 1)})),
              "");
    const auto refused = schema_of(text, {chain(most + 1, 2)})
                             ->findings_reading(*schema_of(text, {chain(most + 1, 1)}));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code, ErrorCode::check_too_costly);
}

TEST(ProtoCheck, FindingsStopAtTheirBound) {
    const auto wide = [](const std::string& type) {
        std::string text = head + "message M {";
        for (std::size_t at = 1; at <= limits::findings_max + 10; ++at) {
            text += fmt::format("{} f{} = {};", type, at, at);
        }
        return schema_of(text + "}");
    };
    const auto findings = wide("string")->findings_reading(*wide("int32"));
    ASSERT_TRUE(findings.has_value());
    EXPECT_EQ(findings->size(), limits::findings_max);
}

TEST(ProtoCheck, AFieldMayComeAndGoButARequiredOneMayNot) {
    const auto with = schema_of("message M { required int32 a = 1; optional int32 b = 2; }");
    const auto without = schema_of("message M { }");
    EXPECT_EQ(findings_of(with, without), "REQUIRED_FIELD_ADDED #/M/1");
    EXPECT_EQ(findings_of(without, with), "REQUIRED_FIELD_REMOVED #/M/1");
}

}  // namespace symbolon::compat::protobuf
