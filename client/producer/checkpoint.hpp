// The file that says how far an input was dealt with, so that a re-run goes on where the last one
// stopped, however it stopped.
//
// It is written anew, whole or not at all, each time a batch is settled.
//
// Example:  SYMBOLON_TRY(Ledger ledger, load_checkpoint("orders.checkpoint"));
// Errors:   sink_failed (cannot be written), unavailable (cannot be read), malformed_datum
// Threads:  one at a time
// Limits:   checkpoint_bytes_max
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/checkpoint_test.cpp
#pragma once

#include "client/producer/ledger.hpp"
#include "core/result.hpp"

#include <string>

namespace symbolon::client {

/// A ledger without a run when the file is not there.
Result<Ledger> load_checkpoint(const std::string& path);
Status write_checkpoint(const std::string& path, const std::string& text);

}  // namespace symbolon::client
