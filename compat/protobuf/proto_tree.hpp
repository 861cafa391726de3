// The tree of a .proto file: what its text says, in the order in which it says it.
//
// It keeps what libprotobuf's own parser forgets and the canonical text needs: which numbers share
// a `reserved` statement, map types as they are written, names as they are written.
//
// Units:    lines and columns start at 1; columns count UTF-16 units
// Threads:  immutable once parsed; any thread
// Limits:   protobuf_depth_max, schema_members_max, name_bytes_max
// Source:   protobuf-compat.md 7; Protocol Buffers language specification, proto2 and proto3
// Tested by tests/unit/compat/proto_parse_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::protobuf {

/// Numbers from here on are printed as `max`.
inline constexpr std::int32_t max_field_number = 536'870'911;

struct Place {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

enum class Syntax : std::uint8_t { unwritten, proto2, proto3 };
enum class Label : std::uint8_t { none, optional, required, repeated };
/// "optional ", "required ", "repeated " or nothing.
std::string_view label_word(Label label);

struct OptionEntry;

/// What stands right of the `=` of an option.
struct OptionValue {
    /// A word is an enum constant, `true` or `false`.
    enum class Kind : std::uint8_t { text, number, word, map, list };
    Kind kind = Kind::word;
    std::string text;                  ///< text: the bytes meant; number and word: as written
    std::vector<OptionEntry> entries;  ///< map; list, with empty keys
};
struct OptionEntry {
    std::string key;
    OptionValue value;
};

struct ProtoOption {
    std::string name;      ///< as written, without its parentheses
    bool custom = false;   ///< in parentheses: an extension's name
    std::string sub_path;  ///< `b.c` of `(a).b.c`
    OptionValue value;
};
using ProtoOptions = std::vector<ProtoOption>;

struct ProtoField {
    Label label = Label::none;
    std::int32_t number = 0;
    Place place;
    std::string type;  ///< as written; `map<k, v>` with one space
    std::string name;
    ProtoOptions options;
};

/// Key and value types of a field whose type is written `map<k, v>`.
struct MapTypes {
    std::string_view key;
    std::string_view value;
};
std::optional<MapTypes> find_map_types(std::string_view type);

struct ProtoRange {
    std::int32_t first = 0;
    std::int32_t last = 0;
    bool one_number = true;  ///< written without `to`
};
/// One `reserved` statement.
struct ProtoReserved {
    std::vector<ProtoRange> ranges;
    std::vector<std::string> names;
};
/// One `extensions` statement.
struct ProtoExtensions {
    std::vector<ProtoRange> ranges;
    ProtoOptions options;
};

struct ProtoGroup;

struct ProtoOneof {
    std::string name;
    Place place;
    ProtoOptions options;
    std::vector<ProtoField> fields;
    std::vector<ProtoGroup> groups;
};

struct ProtoExtend {
    std::string type;  ///< the extended message, as written
    Place place;
    std::vector<ProtoField> fields;
    std::vector<ProtoGroup> groups;
};

struct ProtoConstant {
    std::string name;
    std::int32_t number = 0;
    Place place;
    ProtoOptions options;
};

struct ProtoEnum {
    std::string name;
    Place place;
    std::vector<ProtoReserved> reserved;
    ProtoOptions options;
    std::vector<ProtoConstant> constants;
};

struct ProtoMessage {
    std::string name;
    Place place;
    std::vector<ProtoReserved> reserved;
    ProtoOptions options;
    std::vector<ProtoField> fields;
    std::vector<ProtoOneof> oneofs;
    std::vector<ProtoGroup> groups;
    std::vector<ProtoExtensions> extensions;
    std::vector<ProtoExtend> extends;
    std::vector<ProtoMessage> messages;
    std::vector<ProtoEnum> enums;
};

/// A group is a field and the message that is its type.
struct ProtoGroup {
    ProtoField field;
    ProtoMessage body;
};

struct ProtoMethod {
    std::string name;
    std::string request;
    std::string response;
    bool streams_request = false;
    bool streams_response = false;
    ProtoOptions options;
};

struct ProtoService {
    std::string name;
    ProtoOptions options;
    std::vector<ProtoMethod> methods;
};

struct ProtoFile {
    Syntax syntax = Syntax::unwritten;
    std::string package;
    Place package_place;  ///< of its statement
    std::vector<std::string> imports;
    std::vector<std::string> public_imports;
    ProtoOptions options;
    std::vector<ProtoMessage> messages;
    std::vector<ProtoEnum> enums;
    std::vector<ProtoExtend> extends;
    std::vector<ProtoService> services;
};

/// Scalar types that share an encoding, so that data of one can be read as another.
enum class ScalarGroup : std::uint8_t {
    none,  ///< not a scalar type: the name of a message or enum
    varint,
    zigzag,
    bytes,
    fixed32,
    fixed64,
    float32,
    float64,
};
ScalarGroup scalar_group_of(std::string_view type);
/// True for integers, bool and string.
bool can_be_map_key(std::string_view type);

/// True when the option `map_entry` says so: the message is the entry type of a map.
bool is_map_entry(const ProtoMessage& message);

}  // namespace symbolon::compat::protobuf
