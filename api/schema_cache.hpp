// Parsed schemas that were needed lately, so that a history is not parsed again for every check.
//
// Errors:   those of compat::parse_schema
// Threads:  any thread; parsing happens outside the lock
// Limits:   cost_bytes_max of the constructor; a parsed schema counts as a multiple of its texts
// Tested by tests/unit/api/schema_cache_test.cpp
#pragma once

#include "api/references.hpp"
#include "api/schema_content.hpp"
#include "compat/compat.hpp"
#include "compat/validate.hpp"
#include "core/result.hpp"

#include <array>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace symbolon {

/// A text with everything that parsing it needs; `key` is equal exactly when all of that is equal.
struct SchemaSource {
    ContentPtr content;
    Closure closure;
    compat::Strictness strictness = compat::Strictness::lenient;
    std::string key;
};
SchemaSource make_source(ContentPtr content, Closure closure, compat::Strictness strictness);

Result<compat::SchemaPtr> parse_source(const SchemaSource& source);

class SchemaCache {
public:
    explicit SchemaCache(std::size_t cost_bytes_max) : cost_bytes_max_(cost_bytes_max) {}

    /// The parsed schema, from memory or by parsing now; failures and strict readings are not kept:
    /// a new schema is needed by its own request, a stored one (read leniently) by many.
    Result<compat::SchemaPtr> parse(const SchemaSource& source);
    /// Bytes of the canonical text of a stored content without references, if it was told;
    /// remembered long after the parsed schema itself was let go.
    std::optional<std::size_t> find_canonical_bytes(const SchemaContent& content);
    void tell_canonical_bytes(const SchemaContent& content, std::size_t bytes);

    /// The parsed schema has made a validator, which lives as long and takes so much more.
    void tell_validator(const SchemaSource& source, compat::Formats formats, std::size_t bytes);

private:
    struct Item {
        std::string key;
        compat::SchemaPtr schema;
        std::size_t cost_bytes = 0;
        std::array<std::size_t, 2> validator_bytes{};  ///< of each Formats
    };

    /// REQUIRES: mutex_ is held.
    void let_go_of_what_is_too_much();

    const std::size_t cost_bytes_max_;
    std::mutex mutex_;
    // Guarded by mutex_: items, last used first, and where each key's item is.
    std::list<Item> items_;
    std::unordered_map<std::string, std::list<Item>::iterator> places_;
    std::size_t cost_bytes_ = 0;
    struct CanonicalBytes {
        SchemaType type = SchemaType::avro;
        std::size_t bytes = 0;
    };
    std::unordered_map<Guid, CanonicalBytes, GuidHash> canonical_bytes_;
};

}  // namespace symbolon
