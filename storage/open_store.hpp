// Opens the store that a URL names; the only file that knows all backends.
//
// Example:  open_store("sqlite:symbolon.db")   open_store("memory:")
// Errors:   cannot_start (with what to do about it)
// Threads:  any thread
// Source:   docs/operations.md
// Tested by tests/unit/storage/open_store_test.cpp
#pragma once

#include "core/result.hpp"
#include "storage/store.hpp"

#include <memory>
#include <string_view>

namespace symbolon::storage {

/// What is not there is made.
Result<std::unique_ptr<Store>> open_store(std::string_view url);

/// Only what is there already.
Result<std::unique_ptr<Store>> open_existing_store(std::string_view url);

/// A copy in memory of what the store at `url` holds at this moment, also while a server uses it:
/// for looking, since what is committed to the copy is lost with it. There must be a store already.
Result<std::unique_ptr<Store>> open_snapshot(std::string_view url);

}  // namespace symbolon::storage
