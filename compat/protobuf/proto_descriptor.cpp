#include "compat/protobuf/proto_descriptor.hpp"

#include "compat/protobuf/proto_descriptor_options.hpp"
#include "compat/protobuf/proto_parse.hpp"
#include "compat/protobuf/proto_print.hpp"
#include "core/limits.hpp"

#include <google/protobuf/any.pb.h>
#include <google/protobuf/api.pb.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/empty.pb.h>
#include <google/protobuf/field_mask.pb.h>
#include <google/protobuf/source_context.pb.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/stubs/strutil.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/type.pb.h>
#include <google/protobuf/wrappers.pb.h>

#include <algorithm>
#include <string>
#include <utility>

namespace symbolon::compat::protobuf {

namespace {

namespace gp = google::protobuf;

// The word of a scalar type; empty for messages, groups and enums.
std::string_view scalar_word(gp::FieldDescriptorProto::Type type) {
    using Field = gp::FieldDescriptorProto;
    switch (type) {
        case Field::TYPE_MESSAGE:
        case Field::TYPE_GROUP:
        case Field::TYPE_ENUM:
            return "";
        default:
            return gp::FieldDescriptor::TypeName(static_cast<gp::FieldDescriptor::Type>(type));
    }
}

// Why not libprotobuf's own function: it ends the process's work by an exception on bad escapes.
std::string unescape_bytes(const std::string& text) {
    std::string literal = "\"";
    bool escaped = false;
    for (const char byte : text) {
        literal += byte == '"' && !escaped ? "\\\"" : std::string(1, byte);
        escaped = byte == '\\' && !escaped;
    }
    literal += '"';
    return ProtoReader(literal).quoted();
}

// Such as -7, 1e+9, inf.
bool is_number_word(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of(
               "+-.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") ==
               std::string_view::npos;
}

OptionValue read_default(const gp::FieldDescriptorProto& field) {
    OptionValue value;
    const std::string& text = field.default_value();
    switch (field.type()) {
        case gp::FieldDescriptorProto::TYPE_STRING:
            value.kind = OptionValue::Kind::text;
            value.text = text;
            break;
        case gp::FieldDescriptorProto::TYPE_BYTES:
            value.kind = OptionValue::Kind::text;
            value.text = unescape_bytes(text);
            break;
        case gp::FieldDescriptorProto::TYPE_ENUM:
        case gp::FieldDescriptorProto::TYPE_BOOL:
            value.text = text;
            break;
        default:
            // What is no number is kept as it came; check_fields tells that it is none.
            value.kind = is_number_word(text) ? OptionValue::Kind::number : OptionValue::Kind::text;
            value.text = text;
    }
    return value;
}

void add_option(ProtoOptions& options, std::string name, OptionValue value) {
    ProtoOption option;
    option.name = std::move(name);
    option.value = std::move(value);
    options.push_back(std::move(option));
}

class DescriptorReader {
public:
    explicit DescriptorReader(const gp::FileDescriptorProto& in)
        : in_(in), proto3_(in.syntax() == "proto3") {}

    ProtoFile read() const {
        ProtoFile file;
        file.syntax = proto3_ ? Syntax::proto3 : Syntax::unwritten;
        file.package = in_.package();
        for (int at = 0; at < in_.dependency_size(); ++at) {
            const auto& publics = in_.public_dependency();
            const bool is_public = std::find(publics.begin(), publics.end(), at) != publics.end();
            (is_public ? file.public_imports : file.imports).push_back(in_.dependency(at));
        }
        file.options = read_descriptor_options(in_.options());
        for (const auto& message : in_.message_type()) {
            file.messages.push_back(read_message(message));
        }
        for (const auto& enumeration : in_.enum_type()) {
            file.enums.push_back(read_enum(enumeration));
        }
        file.extends = read_extends(in_.extension());
        for (const auto& service : in_.service()) {
            file.services.push_back(read_service(service));
        }
        return file;
    }

private:
    ProtoField read_field(const gp::FieldDescriptorProto& in) const {
        ProtoField field;
        field.name = in.name();
        field.number = in.number();
        field.type = scalar_word(in.type());
        if (field.type.empty() || !in.type_name().empty()) {
            field.type = in.type_name();
        }
        if (in.label() == gp::FieldDescriptorProto::LABEL_REPEATED) {
            field.label = Label::repeated;
        } else if (in.label() == gp::FieldDescriptorProto::LABEL_REQUIRED) {
            field.label = Label::required;
        } else if ((!proto3_ && !in.has_oneof_index()) || in.proto3_optional()) {
            field.label = Label::optional;
        }
        field.options = read_descriptor_options(in.options());
        if (in.has_default_value()) {
            add_option(field.options, "default", read_default(in));
        }
        if (in.has_json_name()) {
            OptionValue value;
            value.kind = OptionValue::Kind::text;
            value.text = in.json_name();
            add_option(field.options, "json_name", std::move(value));
        }
        return field;
    }

    template <class Ranges>
    static void read_ranges(const Ranges& ranges, std::int32_t end_is_outside,
                            std::vector<ProtoReserved>& out) {
        for (const auto& range : ranges) {
            ProtoReserved reserved;
            const std::int32_t last = range.end() - end_is_outside;
            reserved.ranges.push_back({range.start(), last, range.start() == last});
            out.push_back(std::move(reserved));
        }
    }
    template <class Names>
    static void read_names(const Names& names, std::vector<ProtoReserved>& out) {
        for (const std::string& name : names) {
            ProtoReserved reserved;
            reserved.names.push_back(name);
            out.push_back(std::move(reserved));
        }
    }

    ProtoMessage read_message(const gp::DescriptorProto& in) const {
        ProtoMessage message;
        message.name = in.name();
        read_ranges(in.reserved_range(), 1, message.reserved);
        read_names(in.reserved_name(), message.reserved);
        message.options = read_descriptor_options(in.options());
        for (const auto& oneof_in : in.oneof_decl()) {
            ProtoOneof oneof;
            oneof.name = oneof_in.name();
            oneof.options = read_descriptor_options(oneof_in.options());
            message.oneofs.push_back(std::move(oneof));
        }
        for (const auto& field : in.field()) {
            const bool in_oneof = field.has_oneof_index() && !field.proto3_optional() &&
                                  field.oneof_index() >= 0 &&
                                  field.oneof_index() < in.oneof_decl_size();
            auto& fields =
                in_oneof ? message.oneofs[static_cast<std::size_t>(field.oneof_index())].fields
                         : message.fields;
            fields.push_back(read_field(field));
        }
        // What is left empty was made for a proto3 optional field.
        std::erase_if(message.oneofs, [](const auto& oneof) { return oneof.fields.empty(); });
        for (const auto& range : in.extension_range()) {
            const std::int32_t last = range.end() - 1;
            message.extensions.push_back({{{range.start(), last, range.start() == last}},
                                          read_descriptor_options(range.options())});
        }
        message.extends = read_extends(in.extension());
        for (const auto& nested : in.nested_type()) {
            message.messages.push_back(read_message(nested));
        }
        for (const auto& nested : in.enum_type()) {
            message.enums.push_back(read_enum(nested));
        }
        return message;
    }

    static ProtoEnum read_enum(const gp::EnumDescriptorProto& in) {
        ProtoEnum enumeration;
        enumeration.name = in.name();
        read_ranges(in.reserved_range(), 0, enumeration.reserved);
        read_names(in.reserved_name(), enumeration.reserved);
        enumeration.options = read_descriptor_options(in.options());
        for (const auto& value : in.value()) {
            ProtoConstant constant;
            constant.name = value.name();
            constant.number = value.number();
            constant.options = read_descriptor_options(value.options());
            enumeration.constants.push_back(std::move(constant));
        }
        return enumeration;
    }

    template <class Fields>
    std::vector<ProtoExtend> read_extends(const Fields& fields) const {
        std::vector<ProtoExtend> extends;
        for (const auto& field : fields) {
            if (extends.empty() || extends.back().type != field.extendee()) {
                ProtoExtend extend;
                extend.type = field.extendee();
                extends.push_back(std::move(extend));
            }
            extends.back().fields.push_back(read_field(field));
        }
        return extends;
    }

    static ProtoService read_service(const gp::ServiceDescriptorProto& in) {
        ProtoService service;
        service.name = in.name();
        service.options = read_descriptor_options(in.options());
        for (const auto& method_in : in.method()) {
            ProtoMethod method;
            method.name = method_in.name();
            method.request = method_in.input_type();
            method.response = method_in.output_type();
            method.streams_request = method_in.client_streaming();
            method.streams_response = method_in.server_streaming();
            method.options = read_descriptor_options(method_in.options());
            service.methods.push_back(std::move(method));
        }
        return service;
    }

    const gp::FileDescriptorProto& in_;
    const bool proto3_;
};

BuiltInFile read_library_file(const gp::Descriptor& type) {
    gp::FileDescriptorProto file;
    type.file()->CopyTo(&file);
    return {file.name(), DescriptorReader(file).read()};
}

}  // namespace

std::optional<ProtoFile> parse_base64_descriptor(std::string_view text) {
    // libprotobuf writes what it finds wrong to stderr, which belongs to the server's log.
    [[maybe_unused]] static const auto silenced = gp::SetLogHandler(nullptr);
    std::string bytes;
    gp::FileDescriptorProto file;
    if (text.empty() || !gp::Base64Unescape(gp::StringPiece(text.data(), text.size()), &bytes) ||
        !file.ParsePartialFromString(bytes)) {
        return std::nullopt;
    }
    // Why by way of text: the parser's bounds and rules hold for descriptors too, and what is
    // stored can be read again.
    const auto printed = print_proto(DescriptorReader(file).read(), OptionOrder::default_last);
    if (!printed) {
        return std::nullopt;
    }
    auto parsed = parse_proto_text(*printed);
    if (!parsed) {
        return std::nullopt;
    }
    const auto again = print_proto(*parsed, OptionOrder::default_last);
    return again && *again == *printed ? std::optional(std::move(*parsed)) : std::nullopt;
}

std::vector<BuiltInFile> read_library_files() {
    std::vector<BuiltInFile> files;
    for (const gp::Descriptor* type :
         {gp::Any::descriptor(), gp::Api::descriptor(), gp::FileDescriptorProto::descriptor(),
          gp::Duration::descriptor(), gp::Empty::descriptor(), gp::FieldMask::descriptor(),
          gp::SourceContext::descriptor(), gp::Struct::descriptor(), gp::Timestamp::descriptor(),
          gp::Type::descriptor(), gp::FloatValue::descriptor()}) {
        files.push_back(read_library_file(*type));
    }
    return files;
}

}  // namespace symbolon::compat::protobuf
