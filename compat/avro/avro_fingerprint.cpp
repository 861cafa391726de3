#include "compat/avro/avro_fingerprint.hpp"

#include "compat/avro/avro_text.hpp"
#include "core/hex.hpp"

#include <openssl/evp.h>

#include <array>

namespace symbolon::compat::avro {

namespace {

constexpr std::uint64_t crc64_empty = 0xC15D213AA4D7A795ULL;

constexpr std::array<std::uint64_t, 256> make_crc64_table() {
    std::array<std::uint64_t, 256> table{};
    for (std::uint64_t byte = 0; byte < table.size(); ++byte) {
        std::uint64_t value = byte;
        for (int bit = 0; bit < 8; ++bit) {
            value = (value >> 1U) ^ ((value & 1U) != 0 ? crc64_empty : 0);
        }
        table[byte] = value;
    }
    return table;
}
constexpr auto crc64_table = make_crc64_table();

class ParsingFormWriter {
public:
    void write(const AvroNode& node) {
        if (is_primitive(node.kind)) {
            append_word(to_string(node.kind));
            return;
        }
        if (!text_.may_grow() || !text_.descend()) {
            return;
        }
        if (node.kind == AvroKind::union_of) {
            append("[");
            for (const AvroNode* branch : node.branches) {
                append(branch == node.branches.front() ? "" : ",");
                write(*branch);
            }
            append("]");
        } else if (is_named(node.kind)) {
            write_named(node);
        } else {
            append(node.kind == AvroKind::array ? R"({"type":"array","items":)"
                                                : R"({"type":"map","values":)");
            write(*node.item);
            append("}");
        }
        text_.ascend();
    }

    Result<std::string> finish() && { return std::move(text_).finish(); }

private:
    [[gnu::noinline]] void append(std::string_view words) { text_.out += words; }

    [[gnu::noinline]] void append_word(std::string_view word) {
        text_.out += '"';
        text_.out += word;
        text_.out += '"';
    }

    [[gnu::noinline]] void write_named(const AvroNode& node) {
        const AvroDefinition& definition = *node.definition;
        if (!names_.insert(definition)) {
            append_word(to_string(definition.name));
            return;
        }
        append("{\"name\":");
        append_word(to_string(definition.name));
        append(",\"type\":");
        append_word(to_string(node.kind));
        if (node.kind == AvroKind::fixed) {
            append(",\"size\":");
            append(std::to_string(definition.size));
        } else if (node.kind == AvroKind::enumeration) {
            append(",\"symbols\":[");
            for (std::size_t at = 0; at < definition.symbols.size(); ++at) {
                append(at == 0 ? "" : ",");
                append_word(definition.symbols[at]);
            }
            append("]");
        } else {
            write_fields(definition);
        }
        append("}");
    }

    void write_fields(const AvroDefinition& definition) {
        if (!text_.descend() || !text_.descend()) {
            return;
        }
        append(",\"fields\":[");
        for (const AvroField& field : definition.fields) {
            append(&field == definition.fields.data() ? "{\"name\":" : ",{\"name\":");
            append_word(field.name);
            append(",\"type\":");
            write(*field.type);
            append("}");
        }
        append("]");
        text_.ascend();
        text_.ascend();
    }

    BoundedText text_;
    NamesWritten names_;
};

}  // namespace

Result<std::string> to_parsing_form(const AvroNode& root) {
    ParsingFormWriter writer;
    writer.write(root);
    return std::move(writer).finish();
}

std::uint64_t crc64_avro(std::string_view bytes) {
    std::uint64_t value = crc64_empty;
    for (const char byte : bytes) {
        value = (value >> 8U) ^ crc64_table[(value ^ static_cast<unsigned char>(byte)) & 0xFFU];
    }
    return value;
}

std::string md5_hex(std::string_view bytes) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_md5(), nullptr);
    std::string text;
    for (unsigned at = 0; at < length; ++at) {
        append_hex(text, digest[at]);
    }
    return text;
}

}  // namespace symbolon::compat::avro
