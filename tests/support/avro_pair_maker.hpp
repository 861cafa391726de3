// Small Avro schemas and data of them, made from any bytes: for fuzzing and for tests that try
// many.
//
// Equal bytes give equal schemas, so that a few bytes changed give a writer and a reader that are
// mostly alike. Few names and many references to them; defaults that fit their types.
//
// Example:  const std::string writer = AvroSchemaMaker(seed).type();
// Threads:  one at a time
// Tested by tests/unit/client/codec/avro_differential_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace symbolon::tests {

/// Takes choices from bytes; zeros when they are used up.
class ByteChoices {
public:
    explicit ByteChoices(std::string_view bytes) : bytes_(bytes) {}
    bool used_up() const { return bytes_.empty(); }
    unsigned next() {
        if (bytes_.empty()) {
            return 0;
        }
        const auto byte = static_cast<unsigned char>(bytes_.front());
        bytes_.remove_prefix(1);
        return byte;
    }

private:
    std::string_view bytes_;
};

class AvroSchemaMaker {
public:
    explicit AvroSchemaMaker(std::string_view bytes) : choices_(bytes) {}

    std::string type() {
        const unsigned choice = choices_.next() % 24;
        if (depth_ > 5 || choices_.used_up()) {
            return choice % 2 == 0 ? R"("int")" : R"("null")";
        }
        ++depth_;
        std::string text;
        if (choice < 6) {
            text = record();
        } else if (choice < 8) {
            text = "\"" + name('A', 4) + "\"";
        } else if (choice < 11) {
            text = union_of();
        } else if (choice < 13) {
            text = R"({"type":"array","items":)" + type() + "}";
        } else if (choice == 13) {
            text = R"({"type":"map","values":)" + type() + "}";
        } else if (choice == 14) {
            text = enumeration();
        } else if (choice == 15) {
            text = R"({"type":"fixed","name":"F)" + std::to_string(choices_.next() % 2) +
                   R"(","size":)" + std::to_string(choices_.next() % 4) + "}";
        } else {
            constexpr std::string_view primitives[] = {"null",  "boolean", "int",   "long",
                                                       "float", "double",  "bytes", "string"};
            text = "\"" + std::string(primitives[choice - 16]) + "\"";
        }
        --depth_;
        return text;
    }

private:
    std::string name(char first, unsigned count) {
        return std::string(1,
                           static_cast<char>(first + static_cast<char>(choices_.next() % count)));
    }

    std::string union_of() {
        std::string text = choices_.next() % 2 == 0 ? R"(["null")" : R"(["string")";
        for (unsigned count = choices_.next() % 4; count > 0; --count) {
            text += "," + type();
        }
        return text + "]";
    }

    std::string record() {
        std::string text = R"({"type":"record","name":")" + name('A', 4) + R"(","fields":[)";
        const unsigned count = choices_.next() % 5;
        for (unsigned at = 0; at < count; ++at) {
            const unsigned how = choices_.next();
            const auto field = static_cast<char>('a' + at + how % 3 * 5);
            text += at == 0 ? "" : ",";
            text += R"({"name":")" + std::string(1, field) + "\"";
            text += how % 7 == 0
                        ? R"(,"aliases":[")" + std::string(1, static_cast<char>(field + 5)) + "\"]"
                        : "";
            const std::string type_text = type();
            text += R"(,"type":)" + type_text + default_for(type_text, how) + "}";
        }
        return text + "]}";
    }

    static std::string default_for(std::string_view type, unsigned how) {
        if (how % 4 == 0) {
            return "";
        }
        if (type == R"("null")" || type.starts_with(R"(["null")")) {
            return R"(,"default":null)";
        }
        if (type == R"("string")" || type == R"("bytes")" || type.starts_with(R"(["string")")) {
            return R"(,"default":"dé")";
        }
        if (type == R"("boolean")") {
            return R"(,"default":true)";
        }
        if (type.starts_with(R"({"type":"array")")) {
            return R"(,"default":[])";
        }
        if (type.starts_with(R"({"type":"map")")) {
            return R"(,"default":{})";
        }
        if (type == R"("int")" || type == R"("long")" || type == R"("float")" ||
            type == R"("double")") {
            return R"(,"default":3)";
        }
        return "";
    }

    std::string enumeration() {
        const unsigned how = choices_.next();
        return R"({"type":"enum","name":"E)" + std::to_string(how % 2) + R"(","symbols":[)" +
               (how % 8 < 4 ? R"("x","y")" : R"("y","z","x")") + "]" +
               (how % 3 == 0 ? R"(,"default":"y")" : "") + "}";
    }

    ByteChoices choices_;
    std::size_t depth_ = 0;
};

/// Writes a datum of a schema as we write it: one block for all items.
class AvroDatumMaker {
public:
    AvroDatumMaker(std::string_view bytes, std::string& out) : choices_(bytes), out_(out) {}

    /// False when the datum became too deep.
    bool write(const compat::avro::AvroNode& type, std::size_t depth = 0) {
        using compat::avro::AvroKind;
        switch (type.kind) {
            case AvroKind::null:
                break;
            case AvroKind::boolean:
                out_ += static_cast<char>(choices_.next() % 2);
                break;
            case AvroKind::int32:
                number(static_cast<std::int32_t>(bits()));
                break;
            case AvroKind::int64:
                number(static_cast<std::int64_t>(bits()));
                break;
            case AvroKind::float32:
                out_ += std::string("\0\0", 2) + static_cast<char>(choices_.next()) + '\x41';
                break;
            case AvroKind::float64:
                out_ += std::string(6, '\0') + static_cast<char>(choices_.next()) + '\x40';
                break;
            case AvroKind::bytes:
            case AvroKind::string:
                text(choices_.next() % 40);
                break;
            case AvroKind::fixed:
                out_ += std::string(static_cast<std::size_t>(type.definition->size), 'f');
                break;
            case AvroKind::enumeration:
                count(choices_.next() % type.definition->symbols.size());
                break;
            default:
                return depth < 12 && write_parts(type, depth + 1);
        }
        return true;
    }

private:
    void number(std::int64_t value) {
        auto raw = static_cast<std::uint64_t>(value) * 2;
        raw = value < 0 ? ~raw : raw;
        for (; raw >= 0x80; raw >>= 7) {
            out_ += static_cast<char>(raw | 0x80);
        }
        out_ += static_cast<char>(raw);
    }
    void count(std::size_t value) { number(static_cast<std::int64_t>(value)); }
    std::uint64_t bits() {
        std::uint64_t value = 0;
        for (unsigned left = choices_.next() % 9; left > 0; --left) {
            value = value << 8 | choices_.next();
        }
        return value;
    }
    void text(std::size_t size) {
        count(size);
        for (std::size_t at = 0; at < size; ++at) {
            out_ += static_cast<char>('a' + choices_.next() % 26);
        }
    }
    bool write_parts(const compat::avro::AvroNode& type, std::size_t depth) {
        using compat::avro::AvroKind;
        if (type.kind == AvroKind::record) {
            for (const auto& field : type.definition->fields) {
                if (!write(*field.type, depth)) {
                    return false;
                }
            }
            return true;
        }
        if (type.kind == AvroKind::union_of) {
            const std::size_t at = choices_.next() % type.branches.size();
            count(at);
            return write(*type.branches[at], depth);
        }
        if (const std::size_t items = choices_.next() % 4; items > 0) {
            count(items);
            for (std::size_t at = 0; at < items; ++at) {
                if (type.kind == AvroKind::map) {
                    text(1 + at);
                }
                if (!write(*type.item, depth)) {
                    return false;
                }
            }
        }
        out_ += '\0';
        return true;
    }

    ByteChoices choices_;
    std::string& out_;
};

}  // namespace symbolon::tests
