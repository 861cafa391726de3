#include "compat/protobuf/proto_descriptor_options.hpp"

#include "compat/protobuf/proto_options.hpp"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace symbolon::compat::protobuf {

namespace {

namespace gp = google::protobuf;

// Editions are newer than Debian's libprotobuf; descriptors of them may come all the same.
struct FeatureRow {
    const char* field;
    const char* type;
    int number;
    std::array<std::pair<const char*, int>, 3> constants;
};
constexpr std::array feature_rows{
    FeatureRow{"field_presence",
               "FieldPresence",
               1,
               {{{"EXPLICIT", 1}, {"IMPLICIT", 2}, {"LEGACY_REQUIRED", 3}}}},
    FeatureRow{"enum_type", "EnumType", 2, {{{"OPEN", 1}, {"CLOSED", 2}, {}}}},
    FeatureRow{"repeated_field_encoding",
               "RepeatedFieldEncoding",
               3,
               {{{"PACKED", 1}, {"EXPANDED", 2}, {}}}},
    FeatureRow{"utf8_validation", "Utf8Validation", 4, {{{"VERIFY", 2}, {"NONE", 3}, {}}}},
    FeatureRow{
        "message_encoding", "MessageEncoding", 5, {{{"LENGTH_PREFIXED", 1}, {"DELIMITED", 2}, {}}}},
    FeatureRow{"json_format", "JsonFormat", 6, {{{"ALLOW", 1}, {"LEGACY_BEST_EFFORT", 2}, {}}}},
};
// Where options hold features.
constexpr std::array feature_fields{
    std::pair{"FileOptions", 50},    std::pair{"MessageOptions", 12},
    std::pair{"FieldOptions", 21},   std::pair{"OneofOptions", 1},
    std::pair{"EnumOptions", 7},     std::pair{"EnumValueOptions", 2},
    std::pair{"ServiceOptions", 34}, std::pair{"MethodOptions", 35},
};

constexpr auto optional_label = gp::FieldDescriptorProto::LABEL_OPTIONAL;
constexpr auto repeated_label = gp::FieldDescriptorProto::LABEL_REPEATED;

// A field of a message, an enum, or a string where `type` is empty.
void set_field(gp::FieldDescriptorProto& field, const char* name, int number,
               gp::FieldDescriptorProto::Label label, const std::string& type = {}) {
    field.set_name(name);
    field.set_number(number);
    field.set_label(label);
    if (type.empty()) {
        field.set_type(gp::FieldDescriptorProto::TYPE_STRING);
    } else {
        field.set_type_name(type);
    }
}

void add_features(gp::FileDescriptorProto& descriptor_file) {
    gp::DescriptorProto features;
    features.set_name("FeatureSet");
    for (const FeatureRow& row : feature_rows) {
        gp::EnumDescriptorProto& enumeration = *features.add_enum_type();
        enumeration.set_name(row.type);
        gp::EnumValueDescriptorProto& unknown = *enumeration.add_value();
        unknown.set_name(std::string("UNKNOWN_") + row.type);
        unknown.set_number(0);
        for (const auto& [name, number] : row.constants) {
            if (name != nullptr) {
                gp::EnumValueDescriptorProto& constant = *enumeration.add_value();
                constant.set_name(name);
                constant.set_number(number);
            }
        }
        set_field(*features.add_field(), row.field, row.number, optional_label,
                  std::string(".google.protobuf.FeatureSet.") + row.type);
    }
    for (gp::DescriptorProto& message : *descriptor_file.mutable_message_type()) {
        for (const auto& [name, number] : feature_fields) {
            if (message.name() == name) {
                set_field(*message.add_field(), "features", number, optional_label,
                          ".google.protobuf.FeatureSet");
            }
        }
    }
    *descriptor_file.add_message_type() = std::move(features);
}

// confluent/meta.proto, of which a test says that it is the one in built_in_texts().
gp::FileDescriptorProto meta_file() {
    constexpr int extension_number = 1088;
    gp::FileDescriptorProto file;
    file.set_name("confluent/meta.proto");
    file.set_package("confluent");
    file.set_syntax("proto3");
    file.add_dependency("google/protobuf/descriptor.proto");
    gp::DescriptorProto& meta = *file.add_message_type();
    meta.set_name("Meta");
    set_field(*meta.add_field(), "doc", 1, optional_label);
    set_field(*meta.add_field(), "params", 2, repeated_label, ".confluent.Meta.ParamsEntry");
    set_field(*meta.add_field(), "tags", 3, repeated_label);
    set_field(*meta.add_field(), "rules", 4, repeated_label, ".confluent.Rule");
    gp::DescriptorProto& entry = *meta.add_nested_type();
    entry.set_name("ParamsEntry");
    entry.mutable_options()->set_map_entry(true);
    set_field(*entry.add_field(), "key", 1, optional_label);
    set_field(*entry.add_field(), "value", 2, optional_label);
    gp::DescriptorProto& rule = *file.add_message_type();
    rule.set_name("Rule");
    int number = 0;
    for (const char* name : {"name", "doc", "expr", "sql"}) {
        set_field(*rule.add_field(), name, ++number, optional_label);
    }
    for (const auto& [name, extended] :
         {std::pair{"file_meta", "FileOptions"}, std::pair{"message_meta", "MessageOptions"},
          std::pair{"field_meta", "FieldOptions"}, std::pair{"enum_meta", "EnumOptions"},
          std::pair{"enum_value_meta", "EnumValueOptions"}}) {
        gp::FieldDescriptorProto& extension = *file.add_extension();
        set_field(extension, name, extension_number, optional_label, ".confluent.Meta");
        extension.set_extendee(std::string(".google.protobuf.") + extended);
    }
    return file;
}

/// The option messages with the extensions that every schema can use.
class OptionTypes {
public:
    OptionTypes() : factory_(&pool_) {
        gp::FileDescriptorProto file;
        gp::FileDescriptorProto::descriptor()->file()->CopyTo(&file);
        add_features(file);
        pool_.BuildFile(file);
        pool_.BuildFile(meta_file());
    }

    const gp::FieldDescriptor* find_extension(const std::string& full_name) const {
        return pool_.FindExtensionByName(full_name);
    }
    std::unique_ptr<gp::Message> make(const std::string& full_name) {
        const gp::Descriptor* type = pool_.FindMessageTypeByName(full_name);
        return type == nullptr ? nullptr
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
            return value_of(pick(&Reflect::GetBool, &Reflect::GetRepeatedBool) ? "true" : "false",
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

OptionTypes& option_types() {
    static OptionTypes types;
    return types;
}

template <class Number>
bool read_number(const OptionValue& value, Number& out) {
    const std::string text =
        value.kind == OptionValue::Kind::number ? plain_number(value.text) : value.text;
    if constexpr (std::is_floating_point_v<Number>) {
        out = static_cast<Number>(std::strtod(text.c_str(), nullptr));
        return true;
    } else {
        const char* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, out);
        return read.ec == std::errc() && read.ptr == end;
    }
}

void write_message_value(const OptionValue& value, gp::Message& out);

// Sets or adds one value; what does not fit the field's type is dropped.
void write_one_value(const OptionValue& value, const gp::FieldDescriptor& field, gp::Message& out) {
    const gp::Reflection& r = *out.GetReflection();
    const auto put = [&](auto set, auto add, const auto& what) {
        if (field.is_repeated()) {
            (r.*add)(&out, &field, what);
        } else {
            (r.*set)(&out, &field, what);
        }
    };
    const auto put_number = [&](auto number, auto set, auto add) {
        if (read_number(value, number)) {
            put(set, add, number);
        }
    };
    using Field = gp::FieldDescriptor;
    using Reflect = gp::Reflection;
    switch (field.cpp_type()) {
        case Field::CPPTYPE_INT32:
            return put_number(std::int32_t(), &Reflect::SetInt32, &Reflect::AddInt32);
        case Field::CPPTYPE_INT64:
            return put_number(std::int64_t(), &Reflect::SetInt64, &Reflect::AddInt64);
        case Field::CPPTYPE_UINT32:
            return put_number(std::uint32_t(), &Reflect::SetUInt32, &Reflect::AddUInt32);
        case Field::CPPTYPE_UINT64:
            return put_number(std::uint64_t(), &Reflect::SetUInt64, &Reflect::AddUInt64);
        case Field::CPPTYPE_DOUBLE:
            return put_number(double(), &Reflect::SetDouble, &Reflect::AddDouble);
        case Field::CPPTYPE_FLOAT:
            return put_number(float(), &Reflect::SetFloat, &Reflect::AddFloat);
        case Field::CPPTYPE_BOOL:
            return put(&Reflect::SetBool, &Reflect::AddBool, value.text == "true");
        case Field::CPPTYPE_ENUM:
            if (const auto* word = field.enum_type()->FindValueByName(value.text)) {
                put(&Reflect::SetEnum, &Reflect::AddEnum, word);
            }
            return;
        case Field::CPPTYPE_STRING:
            if (field.is_repeated()) {
                r.AddString(&out, &field, value.text);
            } else {
                r.SetString(&out, &field, value.text);
            }
            return;
        case Field::CPPTYPE_MESSAGE:
            return write_message_value(value, field.is_repeated()
                                                  ? *r.AddMessage(&out, &field)
                                                  : *r.MutableMessage(&out, &field));
    }
}

void write_value(const OptionValue& value, const gp::FieldDescriptor& field, gp::Message& out) {
    if (value.kind != OptionValue::Kind::list) {
        return write_one_value(value, field, out);
    }
    for (const OptionEntry& entry : value.entries) {
        write_one_value(entry.value, field, out);
    }
}

void write_message_value(const OptionValue& value, gp::Message& out) {
    for (const OptionEntry& entry : value.entries) {
        if (const auto* field = out.GetDescriptor()->FindFieldByName(entry.key)) {
            write_value(entry.value, *field, out);
        }
    }
}

}  // namespace

void write_descriptor_options(const ProtoOptions& options, gp::Message& out) {
    const auto known = option_types().make(out.GetDescriptor()->full_name());
    if (known == nullptr || options.empty()) {
        return;
    }
    for (const ProtoOption& option : options) {
        const gp::FieldDescriptor* field =
            option.custom ? option_types().find_extension(option.name)
                          : known->GetDescriptor()->FindFieldByName(option.name);
        if (field != nullptr && field->containing_type() == known->GetDescriptor() &&
            option.sub_path.empty()) {
            write_value(option.value, *field, *known);
        }
    }
    out.ParsePartialFromString(known->SerializePartialAsString());
}

ProtoOptions read_descriptor_options(const gp::Message& options) {
    ProtoOptions out;
    if (options.ByteSizeLong() == 0) {
        return out;
    }
    const auto known = option_types().make(options.GetDescriptor()->full_name());
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
