#include "client/codec/avro_json_read.hpp"

#include "client/codec/avro_default.hpp"
#include "client/codec/avro_logical.hpp"
#include "client/codec/bytes_text.hpp"
#include "client/codec/datum_error.hpp"
#include "compat/avro/avro_datum.hpp"
#include "compat/json_text/json_numbers.hpp"
#include "core/base64.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory_resource>
#include <optional>
#include <utility>

namespace symbolon::client {

namespace {

using compat::JsonKind;
using compat::JsonNode;
using compat::avro::AvroField;
using compat::avro::AvroNode;

// A union and its branch count as one level of the datum.
constexpr std::size_t levels_max = 2 * limits::datum_depth_max;

std::string shortened(std::string_view text) {
    if (text.size() <= limits::quoted_bytes_max) {
        return std::string(text);
    }
    std::size_t size = limits::quoted_bytes_max;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
        --size;
    }
    return std::string(text.substr(0, size)) + "…";
}

std::string found_in(const JsonNode& json) {
    switch (json.kind) {
        case JsonKind::null:
            return "null";
        case JsonKind::boolean:
            return json.boolean ? "true" : "false";
        case JsonKind::string: {
            std::string quoted;
            compat::append_quoted(quoted, shortened(json.text));
            return "the text " + quoted;
        }
        case JsonKind::array:
            return "an array";
        case JsonKind::object:
            return "an object";
        default:
            return "the number " + shortened(json.text);
    }
}

void append_place_part(std::string& out, std::string_view name) {
    out += '/';
    for (const char letter : name) {
        letter == '~' ? out += "~0" : letter == '/' ? out += "~1" : out += letter;
    }
}

bool is_any_number(const JsonNode& json) {
    return json.is_integer() || json.kind == JsonKind::real;
}

// A number that is whole, such as 5.0 and 1e3: by its digits, for a double loses some of them.
std::optional<std::int64_t> whole_number(const JsonNode& json) {
    constexpr std::int64_t digits_max = std::numeric_limits<std::int64_t>::digits10 + 1;
    if (json.kind == JsonKind::int32 || json.kind == JsonKind::int64) {
        return json.integer;
    }
    auto number = json.kind == JsonKind::real ? compat::parse_decimal(json.text) : std::nullopt;
    if (!number) {
        return std::nullopt;
    }
    std::string& digits = number->digits;
    for (; number->scale > 0 && digits.ends_with('0'); --number->scale) {
        digits.pop_back();
    }
    if (digits.empty() || digits == "0") {
        return 0;
    }
    const auto size = static_cast<std::int64_t>(digits.size()) - number->scale;
    if (number->scale > 0 || size > digits_max) {
        return std::nullopt;
    }
    digits.append(static_cast<std::size_t>(-number->scale), '0');
    digits.insert(0, number->negative ? "-" : "");
    std::int64_t integer = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), integer);
    return read.ec == std::errc{} ? std::optional(integer) : std::nullopt;
}

std::optional<double> named_real(std::string_view text) {
    if (text == "NaN") {
        return std::numeric_limits<double>::quiet_NaN();
    }
    if (text == "Infinity" || text == "-Infinity") {
        const double infinity = std::numeric_limits<double>::infinity();
        return text.front() == '-' ? -infinity : infinity;
    }
    return std::nullopt;
}

template <class Real>
std::optional<double> rounded_to(const JsonNode& json) {
    if (json.kind == JsonKind::real && json.real == 0) {
        return json.real;  // its text has lost the sign
    }
    Real number = 0;
    const auto read =
        std::from_chars(json.text.data(), json.text.data() + json.text.size(), number);
    if (read.ec == std::errc::result_out_of_range) {
        // Too small is zero; too large is no number of the type.
        const bool is_small = json.kind == JsonKind::real && std::abs(json.real) < 1;
        return is_small ? std::optional<double>(0.0) : std::nullopt;
    }
    return static_cast<double>(number);
}

}  // namespace

AvroJsonReader::AvroJsonReader(const AvroJsonOptions& options, AvroValue& out)
    : options_(options), out_(out), is_plain_(options.form == AvroJsonForm::plain) {}

bool AvroJsonReader::fail_with(std::string_view what) {
    if (is_trying_ || gave_up_) {
        return false;
    }
    std::string place;
    for (const Step& step : path_) {
        if (step.name.data() != nullptr) {
            append_place_part(place, step.name);
        } else {
            place += fmt::format("/{}", step.index);
        }
    }
    place = shorten_path(place);
    problem_ = fmt::format("{}: {}", place.empty() ? "/" : place, what);
    place_ = std::move(place);
    return false;
}

bool AvroJsonReader::fail(const JsonNode& json, std::string_view expected) {
    return is_trying_ || gave_up_
               ? false
               : fail_with(fmt::format("expected {}; found {}", expected, found_in(json)));
}

// What no other branch can mend.
bool AvroJsonReader::give_up(std::string_view what) {
    is_trying_ = false;
    fail_with(what);
    gave_up_ = true;
    return false;
}

bool AvroJsonReader::spend(std::size_t steps) {
    steps_ += steps;
    if (gave_up_) {
        return false;
    }
    if (steps_ > limits::datum_json_steps_max) {
        return give_up(
            fmt::format("finding the branches of unions takes more than {} steps; write them as "
                        "{{\"branch\": value}}",
                        limits::datum_json_steps_max));
    }
    if (out_.cells() > limits::datum_cells_max) {
        return give_up(fmt::format("the value has more than {} parts", limits::datum_cells_max));
    }
    return true;
}

// Copies made for branches that turn out not to fit stay in memory until the end.
bool AvroJsonReader::spend_text(std::size_t bytes) {
    return spend(bytes / (is_trying_ ? 8 : 64));
}

bool AvroJsonReader::read(const AvroNode& node, const JsonNode& json) {
    if (!spend(1)) {
        return false;
    }
    if (depth_ >= levels_max) {
        return give_up(fmt::format("nested more than {} levels deep", limits::datum_depth_max));
    }
    ++depth_;
    bool is_done = false;
    bool fine = true;
    if (node.logical != compat::avro::LogicalType::none && is_plain_ &&
        options_.logical == LogicalForm::readable) {
        fine = read_readable(node, json, is_done);
    }
    fine = is_done || !fine ? fine : read_kind(node, json);
    --depth_;
    return fine;
}

bool AvroJsonReader::read_kind(const AvroNode& node, const JsonNode& json) {
    switch (node.kind) {
        case AvroKind::null:
            if (json.kind != JsonKind::null) {
                return fail(json, "null");
            }
            out_.append_null();
            return true;
        case AvroKind::boolean:
            if (json.kind != JsonKind::boolean) {
                return fail(json, "true or false");
            }
            out_.append_boolean(json.boolean);
            return true;
        case AvroKind::int32:
        case AvroKind::int64:
            return read_integer(node, json);
        case AvroKind::float32:
        case AvroKind::float64:
            return read_real(node, json);
        case AvroKind::bytes:
        case AvroKind::fixed:
            return read_bytes(node, json);
        case AvroKind::string:
            return read_text(node, json);
        case AvroKind::enumeration:
            return read_symbol(node, json);
        case AvroKind::record:
            return read_record(node, json);
        case AvroKind::array:
            return read_items(node, json);
        case AvroKind::map:
            return read_entries(node, json);
        case AvroKind::union_of:
            return read_union(node, json);
        case AvroKind::unresolved:
            return read(*node.item, json);
    }
    return false;
}

bool AvroJsonReader::read_integer(const AvroNode& node, const JsonNode& json) {
    const auto number = whole_number(json);
    const bool is_narrow = node.kind == AvroKind::int32;
    if (!number || (is_narrow && (*number < INT32_MIN || *number > INT32_MAX))) {
        return fail(json, is_narrow ? "an int, a whole number of 32 bits"
                                    : "a long, a whole number of 64 bits");
    }
    out_.append_integer(node.kind, *number);
    return true;
}

bool AvroJsonReader::read_real(const AvroNode& node, const JsonNode& json) {
    const bool is_narrow = node.kind == AvroKind::float32;
    std::optional<double> number;
    if (json.kind == JsonKind::string) {
        number = named_real(json.text);
    } else if (is_any_number(json)) {
        number = is_narrow ? rounded_to<float>(json) : rounded_to<double>(json);
    }
    if (!number) {
        return fail(json, is_narrow ? "a float" : "a double");
    }
    out_.append_real(node.kind, *number);
    return true;
}

bool AvroJsonReader::read_bytes(const AvroNode& node, const JsonNode& json) {
    const bool is_base64 = is_plain_ && options_.bytes == BytesForm::base64;
    std::optional<std::string> bytes;
    if (json.kind == JsonKind::string) {
        bytes = is_base64 ? decode_base64(json.text) : parse_byte_characters(json.text);
    }
    if (!bytes) {
        return fail(json, is_base64 ? "bytes in base64" : "bytes as characters U+0000 to U+00FF");
    }
    if (node.kind == AvroKind::fixed &&
        bytes->size() != static_cast<std::size_t>(node.definition->size)) {
        return is_trying_ ? false
                          : fail_with(fmt::format("expected {} bytes of the fixed {}; found {}",
                                                  node.definition->size,
                                                  to_string(node.definition->name), bytes->size()));
    }
    out_.append_text(node.kind, *bytes, KeepText::copied);
    return spend_text(bytes->size());
}

bool AvroJsonReader::read_text(const AvroNode& node, const JsonNode& json) {
    if (json.kind != JsonKind::string) {
        return fail(json, "a string");
    }
    out_.append_text(node.kind, json.text, KeepText::copied);
    return spend_text(json.text.size());
}

bool AvroJsonReader::read_symbol(const AvroNode& node, const JsonNode& json) {
    const auto symbols = node.definition->symbols;
    const auto found = json.kind == JsonKind::string
                           ? std::find(symbols.begin(), symbols.end(), json.text)
                           : symbols.end();
    if (found == symbols.end()) {
        return is_trying_ ? spend(symbols.size() / 16) && false
                          : fail(json, fmt::format("a symbol of the enum {}",
                                                   to_string(node.definition->name)));
    }
    out_.append_symbol(static_cast<std::uint32_t>(found - symbols.begin()));
    return spend(symbols.size() / 16);
}

// Of logical types that have a text: numbers stay what they are.
bool AvroJsonReader::read_readable(const AvroNode& node, const JsonNode& json, bool& is_done) {
    const LogicalKind kind = find_logical_kind(node);
    const bool is_decimal = kind == LogicalKind::decimal;
    if (kind == LogicalKind::none || (is_whole_number(kind) && json.kind != JsonKind::string)) {
        return true;
    }
    is_done = true;
    if (json.kind != JsonKind::string && !(is_decimal && is_any_number(json))) {
        return fail(json, is_decimal ? "a decimal number" : "a text");
    }
    std::string problem;
    if (is_whole_number(kind)) {
        auto reading = read_logical_integer(kind, json.text);
        problem = std::move(reading.problem);
        if (reading.value) {
            out_.append_integer(node.kind, *reading.value);
        }
    } else {
        auto reading = read_logical_bytes(node, json.text);
        problem = std::move(reading.problem);
        if (reading.value) {
            out_.append_text(node.kind, *reading.value, KeepText::copied);
        }
    }
    const bool fine = problem.empty() && spend(json.text.size() / 16);
    return fine || is_trying_ ? fine : fail_with(fmt::format("{} {}", found_in(json), problem));
}

bool AvroJsonReader::read_record(const AvroNode& node, const JsonNode& json) {
    if (json.kind != JsonKind::object) {
        return fail(json,
                    fmt::format("an object, the record {}", to_string(node.definition->name)));
    }
    const std::size_t base = members_.size();
    if (!spend(node.definition->fields.size())) {
        return false;
    }
    members_.resize(base + node.definition->fields.size(), nullptr);
    const bool fine = place_members(node, json, base) && read_fields(node, json, base);
    members_.resize(base);
    return fine;
}

bool AvroJsonReader::place_members(const AvroNode& node, const JsonNode& json, std::size_t base) {
    std::size_t guess = 0;
    for (const JsonNode* member = json.first; member != nullptr; member = member->next) {
        if (!spend(1)) {
            return false;
        }
        const auto found = compat::avro::find_field(*node.definition, member->key, guess);
        if (found) {
            members_[base + *found] = member;
            guess = *found + 1;
            continue;
        }
        if (options_.unknown == UnknownFields::refused) {
            path_.push_back({member->key, 0});
            fail_with(fmt::format("the record {} has no such field",
                                  is_trying_ ? "" : to_string(node.definition->name)));
            path_.pop_back();
            return false;
        }
    }
    return true;
}

bool AvroJsonReader::read_fields(const AvroNode& node, const JsonNode& /*json*/, std::size_t base) {
    const auto fields = node.definition->fields;
    const std::size_t opened =
        out_.open(AvroKind::record, static_cast<std::uint32_t>(fields.size()));
    for (std::size_t at = 0; at < fields.size(); ++at) {
        const AvroField& field = fields[at];
        path_.push_back({field.name, 0});
        const JsonNode* const member = members_[base + at];
        bool fine = false;
        if (member != nullptr) {
            fine = read(*field.type, *member);
        } else if (field.default_value != nullptr) {
            fine = read_default(field);
        } else {
            fail_with("this field is absent and has no default");
        }
        path_.pop_back();
        if (!fine) {
            return false;
        }
    }
    out_.close(opened);
    return true;
}

bool AvroJsonReader::read_default(const AvroField& field) {
    const std::size_t before = out_.cells();
    const auto status = append_default(field, out_);
    return status ? spend(out_.cells() - before)
                  : fail_with("this field is absent; " + status.error().message);
}

bool AvroJsonReader::read_items(const AvroNode& node, const JsonNode& json) {
    if (json.kind != JsonKind::array) {
        return fail(json, "an array");
    }
    const std::size_t opened = out_.open(AvroKind::array, json.count);
    path_.push_back({{}, 0});
    bool fine = true;
    for (const JsonNode* item = json.first; fine && item != nullptr; item = item->next) {
        fine = read(*node.item, *item);
        path_.back().index += fine ? 1 : 0;
    }
    path_.pop_back();
    out_.close(opened);
    return fine;
}

bool AvroJsonReader::read_entries(const AvroNode& node, const JsonNode& json) {
    if (json.kind != JsonKind::object) {
        return fail(json, "an object, a map");
    }
    const std::size_t opened = out_.open(AvroKind::map, json.count);
    bool fine = true;
    for (const JsonNode* entry = json.first; fine && entry != nullptr; entry = entry->next) {
        out_.append_text(AvroKind::string, entry->key, KeepText::copied);
        path_.push_back({entry->key, 0});
        fine = spend_text(entry->key.size()) && read(*node.item, *entry);
        path_.pop_back();
    }
    out_.close(opened);
    return fine;
}

namespace {

// Values that a text can have at most: what stands between commas and brackets outside strings.
std::size_t count_values(std::string_view text) {
    std::size_t values = 1;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char letter = text[at];
        values += letter == ',' || letter == '[' || letter == '{' ? 1 : 0;
        if (letter == '"') {
            for (++at; at < text.size() && text[at] != '"'; ++at) {
                at += text[at] == '\\' ? 1 : 0;
            }
        }
    }
    return values;
}

Status malformed(std::string_view what) {
    return failure(make_error(ErrorCode::malformed_datum, what));
}

}  // namespace

Status read_json(const AvroNode& schema, std::string_view json_text, const AvroJsonOptions& options,
                 AvroValue& out) {
    out.clear();
    if (json_text.size() > limits::datum_json_bytes_max) {
        return malformed(fmt::format("the JSON text has {} bytes, more than the {} that are read",
                                     json_text.size(), limits::datum_json_bytes_max));
    }
    if (count_values(json_text) > limits::datum_json_values_max) {
        return malformed(
            fmt::format("the JSON text has more than {} values", limits::datum_json_values_max));
    }
    std::pmr::monotonic_buffer_resource memory;
    compat::JsonReader parser(json_text, memory, memory, compat::JsonDialect::strict);
    const JsonNode* const root = parser.read();
    if (root == nullptr) {
        return malformed(fmt::format("this is no JSON: {} at {}", parser.problem(),
                                     compat::place_of(json_text, parser.problem_offset())));
    }
    AvroJsonReader reader(options, out);
    if (reader.read(schema, *root)) {
        return {};
    }
    return failure(make_datum_error(reader.problem(), std::nullopt, reader.place()));
}

}  // namespace symbolon::client
