// Any bytes as a .proto text, as a descriptor, and as what makes a text that parses.
//
// A schema that parses must print, read back as the same, and be read by itself; its other forms
// must come out or be refused.
#include "compat/compat.hpp"
#include "tests/support/proto_schema_maker.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string>
#include <string_view>

namespace {

using namespace symbolon;
using namespace symbolon::compat;

void demand(bool holds, const char* what, std::string_view text = {}) {
    if (!holds) {
        std::cerr << "does not hold: " << what << '\n' << text << '\n';
        std::abort();
    }
}

bool is_refusal(const Error& error) {
    return error.code == ErrorCode::invalid_schema || error.code == ErrorCode::check_too_costly;
}

using References = std::span<const NamedText>;

Result<SchemaPtr> parse(std::string_view text, References references, Strictness strictness) {
    return parse_schema(SchemaType::protobuf, text, references, strictness);
}

// Parity: the normalised text keeps the empty line of oneofs that it drops.
std::string without_blank_lines(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        out += line.find_first_not_of(' ') == std::string_view::npos ? std::string()
                                                                     : std::string(line) + "\n";
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return out;
}

// What is printed reads back as what was printed.
void use_text(const Result<std::string>& text, const ParsedSchema& schema, References references) {
    if (!text) {
        demand(is_refusal(text.error()), "a schema prints or is refused");
        return;
    }
    const auto again = parse(*text, references, Strictness::lenient);
    demand(again.has_value(), "what is printed parses", *text);
    demand((*again)->canonical_text(Normalize::no).value_or("") == *text,
           "what is printed is canonical", *text);
    const auto findings = schema.findings_reading(**again);
    demand(findings ? findings->empty() : is_refusal(findings.error()),
           "a schema reads what its own text says", *text);
}

void use_normalised(const Result<std::string>& text, References references) {
    if (!text) {
        demand(is_refusal(text.error()), "a schema is normalised or refused");
        return;
    }
    const auto again = parse(*text, references, Strictness::lenient);
    demand(again.has_value(), "a normalised text parses", *text);
    const auto twice = (*again)->canonical_text(Normalize::yes);
    demand(twice && without_blank_lines(*twice) == without_blank_lines(*text),
           "a normalised text is normalised", *text + "\n---\n" + twice.value_or("nothing"));
}

void use_serialized(const Result<std::string>& text, References references) {
    if (!text) {
        demand(is_refusal(text.error()), "a descriptor is built or refused");
        return;
    }
    const auto again = parse(*text, references, Strictness::lenient);
    demand(again.has_value(), "a descriptor parses", *text);
}

void use(const ParsedSchema& schema, References references) {
    demand(schema.equivalent_to(schema), "a schema is itself");
    const auto findings = schema.findings_reading(schema);
    demand(findings ? findings->empty() : is_refusal(findings.error()), "a schema reads itself");
    const auto fields = schema.check_fields();
    demand(fields || is_refusal(fields.error()), "fields make sense or are refused");
    use_text(schema.canonical_text(Normalize::no), schema, references);
    use_normalised(schema.canonical_text(Normalize::yes), references);
    use_text(schema.formatted_text(TextFormat::ignore_extensions), schema, references);
    use_serialized(schema.formatted_text(TextFormat::serialized), references);
}

void use_text_of_schema(std::string_view text, References references) {
    const auto lenient = parse(text, references, Strictness::lenient);
    const auto strict = parse(text, references, Strictness::strict);
    demand(lenient || is_refusal(lenient.error()), "a text parses or is refused");
    demand(strict || is_refusal(strict.error()), "a text is valid or refused");
    demand(lenient || !strict, "what is valid parses", text);
    if (lenient) {
        use(**lenient, references);
    }
    demand(!strict || (*strict)->canonical_text(Normalize::yes), "what is valid is normalised",
           text);
}

std::string to_base64(std::string_view bytes) {
    constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 3) {
        std::uint32_t group = 0;
        for (std::size_t part = 0; part < 3; ++part) {
            group = group * 256 +
                    (at + part < bytes.size() ? static_cast<unsigned char>(bytes[at + part]) : 0U);
        }
        for (std::size_t digit = 0; digit < 4; ++digit) {
            out += at + digit > bytes.size() ? '=' : digits[(group >> (18U - 6U * digit)) & 63U];
        }
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    use_text_of_schema(bytes, {});
    use_text_of_schema(to_base64(bytes), {});
    const auto made = tests::ProtoSchemaMaker(bytes).make();
    demand(parse(made.text, made.references, Strictness::lenient).has_value(), "made texts parse",
           made.text);
    use_text_of_schema(made.text, made.references);
    return 0;
}
