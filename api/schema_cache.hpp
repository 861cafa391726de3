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
#include "core/result.hpp"

#include <cstddef>
#include <list>
#include <mutex>
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

    /// The parsed schema, from memory or by parsing now; failures are not kept.
    Result<compat::SchemaPtr> parse(const SchemaSource& source);
    /// Bytes of the canonical text. Remembered long after the schema itself was let go: equivalent
    /// schemas without references have equally long ones, so that most pairs need no parsing.
    Result<std::size_t> canonical_bytes(const SchemaSource& source);

private:
    struct Item {
        std::string key;
        compat::SchemaPtr schema;
        std::size_t cost_bytes = 0;
    };

    const std::size_t cost_bytes_max_;
    std::mutex mutex_;
    // Guarded by mutex_: items, last used first, and where each key's item is.
    std::list<Item> items_;
    std::unordered_map<std::string, std::list<Item>::iterator> places_;
    std::size_t cost_bytes_ = 0;
    std::unordered_map<std::string, std::size_t> canonical_bytes_;
};

}  // namespace symbolon
