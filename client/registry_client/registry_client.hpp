// Asks a schema registry, and remembers what it said.
//
// Several base URLs are tried in turn on connect errors and 5xx; when none answers, the round is
// repeated after a wait (retry.hpp). Only what may happen twice is repeated once it was sent: all
// but register_schema. Answers are cached by id, GUID and (subject, version); calls that miss the
// same entry at the same time share one request. An id means the same for ever, so that an entry by
// id or GUID is answered beyond its time when no registry can be reached.
//
// Example:  RegistryClient registry(options, *sender, credentials, clock);
//           SYMBOLON_TRY(auto schema, registry.find_version("orders-value", std::nullopt));
// Errors:   schema_not_found (404: also subject and version), not_authorised (401, 403),
//           incompatible_schema (409), invalid_schema (422, and references beyond the bounds),
//           unavailable (after retries), malformed_request (any other refusal)
// Units:    milliseconds, seconds
// Threads:  any thread
// Limits:   references_max, reference_depth_max, reference_bytes_max, schema_bytes_max,
//           schema_cache_bytes_max
// Source:   contract of the event clients, section 2; REST contract section 4
// Tested by tests/unit/client/registry_client/registry_client_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/http/credentials.hpp"
#include "client/http/http_client.hpp"
#include "client/http/retry.hpp"
#include "client/registry_client/schema_source.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

struct RegistryClientOptions {
    std::vector<std::string> base_urls{};       ///< at least one
    std::chrono::milliseconds timeout{10'000};  ///< of one request
    std::size_t cache_entries_max = 256;        ///< by id and by version, each
    std::chrono::seconds cache_ttl{300};        ///< of `latest`, never above an hour
    /// After no registry answered: how long entries by id or GUID are answered beyond their time
    /// before a registry is asked again.
    std::chrono::seconds stale_pause{30};
    RetryPolicy retry{};
    RandomSource random = system_random();
};

/// A snapshot.
struct RegistryClientCounters {
    std::uint64_t requests = 0;  ///< sent, or tried to
    std::uint64_t retries = 0;   ///< rounds beyond the first
    std::uint64_t cache_hits = 0;
    std::uint64_t cache_misses = 0;   ///< those that asked the registry
    std::uint64_t cache_shared = 0;   ///< those that waited for another's answer
    std::uint64_t stale_answers = 0;  ///< entries answered beyond their time
};

/// Where a schema is registered.
struct SubjectVersion {
    std::string subject{};
    Version version{};
};

class RegistryClient final : public SchemaSource {
public:
    /// `sender` and `clock` outlive the client.
    RegistryClient(RegistryClientOptions options, HttpSender& sender,
                   std::shared_ptr<Credentials> credentials, Clock& clock);
    ~RegistryClient() override;
    RegistryClient(const RegistryClient&) = delete;
    RegistryClient& operator=(const RegistryClient&) = delete;
    RegistryClient(RegistryClient&&) = delete;
    RegistryClient& operator=(RegistryClient&&) = delete;

    Result<RegisteredSchemaPtr> find_by_id(SchemaId id) override;
    Result<RegisteredSchemaPtr> find_by_guid(std::string_view guid) override;
    Result<RegisteredSchemaPtr> find_version(std::string_view subject,
                                             WantedVersion version) override;
    Result<compat::Level> find_level(std::string_view subject, WantedVersion version) override;
    Result<RegisteredSchemaPtr> find_same(std::string_view subject, SchemaType type,
                                          std::string_view text,
                                          const std::vector<Reference>& references) override;
    Result<RegisteredSchemaPtr> register_schema(std::string_view subject, SchemaType type,
                                                std::string_view text,
                                                const std::vector<Reference>& references) override;

    /// The last version of each subject that uses the schema, which has an id or a GUID. Asks each
    /// time: subjects come and go.
    Result<std::vector<SubjectVersion>> find_subjects(const RegisteredSchema& schema);

    RegistryClientCounters counters() const;

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace symbolon::client
