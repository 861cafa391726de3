#include "client/payload/explanation.hpp"

#include "client/codec/avro_container.hpp"
#include "client/codec/avro_container_file.hpp"
#include "client/codec/avro_decode.hpp"
#include "client/codec/datum_error.hpp"
#include "client/wire/text_bytes.hpp"
#include "core/hex.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace symbolon::client {
namespace {

bool is_hex_text(std::string_view text) {
    return text.size() >= 10 && text.size() % 2 == 0 &&
           std::all_of(text.begin(), text.end(), is_hex_digit);
}

std::string_view without_line_end(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.remove_suffix(1);
    }
    return text;
}

/// What bytes without a framing may be instead; empty: no idea.
std::string guess_bare(std::string_view bytes) {
    const std::string_view text = without_line_end(bytes);
    if (is_hex_text(text)) {
        return "this looks like hexadecimal digits of a message: give them with --hex";
    }
    if (const auto decoded = parse_base64(text);
        decoded && recognise_framing(*decoded, {}).framing != Framing::bare) {
        return "this looks like a message in base64: give it with --base64";
    }
    if (bytes.starts_with("\x1F\x8B")) {
        return "these bytes are compressed by gzip: decompress them first";
    }
    if (bytes.starts_with("\x28\xB5\x2F\xFD")) {
        return "these bytes are compressed by zstandard: decompress them first";
    }
    if (!text.empty() && (text.front() == '{' || text.front() == '[')) {
        return "this looks like plain JSON, not a framed message: its producer did not use a "
               "serialiser that writes schema ids. To validate it, name a JSON Schema by --subject "
               "or --schema";
    }
    return bytes.empty() ? "an empty value is how Kafka says that a key was deleted" : "";
}

/// The framing that a body seems to have although its own was taken off.
Framing inner_framing(const Explanation& found) {
    if (!found.framed || found.framing == Framing::container ||
        found.framed->form != BodyForm::datum) {
        return Framing::bare;
    }
    const std::string_view body = found.framed->body;
    const Framing inner = recognise_framing(body, {}).framing;
    if (inner != Framing::confluent) {
        return inner;
    }
    // A zero begins many bodies: before Protobuf it is the index of the first message, in Avro the
    // null of the first field. What follows is an id by chance then, and not the same one.
    const auto again = read_framing(body, {}, inner);
    return again && again->id == found.framed->id ? inner : Framing::bare;
}

std::string hint_for(const Explanation& found, std::string_view bytes, const ExplainedError& what) {
    if (!what.fault) {
        return {};
    }
    switch (*what.fault) {
        case PayloadFault::unknown_framing:
            return guess_bare(bytes);
        case PayloadFault::missing_metadata:
            return "the sender must put schema_id, schema_version and avro_payload into \"detail\"";
        case PayloadFault::schema_not_found:
            return found.framing == Framing::confluent || found.framing == Framing::confluent_guid
                       ? "is this the registry that the producer uses? If these bytes have no "
                         "framing at all, say --framing bare and name the schema"
                       : "is this the registry that the producer uses?";
        case PayloadFault::schema_does_not_parse:
            return "the schema must be repaired in the registry before its data can be read";
        case PayloadFault::corrupt:
            break;
    }
    if (const Framing inner = inner_framing(found); inner != Framing::bare) {
        return fmt::format(
            "the body itself looks like framing \"{}\": the message may have been "
            "framed twice",
            to_string(inner));
    }
    if (what.offset && found.framing != Framing::envelope && *what.offset >= bytes.size()) {
        return "the message ends too early: it was cut off, or written with another schema";
    }
    return "the bytes were damaged, or written with another schema than the one they name";
}

void set_error(Explanation& found, std::string_view bytes, const Error& error) {
    ExplainedError what{error, find_payload_fault(error)};
    if (const auto* payload = dynamic_cast<const PayloadErrorDetail*>(error.detail.get())) {
        what.offset = payload->offset;
        what.field = payload->field;
    } else if (const auto* datum = dynamic_cast<const DatumErrorDetail*>(error.detail.get())) {
        what.offset = datum->offset;
        what.field = datum->field;
    }
    what.hint = hint_for(found, bytes, what);
    found.error = std::move(what);
}

/// The first records; ok with fewer at the end of the file.
Status read_records(Explanation& found, const PayloadDecoderOptions& options) {
    SYMBOLON_TRY(auto file, ContainerReader::open(memory_source(found.framed->body)));
    found.container_schema = file.header().schema_text;
    found.container_codec = std::string(to_string(file.header().codec));
    SYMBOLON_TRY(const auto plan, options.reader == nullptr
                                      ? AvroReadPlan::compile(file.schema())
                                      : AvroReadPlan::compile(file.schema(), options.reader));
    AvroValue value;
    for (std::size_t bytes = 0;;) {
        SYMBOLON_TRY(const bool more, file.next(*plan, value));
        if (!more) {
            return {};
        }
        if (found.records.size() >= limits::explained_records_max) {
            found.has_more_records = true;
            return {};
        }
        std::string record;
        SYMBOLON_CHECK(append_json(record, plan->schema(), value.root(), options.json,
                                   limits::payload_text_bytes_max - bytes));
        bytes += record.size();
        found.records.push_back(std::move(record));
    }
}

Status read_body(Explanation& found, SchemaSource* source, const PayloadDecoderOptions& options) {
    const bool is_file = found.framed->form == BodyForm::container_file;
    if (source == nullptr) {
        if (!is_file) {
            found.note = "no registry and no schema were given, so that the body is not decoded";
            return {};
        }
        return read_records(found, options);
    }
    PayloadDecoder decoder(*source, options);
    SYMBOLON_TRY(found.schema, decoder.find_schema(*found.framed));
    if (is_file) {
        return read_records(found, options);
    }
    SYMBOLON_TRY(auto records, decoder.decode_with(*found.framed, found.schema, options.reader));
    for (DecodedRecord& record : records) {
        found.records.push_back(std::move(record.json));
    }
    return {};
}

}  // namespace

Explanation explain_payload(std::string_view bytes, const PayloadHeaders& headers,
                            SchemaSource* source, const PayloadDecoderOptions& options) {
    Explanation found;
    found.bytes = bytes.size();
    const auto recognised = recognise_framing(bytes, headers, options.part);
    found.framing = options.framing.value_or(recognised.framing);
    found.reason = options.framing ? "as it was said" : recognised.reason;
    auto framed = read_framing(bytes, headers, found.framing, options.part);
    if (!framed) {
        set_error(found, bytes, framed.error());
        return found;
    }
    found.framed = std::move(*framed);
    if (const auto read = read_body(found, source, options); !read) {
        set_error(found, bytes, read.error());
    } else if (found.framing == Framing::bare && source == nullptr) {
        if (const std::string guess = guess_bare(bytes); !guess.empty()) {
            found.note = guess;
        }
    }
    return found;
}

std::string dump_around(std::string_view bytes, std::size_t offset) {
    constexpr std::size_t row = 16;
    const std::size_t place = std::min(offset, bytes.size());
    const std::size_t first = place / row * row;
    const std::size_t begin = first < 2 * row ? 0 : first - 2 * row;
    const std::size_t end = std::min(bytes.size(), first + 2 * row);
    std::string out;
    for (std::size_t at = begin; at < end || at == first; at += row) {
        std::string digits;
        std::string letters;
        for (std::size_t each = at; each < std::min(at + row, bytes.size()); ++each) {
            const auto byte = static_cast<unsigned char>(bytes[each]);
            digits += fmt::format("{:02x} ", byte);
            letters += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '.';
        }
        out += fmt::format("{:08x}  {:<48} |{}|\n", at, digits, letters);
        if (at == first) {
            out += fmt::format("{:{}}^^ offset {}\n", "", 10 + 3 * (place - first), offset);
        }
    }
    return out;
}

std::string indent_json(std::string_view json) {
    // Deeper levels would make a text of the square of its size.
    constexpr std::size_t indented_levels_max = 40;
    std::string out;
    std::size_t depth = 0;
    bool in_text = false;
    const auto new_line = [&] {
        out += '\n';
        out.append(2 * std::min(depth, indented_levels_max), ' ');
    };
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char letter = json[at];
        if (in_text) {
            out += letter;
            if (letter == '\\' && at + 1 < json.size()) {
                out += json[++at];
            }
            in_text = letter != '"';
        } else if (letter == '"') {
            out += letter;
            in_text = true;
        } else if (letter == '{' || letter == '[') {
            out += letter;
            const std::size_t next = json.find_first_not_of(" \t\r\n", at + 1);
            if (next != std::string_view::npos && (json[next] == '}' || json[next] == ']')) {
                out += json[next];
                at = next;
            } else {
                ++depth;
                new_line();
            }
        } else if (letter == '}' || letter == ']') {
            depth -= depth > 0 ? 1 : 0;
            new_line();
            out += letter;
        } else if (letter == ',') {
            out += letter;
            new_line();
        } else if (letter == ':') {
            out += ": ";
        } else if (letter != ' ' && letter != '\t' && letter != '\r' && letter != '\n') {
            out += letter;
        }
    }
    return out;
}

}  // namespace symbolon::client
