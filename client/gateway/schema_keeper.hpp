// Keeps the JSON Schema by which bodies are validated, compiled, and as fresh as its time to live
// says.
//
// One thread looks a schema up again while the others go on with the one that is known. When the
// look-up fails, so do they all, for `retry_pause`: stale rather than nothing, and counted. Without
// any schema known, the error is answered, and the source is asked again after a second; while that
// is under way, the last error is answered, so that a source that hangs keeps one caller at most.
//
// Example:  SYMBOLON_TRY(const auto schema, keeper.current());
//           SYMBOLON_TRY(const auto errors, schema->validator->validate(body));
// Errors:   those of the SchemaSource; invalid_schema, not_a_json_schema
// Units:    milliseconds
// Threads:  any thread
// Source:   contract of the event clients, section 4.1
// Tested by tests/unit/client/gateway/schema_keeper_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/registry_client/schema_source.hpp"
#include "compat/validate.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace symbolon::client {

struct SchemaKeeperOptions {
    std::string subject{};
    WantedVersion version{};  ///< nullopt: the latest
    std::chrono::milliseconds ttl{300'000};
    std::chrono::milliseconds retry_pause{5'000};
    /// How long a look-up that is due is left to refresh(), before current() makes it itself.
    std::chrono::milliseconds head_start{0};
};

/// A schema and its validator, which asks for formats, too. Immutable.
struct KeptSchema {
    RegisteredSchemaPtr schema;
    std::shared_ptr<const compat::JsonValidator> validator;
};
using KeptSchemaPtr = std::shared_ptr<const KeptSchema>;

class SchemaKeeper {
public:
    /// `source` and `clock` outlive the keeper.
    SchemaKeeper(SchemaKeeperOptions options, SchemaSource& source, Clock& clock)
        : options_(std::move(options)), source_(source), clock_(clock) {}

    Result<KeptSchemaPtr> current();
    /// Looks the schema up when that is due, for a thread that does nothing else: so that a body
    /// need not wait for it, and a gateway without a schema gets one though nobody sends to it.
    void refresh();

    /// A snapshot; asks nobody.
    struct State {
        KeptSchemaPtr schema{};  ///< nullptr: none was had yet
        std::string problem{};   ///< why the last look-up failed; empty: it did not
        std::uint64_t stale_answers = 0;
    };
    State state() const;
    const SchemaKeeperOptions& options() const { return options_; }

private:
    using Moment = std::chrono::steady_clock::time_point;
    Result<KeptSchemaPtr> look_up(const KeptSchemaPtr& known) const;
    /// REQUIRES: look_up_mutex_ is held.
    void look_up_and_keep();
    struct LookUps {
        KeptSchemaPtr schema;          ///< nullptr: none was had yet
        std::optional<Error> problem;  ///< of the last one, if it failed
    };
    LookUps state_of_look_ups() const;
    /// What is known, when nobody has to look it up now.
    std::optional<Result<KeptSchemaPtr>> find_fresh();

    const SchemaKeeperOptions options_;
    SchemaSource& source_;
    Clock& clock_;
    std::mutex look_up_mutex_;  ///< held by who asks the source
    mutable std::mutex mutex_;
    // --- guarded by mutex_
    KeptSchemaPtr schema_;
    std::optional<Error> problem_;
    Moment due_at_{};
    std::uint64_t stale_answers_ = 0;
};

}  // namespace symbolon::client
