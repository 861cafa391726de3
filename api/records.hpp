// Stored records: the grammar of their keys, and the text of their values.
//
//   context/<ctx>                {"context":".","maxId":7}, with "deleted":true once it was deleted
//   schema/<ctx>/<id>            a header line of JSON, a line feed, the schema text as it is
//   version/<ctx>/<n>/<subject>
//   {"context":".","subject":"s","version":1,"id":7,"ts":…,"deleted":false} config/<ctx>/<subject>
//   {"context":".","subject":"","config":{…}} mode/<ctx>/<subject>
//   {"context":".","subject":"","mode":"READONLY"}
//   kek/<name> and dek/<kek>/<ctx>/<subject>/<algorithm>/<n>: see dek/key_records.hpp
//   association/<resource id>/<resource type>/<association type>: see association_records.hpp
//   usage/<ctx>/<id>/<subject>
//   {"context":".","id":7,"subject":"s","reads":9,"lastRead":…,"agents":{"curl/8":[9,…]}}
//
// In keys, "%" and "/" of a context or subject are written %25 and %2F. A key is authoritative:
// what a value repeats of it is there for people and SQL views.
//
// Errors:   store_failed, naming the key
// Threads:  any thread
// Source:   docs/stored_format.md
// Tested by tests/unit/api/records_test.cpp
#pragma once

#include "api/associations/association.hpp"
#include "api/config.hpp"
#include "api/dek/encryption_key.hpp"
#include "api/schema_content.hpp"
#include "core/result.hpp"
#include "storage/store.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace symbolon {

struct ContextRecord {
    SchemaId max_id;
    bool deleted = false;
};
struct VersionRecord {
    SchemaId id;
    std::int64_t ts = 0;
    bool deleted = false;
};
using ConfigPtr = std::shared_ptr<const Config>;

/// Reads of one user agent.
struct AgentUse {
    std::string agent;  ///< printable ASCII without quotes and backslashes
    std::uint64_t reads = 0;
    std::int64_t last_read = 0;

    friend bool operator==(const AgentUse&, const AgentUse&) = default;
};
/// Reads of a schema: all, and of those who were here last.
struct UsageRecord {
    std::uint64_t reads = 0;
    std::int64_t last_read = 0;
    std::vector<AgentUse> agents;

    friend bool operator==(const UsageRecord&, const UsageRecord&) = default;
};

enum class RecordFamily { context, schema, version, config, mode, association, usage, kek, dek };

struct RecordKey {
    RecordFamily family = RecordFamily::context;
    std::string context;
    std::string subject;               ///< of version, config, mode and usage
    std::int32_t number = 0;           ///< the id of a schema or its usage; a version's own
    std::vector<std::string> parts{};  ///< of families that belong to no context
};

/// One entry of the store as the catalogue takes it; an erased one has no value (monostate).
struct Change {
    RecordKey key;
    std::variant<std::monostate, ContextRecord, ContentPtr, VersionRecord, ConfigPtr, Mode,
                 AssociationPtr, UsageRecord, KekPtr, DekPtr>
        value;
};

std::string to_text(const RecordKey& key);
Result<RecordKey> parse_record_key(std::string_view key);

/// Reads one entry; takes the value's memory for the schema text.
Result<Change> parse_record(storage::Entry entry);
/// REQUIRES: a value that fits the key's family, or none.
storage::Write to_write(const Change& change);

}  // namespace symbolon
