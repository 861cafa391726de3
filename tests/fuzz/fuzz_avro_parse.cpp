// Any bytes as an Avro schema and its references, which a byte 0x1E separates; the schema comes
// last.
#include "compat/avro/avro_fingerprint.hpp"
#include "compat/avro/avro_schema.hpp"
#include "compat/compat.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace symbolon;
using namespace symbolon::compat;

void demand(bool holds) {
    if (!holds) {
        std::abort();
    }
}

/// What must hold of every schema that was accepted.
void use(const ParsedSchema& schema) {
    const auto& root = *dynamic_cast<const avro::AvroSchema&>(schema).tree().root;
    demand(schema.equivalent_to(schema));
    const auto findings = schema.findings_reading(schema);
    demand(!findings || findings->empty() ||
           findings->front().kind == FindingKind::check_exception);
    const auto form = avro::to_parsing_form(root);
    demand(!form || !avro::md5_hex(*form).empty());
    const auto normalized = schema.canonical_text(Normalize::yes);
    demand(normalized || normalized.error().code == ErrorCode::invalid_schema);
    const auto resolved = schema.formatted_text(symbolon::compat::TextFormat::resolved);
    // A type without namespace inside one can be hidden by its neighbours when it is read again.
    if (!resolved || resolved->find("\"namespace\":") != std::string::npos) {
        return;
    }
    const auto again = parse_schema(SchemaType::avro, *resolved, {}, Strictness::lenient);
    demand(again.has_value());
    demand((*again)->formatted_text(symbolon::compat::TextFormat::resolved).value_or("") ==
           *resolved);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    std::vector<NamedText> references;
    for (std::size_t end = rest.find('\x1e');
         end != std::string_view::npos && references.size() < 8; end = rest.find('\x1e')) {
        references.push_back({"ref", std::string(rest.substr(0, end))});
        rest.remove_prefix(end + 1);
    }
    const auto strict = parse_schema(SchemaType::avro, rest, references, Strictness::strict);
    const auto lenient = parse_schema(SchemaType::avro, rest, references, Strictness::lenient);
    demand(!strict || lenient);
    for (const auto* schema : {&strict, &lenient}) {
        if (*schema) {
            use(***schema);
        } else {
            demand(schema->error().code == ErrorCode::invalid_schema);
        }
    }
    return 0;
}
