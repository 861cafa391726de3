#include "compat/protobuf/proto_parse.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace symbolon::compat::protobuf {

Result<ProtoFile> parse_proto_text(std::string_view text) {
    if (text.size() > limits::schema_bytes_max) {
        return failure(make_error(ErrorCode::invalid_schema, "The schema is too long"));
    }
    return ProtoParser(text).parse();
}

Result<ProtoFile> ProtoParser::parse() {
    ProtoFile file;
    for (reader_.skip_space(); !reader_.at_end(); reader_.skip_space()) {
        if (!reader_.take(';')) {
            parse_file_statement(file);
        }
    }
    check_top_level_names(file);
    if (reader_.failed()) {
        return failure(make_error(ErrorCode::invalid_schema,
                                  "Could not parse Protobuf - " + reader_.problem()));
    }
    return file;
}

bool ProtoParser::descend() {
    if (++depth_ > limits::protobuf_depth_max) {
        reader_.fail(reader_.place(),
                     fmt::format("nested deeper than {} levels", limits::protobuf_depth_max));
    }
    return !reader_.failed();
}

void ProtoParser::count_member() {
    if (++members_ > limits::schema_members_max) {
        reader_.fail(reader_.place(),
                     fmt::format("more than {} declarations", limits::schema_members_max));
    }
}

// Types of one name are refused at the top only, as in the reference.
void ProtoParser::check_top_level_names(const ProtoFile& file) {
    std::map<std::string_view, Place> places;
    const auto check = [&](const std::string& name, Place place) {
        const auto [first, added] = places.emplace(name, place);
        if (!added) {
            reader_.fail_without_place(fmt::format("{} (:{}:{}) is already defined at :{}:{}", name,
                                                   place.line, place.column, first->second.line,
                                                   first->second.column));
        }
    };
    for (const auto& message : file.messages) {
        check(message.name, message.place);
    }
    for (const auto& enumeration : file.enums) {
        check(enumeration.name, enumeration.place);
    }
}

void ProtoParser::parse_file_statement(ProtoFile& file) {
    count_member();
    reader_.peek();
    const Place place = reader_.place();
    const std::string_view word = reader_.word();
    const bool is_first = !std::exchange(any_statement_, true);
    if (reader_.failed()) {
        return;
    }
    if (word == "syntax") {
        if (!is_first) {
            return reader_.fail(place, "'syntax' element must be the first declaration in a file");
        }
        parse_syntax(file, place);
    } else if (word == "edition") {
        reader_.fail(reader_.place(), "edition is not currently supported");
    } else if (word == "package") {
        file.package = reader_.word();
        file.package_place = place;
        reader_.expect(';');
    } else if (word == "import") {
        parse_import(file);
    } else if (word == "option") {
        file.options.push_back(parse_option_statement());
    } else if (word == "message") {
        file.messages.push_back(parse_message(place));
    } else if (word == "enum") {
        file.enums.push_back(parse_enum(place));
    } else if (word == "extend") {
        file.extends.push_back(parse_extend(place));
    } else if (word == "service") {
        file.services.push_back(parse_service());
    } else {
        reader_.fail(place, fmt::format("unexpected label: {}", word));
    }
}

void ProtoParser::parse_syntax(ProtoFile& file, Place place) {
    reader_.expect('=');
    const std::string name = reader_.quoted();
    if (name == "proto2" || name == "proto3") {
        file.syntax = name == "proto2" ? Syntax::proto2 : Syntax::proto3;
        syntax_ = file.syntax;
    } else {
        reader_.fail(place, fmt::format("unexpected syntax: {}", name));
    }
    reader_.expect(';');
}

// Parity: weak imports are read and dropped.
void ProtoParser::parse_import(ProtoFile& file) {
    const char next = reader_.peek();
    const Place place = reader_.place();
    const std::string_view kind = next == '"' || next == '\'' ? "" : reader_.word();
    if (!kind.empty() && kind != "public" && kind != "weak") {
        return reader_.fail(place, fmt::format("unexpected import kind: {}", kind));
    }
    std::string path = reader_.quoted();
    if (path.empty()) {
        reader_.fail(reader_.place(), "expected the path of an import in quotes");
    }
    if (kind.empty()) {
        file.imports.push_back(std::move(path));
    } else if (kind == "public") {
        file.public_imports.push_back(std::move(path));
    }
    reader_.expect(';');
}

ProtoMessage ProtoParser::parse_message(Place place) {
    ProtoMessage message;
    message.place = place;
    message.name = reader_.word();
    parse_message_body(message);
    return message;
}

void ProtoParser::parse_message_body(ProtoMessage& message) {
    reader_.expect('{');
    if (descend()) {
        while (!reader_.failed() && !reader_.take('}')) {
            parse_message_statement(message);
        }
    }
    ascend();
}

void ProtoParser::parse_message_statement(ProtoMessage& message) {
    if (reader_.take(';')) {
        return;
    }
    count_member();
    const Place place = reader_.place();
    const std::string_view word = reader_.word();
    if (reader_.failed()) {
        return;
    }
    if (word == "option") {
        message.options.push_back(parse_option_statement());
    } else if (word == "reserved") {
        message.reserved.push_back(parse_reserved());
    } else if (word == "message") {
        message.messages.push_back(parse_message(place));
    } else if (word == "enum") {
        message.enums.push_back(parse_enum(place));
    } else if (word == "extend") {
        message.extends.push_back(parse_extend(place));
    } else if (word == "extensions") {
        message.extensions.push_back(parse_extensions());
    } else if (word == "oneof") {
        message.oneofs.push_back(parse_oneof(place));
    } else {
        parse_field_or_group(word, place, message.fields, message.groups);
    }
}

void ProtoParser::parse_field_or_group(std::string_view first, Place place,
                                       std::vector<ProtoField>& fields,
                                       std::vector<ProtoGroup>& groups) {
    Label label = Label::none;
    if (first == "required") {
        if (syntax_ == Syntax::proto3) {
            return reader_.fail(place, "'required' label forbidden in proto3 field declarations");
        }
        label = Label::required;
    } else if (first == "optional") {
        label = Label::optional;
    } else if (first == "repeated") {
        label = Label::repeated;
    } else if (syntax_ != Syntax::proto3 && (first != "map" || reader_.peek() != '<')) {
        return reader_.fail(place, fmt::format("unexpected label: {}", first));
    }
    std::string type = parse_type(label == Label::none ? first : reader_.word());
    if (label != Label::none && type.starts_with("map<")) {
        return reader_.fail(place, "'map' type cannot have label");
    }
    parse_typed(label, std::move(type), place, fields, groups);
}

void ProtoParser::parse_typed(Label label, std::string type, Place place,
                              std::vector<ProtoField>& fields, std::vector<ProtoGroup>& groups) {
    ProtoField field;
    field.label = label;
    field.place = place;
    field.type = std::move(type);
    field.name = reader_.word();
    reader_.expect('=');
    field.number = reader_.integer();
    if (reader_.peek() == '[') {
        field.options = parse_bracketed_options();
    }
    if (field.type != "group") {
        reader_.expect(';');
        fields.push_back(std::move(field));
        return;
    }
    ProtoGroup group;
    group.body.name = field.name;
    group.body.place = place;
    group.field = std::move(field);
    parse_message_body(group.body);
    groups.push_back(std::move(group));
}

std::string ProtoParser::parse_type(std::string_view first) {
    if (first != "map" || reader_.peek() != '<') {
        return std::string(first);
    }
    reader_.expect('<');
    const std::string_view key = reader_.word();
    reader_.expect(',');
    const std::string_view value = reader_.word();
    reader_.expect('>');
    return fmt::format("map<{}, {}>", key, value);
}

template <class Member>
void ProtoParser::parse_members(const Member& parse_member) {
    while (!reader_.failed() && !reader_.take('}')) {
        if (reader_.take(';')) {
            continue;
        }
        count_member();
        const Place place = reader_.place();
        const std::string_view word = reader_.word();
        if (!reader_.failed()) {
            parse_member(word, place);
        }
    }
}

ProtoOneof ProtoParser::parse_oneof(Place place) {
    ProtoOneof oneof;
    oneof.place = place;
    oneof.name = reader_.word();
    reader_.expect('{');
    parse_members([&](std::string_view word, Place member_place) {
        if (word == "option") {
            oneof.options.push_back(parse_option_statement());
        } else {
            parse_typed(Label::none, parse_type(word), member_place, oneof.fields, oneof.groups);
        }
    });
    return oneof;
}

ProtoExtend ProtoParser::parse_extend(Place place) {
    ProtoExtend extend;
    extend.place = place;
    extend.type = reader_.word();
    reader_.expect('{');
    parse_members([&](std::string_view word, Place member_place) {
        parse_field_or_group(word, member_place, extend.fields, extend.groups);
    });
    return extend;
}

ProtoEnum ProtoParser::parse_enum(Place place) {
    ProtoEnum enumeration;
    enumeration.place = place;
    enumeration.name = reader_.word();
    reader_.expect('{');
    parse_members([&](std::string_view word, Place constant_place) {
        if (word == "option") {
            enumeration.options.push_back(parse_option_statement());
        } else if (word == "reserved") {
            enumeration.reserved.push_back(parse_reserved());
        } else {
            ProtoConstant constant;
            constant.place = constant_place;
            constant.name = word;
            reader_.expect('=');
            constant.number = reader_.integer();
            if (reader_.peek() == '[') {
                constant.options = parse_bracketed_options();
            }
            reader_.expect(';');
            enumeration.constants.push_back(std::move(constant));
        }
    });
    return enumeration;
}

ProtoService ProtoParser::parse_service() {
    ProtoService service;
    service.name = reader_.word();
    reader_.expect('{');
    parse_members([&](std::string_view word, Place member_place) {
        if (word == "option") {
            service.options.push_back(parse_option_statement());
        } else if (word == "rpc") {
            service.methods.push_back(parse_method());
        } else {
            reader_.fail(member_place, fmt::format("unexpected label: {}", word));
        }
    });
    return service;
}

std::string ProtoParser::parse_method_type(bool& streams) {
    reader_.expect('(');
    std::string_view type = reader_.word();
    if (type == "stream" && reader_.peek() != ')') {
        streams = true;
        type = reader_.word();
    }
    reader_.expect(')');
    return std::string(type);
}

ProtoMethod ProtoParser::parse_method() {
    ProtoMethod method;
    method.name = reader_.word();
    method.request = parse_method_type(method.streams_request);
    reader_.peek();
    const Place place = reader_.place();
    if (reader_.word() != "returns") {
        reader_.fail(place, "expected 'returns'");
    }
    method.response = parse_method_type(method.streams_response);
    if (!reader_.take('{')) {
        reader_.expect(';');
        return method;
    }
    parse_members([&](std::string_view word, Place option_place) {
        if (word != "option") {
            reader_.fail(option_place, fmt::format("unexpected label: {}", word));
        }
        method.options.push_back(parse_option_statement());
    });
    return method;
}

ProtoRange ProtoParser::parse_range() {
    ProtoRange range;
    range.first = reader_.integer();
    range.last = range.first;
    const char next = reader_.peek();
    if (next == ',' || next == ';' || next == '[') {
        return range;
    }
    const Place place = reader_.place();
    if (reader_.word() != "to") {
        reader_.fail(place, "expected ',', ';' or 'to'");
        return range;
    }
    range.one_number = false;
    reader_.peek();
    ProtoReader ahead = reader_;
    if (ahead.word() == "max") {
        reader_ = ahead;
        range.last = max_field_number;
    } else {
        range.last = reader_.decimal_integer();  // Parity: no hexadecimal numbers here.
    }
    return range;
}

ProtoReserved ProtoParser::parse_reserved() {
    ProtoReserved reserved;
    do {
        count_member();
        const char next = reader_.peek();
        if (next == '"' || next == '\'') {
            reserved.names.push_back(reader_.quoted());
        } else {
            reserved.ranges.push_back(parse_range());
        }
    } while (!reader_.failed() && reader_.take(','));
    reader_.expect(';');
    return reserved;
}

ProtoExtensions ProtoParser::parse_extensions() {
    ProtoExtensions extensions;
    do {
        count_member();
        extensions.ranges.push_back(parse_range());
    } while (!reader_.failed() && reader_.take(','));
    if (reader_.peek() == '[') {
        extensions.options = parse_bracketed_options();
    }
    reader_.expect(';');
    return extensions;
}

}  // namespace symbolon::compat::protobuf
