#include "compat/protobuf/proto_descriptor_options.hpp"

#include "compat/protobuf/proto_built_in.hpp"

#include <fmt/format.h>
#include <google/protobuf/compiler/parser.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::compat::protobuf {

namespace {

namespace gp = google::protobuf;

// Editions are newer than Debian's libprotobuf; descriptors of them may come all the same.
constexpr std::string_view feature_set_text = R"(syntax = "proto2";
message FeatureSet {
  enum FieldPresence {
    FIELD_PRESENCE_UNKNOWN = 0; EXPLICIT = 1; IMPLICIT = 2; LEGACY_REQUIRED = 3;
  }
  enum EnumType { ENUM_TYPE_UNKNOWN = 0; OPEN = 1; CLOSED = 2; }
  enum RepeatedFieldEncoding {
    REPEATED_FIELD_ENCODING_UNKNOWN = 0; PACKED = 1; EXPANDED = 2;
  }
  enum Utf8Validation { UTF8_VALIDATION_UNKNOWN = 0; VERIFY = 2; NONE = 3; }
  enum MessageEncoding { MESSAGE_ENCODING_UNKNOWN = 0; LENGTH_PREFIXED = 1; DELIMITED = 2; }
  enum JsonFormat { JSON_FORMAT_UNKNOWN = 0; ALLOW = 1; LEGACY_BEST_EFFORT = 2; }
  optional FieldPresence field_presence = 1;
  optional EnumType enum_type = 2;
  optional RepeatedFieldEncoding repeated_field_encoding = 3;
  optional Utf8Validation utf8_validation = 4;
  optional MessageEncoding message_encoding = 5;
  optional JsonFormat json_format = 6;
}
)";

constexpr std::array feature_fields{
    std::pair{"FileOptions", 50},     std::pair{"MessageOptions", 12},
    std::pair{"FieldOptions", 21},    std::pair{"OneofOptions", 1},
    std::pair{"EnumOptions", 7},      std::pair{"EnumValueOptions", 2},
    std::pair{"ServiceOptions", 34},  std::pair{"MethodOptions", 35},
};

gp::FileDescriptorProto parse_with_library(std::string_view text) {
    gp::io::ArrayInputStream in(text.data(), static_cast<int>(text.size()));
    gp::io::Tokenizer tokenizer(&in, nullptr);
    gp::compiler::Parser parser;
    gp::FileDescriptorProto file;
    parser.Parse(&tokenizer, &file);
    return file;
}

void add_features(gp::FileDescriptorProto& descriptor_file) {
    const gp::FileDescriptorProto features = parse_with_library(feature_set_text);
    descriptor_file.mutable_message_type()->MergeFrom(features.message_type());
    for (gp::DescriptorProto& message : *descriptor_file.mutable_message_type()) {
        for (const auto& [name, number] : feature_fields) {
            if (message.name() == name) {
                gp::FieldDescriptorProto& field = *message.add_field();
                field.set_name("features");
                field.set_number(number);
                field.set_label(gp::FieldDescriptorProto::LABEL_OPTIONAL);
                field.set_type(gp::FieldDescriptorProto::TYPE_MESSAGE);
                field.set_type_name(".google.protobuf.FeatureSet");
            }
        }
    }
}

/// The option messages with the extensions that every schema can use.
class OptionTypes {
public:
    OptionTypes() : factory_(&pool_) {
        gp::FileDescriptorProto file;
        gp::FileDescriptorProto::descriptor()->file()->CopyTo(&file);
        add_features(file);
        pool_.BuildFile(file);
        for (const auto& [path, text] : built_in_texts()) {
            if (path == "confluent/meta.proto") {
                gp::FileDescriptorProto meta = parse_with_library(text);
                meta.set_name(std::string(path));
                pool_.BuildFile(meta);
            }
        }
    }

    std::unique_ptr<gp::Message> make(const std::string& full_name) {
        const gp::Descriptor* type = pool_.FindMessageTypeByName(full_name);
        return type == nullptr
                   ? nullptr
                   : std::unique_ptr<gp::Message>(factory_.GetPrototype(type)->New());
    }

private:
    gp::DescriptorPool pool_;
    gp::DynamicMessageFactory factory_;
};

OptionValue value_of(std::string text, OptionValue::Kind kind) {
    OptionValue value;
    value.kind = kind;
    value.text = std::move(text);
    return value;
}

OptionValue read_message_value(const gp::Message& message);

// One value of a field; `at` is its position where the field is repeated, else -1.
OptionValue read_one_value(const gp::Message& message, const gp::FieldDescriptor& field, int at) {
    const gp::Reflection& r = *message.GetReflection();
    const auto pick = [&](auto single, auto repeated) {
        return at < 0 ? (r.*single)(message, &field) : (r.*repeated)(message, &field, at);
    };
    using Field = gp::FieldDescriptor;
    using Reflect = gp::Reflection;
    constexpr auto number = OptionValue::Kind::number;
    switch (field.cpp_type()) {
        case Field::CPPTYPE_INT32:
            return value_of(std::to_string(pick(&Reflect::GetInt32, &Reflect::GetRepeatedInt32)),
                            number);
        case Field::CPPTYPE_INT64:
            return value_of(std::to_string(pick(&Reflect::GetInt64, &Reflect::GetRepeatedInt64)),
                            number);
        case Field::CPPTYPE_UINT32:
            return value_of(std::to_string(pick(&Reflect::GetUInt32, &Reflect::GetRepeatedUInt32)),
                            number);
        case Field::CPPTYPE_UINT64:
            return value_of(std::to_string(pick(&Reflect::GetUInt64, &Reflect::GetRepeatedUInt64)),
                            number);
        case Field::CPPTYPE_DOUBLE:
            return value_of(
                fmt::format("{}", pick(&Reflect::GetDouble, &Reflect::GetRepeatedDouble)), number);
        case Field::CPPTYPE_FLOAT:
            return value_of(fmt::format("{}", pick(&Reflect::GetFloat, &Reflect::GetRepeatedFloat)),
                            number);
        case Field::CPPTYPE_BOOL:
            return value_of(
                pick(&Reflect::GetBool, &Reflect::GetRepeatedBool) ? "true" : "false",
                OptionValue::Kind::word);
        case Field::CPPTYPE_ENUM:
            return value_of(pick(&Reflect::GetEnum, &Reflect::GetRepeatedEnum)->name(),
                            OptionValue::Kind::word);
        case Field::CPPTYPE_STRING:
            return value_of(pick(&Reflect::GetString, &Reflect::GetRepeatedString),
                            OptionValue::Kind::text);
        case Field::CPPTYPE_MESSAGE:
            return read_message_value(at < 0 ? r.GetMessage(message, &field)
                                             : r.GetRepeatedMessage(message, &field, at));
    }
    return {};
}

OptionValue read_value(const gp::Message& message, const gp::FieldDescriptor& field) {
    if (!field.is_repeated()) {
        return read_one_value(message, field, -1);
    }
    OptionValue list;
    list.kind = OptionValue::Kind::list;
    for (int at = 0; at < message.GetReflection()->FieldSize(message, &field); ++at) {
        list.entries.push_back({{}, read_one_value(message, field, at)});
    }
    return list;
}

OptionValue read_message_value(const gp::Message& message) {
    OptionValue map;
    map.kind = OptionValue::Kind::map;
    std::vector<const gp::FieldDescriptor*> fields;
    message.GetReflection()->ListFields(message, &fields);
    for (const gp::FieldDescriptor* field : fields) {
        map.entries.push_back({field->name(), read_value(message, *field)});
    }
    return map;
}

}  // namespace

ProtoOptions read_descriptor_options(const gp::Message& options) {
    static OptionTypes types;
    ProtoOptions out;
    if (options.ByteSizeLong() == 0) {
        return out;
    }
    const auto known = types.make(options.GetDescriptor()->full_name());
    if (known == nullptr || !known->ParsePartialFromString(options.SerializePartialAsString())) {
        return out;
    }
    std::vector<const gp::FieldDescriptor*> fields;
    known->GetReflection()->ListFields(*known, &fields);
    for (const gp::FieldDescriptor* field : fields) {
        if (field->name() == "uninterpreted_option") {
            continue;
        }
        ProtoOption option;
        option.custom = field->is_extension();
        option.name = option.custom ? field->full_name() : field->name();
        option.value = read_value(*known, *field);
        out.push_back(std::move(option));
    }
    return out;
}

}  // namespace symbolon::compat::protobuf
