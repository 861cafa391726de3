// The input as a .proto text, a line "%%", one byte that chooses a message, and its bytes; without
// that line, as a message of a schema that has everything.
//
// What is read as JSON must be JSON, and read back as a message that has the same JSON.
#include "client/codec/protobuf_codec.hpp"
#include "compat/compat.hpp"
#include "core/json.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

namespace {

using namespace symbolon;
using namespace symbolon::client;

void demand(bool holds, const char* what, std::string_view text = {}) {
    if (!holds) {
        std::cerr << "does not hold: " << what << '\n' << text << '\n';
        std::abort();
    }
}

constexpr std::string_view everything =
    "syntax = \"proto3\"; package f; import \"google/protobuf/any.proto\";\n"
    "import \"google/protobuf/struct.proto\"; import \"google/protobuf/timestamp.proto\";\n"
    "import \"google/protobuf/duration.proto\"; import \"google/protobuf/wrappers.proto\";\n"
    "import \"google/protobuf/field_mask.proto\";\n"
    "message M { int32 a = 1; string b = 2; repeated M m = 3; map<string, M> n = 4;\n"
    "  repeated sint64 p = 5; bytes c = 6; double d = 7; E e = 8; oneof o { bool f = 9; M g = 10; "
    "}\n"
    "  google.protobuf.Any any = 11; google.protobuf.Value v = 12;\n"
    "  google.protobuf.Timestamp t = 13; google.protobuf.Duration u = 14;\n"
    "  google.protobuf.Int64Value w = 15; repeated fixed32 x = 16; optional uint64 y = 17;\n"
    "  google.protobuf.FieldMask k = 18; map<int32, E> z = 19; repeated string s = 20;\n"
    "  enum E { A = 0; B = 5; } }\n";

std::shared_ptr<const ProtobufCodec> compile(std::string_view text, std::int32_t index) {
    const auto schema =
        compat::parse_schema(SchemaType::protobuf, text, {}, compat::Strictness::lenient);
    if (!schema) {
        return nullptr;
    }
    return ProtobufCodec::compile(*schema, {&index, 1}).value_or(nullptr);
}

void use(const ProtobufCodec& codec, std::string_view bytes) {
    std::string json = "x";
    const auto read = codec.append_json(bytes, json);
    if (!read) {
        demand(json == "x", "a refused message leaves no text");
        demand(read.error().code == ErrorCode::malformed_datum, "a refusal is the datum's");
        demand(!read.error().message.empty(), "a refusal says why");
        return;
    }
    const std::string_view text = std::string_view(json).substr(1);
    demand(parse_json(text).has_value(), "what is read is JSON", text);
    const auto again = codec.encode_json(text);
    if (!again) {
        return;  // such as a field mask with names that have no JSON form
    }
    std::string second;
    demand(codec.append_json(*again, second).has_value(), "what is encoded is read", text);
    const auto third = codec.encode_json(second);
    demand(third.has_value() && third->size() == again->size(), "its JSON means the same", second);
}

void encode(const ProtobufCodec& codec, std::string_view text) {
    const auto bytes = codec.encode_json(text);
    demand(bytes.has_value() || !bytes.error().message.empty(), "a refusal says why");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto known = compile(everything, 0);
    demand(known != nullptr, "the schema that has everything compiles");
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    constexpr std::string_view mark = "\n%%\n";
    const std::size_t found = bytes.find(mark);
    if (found == std::string_view::npos || found + mark.size() >= size) {
        use(*known, bytes);
        encode(*known, bytes);
        return 0;
    }
    const std::string_view rest = bytes.substr(found + mark.size());
    if (const auto codec = compile(bytes.substr(0, found), rest.front() - '0')) {
        use(*codec, rest.substr(1));
        encode(*codec, rest.substr(1));
    }
    return 0;
}
