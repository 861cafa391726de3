#include "client/codec/avro_default.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>

namespace symbolon::client {

namespace {

using compat::JsonKind;
using compat::JsonNode;
using compat::avro::AvroField;
using compat::avro::AvroNode;

/// Text of bytes and fixed: each character is the byte of its number; others become '?'.
std::string to_latin1(std::string_view text) {
    std::string bytes;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        if (size == 1) {
            bytes += static_cast<char>(lead);
        } else if (size == 2 && lead <= 0xC3 && at + 1 < text.size()) {
            bytes += static_cast<char>((lead & 0x03U) << 6U |
                                       (static_cast<unsigned char>(text[at + 1]) & 0x3FU));
        } else {
            bytes += '?';
        }
        at += size;
    }
    return bytes;
}

double to_real(const JsonNode& number) {
    switch (number.kind) {
        case JsonKind::real:
            return number.real;
        case JsonKind::big_integer:
            return std::strtod(std::string(number.text).c_str(), nullptr);
        default:
            return static_cast<double>(number.integer);
    }
}

bool is_number(const JsonNode& value) {
    return value.is_integer() || value.kind == JsonKind::real;
}

std::int64_t to_integer(double real, AvroKind kind) {
    const bool narrow = kind == AvroKind::int32;
    const std::int64_t low = narrow ? std::numeric_limits<std::int32_t>::min()
                                    : std::numeric_limits<std::int64_t>::min();
    if (!(real > static_cast<double>(low))) {
        return std::isnan(real) ? 0 : low;
    }
    return real < -static_cast<double>(low) ? static_cast<std::int64_t>(real) : -(low + 1);
}

/// Of an integer of any size, as two's complement.
std::int64_t low_bits(std::string_view digits) {
    std::uint64_t bits = 0;
    for (const char digit : digits) {
        if (digit >= '0' && digit <= '9') {
            bits = bits * 10 + static_cast<unsigned>(digit - '0');
        }
    }
    return static_cast<std::int64_t>(digits.starts_with('-') ? ~bits + 1 : bits);
}

bool may_be(AvroKind kind, const JsonNode& value) {
    switch (kind) {
        case AvroKind::null:
            return value.kind == JsonKind::null;
        case AvroKind::boolean:
            return value.kind == JsonKind::boolean;
        case AvroKind::int32:
        case AvroKind::int64:
        case AvroKind::float32:
        case AvroKind::float64:
            return is_number(value);
        case AvroKind::array:
            return value.kind == JsonKind::array;
        case AvroKind::record:
        case AvroKind::map:
            return value.kind == JsonKind::object;
        default:
            return value.kind == JsonKind::string;
    }
}

class DefaultMaker {
public:
    explicit DefaultMaker(AvroValue& out) : out_(out) {}

    bool append(const AvroNode& type, const JsonNode& value) {
        if (depth_ > limits::datum_depth_max || out_.cells() > limits::default_cells_max) {
            too_costly_ = true;
            return false;
        }
        ++depth_;
        const bool fits = append_of_kind(type, value);
        --depth_;
        return fits;
    }
    bool too_costly() const { return too_costly_; }

private:
    bool append_of_kind(const AvroNode& type, const JsonNode& value) {
        if (type.kind == AvroKind::union_of) {
            return append_branch(type, value);
        }
        if (!may_be(type.kind, value)) {
            return false;
        }
        switch (type.kind) {
            case AvroKind::null:
                out_.append_null();
                return true;
            case AvroKind::boolean:
                out_.append_boolean(value.boolean);
                return true;
            case AvroKind::int32:
            case AvroKind::int64:
                append_integer(type.kind, value);
                return true;
            case AvroKind::float32:
                out_.append_real(type.kind, static_cast<float>(to_real(value)));
                return true;
            case AvroKind::float64:
                out_.append_real(type.kind, to_real(value));
                return true;
            case AvroKind::record:
                return append_record(type, value);
            case AvroKind::array:
            case AvroKind::map:
                return append_items(type, value);
            case AvroKind::enumeration:
                return append_symbol(type, value.text);
            default:
                append_text(type, value.text);
                return true;
        }
    }

    bool append_branch(const AvroNode& type, const JsonNode& value) {
        for (std::uint32_t at = 0; at < type.branches.size(); ++at) {
            if (may_be(type.branches[at]->kind, value)) {
                const std::size_t opened = out_.open(AvroKind::union_of, at);
                const bool fits = append(*type.branches[at], value);
                out_.close(opened);
                return fits;
            }
        }
        return false;
    }

    // Parity: what is too large for its type loses its upper bits, and a real its fraction.
    void append_integer(AvroKind kind, const JsonNode& value) {
        std::int64_t integer = value.integer;
        if (value.kind == JsonKind::real) {
            integer = to_integer(value.real, kind);
        } else if (value.kind == JsonKind::big_integer) {
            integer = low_bits(value.text);
        }
        out_.append_integer(kind,
                            kind == AvroKind::int32 ? static_cast<std::int32_t>(integer) : integer);
    }

    void append_text(const AvroNode& type, std::string_view text) {
        if (type.kind == AvroKind::string) {
            out_.append_text(type.kind, text, KeepText::copied);
            return;
        }
        std::string bytes = to_latin1(text);
        if (type.kind == AvroKind::fixed) {
            // Parity: one that is too short is filled with zeros, one that is too long is cut.
            bytes.resize(static_cast<std::size_t>(type.definition->size));
        }
        out_.append_text(type.kind, bytes, KeepText::copied);
    }

    bool append_symbol(const AvroNode& type, std::string_view symbol) {
        const auto symbols = type.definition->symbols;
        for (std::uint32_t at = 0; at < symbols.size(); ++at) {
            if (symbols[at] == symbol) {
                out_.append_symbol(at);
                return true;
            }
        }
        return false;
    }

    bool append_items(const AvroNode& type, const JsonNode& value) {
        const std::size_t opened = out_.open(type.kind, value.count);
        for (const JsonNode* item = value.first; item != nullptr; item = item->next) {
            if (type.kind == AvroKind::map) {
                out_.append_text(AvroKind::string, item->key, KeepText::copied);
            }
            if (!append(*type.item, *item)) {
                return false;
            }
        }
        out_.close(opened);
        return true;
    }

    bool append_record(const AvroNode& type, const JsonNode& value) {
        const auto fields = type.definition->fields;
        const std::size_t opened =
            out_.open(AvroKind::record, static_cast<std::uint32_t>(fields.size()));
        for (const AvroField& field : fields) {
            const JsonNode* const given = value.find(field.name);
            const JsonNode* const used = given != nullptr ? given : field.default_value;
            if (used == nullptr || !append(*field.type, *used)) {
                return false;
            }
        }
        out_.close(opened);
        return true;
    }

    AvroValue& out_;
    std::size_t depth_ = 0;
    bool too_costly_ = false;
};

}  // namespace

Status append_default(const AvroField& field, AvroValue& out) {
    DefaultMaker maker(out);
    if (maker.append(*field.type, *field.default_value)) {
        return {};
    }
    if (maker.too_costly()) {
        return failure(make_error(
            ErrorCode::check_too_costly,
            fmt::format("The default of the reader's field \"{}\" comes to more than {} values, or "
                        "is nested more than {} deep",
                        field.name, limits::default_cells_max, limits::datum_depth_max)));
    }
    return failure(make_error(
        ErrorCode::invalid_schema,
        fmt::format("The default of the reader's field \"{}\" does not fit its type", field.name)));
}

}  // namespace symbolon::client
