// A parsed JSON Schema: its texts, its models, and the ParsedSchema that the registry sees.
//
// Example:  SYMBOLON_TRY(auto schema, parse_json_schema(text, references));
// Errors:   invalid_schema, with line and column of what is wrong
// Threads:  immutable once parsed; any thread
// Limits:   schema_bytes_max, reference_bytes_max, json_depth_max, uri_bytes_max, patterns_max
// Source:   json-schema-compat.md
// Tested by tests/unit/compat/json_parse_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "compat/json_schema/json_document.hpp"
#include "compat/json_schema/json_model.hpp"
#include "compat/json_schema/json_validator.hpp"

#include <array>
#include <memory>
#include <memory_resource>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::json {

/// `references` are texts that `$ref`s may name.
Result<SchemaPtr> parse_json_schema(std::string_view text, std::span<const NamedText> references);

/// Owns the texts of one schema and what was read from them.
struct JsonTree {
    std::pmr::monotonic_buffer_resource memory;
    Documents documents{memory};
    const Model* root = nullptr;
    std::uint32_t model_count = 0;
    std::vector<NamedText> references;
};

class JsonSchema final : public ParsedSchema {
public:
    explicit JsonSchema(std::unique_ptr<JsonTree> tree) : tree_(std::move(tree)) {}

    SchemaType type() const override { return SchemaType::json; }
    Result<std::string> canonical_text(Normalize normalize) const override;
    Result<std::string> formatted_text(TextFormat format) const override;
    bool equivalent_to(const ParsedSchema& other) const override;
    bool has_top_level_field(std::string_view name) const override;
    /// invalid_schema when a property of the root begins with `$$`: such names are reserved.
    Status check_fields() const override;
    Result<Findings> findings_reading(const ParsedSchema& writer) const override {
        return findings_under(Policy::strict, writer);
    }
    Result<Findings> findings_under(Policy policy, const ParsedSchema& writer) const override;

    std::optional<CounterExample> find_counter_example(const Finding& finding,
                                                       const ParsedSchema& writer) const override;

    const Model& root() const { return *tree_->root; }
    std::uint32_t model_count() const { return tree_->model_count; }
    /// Validates data by this schema; compiled when it is asked for first, then kept.
    Result<std::shared_ptr<const JsonValidator>> validator(Formats formats) const;

private:
    struct KeptValidator {
        std::once_flag once;
        std::optional<Result<std::shared_ptr<const JsonValidator>>> result;
    };

    const JsonNode& json() const { return *tree_->documents.root().root; }

    std::shared_ptr<JsonTree> tree_;
    mutable std::array<KeptValidator, 2> validators_;  ///< by Formats
};

}  // namespace symbolon::compat::json
