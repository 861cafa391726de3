#include "compat/protobuf/proto_strip.hpp"

#include <string_view>
#include <utility>

namespace symbolon::compat::protobuf {

namespace {

void strip_options(ProtoOptions& options) {
    std::erase_if(options, [](const ProtoOption& option) {
        const std::string_view name = option.name;
        const bool confluent = name.starts_with("confluent.") || name.starts_with(".confluent.");
        return option.custom && !confluent;
    });
}

void strip_fields(std::vector<ProtoField>& fields) {
    for (ProtoField& field : fields) {
        strip_options(field.options);
    }
}

void strip_enum(ProtoEnum& enumeration) {
    strip_options(enumeration.options);
    for (ProtoConstant& constant : enumeration.constants) {
        strip_options(constant.options);
    }
}

void strip_message(ProtoMessage& message);

void strip_groups(std::vector<ProtoGroup>& groups) {
    for (ProtoGroup& group : groups) {
        strip_options(group.field.options);
        strip_message(group.body);
    }
}

void strip_message(ProtoMessage& message) {
    message.extends.clear();
    message.extensions.clear();
    strip_options(message.options);
    strip_fields(message.fields);
    strip_groups(message.groups);
    for (ProtoOneof& oneof : message.oneofs) {
        strip_options(oneof.options);
        strip_fields(oneof.fields);
        strip_groups(oneof.groups);
    }
    for (ProtoMessage& nested : message.messages) {
        strip_message(nested);
    }
    for (ProtoEnum& nested : message.enums) {
        strip_enum(nested);
    }
}

}  // namespace

ProtoFile without_extensions(ProtoFile file) {
    file.extends.clear();
    strip_options(file.options);
    for (ProtoMessage& message : file.messages) {
        strip_message(message);
    }
    for (ProtoEnum& enumeration : file.enums) {
        strip_enum(enumeration);
    }
    for (ProtoService& service : file.services) {
        strip_options(service.options);
        for (ProtoMethod& method : service.methods) {
            strip_options(method.options);
        }
    }
    return file;
}

}  // namespace symbolon::compat::protobuf
