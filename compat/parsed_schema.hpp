// A schema that has been parsed and resolved: what every schema type offers the registry.
//
// Errors:   invalid_schema, check_too_costly
// Threads:  immutable; any thread
// Limits:   check_steps_max, check_depth_max, findings_max, schema_text_bytes_max
// Source:   docs/decisions/0002-rooms-and-doors.md
// Tested by tests/unit/compat/compat_test.cpp
#pragma once

#include "compat/finding.hpp"
#include "compat/text_format.hpp"
#include "core/result.hpp"
#include "core/schema_type.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::compat {

enum class Normalize { no, yes };

/// How strictly JSON Schemas are compared (REST contract CFG-E4, COMP-6); other types know one way.
enum class Policy { strict, lenient };

class ParsedSchema {
public:
    ParsedSchema() = default;
    ParsedSchema(const ParsedSchema&) = delete;
    ParsedSchema& operator=(const ParsedSchema&) = delete;
    ParsedSchema(ParsedSchema&&) = delete;
    ParsedSchema& operator=(ParsedSchema&&) = delete;
    virtual ~ParsedSchema() = default;

    virtual SchemaType type() const = 0;
    /// The text that the registry stores, hashes and returns (REST contract 4.2 and 4.3).
    virtual Result<std::string> canonical_text(Normalize normalize) const = 0;
    /// The text in another format (FMT-1); the canonical text where the type has none of it.
    virtual Result<std::string> formatted_text(TextFormat format) const = 0;
    /// Equal after parsing with references resolved on both sides (LOOK-3), whatever the spelling.
    virtual bool equivalent_to(const ParsedSchema& other) const = 0;
    /// True when a record or object at the top has a field of this name (VAL-2).
    virtual bool has_top_level_field(std::string_view name) const = 0;
    /// ok when the fields make sense beyond what parsing asks: Protobuf builds descriptors (VAL-2).
    virtual Status check_fields() const { return {}; }
    /// Findings when data written with `writer` is read with *this; empty means readable.
    /// REQUIRES: writer.type() == type().
    virtual Result<Findings> findings_reading(const ParsedSchema& writer) const = 0;
    /// The same under a policy.
    virtual Result<Findings> findings_under(Policy /*policy*/, const ParsedSchema& writer) const {
        return findings_reading(writer);
    }
    /// A datum that shows `finding`, verified by reading it; nullopt where none was built.
    /// REQUIRES: `finding` is one of findings_reading(writer) or findings_under(…, writer).
    virtual std::optional<CounterExample> find_counter_example(
        const Finding& /*finding*/, const ParsedSchema& /*writer*/) const {
        return std::nullopt;
    }
};

using SchemaPtr = std::shared_ptr<const ParsedSchema>;

}  // namespace symbolon::compat
