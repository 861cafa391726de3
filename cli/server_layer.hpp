// What one place says of a server and of who one is to it: flags, the environment or a profile;
// and which of several places counts.
//
// Each setting comes from the first place that has it; the way to authenticate from the first
// place that names one, so that a flag wins over a variable that names another way.
//
// Example:  SYMBOLON_TRY(const auto chosen, choose_settings(layers, 2));
// Errors:   malformed_request: one place names two ways, or a secret twice
// Units:    milliseconds
// Threads:  immutable
// Tested by tests/unit/cli/server_layer_test.cpp
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::cli {

struct ServerLayer {
    std::string origin{};             ///< for messages: "the flags"
    std::vector<std::string> urls{};  ///< without user and password
    std::string url_user{};           ///< what stood in the first URL
    std::string url_password{};
    std::string user{};
    std::string password{};
    std::string password_file{};
    std::string token{};
    std::string token_file{};
    std::string oauth_token_url{};
    std::string oauth_client_id{};
    std::string oauth_client_secret{};
    std::string oauth_client_secret_file{};
    std::vector<std::string> oauth_scopes{};
    std::optional<bool> oauth_secret_in_body{};
    std::string ca_file{};
    std::string certificate_file{};
    std::string key_file{};
    std::string key_password{};
    std::optional<std::int64_t> timeout_ms{};
};

/// One place made of several, the first of them first; one way to authenticate is left in it, or
/// none, and a secret or its file. The first `own` may give the secret of another's way.
Result<ServerLayer> choose_settings(std::span<const ServerLayer> layers, std::size_t own);

/// Takes a base URL into a layer; user and password, percent-encoded before an @, come out of it.
Status add_url(ServerLayer& layer, std::string_view url);
/// "a, b": each of them.
Status add_urls(ServerLayer& layer, std::string_view urls);
/// The URL as it may be shown: with *** for user and password.
std::string without_secrets(std::string_view url);

}  // namespace symbolon::cli
