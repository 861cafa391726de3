#include "compat/protobuf/proto_phrases.hpp"

#include <fmt/format.h>

namespace symbolon::compat::protobuf {

std::string declaration_of(const ProtoField& field) {
    return fmt::format("`{}{} {} = {};`", label_word(field.label), field.type, field.name,
                       field.number);
}

std::string declaration_of_package(const ProtoFile& file) {
    return file.package.empty() ? "no package statement"
                                : fmt::format("`package {};`", file.package);
}

std::string_view encoding_of(ScalarGroup group) {
    switch (group) {
        case ScalarGroup::none:
            return "a message (wire type 2)";
        case ScalarGroup::varint:
            return "a varint (wire type 0)";
        case ScalarGroup::zigzag:
            return "a zigzag varint (wire type 0)";
        case ScalarGroup::bytes:
            return "a length and bytes (wire type 2)";
        case ScalarGroup::fixed32:
            return "an integer of 4 bytes (wire type 5)";
        case ScalarGroup::fixed64:
            return "an integer of 8 bytes (wire type 1)";
        case ScalarGroup::float32:
            return "a float of 4 bytes (wire type 5)";
        case ScalarGroup::float64:
            return "a double of 8 bytes (wire type 1)";
    }
    return "";
}

std::string_view word_of(ProtoKind::Shape shape) {
    switch (shape) {
        case ProtoKind::Shape::scalar:
            return "a scalar";
        case ProtoKind::Shape::map:
            return "a map";
        case ProtoKind::Shape::message:
            return "a message";
    }
    return "";
}

}  // namespace symbolon::compat::protobuf
