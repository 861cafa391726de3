// The input as a JSON Schema, and as two made ones that are mostly alike.
//
// A schema that parses must print, read back as the same, and be read by itself; the verdict about
// a made pair must be the naive checker's, and a counter-example must be one.
#include "compat/compat.hpp"
#include "compat/json_schema/json_validator.hpp"
#include "tests/support/json_schema_maker.hpp"
#include "tests/support/naive_json_check.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace symbolon;
using namespace symbolon::compat;

Result<SchemaPtr> parse(std::string_view text) {
    return parse_schema(SchemaType::json, text, {}, Strictness::strict);
}

void check_text(std::string_view text) {
    const auto schema = parse(text);
    if (!schema) {
        return;
    }
    const auto canonical = (*schema)->canonical_text(Normalize::no);
    const auto again = parse(*canonical);
    if (!again || *(*again)->canonical_text(Normalize::no) != *canonical) {
        std::abort();
    }
    const auto findings = (*schema)->findings_reading(**again);
    if (findings && !findings->empty()) {
        std::abort();
    }
}

bool accepts(std::string_view schema, std::string_view datum) {
    const auto validator = json::JsonValidator::compile(schema, {}, json::Formats::annotate);
    const auto errors = validator ? (*validator)->validate(datum) : failure(validator.error());
    if (!errors) {
        std::abort();
    }
    return errors->empty();
}

struct Texts {
    std::string reader;
    std::string writer;
};

// The first findings will do: making data is slow.
void check_counter_examples(const ParsedSchema& reader, const ParsedSchema& writer,
                            const Findings& findings, const Texts& texts) {
    for (std::size_t at = 0; at < findings.size() && at < 3; ++at) {
        const auto example = reader.find_counter_example(findings[at], writer);
        if (example &&
            (!accepts(texts.writer, example->datum) || accepts(texts.reader, example->datum))) {
            std::abort();
        }
    }
}

void check_pair(std::string_view bytes) {
    const std::string_view half = bytes.substr(0, bytes.size() / 2);
    const std::string update_text = tests::JsonSchemaMaker(bytes).schema_text();
    const std::string original_text = tests::JsonSchemaMaker(half).schema_text();
    const auto update = parse(update_text);
    const auto original = parse(original_text);
    if (!update || !original) {
        std::abort();
    }
    const auto strict = (*update)->findings_under(Policy::strict, **original);
    const auto lenient = (*update)->findings_under(Policy::lenient, **original);
    // What the strict policy allows, the lenient one does.
    if (strict && lenient && strict->empty() && !lenient->empty()) {
        std::abort();
    }
    if (strict) {
        check_counter_examples(**update, **original, *strict, {update_text, original_text});
    }
    for (const auto& [policy, findings] :
         {std::pair{Policy::strict, &strict}, std::pair{Policy::lenient, &lenient}}) {
        // Without a memo it takes seconds for some pairs; those prove no more than others.
        constexpr std::uint64_t naive_steps_max = 3'000;
        const auto naive =
            tests::json_reads_naively(update_text, original_text, policy, naive_steps_max);
        if (*findings && naive && (*findings)->empty() != *naive) {
            std::abort();
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_text(bytes);
    check_pair(bytes);
    return 0;
}
