// A registry over a copy of a store file, in this process and without a socket: what a registry's
// client asks it is answered as a server over that file would.
//
// The file is read once and not written, also while a server uses it; what is registered here is
// gone with the copy. Settings that a server gets by its options are their defaults here.
//
// Example:  SYMBOLON_TRY(auto sender, open_in_process_registry("backup.db"));
//           RegistryAdmin admin({.base_urls = {std::string(in_process_url)}}, *sender, …);
// Errors:   open: cannot_start, store_failed (the file is no store, or damaged); send:
//           malformed_request (a URL that is not below in_process_url)
// Threads:  any thread
// Source:   docs/gate.md
// Tested by tests/unit/cli/in_process_registry_test.cpp
#pragma once

#include "client/http/http_client.hpp"
#include "core/result.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace symbolon::cli {

/// The base URL that it answers to.
inline constexpr std::string_view in_process_url = "http://store-file";

Result<std::unique_ptr<client::HttpSender>> open_in_process_registry(const std::string& store_file);

/// The file begins as every SQLite file does.
bool is_sqlite_file(const std::string& file);

}  // namespace symbolon::cli
