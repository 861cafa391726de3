// .proto text, or a serialised descriptor in base64, to a tree.
//
// Only syntax is looked at: whether names resolve is asked later (proto_names.hpp).
//
// Example:  SYMBOLON_TRY(auto file, parse_proto_text("syntax = \"proto3\"; message M {}"));
// Errors:   invalid_schema, in the words of the reference's parser
// Threads:  any thread
// Limits:   schema_bytes_max, protobuf_depth_max, schema_members_max, name_bytes_max
// Source:   protobuf-compat.md 1; Protocol Buffers language specification, proto2 and proto3
// Tested by tests/unit/compat/proto_parse_test.cpp
#pragma once

#include "compat/protobuf/proto_reader.hpp"
#include "compat/protobuf/proto_tree.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <string_view>

namespace symbolon::compat::protobuf {

/// The tree of a .proto text.
Result<ProtoFile> parse_proto_text(std::string_view text);

class ProtoParser {
public:
    explicit ProtoParser(std::string_view text) : reader_(text) {}

    Result<ProtoFile> parse();

private:
    void parse_file_statement(ProtoFile& file);
    void parse_syntax(ProtoFile& file, Place place);
    void parse_import(ProtoFile& file);
    ProtoMessage parse_message(Place place);
    void parse_message_body(ProtoMessage& message);
    void parse_message_statement(ProtoMessage& message);
    ProtoEnum parse_enum(Place place);
    /// Calls `parse_member(word, place)` with the first word of each member, up to the closing
    /// brace.
    template <class Member>
    void parse_members(const Member& parse_member);
    ProtoOneof parse_oneof(Place place);
    ProtoExtend parse_extend(Place place);
    ProtoService parse_service();
    ProtoMethod parse_method();
    std::string parse_method_type(bool& streams);
    ProtoReserved parse_reserved();
    ProtoExtensions parse_extensions();
    ProtoRange parse_range();

    /// A field or a group that begins with `first`, at `place`.
    void parse_field_or_group(std::string_view first, Place place, std::vector<ProtoField>& fields,
                              std::vector<ProtoGroup>& groups);
    void parse_typed(Label label, std::string type, Place place, std::vector<ProtoField>& fields,
                     std::vector<ProtoGroup>& groups);
    std::string parse_type(std::string_view first);

    ProtoOption parse_option_statement();
    ProtoOption parse_option();
    ProtoOptions parse_bracketed_options();
    OptionValue parse_value();
    OptionValue parse_map(char closing);
    OptionValue parse_list();

    /// One more level; fails when there are too many.
    bool descend();
    void ascend() { --depth_; }
    /// One more statement, constant, option or value; fails when there are too many.
    void count_member();
    void check_top_level_names(const ProtoFile& file);

    ProtoReader reader_;
    Syntax syntax_ = Syntax::unwritten;
    bool any_statement_ = false;
    std::size_t depth_ = 0;
    std::size_t members_ = 0;
};

}  // namespace symbolon::compat::protobuf
