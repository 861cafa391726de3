#include "compat/protobuf/proto_descriptor_write.hpp"
#include "compat/protobuf/proto_built_in.hpp"
#include "compat/protobuf/proto_descriptor_options.hpp"
#include "compat/protobuf/proto_options.hpp"
#include "compat/protobuf/proto_validate.hpp"
#include "core/ascii.hpp"
#include "core/limits.hpp"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/stubs/strutil.h>

#include <limits>
#include <set>
#include <string>
#include <utility>

namespace symbolon::compat::protobuf {

namespace {

namespace gp = google::protobuf;

std::string map_entry_name(const std::string& field) {
    if (field.find('_') == std::string::npos) {
        return field + "Entry";
    }
    std::string name;
    bool upper = true;
    for (const char byte : field) {
        if (byte != '_') {
            name += upper ? to_upper_ascii(byte) : byte;
        }
        upper = byte == '_';
    }
    return name + "Entry";
}

// The number of a scalar type; nothing for messages and enums.
std::optional<gp::FieldDescriptorProto::Type> scalar_type(std::string_view word) {
    for (int at = 1; at <= gp::FieldDescriptor::MAX_TYPE; ++at) {
        const auto type = static_cast<gp::FieldDescriptor::Type>(at);
        const bool named = type == gp::FieldDescriptor::TYPE_GROUP ||
                           type == gp::FieldDescriptor::TYPE_MESSAGE ||
                           type == gp::FieldDescriptor::TYPE_ENUM;
        if (!named && word == gp::FieldDescriptor::TypeName(type)) {
            return static_cast<gp::FieldDescriptorProto::Type>(at);
        }
    }
    return std::nullopt;
}

std::optional<gp::FieldDescriptorProto::Label> label_of(Label label) {
    switch (label) {
        case Label::none:
            return std::nullopt;
        case Label::optional:
            return gp::FieldDescriptorProto::LABEL_OPTIONAL;
        case Label::required:
            return gp::FieldDescriptorProto::LABEL_REQUIRED;
        case Label::repeated:
            return gp::FieldDescriptorProto::LABEL_REPEATED;
    }
    return std::nullopt;
}

class DescriptorWriter {
public:
    explicit DescriptorWriter(const ProtoFiles& files) : files_(files), in_(files.root) {
        for (const ProtoReference& reference : files.references) {
            provided_.insert(reference.path);
        }
        for (const BuiltInFile& file : built_in_files()) {
            provided_.insert(file.path);
        }
    }

    gp::FileDescriptorProto write() {
        out_.set_name("default");
        if (!in_.package.empty()) {
            out_.set_package(in_.package);
        }
        if (in_.syntax != Syntax::unwritten) {
            out_.set_syntax(in_.syntax == Syntax::proto2 ? "proto2" : "proto3");
        }
        for (const std::string& path : in_.imports) {
            add_dependency(path);
        }
        for (const std::string& path : in_.public_imports) {
            if (add_dependency(path)) {
                out_.add_public_dependency(out_.dependency_size() - 1);
            }
        }
        if (!in_.options.empty()) {
            write_options(in_.options, in_.package, *out_.mutable_options());
        }
        for (const ProtoMessage& message : in_.messages) {
            write_message(message, in_.package, *out_.add_message_type());
        }
        for (const ProtoEnum& enumeration : in_.enums) {
            write_enum(enumeration, in_.package, *out_.add_enum_type());
        }
        write_extends(in_.extends, in_.package, *out_.mutable_extension());
        for (const ProtoService& service : in_.services) {
            write_service(service, *out_.add_service());
        }
        return std::move(out_);
    }
    bool too_costly() const { return steps_ > limits::check_steps_max; }

private:
    // A file that nobody has provided is left out, and one named again is named once.
    bool add_dependency(const std::string& path) {
        const bool wanted = provided_.erase(path) == 1;
        if (wanted) {
            out_.add_dependency(path);
        }
        return wanted;
    }

    template <class Message>
    void write_options(const ProtoOptions& options, std::string_view scope, Message& out) {
        if (too_costly()) {
            return;
        }
        ProtoOptions normalized = options;
        normalize_options(normalized, scope, files_.names, steps_);
        write_descriptor_options(normalized, out);
    }

    void write_type(std::string_view type, std::string_view scope, gp::FieldDescriptorProto& out) {
        if (const auto scalar = scalar_type(type)) {
            out.set_type(*scalar);
            return;
        }
        out.set_type_name(std::string(type));
        if (too_costly()) {
            return;
        }
        if (const auto found = files_.names.find(scope, type, ProtoNames::Wanted::type, steps_)) {
            out.set_type(found->what.enumeration != nullptr
                             ? gp::FieldDescriptorProto::TYPE_ENUM
                             : gp::FieldDescriptorProto::TYPE_MESSAGE);
        }
    }

    void write_field(const ProtoField& field, std::string_view scope,
                     gp::FieldDescriptorProto& out) {
        out.set_name(field.name);
        out.set_number(field.number);
        if (const auto label = label_of(field.label)) {
            out.set_label(*label);
        }
        ProtoOptions options;
        for (const ProtoOption& option : field.options) {
            if (!option.custom && option.name == "default") {
                out.set_default_value(option.value.text);
            } else if (!option.custom && option.name == "json_name") {
                out.set_json_name(option.value.text);
            } else {
                options.push_back(option);
            }
        }
        gp::FieldOptions written;
        write_options(options, scope, written);
        if (written.ByteSizeLong() > 0) {
            *out.mutable_options() = std::move(written);
        }
        if (!find_map_types(field.type)) {
            write_type(field.type, scope, out);
        }
    }

    void write_map(const ProtoField& field, const MapTypes& types, std::string_view scope,
                   gp::FieldDescriptorProto& out, gp::DescriptorProto& owner) {
        out.set_label(gp::FieldDescriptorProto::LABEL_REPEATED);
        out.set_type_name(map_entry_name(field.name));
        gp::DescriptorProto& entry = *owner.add_nested_type();
        entry.set_name(out.type_name());
        entry.mutable_options()->set_map_entry(true);
        gp::FieldDescriptorProto& key = *entry.add_field();
        key.set_name("key");
        key.set_number(1);
        write_type(types.key, scope, key);
        gp::FieldDescriptorProto& value = *entry.add_field();
        value.set_name("value");
        value.set_number(2);
        write_type(types.value, scope, value);
    }

    void write_oneof(const ProtoOneof& oneof, const std::string& scope, gp::DescriptorProto& out) {
        const int index = out.oneof_decl_size();
        gp::OneofDescriptorProto& declaration = *out.add_oneof_decl();
        declaration.set_name(oneof.name);
        write_options(oneof.options, scope, *declaration.mutable_options());
        for (const ProtoField& field : oneof.fields) {
            gp::FieldDescriptorProto& member = *out.add_field();
            write_field(field, scope, member);
            member.set_label(gp::FieldDescriptorProto::LABEL_OPTIONAL);
            member.set_oneof_index(index);
        }
    }

    void write_message(const ProtoMessage& message, std::string_view outer,
                       gp::DescriptorProto& out) {
        const std::string scope = join_names(outer, message.name);
        out.set_name(message.name);
        for (const ProtoOneof& oneof : message.oneofs) {
            write_oneof(oneof, scope, out);
        }
        for (const ProtoField& field : message.fields) {
            gp::FieldDescriptorProto& member = *out.add_field();
            write_field(field, scope, member);
            if (const auto types = find_map_types(field.type)) {
                write_map(field, *types, scope, member, out);
            }
            if (in_.syntax == Syntax::proto3 && field.label == Label::optional) {
                member.set_proto3_optional(true);
                member.set_oneof_index(out.oneof_decl_size());
                gp::OneofDescriptorProto& synthetic = *out.add_oneof_decl();
                synthetic.set_name("_" + field.name);
                synthetic.mutable_options();
            }
        }
        for (const ProtoMessage& nested : message.messages) {
            write_message(nested, scope, *out.add_nested_type());
        }
        for (const ProtoEnum& nested : message.enums) {
            write_enum(nested, scope, *out.add_enum_type());
        }
        write_extends(message.extends, scope, *out.mutable_extension());
        for (const ProtoExtensions& extensions : message.extensions) {
            for (const ProtoRange& range : extensions.ranges) {
                gp::DescriptorProto::ExtensionRange& written = *out.add_extension_range();
                written.set_start(range.first);
                written.set_end(end_of(range));
                write_options(extensions.options, scope, *written.mutable_options());
            }
        }
        for (const ProtoReserved& reserved : message.reserved) {
            for (const ProtoRange& range : reserved.ranges) {
                gp::DescriptorProto::ReservedRange& written = *out.add_reserved_range();
                written.set_start(range.first);
                written.set_end(end_of(range));
            }
            for (const std::string& name : reserved.names) {
                out.add_reserved_name(name);
            }
        }
        if (!message.options.empty()) {
            write_options(message.options, scope, *out.mutable_options());
            drop_if_empty(*out.mutable_options(), out);
        }
    }

    static std::int32_t end_of(const ProtoRange& range) {
        return range.last == std::numeric_limits<std::int32_t>::max() ? range.last : range.last + 1;
    }
    // Options of which nothing is left are as good as none.
    template <class Options, class Owner>
    static void drop_if_empty(const Options& options, Owner& owner) {
        if (options.ByteSizeLong() == 0) {
            owner.clear_options();
        }
    }

    void write_enum(const ProtoEnum& enumeration, std::string_view outer,
                    gp::EnumDescriptorProto& out) {
        const std::string scope = join_names(outer, enumeration.name);
        out.set_name(enumeration.name);
        for (const ProtoConstant& constant : enumeration.constants) {
            gp::EnumValueDescriptorProto& value = *out.add_value();
            value.set_name(constant.name);
            value.set_number(constant.number);
            if (!constant.options.empty()) {
                write_options(constant.options, scope, *value.mutable_options());
                drop_if_empty(value.options(), value);
            }
        }
        for (const ProtoReserved& reserved : enumeration.reserved) {
            for (const ProtoRange& range : reserved.ranges) {
                gp::EnumDescriptorProto::EnumReservedRange& written = *out.add_reserved_range();
                written.set_start(range.first);
                written.set_end(range.last);
            }
            for (const std::string& name : reserved.names) {
                out.add_reserved_name(name);
            }
        }
        if (!enumeration.options.empty()) {
            write_options(enumeration.options, scope, *out.mutable_options());
            drop_if_empty(out.options(), out);
        }
    }

    template <class Fields>
    void write_extends(const std::vector<ProtoExtend>& extends, std::string_view scope,
                       Fields& out) {
        for (const ProtoExtend& extend : extends) {
            for (const ProtoField& field : extend.fields) {
                gp::FieldDescriptorProto& extension = *out.Add();
                write_field(field, scope, extension);
                extension.set_extendee(extend.type);
            }
        }
    }

    void write_service(const ProtoService& service, gp::ServiceDescriptorProto& out) {
        const std::string scope = join_names(in_.package, service.name);
        out.set_name(service.name);
        for (const ProtoMethod& method : service.methods) {
            gp::MethodDescriptorProto& written = *out.add_method();
            written.set_name(method.name);
            written.set_input_type(method.request);
            written.set_output_type(method.response);
            written.set_client_streaming(method.streams_request);
            written.set_server_streaming(method.streams_response);
            if (!method.options.empty()) {
                write_options(method.options, scope, *written.mutable_options());
                drop_if_empty(written.options(), written);
            }
        }
        if (!service.options.empty()) {
            write_options(service.options, scope, *out.mutable_options());
            drop_if_empty(out.options(), out);
        }
    }

    const ProtoFiles& files_;
    const ProtoFile& in_;
    gp::FileDescriptorProto out_;
    std::set<std::string> provided_;  ///< paths of files that can be depended on
    std::uint64_t steps_ = 0;
};

}  // namespace

Result<std::string> write_base64_descriptor(const ProtoFiles& files) {
    SYMBOLON_CHECK(validate_proto(files));
    DescriptorWriter writer(files);
    const gp::FileDescriptorProto file = writer.write();
    if (writer.too_costly() || file.ByteSizeLong() > limits::schema_text_bytes_max / 2) {
        return failure(make_error(ErrorCode::check_too_costly,
                                  "The schema is too large for a serialised descriptor"));
    }
    std::string base64;
    gp::Base64Escape(file.SerializePartialAsString(), &base64);
    return base64;
}

}  // namespace symbolon::compat::protobuf
