// Validates data against a JSON Schema of draft 4, 6, 7, 2019-09 or 2020-12.
//
// Example:  SYMBOLON_TRY(auto validator, JsonValidator::compile(text, {}, Formats::annotate));
//           SYMBOLON_TRY(auto errors, validator->validate(R"({"age":12})"));
// Errors:   invalid_schema (with the place), malformed_json, check_too_costly
// Units:    paths are JSON Pointers; the empty one is all of the datum, or of the schema
// Threads:  immutable once compiled; any thread
// Limits:   datum_bytes_max, validate_steps_max, validate_depth_max, validate_nodes_max,
//           validation_errors_max, quoted_bytes_max, error_path_bytes_max
// Source:   JSON Schema, drafts 4, 6, 7, 2019-09 and 2020-12; docs/parity.md
// Tested by tests/unit/compat/json_validator_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "compat/json_text/json_text.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::json {

/// One reason why a datum is refused.
struct ValidationError {
    std::string instance_path;  ///< JSON Pointer into the datum
    /// JSON Pointer to the keyword where it is written, such as "/properties/age/minimum"; behind a
    /// `$ref` that is the target's own place, and in another text it follows that one's name and
    /// "#".
    std::string schema_path;
    std::string message;  ///< a sentence

    friend bool operator==(const ValidationError&, const ValidationError&) = default;
};

/// Whether a text that is not of its `format` is refused.
enum class Formats { annotate, assert_them };

struct Program;

class JsonValidator {
public:
    /// From a text: what the specification allows, also what parse_json_schema refuses. A `$ref`
    /// finds the texts among `references` by name or `$id`, and the drafts' meta-schemas.
    static Result<std::shared_ptr<const JsonValidator>> compile(
        std::string_view schema_text, std::span<const NamedText> references, Formats formats);
    /// Over a tree that `owner` keeps, with the text that it was read from and the references.
    static Result<std::shared_ptr<const JsonValidator>> compile(
        const JsonNode& root, std::string_view schema_text, std::span<const NamedText> references,
        std::shared_ptr<const void> owner, Formats formats);

    /// Empty: valid. Fails with malformed_json for a text that is no JSON, with check_too_costly
    /// past the step limit, with invalid_schema where `$ref`s lead in a circle.
    Result<std::vector<ValidationError>> validate(std::string_view datum) const;
    Result<std::vector<ValidationError>> validate(const JsonNode& datum) const;
    /// True when the datum is valid; cheaper where the reasons are not wanted.
    Result<bool> accepts(const JsonNode& datum) const;

    /// Bytes that it takes, roughly, without a tree that it shares.
    std::size_t memory_bytes() const;

    explicit JsonValidator(std::shared_ptr<const Program> program) : program_(std::move(program)) {}

private:
    std::shared_ptr<const Program> program_;
};

}  // namespace symbolon::compat::json
