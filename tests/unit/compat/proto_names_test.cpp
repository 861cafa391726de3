#include "compat/protobuf/proto_names.hpp"

#include "compat/compat.hpp"
#include "compat/protobuf/proto_parse.hpp"
#include "core/limits.hpp"

#include <gtest/gtest.h>

namespace symbolon::compat::protobuf {

namespace {

ProtoFile file_of(std::string_view text) {
    auto file = parse_proto_text(text);
    EXPECT_TRUE(file.has_value()) << (file ? "" : file.error().message);
    return file ? std::move(*file) : ProtoFile{};
}

std::string found_in(const ProtoNames& names, std::string_view scope, std::string_view name) {
    std::uint64_t steps = 0;
    const auto found = names.find(scope, name, ProtoNames::Wanted::type, steps);
    return found ? found->full_name : "nothing";
}

std::string problem_of(const std::string& text, const std::vector<NamedText>& references) {
    const auto schema = parse_schema(SchemaType::protobuf, text, references, Strictness::strict);
    return schema ? "accepted" : schema.error().message;
}

}  // namespace

TEST(ProtoNames, TheInnermostScopeWins) {
    const ProtoFile file = file_of(
        "syntax = \"proto3\"; package a.b; message M { message N {} } message N {} enum E {}");
    ProtoNames names;
    ASSERT_TRUE(names.add_file(file, 0).has_value());
    EXPECT_EQ(found_in(names, "a.b.M", "N"), "a.b.M.N");
    EXPECT_EQ(found_in(names, "a.b", "N"), "a.b.N");
    EXPECT_EQ(found_in(names, "a.b.M", "b.N"), "a.b.N");
    EXPECT_EQ(found_in(names, "a.b.M", ".a.b.E"), "a.b.E");
    EXPECT_EQ(found_in(names, "a.b.M", ".b.E"), "nothing");
    EXPECT_EQ(found_in(names, "a.b.M", "Missing"), "nothing");
    EXPECT_EQ(found_in(names, "", ""), "nothing");
}

TEST(ProtoNames, BuiltInNamesAreFoundFromEverywhere) {
    const ProtoNames names;
    EXPECT_EQ(found_in(names, "com.acme", "google.protobuf.Any"), "google.protobuf.Any");
    EXPECT_EQ(found_in(names, "google.type", "Money"), "google.type.Money");
    EXPECT_EQ(found_in(names, "", ".confluent.Meta"), "confluent.Meta");
    EXPECT_EQ(found_in(names, "", "google.type.LocalizedText"), "nothing");
}

TEST(ProtoNames, AReferenceWithTheNameOfABuiltInFileTakesItsPlace) {
    const NamedText own{"google/type/money.proto",
                        "syntax = \"proto3\"; package google.type; message Cash {}", "s", 1};
    const std::string money = "syntax = \"proto3\"; import \"google/type/money.proto\"; ";
    EXPECT_EQ(problem_of(money + "message M { google.type.Cash a = 1; }", {own}), "accepted");
    EXPECT_EQ(problem_of(money + "message M { google.type.Money a = 1; }", {own}),
              "Could not resolve type: google.type.Money");
}

TEST(ProtoNames, AFullNameStopsAtItsBound) {
    const std::string part(limits::name_bytes_max / 2 - 1, 'a');
    const auto nested = [&](const std::string& inner) {
        return "message " + part + " { message " + inner + " {} }";
    };
    EXPECT_EQ(problem_of(nested(part), {}), "accepted");
    EXPECT_NE(problem_of(nested(part + "b"), {}), "accepted");
}

TEST(ProtoNames, NamesThatAreTooCostlyToResolveAreRefused) {
    std::string package = "a";
    for (int at = 0; at < 1'500; ++at) {
        package += ".a";
    }
    std::string text = "syntax = \"proto3\"; package " + package + "; message M {";
    for (int at = 0; at < 3'000; ++at) {
        text += "a.a.M f = 1;";
    }
    const auto schema = parse_schema(SchemaType::protobuf, text + "}", {}, Strictness::strict);
    ASSERT_FALSE(schema.has_value());
    EXPECT_EQ(schema.error().code, ErrorCode::check_too_costly);
}

}  // namespace symbolon::compat::protobuf
