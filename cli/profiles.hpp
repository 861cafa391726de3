// Registries by name, from the user's own configuration:
//
//   default: prod
//   profiles:
//     prod:
//       registry: [https://a.example:8081, https://b.example:8081]
//       user: ci
//       password-file: prod.password      # beside this file, unless it begins with a slash
//       ca-file: /etc/ssl/company.pem
//       timeout-ms: 5000
//
// Keys are named as the flags: registry, user, password, password-file, token, token-file,
// oauth-token-url, oauth-client-id, oauth-client-secret, oauth-client-secret-file, oauth-scope,
// oauth-secret-in-body, ca-file, cert, key, timeout-ms.
//
// Example:  SYMBOLON_TRY(const auto profiles, load_profiles(profiles_file()));
// Errors:   malformed_request, with file:line:column; cannot_start: the file cannot be read
// Units:    milliseconds; lines and columns start at 1
// Threads:  any thread
// Limits:   profiles_bytes_max, profiles_max
// Tested by tests/unit/cli/profiles_test.cpp
#pragma once

#include "cli/server_layer.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace symbolon::cli {

struct Profiles {
    std::string file{};          ///< where they were looked for
    std::string default_name{};  ///< "": none
    std::map<std::string, ServerLayer, std::less<>> by_name{};
    /// Of a profile: files with secrets that others can read.
    std::map<std::string, std::vector<std::string>, std::less<>> warnings{};
};

/// $XDG_CONFIG_HOME/symbolon/config.yaml, else below ~/.config; "": neither is known.
std::string profiles_file();

/// No profiles when there is no such file.
Result<Profiles> load_profiles(const std::string& file);

/// malformed_request, with the names that there are.
Result<ServerLayer> find_profile(const Profiles& profiles, const std::string& name);

}  // namespace symbolon::cli
