#include "compat/protobuf/proto_sample.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <string_view>
#include <utility>

namespace symbolon::compat::protobuf {

namespace {

namespace gp = google::protobuf;
using CppType = gp::FieldDescriptor;

/// Telling values of each type, and a second one for fields that hold several.
constexpr std::size_t picks_max = 4;
constexpr std::array<std::int32_t, picks_max + 1> telling_signed{7, -1, 300, 100'000, 8};
constexpr std::array<std::uint32_t, picks_max + 1> telling_unsigned{7, 1, 300, 100'000, 8};
constexpr std::array<double, picks_max + 1> telling_floats{1.5, -2, 1e10, 0.25, 2.5};
constexpr std::array<std::string_view, picks_max + 1> telling_texts{"text", "a", "12", "\x08\x07",
                                                                    "more"};

std::size_t picks_of(const gp::FieldDescriptor& field) {
    switch (field.cpp_type()) {
        case CppType::CPPTYPE_BOOL:
            return 1;
        case CppType::CPPTYPE_ENUM:
            return std::min<std::size_t>(
                picks_max, static_cast<std::size_t>(field.enum_type()->value_count()));
        default:
            return picks_max;
    }
}

// Enum values that are not zero come first: without presence zero is not written. nullptr when
// there is none but an open enum takes others.
const gp::EnumValueDescriptor* telling_constant(const gp::EnumDescriptor& type, std::size_t pick) {
    const int count = type.value_count();
    for (int at = 0; at < count; ++at) {
        const auto* value = type.value(static_cast<int>((pick + static_cast<std::size_t>(at)) %
                                                        static_cast<std::size_t>(count)));
        if (value->number() != 0) {
            return value;
        }
    }
    return type.file()->syntax() == gp::FileDescriptor::SYNTAX_PROTO3 ? nullptr : type.value(0);
}

// Sets the field, or adds an element to it.
void put_scalar(gp::Message& message, const gp::FieldDescriptor& field, std::size_t pick) {
    const gp::Reflection& reflection = *message.GetReflection();
    const bool add = field.is_repeated();
    const auto signed_value = telling_signed[pick];
    const auto unsigned_value = telling_unsigned[pick];
    switch (field.cpp_type()) {
        case CppType::CPPTYPE_INT32:
            return add ? reflection.AddInt32(&message, &field, signed_value)
                       : reflection.SetInt32(&message, &field, signed_value);
        case CppType::CPPTYPE_INT64:
            return add ? reflection.AddInt64(&message, &field, signed_value)
                       : reflection.SetInt64(&message, &field, signed_value);
        case CppType::CPPTYPE_UINT32:
            return add ? reflection.AddUInt32(&message, &field, unsigned_value)
                       : reflection.SetUInt32(&message, &field, unsigned_value);
        case CppType::CPPTYPE_UINT64:
            return add ? reflection.AddUInt64(&message, &field, unsigned_value)
                       : reflection.SetUInt64(&message, &field, unsigned_value);
        case CppType::CPPTYPE_DOUBLE:
            return add ? reflection.AddDouble(&message, &field, telling_floats[pick])
                       : reflection.SetDouble(&message, &field, telling_floats[pick]);
        case CppType::CPPTYPE_FLOAT: {
            const auto value = static_cast<float>(telling_floats[pick]);
            return add ? reflection.AddFloat(&message, &field, value)
                       : reflection.SetFloat(&message, &field, value);
        }
        case CppType::CPPTYPE_BOOL:
            return add ? reflection.AddBool(&message, &field, pick < picks_max)
                       : reflection.SetBool(&message, &field, pick < picks_max);
        case CppType::CPPTYPE_ENUM: {
            const auto* constant = telling_constant(*field.enum_type(), pick);
            const int value = constant == nullptr ? telling_signed[0] : constant->number();
            return add ? reflection.AddEnumValue(&message, &field, value)
                       : reflection.SetEnumValue(&message, &field, value);
        }
        case CppType::CPPTYPE_STRING: {
            std::string value(telling_texts[pick]);
            return add ? reflection.AddString(&message, &field, std::move(value))
                       : reflection.SetString(&message, &field, std::move(value));
        }
        case CppType::CPPTYPE_MESSAGE:
            return;
    }
}

bool is_message(const gp::FieldDescriptor& field) {
    return field.cpp_type() == CppType::CPPTYPE_MESSAGE;
}

int count_in(const gp::Message& message, const gp::FieldDescriptor& field) {
    const gp::Reflection& reflection = *message.GetReflection();
    return field.is_repeated() ? reflection.FieldSize(message, &field)
                               : static_cast<int>(reflection.HasField(message, &field));
}

const gp::Message& message_in(const gp::Message& message, const gp::FieldDescriptor& field,
                              int at) {
    const gp::Reflection& reflection = *message.GetReflection();
    return field.is_repeated() ? reflection.GetRepeatedMessage(message, &field, at)
                               : reflection.GetMessage(message, &field);
}

gp::Message* element_of(gp::Message& message, const gp::FieldDescriptor& field) {
    const gp::Reflection& reflection = *message.GetReflection();
    if (!field.is_repeated()) {
        return reflection.MutableMessage(&message, &field);
    }
    return reflection.FieldSize(message, &field) == 0
               ? reflection.AddMessage(&message, &field)
               : reflection.MutableRepeatedMessage(&message, &field, 0);
}

/// A scalar of any type, so that those of two messages can be compared.
struct AnyScalar {
    char kind = 'i';  ///< integer, float or bytes
    std::int64_t integer = 0;
    double number = 0;
    std::string bytes;

    friend bool operator==(const AnyScalar& left, const AnyScalar& right) {
        return left.kind == right.kind && left.integer == right.integer &&
               std::bit_cast<std::uint64_t>(left.number) ==
                   std::bit_cast<std::uint64_t>(right.number) &&
               left.bytes == right.bytes;
    }
};

AnyScalar scalar_in(const gp::Message& message, const gp::FieldDescriptor& field, int at) {
    const gp::Reflection& from = *message.GetReflection();
    const bool one = !field.is_repeated();
    const auto integer = [](auto value) {
        return AnyScalar{'i', static_cast<std::int64_t>(value), 0, {}};
    };
    switch (field.cpp_type()) {
        case CppType::CPPTYPE_INT32:
            return integer(one ? from.GetInt32(message, &field)
                               : from.GetRepeatedInt32(message, &field, at));
        case CppType::CPPTYPE_INT64:
            return integer(one ? from.GetInt64(message, &field)
                               : from.GetRepeatedInt64(message, &field, at));
        case CppType::CPPTYPE_UINT32:
            return integer(one ? from.GetUInt32(message, &field)
                               : from.GetRepeatedUInt32(message, &field, at));
        case CppType::CPPTYPE_UINT64:
            return integer(one ? from.GetUInt64(message, &field)
                               : from.GetRepeatedUInt64(message, &field, at));
        case CppType::CPPTYPE_BOOL:
            return integer(one ? from.GetBool(message, &field)
                               : from.GetRepeatedBool(message, &field, at));
        case CppType::CPPTYPE_ENUM:
            return integer(one ? from.GetEnumValue(message, &field)
                               : from.GetRepeatedEnumValue(message, &field, at));
        case CppType::CPPTYPE_DOUBLE:
            return {
                'f',
                0,
                one ? from.GetDouble(message, &field) : from.GetRepeatedDouble(message, &field, at),
                {}};
        case CppType::CPPTYPE_FLOAT:
            return {
                'f',
                0,
                one ? from.GetFloat(message, &field) : from.GetRepeatedFloat(message, &field, at),
                {}};
        case CppType::CPPTYPE_STRING:
            return {'b', 0, 0,
                    one ? from.GetString(message, &field)
                        : from.GetRepeatedString(message, &field, at)};
        case CppType::CPPTYPE_MESSAGE:
            break;
    }
    return {'m', 0, 0, {}};
}

// Depth: that of samples, counter_example_depth_max.
bool same_message(const gp::Message& written, const gp::Message& read) {
    std::vector<const gp::FieldDescriptor*> fields;
    written.GetReflection()->ListFields(written, &fields);
    return std::all_of(fields.begin(), fields.end(), [&](const gp::FieldDescriptor* field) {
        return compare_field(written, *field, read) == FieldReading::same;
    });
}

/// Collects samples, and stops when there are enough.
class SampleMaker {
public:
    std::vector<Sample> make(const gp::FieldDescriptor& field, const gp::Descriptor* reader) {
        add(field, reader, {});
        if (field.is_repeated() && is_message(field) && !samples_.empty()) {
            Sample twice = samples_.front();
            twice.twice = true;
            samples_.push_back(std::move(twice));
        }
        return std::move(samples_);
    }

private:
    bool full() const { return samples_.size() >= limits::counter_example_samples_max; }

    void add(const gp::FieldDescriptor& field, const gp::Descriptor* reader, FieldChain chain) {
        chain.push_back(&field);
        if (full()) {
            return;
        }
        if (!is_message(field)) {
            for (std::size_t pick = 0; pick < picks_of(field); ++pick) {
                samples_.push_back(with_key({chain, pick}));
            }
            return;
        }
        const gp::FieldDescriptor* same =
            reader == nullptr ? nullptr : reader->FindFieldByNumber(field.number());
        const gp::Descriptor* below =
            same != nullptr && is_message(*same) ? same->message_type() : nullptr;
        if (chain.size() < sample_depth_max) {
            // What both know first, and scalars before messages.
            for (const bool known : {true, false}) {
                for (const bool deep : {false, true}) {
                    add_parts(field, below, chain, known, deep);
                }
            }
        }
        samples_.push_back({{{chain, SampleValue::no_scalar}}});
    }

    void add_parts(const gp::FieldDescriptor& field, const gp::Descriptor* below,
                   const FieldChain& chain, bool known, bool deep) {
        const gp::Descriptor& type = *field.message_type();
        for (int at = 0; at < type.field_count() && !full(); ++at) {
            const gp::FieldDescriptor& part = *type.field(at);
            const bool is_known =
                below == nullptr || below->FindFieldByNumber(part.number()) != nullptr;
            if (is_known == known && is_message(part) == deep) {
                add(part, below, chain);
            }
        }
    }

    // An entry of a map is written with its key.
    static Sample with_key(SampleValue value) {
        Sample sample;
        const std::size_t count = value.chain.size();
        for (std::size_t at = 0; at + 1 < count; ++at) {
            if (value.chain[at]->is_map() && value.chain[at + 1]->number() != 1) {
                FieldChain key(value.chain.begin(),
                               value.chain.begin() + static_cast<std::ptrdiff_t>(at) + 1);
                key.push_back(value.chain[at]->message_type()->FindFieldByNumber(1));
                sample.values.push_back({std::move(key), 0});
            }
        }
        sample.values.push_back(std::move(value));
        return sample;
    }

    static constexpr std::size_t sample_depth_max = 5;
    std::vector<Sample> samples_;
};

bool add_second(gp::Message& holder, const gp::FieldDescriptor& field) {
    const gp::Reflection& reflection = *holder.GetReflection();
    if (!field.is_repeated() || !is_message(field) || reflection.FieldSize(holder, &field) != 1) {
        return false;
    }
    gp::Message* second = reflection.AddMessage(&holder, &field);
    second->CopyFrom(reflection.GetRepeatedMessage(holder, &field, 0));
    if (field.is_map()) {
        put_scalar(*second, *second->GetDescriptor()->FindFieldByNumber(1), picks_max);
    }
    return true;
}

/// Gives values to required fields, as long as there are not too many.
class RequiredFiller {
public:
    // Depth: counter_example_depth_max.
    bool fill(gp::Message& message, std::size_t depth) {
        if (depth > limits::counter_example_depth_max) {
            return false;
        }
        const gp::Descriptor& type = *message.GetDescriptor();
        for (int at = 0; at < type.field_count(); ++at) {
            const gp::FieldDescriptor& field = *type.field(at);
            if (!field.is_required() || count_in(message, field) != 0) {
                continue;
            }
            if (++filled_ > limits::counter_example_members_max) {
                return false;
            }
            if (is_message(field)) {
                element_of(message, field);
            } else {
                put_scalar(message, field, 0);
            }
        }
        std::vector<const gp::FieldDescriptor*> fields;
        message.GetReflection()->ListFields(message, &fields);
        return std::all_of(fields.begin(), fields.end(), [&](const gp::FieldDescriptor* field) {
            return !is_message(*field) || fill_elements(message, *field, depth);
        });
    }

private:
    bool fill_elements(gp::Message& message, const gp::FieldDescriptor& field, std::size_t depth) {
        const gp::Reflection& reflection = *message.GetReflection();
        if (!field.is_repeated()) {
            return fill(*reflection.MutableMessage(&message, &field), depth + 1);
        }
        for (int at = 0; at < reflection.FieldSize(message, &field); ++at) {
            if (!fill(*reflection.MutableRepeatedMessage(&message, &field, at), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    std::size_t filled_ = 0;
};

}  // namespace

std::vector<Sample> samples_of(const gp::FieldDescriptor& field, const gp::Descriptor* reader) {
    return SampleMaker().make(field, reader);
}

gp::Message* make_below(const FieldChain& chain, gp::Message& root) {
    gp::Message* message = &root;
    for (const gp::FieldDescriptor* field : chain) {
        message = element_of(*message, *field);
        if (field->is_map()) {
            const gp::FieldDescriptor& key = *field->message_type()->FindFieldByNumber(1);
            put_scalar(*message, key, 0);
        }
    }
    return message;
}

bool write_sample(const Sample& sample, const FieldChain& chain, gp::Message& root) {
    gp::Message* holder = make_below(chain, root);
    for (const SampleValue& value : sample.values) {
        gp::Message* message = holder;
        for (std::size_t at = 0; at + 1 < value.chain.size(); ++at) {
            message = element_of(*message, *value.chain[at]);
        }
        const gp::FieldDescriptor& last = *value.chain.back();
        if (is_message(last)) {
            element_of(*message, last);
            continue;
        }
        put_scalar(*message, last, value.pick);
        if (last.is_repeated()) {
            put_scalar(*message, last, picks_max);
        }
    }
    return !sample.twice || add_second(*holder, *sample.values.front().chain.front());
}

const gp::Message* find_below(const FieldChain& chain, const gp::Message& root) {
    const gp::Message* message = &root;
    for (const gp::FieldDescriptor* step : chain) {
        const auto* field = message->GetDescriptor()->FindFieldByNumber(step->number());
        if (field == nullptr || !is_message(*field) || count_in(*message, *field) == 0) {
            return nullptr;
        }
        message = &message_in(*message, *field, 0);
    }
    return message;
}

bool fill_required(gp::Message& message) {
    return RequiredFiller().fill(message, 0);
}

FieldReading compare_field(const gp::Message& written, const gp::FieldDescriptor& field,
                           const gp::Message& read) {
    const auto* same = read.GetDescriptor()->FindFieldByNumber(field.number());
    const int count = count_in(written, field);
    const int read_count = same == nullptr ? 0 : count_in(read, *same);
    if (count == 0 || read_count == 0) {
        return count == 0 ? FieldReading::same : FieldReading::lost;
    }
    bool equal = count == read_count && is_message(field) == is_message(*same);
    for (int at = 0; equal && at < count; ++at) {
        equal = is_message(field)
                    ? same_message(message_in(written, field, at), message_in(read, *same, at))
                    : scalar_in(written, field, at) == scalar_in(read, *same, at);
    }
    return equal ? FieldReading::same : FieldReading::other;
}

bool holds(const gp::Message& message, const gp::FieldDescriptor& field) {
    return count_in(message, field) > 0;
}

std::string text_of_value(const gp::Message& message, const gp::FieldDescriptor& field) {
    constexpr std::size_t bytes_max = 200;
    gp::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    printer.SetHideUnknownFields(true);
    std::string text;
    for (int at = 0; at < count_in(message, field); ++at) {
        std::string value;
        printer.PrintFieldValueToString(message, &field, field.is_repeated() ? at : -1, &value);
        while (value.ends_with(' ')) {
            value.pop_back();
        }
        text += at == 0 ? "" : ", ";
        text += is_message(field) ? (value.empty() ? "{}" : "{ " + value + " }") : value;
    }
    if (text.size() > bytes_max) {
        text.resize(bytes_max);
        text += "…";
    }
    return field.is_repeated() ? "[" + text + "]" : text;
}

std::string text_of_type(const gp::FieldDescriptor& field) {
    if (field.is_map()) {
        const auto* entry = field.message_type();
        return fmt::format("map<{}, {}>", text_of_type(*entry->FindFieldByNumber(1)),
                           text_of_type(*entry->FindFieldByNumber(2)));
    }
    const std::string label = field.is_repeated()   ? "repeated "
                              : field.is_required() ? "required "
                                                    : "";
    if (is_message(field)) {
        return label + "message " + field.message_type()->full_name();
    }
    return label + (field.cpp_type() == CppType::CPPTYPE_ENUM
                        ? "enum " + field.enum_type()->full_name()
                        : std::string(field.type_name()));
}

}  // namespace symbolon::compat::protobuf
