// The door of the compatibility engine: text in, parsed schemas and findings out. Pure.
//
// "Reader" is the schema of the program that reads data, "writer" the one it was written with.
//
// Errors:   invalid_schema (with the place), check_too_costly
// Units:    lines and columns in messages start at 1
// Threads:  any thread
// Limits:   schema_bytes_max, schema_depth_max, schema_names_max, reference_bytes_max,
// counter_examples_max, counter_example_bytes_max
// Source:   REST contract 4.15 and 5
// Tested by tests/unit/compat/compat_test.cpp
#pragma once

#include "compat/level.hpp"
#include "compat/parsed_schema.hpp"
#include "core/ids.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat {

/// A referenced schema's text under the name that the referring schema uses for it.
struct NamedText {
    std::string name;
    std::string text;
    /// Where it is registered; no subject means that it is reached through another reference.
    std::string subject{};
    std::int32_t version = 0;
};

/// Strict: a new schema. Lenient: stored, looked up or imported (see the Avro notes of the
/// contract).
enum class Strictness { strict, lenient };

/// Parses `text`; `references` come in order of dependency, each before those that need it.
Result<SchemaPtr> parse_schema(SchemaType type, std::string_view text,
                               std::span<const NamedText> references, Strictness strictness);

/// An earlier version that a candidate is compared with.
struct HistoryEntry {
    Version version;
    SchemaPtr schema;
    std::string text;  ///< canonical text, printed in messages
};

struct DirectedFinding {
    Finding finding;
    Direction direction;
};

/// What a check came to. Empty findings: compatible.
struct Outcome {
    std::vector<DirectedFinding> findings;
    std::optional<Version> old_version;  ///< the first version that does not fit
    std::string old_text;

    bool compatible() const { return findings.empty(); }
};

/// Checks `candidate` against `history` in the directions that `level` asks for, stopping at the
/// first version that does not fit. REQUIRES: history is newest first and holds what `level` needs
/// (the latest version alone, or all when is_transitive(level)).
Result<Outcome> check_level(Level level, const ParsedSchema& candidate,
                            std::span<const HistoryEntry> history, Policy policy = Policy::strict);

/// Shows findings by data that the reader cannot read, where that can be done; `old` is the version
/// that the outcome is about. Findings beyond counter_examples_max are left as they are.
void add_counter_examples(Outcome& outcome, const ParsedSchema& candidate, const ParsedSchema& old);

/// Whether reserved fields were looked at, as the last message tells.
enum class ValidateFields { no, yes };
/// The message list of the contract's section 5.1, trailers included. Empty when compatible.
std::vector<std::string> to_messages(const Outcome& outcome, Level level,
                                     ValidateFields validate_fields = ValidateFields::no);

/// The last entry of that list.
std::string policy_message(Level level, ValidateFields validate_fields);

}  // namespace symbolon::compat
