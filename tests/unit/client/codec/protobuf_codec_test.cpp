#include "client/codec/protobuf_codec.hpp"

#include "client/codec/datum_error.hpp"
#include "compat/compat.hpp"
#include "core/limits.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

using Indexes = std::vector<std::int32_t>;

compat::SchemaPtr proto_schema(const std::string& text,
                               const std::vector<compat::NamedText>& references = {}) {
    auto parsed =
        compat::parse_schema(SchemaType::protobuf, text, references, compat::Strictness::lenient);
    EXPECT_TRUE(parsed) << parsed.error().message;
    return parsed.value_or(nullptr);
}

std::shared_ptr<const ProtobufCodec> proto_codec(const std::string& text,
                                                 const Indexes& indexes = {0}) {
    auto codec = ProtobufCodec::compile(proto_schema(text), indexes);
    EXPECT_TRUE(codec) << codec.error().message;
    return codec.value_or(nullptr);
}

std::string json_of(const ProtobufCodec& codec, const std::string& bytes) {
    std::string out;
    const auto status = codec.append_json(bytes, out);
    return status ? out : "error: " + status.error().message;
}

/// The JSON text of what a JSON text is encoded to.
std::string round_trip(const ProtobufCodec& codec, const std::string& json) {
    const auto bytes = codec.encode_json(json);
    return bytes ? json_of(codec, *bytes) : "error: " + bytes.error().message;
}

const std::string order_text =
    "syntax = \"proto3\"; package sales;\n"
    "message Order { int64 id = 1; string note = 2; repeated Line lines = 3;\n"
    "  map<string, int32> counts = 4; State state = 5; bytes raw = 6; repeated int32 sizes = 7;\n"
    "  optional int32 rank = 8; string other_name = 9 [json_name = \"@other\"]; double ratio = "
    "10;\n"
    "  message Line { string item = 1; message Deep { bool yes = 1; } }\n"
    "  enum State { NEW = 0; DONE = 1; } }\n"
    "message Second { int32 x = 1; message Inner { int32 y = 1; } }\n";

TEST(ProtobufCodec, ReadsBytesAsProtobufsJson) {
    const auto codec = proto_codec(order_text);
    EXPECT_EQ(codec->message_name(), "sales.Order");
    EXPECT_EQ(json_of(*codec, std::string("\x08\x07\x12\x02hi\x1a\x03\x0a\x01x\x28\x01", 13)),
              R"({"id":"7","note":"hi","lines":[{"item":"x"}],"state":"DONE"})");
    EXPECT_EQ(json_of(*codec, ""), "{}");
}

TEST(ProtobufCodec, WhatIsEncodedComesBack) {
    const auto codec = proto_codec(order_text);
    const std::string json =
        R"({"id":"-9223372036854775808","note":"ä\"","lines":[{"item":"a"},{}],)"
        R"("counts":{"k":-1},"state":"DONE","raw":"AP8=","sizes":[1,-1,300],"rank":0,)"
        R"("@other":"o","ratio":"NaN"})";
    EXPECT_EQ(round_trip(*codec, json), json);
    EXPECT_EQ(round_trip(*codec, R"({"other_name":"o","id":7})"), R"({"id":"7","@other":"o"})");
}

TEST(ProtobufCodec, AJsonNameThatIsNotUtf8IsToldAndLeavesNoText) {
    const auto codec = proto_codec(
        "syntax = \"proto3\"; "
        "message Order { int32 x = 1 [json_name = \"\xC1\x96z\"]; }");
    std::string out = "before";
    const auto read = codec->append_json("\x08\x07", out);
    ASSERT_FALSE(read) << out;
    EXPECT_NE(read.error().message.find("json_name"), std::string::npos);
    EXPECT_EQ(out, "before");
}

TEST(ProtobufCodec, IndexesLeadToNestedMessages) {
    EXPECT_EQ(proto_codec(order_text, {1})->message_name(), "sales.Second");
    EXPECT_EQ(proto_codec(order_text, {1, 0})->message_name(), "sales.Second.Inner");
    EXPECT_EQ(proto_codec(order_text, {0, 0, 0})->message_name(), "sales.Order.Line.Deep");
    EXPECT_EQ(json_of(*proto_codec(order_text, {1, 0}), "\x08\x05"), R"({"y":5})");
}

TEST(ProtobufCodec, IndexesThatLeadNowhereAreTold) {
    const auto none = ProtobufCodec::compile(proto_schema(order_text), Indexes{1, 2});
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().message,
              "the message indexes [1, 2] lead nowhere: sales.Second has 1 messages");
    EXPECT_FALSE(ProtobufCodec::compile(proto_schema(order_text), Indexes{2}));
    EXPECT_FALSE(ProtobufCodec::compile(proto_schema(order_text), Indexes{}));
    EXPECT_FALSE(ProtobufCodec::compile(proto_schema(order_text), Indexes{-1}));
}

TEST(ProtobufCodec, ReadsTypesOfReferencesAndWellKnownOnes) {
    const auto schema = proto_schema(
        "syntax = \"proto3\"; package a; import \"b.proto\";\n"
        "import \"google/protobuf/timestamp.proto\"; import \"google/protobuf/struct.proto\";\n"
        "import \"google/protobuf/wrappers.proto\";\n"
        "message A { b.B b = 1; google.protobuf.Timestamp at = 2; google.protobuf.Struct s = 3;\n"
        "  google.protobuf.Int64Value w = 4; }",
        {{"b.proto", "syntax = \"proto3\"; package b; message B { string c = 1; }", "b", 1}});
    const auto codec = ProtobufCodec::compile(schema, Indexes{0});
    ASSERT_TRUE(codec) << codec.error().message;
    const std::string json =
        R"({"b":{"c":"x"},"at":"2026-01-02T03:04:05.600Z","s":{"k":[1,null,{"l":true}]},"w":"7"})";
    EXPECT_EQ(round_trip(**codec, json), json);
}

TEST(ProtobufCodec, UnknownFieldsArePassedOver) {
    const auto codec = proto_codec("syntax = \"proto3\"; message M { int32 x = 1; }");
    // 2: varint, 3: eight bytes, 4: text, 5: a group with a field, 6: four bytes
    const std::string unknown(
        "\x10\x96\x01\x19"
        "12345678"
        "\x22\x02hi\x2b\x08\x01\x2c\x35"
        "1234",
        25);
    EXPECT_EQ(json_of(*codec, unknown + "\x08\x07"), R"({"x":7})");
}

// The JSON is what Python's protobuf writes of the same bytes, and reads.
TEST(ProtobufCodec, GroupsAreMessagesInJson) {
    const auto schema = proto_schema(
        "syntax = \"proto2\"; import \"google/protobuf/any.proto\";\n"
        "message M { optional int32 x = 1; optional group G = 7 { optional int32 a = 1;\n"
        "  repeated group H = 3 { optional bytes z = 1; } } repeated group Rg = 8 {}\n"
        "  oneof one { group Og = 13 { optional bool b = 1; } } repeated M more = 14; }\n"
        "message W { optional google.protobuf.Any any = 1; }");
    const auto codec = ProtobufCodec::compile(schema, Indexes{0});
    ASSERT_TRUE(codec) << codec.error().message;
    const std::string group = "\x3b\x08\x05\x1b\x0a\x01x\x1c\x1b\x1c\x3c";
    const std::string bytes = "\x08\x01" + group + "CDCD" + "kl" + "r\x0b" + group;
    const std::string in_group = R"({"a":5,"h":[{"z":"eA=="},{}]})";
    const std::string json =
        R"({"x":1,"g":)" + in_group + R"(,"rg":[{},{}],"og":{},"more":[{"g":)" + in_group + "}]}";
    EXPECT_EQ(json_of(**codec, bytes), json);
    EXPECT_EQ((*codec)->encode_json(json).value_or("error"), bytes);

    const auto holder = ProtobufCodec::compile(schema, Indexes{1});
    ASSERT_TRUE(holder) << holder.error().message;
    const std::string in_any = "\x0a\x24\x0a\x15type.googleapis.com/M\x12\x0b" + group;
    const std::string any_json =
        R"({"any":{"@type":"type.googleapis.com/M","g":)" + in_group + "}}";
    EXPECT_EQ(json_of(**holder, in_any), any_json);
    EXPECT_EQ((*holder)->encode_json(any_json).value_or("error"), in_any);
}

TEST(ProtobufCodec, WhatAnAnyHidesIsNotFollowedWithoutEnd) {
    const auto codec = proto_codec(
        "syntax = \"proto2\"; import \"google/protobuf/any.proto\";\n"
        "message W { optional google.protobuf.Any any = 1; optional W w = 2;\n"
        "  optional group G = 3 { optional group H = 3 {} optional W w = 2; } }");
    const auto part = [](int number, const std::string& content) {
        std::string bytes(1, static_cast<char>(number * 8 + 2));
        std::size_t size = content.size();
        for (; size > 0x7F; size >>= 7U) {
            bytes += static_cast<char>((size & 0x7FU) | 0x80U);
        }
        return bytes + static_cast<char>(size) + content;
    };
    const std::string url = part(1, "type.googleapis.com/W");
    // Messages within each other, and messages where groups should be.
    for (const std::vector<int>& hulls : {std::vector{2}, std::vector{3, 2}}) {
        std::string deep;
        for (std::size_t at = 0; at < 20'000; ++at) {
            deep = part(hulls[at % hulls.size()], deep);
        }
        EXPECT_NE(json_of(*codec, part(1, url + part(2, part(3, deep)))), "");
        // The value that comes first is not the one that counts.
        const std::string twice = url + part(2, deep) + part(2, "");
        EXPECT_NE(json_of(*codec, part(1, url + part(2, part(1, twice)))), "");
    }
}

TEST(ProtobufCodec, AFieldThatComesTwiceIsWrittenOnce) {
    const auto codec = proto_codec(
        "syntax = \"proto3\"; message M { int32 x = 1; repeated int32 r = 2 [packed = false]; }");
    EXPECT_EQ(json_of(*codec, "\x10\x01\x08\x07\x10\x02\x08\x09"), R"({"x":9,"r":[1,2]})");
}

TEST(ProtobufCodec, TellsOffsetAndFieldWhereBytesAreMalformed) {
    const auto codec = proto_codec(order_text);
    const std::vector<std::pair<std::string, std::string>> cases{
        {std::string("\x08\x80", 2),
         "a number is cut off or longer than ten bytes at offset 1 of the message, in /id"},
        {std::string("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12),
         "a number is cut off or longer than ten bytes at offset 1 of the message, in /id"},
        {std::string("\x12\x05hi", 4),
         "5 bytes are announced, and 2 are left at offset 1 of the message, in /note"},
        {std::string("\x12\xff\xff\xff\xff\x0f", 6),
         "4294967295 bytes are announced, and 0 are left at offset 1 of the message, in /note"},
        {std::string("\x1a\x04\x0a\x03xy", 6),
         "3 bytes are announced, and 2 are left at offset 3 of the message, in /lines/item"},
        {std::string("\x12\x02\xc3x", 4),
         "the text is not UTF-8 at offset 2 of the message, in /note"},
        {std::string("\x0e", 1), "there is no wire type 6 at offset 1 of the message, in /id"},
        {std::string("\x00", 1), "0 is no field's number at offset 0 of the message"},
        {std::string("\x0c", 1), "a group ends that did not begin at offset 0 of the message"},
        {std::string("\xa3\x06\x08\x01", 4),
         "a group does not end at offset 4 of the message, in /100"},
        {std::string("\x51\x01", 2),
         "8 bytes are wanted, and 1 are left at offset 1 of the message, in /ratio"},
        {std::string("\x3a\x02\x01\x80", 4),
         "a packed number is cut off or longer than ten bytes at offset 2 of the message, in "
         "/sizes"},
    };
    for (const auto& [bytes, message] : cases) {
        EXPECT_EQ(json_of(*codec, bytes), "error: " + message);
    }
}

TEST(ProtobufCodec, AnErrorCarriesItsPlaceForMachines) {
    std::string out = "before";
    const auto status = proto_codec(order_text)->append_json(std::string("\x1a\x02\x0a\x07"), out);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::malformed_datum);
    const auto* detail = dynamic_cast<const DatumErrorDetail*>(status.error().detail.get());
    ASSERT_NE(detail, nullptr);
    EXPECT_EQ(detail->offset, 3U);
    EXPECT_EQ(detail->field, "/lines/item");
    EXPECT_EQ(out, "before");
}

TEST(ProtobufCodec, EveryCutOfAMessageIsReadOrRefused) {
    const auto codec = proto_codec(order_text);
    const std::string whole =
        codec
            ->encode_json(R"({"id":"300","note":"hello","lines":[{"item":"a"}],"sizes":[1,300],)"
                          R"("counts":{"k":1},"ratio":1.5})")
            .value_or("");
    ASSERT_FALSE(whole.empty());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        std::string out;
        const auto read = codec->append_json(whole.substr(0, size), out);
        EXPECT_EQ(read.has_value(), !out.empty());
    }
}

std::string nested(std::size_t levels) {
    std::string bytes;
    for (std::size_t at = 0; at < levels; ++at) {
        std::string size;
        std::size_t rest = bytes.size();
        for (; rest >= 0x80; rest >>= 7U) {
            size += static_cast<char>((rest & 0x7FU) | 0x80U);
        }
        size += static_cast<char>(rest);
        bytes.insert(0, "\x0a" + size);
    }
    return bytes;
}

TEST(ProtobufCodec, RecursionIsBounded) {
    const auto codec = proto_codec("syntax = \"proto3\"; message M { M m = 1; }");
    EXPECT_EQ(json_of(*codec, nested(3)), R"({"m":{"m":{"m":{}}}})");
    const std::string deep = json_of(*codec, nested(10'000));
    EXPECT_EQ(deep.substr(0, 54), "error: messages are nested deeper than 100 levels at o");
    EXPECT_NE(json_of(*codec, nested(90)).find("error"), std::string::npos);
    EXPECT_NE(json_of(*codec, std::string(100'000, '\x0b')).find("nested deeper"),
              std::string::npos);
    std::string json = "{}";
    for (int at = 0; at < 5'000; ++at) {
        json = "{\"m\":" + json + "}";
    }
    EXPECT_FALSE(codec->encode_json(json));
}

TEST(ProtobufCodec, AnysWithinEachOtherAreBounded) {
    const auto codec = proto_codec(
        "syntax = \"proto3\"; import \"google/protobuf/any.proto\";\n"
        "message M { google.protobuf.Any a = 1; int32 x = 2; }");
    EXPECT_EQ(round_trip(*codec, R"({"a":{"@type":"type.googleapis.com/M","x":7}})"),
              R"({"a":{"@type":"type.googleapis.com/M","x":7}})");
    const std::string url = "type.googleapis.com/google.protobuf.Any";
    std::string bytes;
    for (int at = 0; at < 20'000; ++at) {
        std::string size;
        std::size_t rest = bytes.size();
        for (; rest >= 0x80; rest >>= 7U) {
            size += static_cast<char>((rest & 0x7FU) | 0x80U);
        }
        size += static_cast<char>(rest);
        bytes.insert(0, "\x0a\x27" + url + "\x12" + size);
    }
    std::string size;
    std::size_t rest = bytes.size();
    for (; rest >= 0x80; rest >>= 7U) {
        size += static_cast<char>((rest & 0x7FU) | 0x80U);
    }
    size += static_cast<char>(rest);
    EXPECT_NE(json_of(*codec, "\x0a" + size + bytes).find("nested deeper"), std::string::npos);
    EXPECT_NE(json_of(*codec, "\x0a\x05\x0a\x03x/Y").find("holds \"Y\""), std::string::npos);
}

TEST(ProtobufCodec, AnAnyHoldsWhatTheSchemaHasAndWellKnownTypes) {
    const auto schema = proto_schema(
        "syntax = \"proto3\"; package p; import \"google/protobuf/any.proto\";\n"
        "import \"b.proto\";\n"
        "message M { google.protobuf.Any a = 1; }\n"
        "message Other { int32 x = 1; message Deep { string s = 1; } }\n",
        {{"b.proto", "syntax = \"proto3\"; message B { int32 x = 1; }", "b", 1}});
    const auto codec = ProtobufCodec::compile(schema, Indexes{0});
    ASSERT_TRUE(codec) << codec.error().message;
    for (const std::string held :
         {R"(p.Other","x":7)", R"(p.Other.Deep","s":"hi")", R"(B","x":7)",
          R"(google.protobuf.StringValue","value":"hi")",
          R"(google.protobuf.Timestamp","value":"1970-01-01T00:00:01Z")"}) {
        const std::string json = R"({"a":{"@type":"type.googleapis.com/)" + held + "}}";
        EXPECT_EQ(round_trip(**codec, json), json);
    }
}

TEST(ProtobufCodec, WhatOnlyAnAnyWouldLeadToDoesNoHarm) {
    const auto codec = proto_codec(
        "syntax = \"proto3\"; import \"google/protobuf/any.proto\";\n"
        "message M { google.protobuf.Any a = 1; int32 x = 2; }\n"
        "message Broken { Missing m = 1; }");
    EXPECT_EQ(round_trip(*codec, R"({"a":{"@type":"type.googleapis.com/M","x":7}})"),
              R"({"a":{"@type":"type.googleapis.com/M","x":7}})");
}

TEST(ProtobufCodec, WhatReadingWouldTakeIsBounded) {
    const auto codec = proto_codec("syntax = \"proto3\"; message M { repeated M m = 1; }");
    std::string bomb;
    for (int at = 0; at < 4'000'000; ++at) {
        bomb += std::string("\x0a\x00", 2);
    }
    EXPECT_NE(json_of(*codec, bomb).find("would take more than"), std::string::npos);
    EXPECT_NE(json_of(*codec, std::string(limits::datum_bytes_max + 1, '\0')).find("are read"),
              std::string::npos);
}

TEST(ProtobufCodec, ARequiredFieldThatIsMissingIsNamed) {
    const auto codec =
        proto_codec("syntax = \"proto2\"; message M { required int32 x = 1; optional M m = 2; }");
    EXPECT_EQ(json_of(*codec, std::string("\x12\x00\x08\x01", 4)),
              "error: the required field m.x is missing");
    EXPECT_EQ(round_trip(*codec, "{}"), "error: the JSON text is no M: missing field x");
}

TEST(ProtobufCodec, JsonThatDoesNotFitSaysWhy) {
    const auto codec = proto_codec(order_text);
    for (const char* json : {"", "  ", "7", "[]", "{", R"({"nope":1})", R"({"id":"x"})",
                             R"({"lines":[{"item":7.5e400}]})", R"({"id":1} x)"}) {
        const auto bytes = codec->encode_json(json);
        ASSERT_FALSE(bytes) << json;
        EXPECT_NE(bytes.error().message.find("the JSON text is no sales.Order"), std::string::npos)
            << bytes.error().message;
    }
}

TEST(ProtobufCodec, ASchemaThatCannotBeBuiltIsInvalid) {
    const auto codec = ProtobufCodec::compile(
        proto_schema("syntax = \"proto3\"; message M { Missing m = 1; }"), Indexes{0});
    ASSERT_FALSE(codec);
    EXPECT_EQ(codec.error().code, ErrorCode::invalid_schema);
}

TEST(ProtobufCodec, AFileThatOnlyImportsCountsInTheOther) {
    const auto schema =
        proto_schema("syntax = \"proto3\"; import public \"b.proto\";",
                     {{"b.proto", "syntax = \"proto3\"; message B { int32 x = 1; }", "b", 1}});
    const auto codec = ProtobufCodec::compile(schema, Indexes{0});
    ASSERT_TRUE(codec) << codec.error().message;
    EXPECT_EQ((*codec)->message_name(), "B");
}

}  // namespace
}  // namespace symbolon::client
