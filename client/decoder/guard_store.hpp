// Keeps the evolution guard's state in a file that is whole at any time: written beside, flushed,
// then renamed.
//
// {"format":1,"subjects":{"orders-value":{"flagged":true,"flagged_version":3,
//  "flagged_since":<ms>,"last_good_version":2}}}
//
// Example:  SYMBOLON_TRY(auto store, GuardStore::open("decoder_state.json"));
//           SYMBOLON_TRY(auto state, store->load());  …  SYMBOLON_CHECK(store->save(state));
// Errors:   sink_failed (the file, or another decoder that uses it), malformed_json
// Threads:  one at a time
// Limits:   guard_state_bytes_max
// Source:   docs/clients.md
// Tested by tests/unit/client/decoder/guard_store_test.cpp
#pragma once

#include "client/decoder/evolution_guard.hpp"
#include "core/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace symbolon::client {

class GuardStore {
public:
    /// Takes the file for itself until it is destroyed, by a lock on "<path>.lock".
    static Result<std::unique_ptr<GuardStore>> open(std::string path);
    /// What a decoder that is running, or not, has written; needs no lock. Empty: no file.
    static Result<GuardState> read(const std::string& path);

    GuardStore(const GuardStore&) = delete;
    GuardStore& operator=(const GuardStore&) = delete;
    GuardStore(GuardStore&&) = delete;
    GuardStore& operator=(GuardStore&&) = delete;
    ~GuardStore();

    Result<GuardState> load() const { return read(path_); }
    /// On the disk when it returns; a failure leaves what was there.
    Status save(const GuardState& state);

private:
    GuardStore(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

    std::string path_;
    int lock_;
};

std::string to_text(const GuardState& state);
Result<GuardState> parse_guard_state(std::string_view text);

}  // namespace symbolon::client
