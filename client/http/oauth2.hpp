// OAuth2 client credentials: a token is fetched when it is needed, kept, and renewed before it
// expires.
//
// It is renewed at the earlier of 60 s before its end and 90 % of its life (where its life is 60 s
// or less: at 90 %), by one thread while the others wait for it. A renewal that fails leaves a
// token that is still valid in use.
//
// Example:  SYMBOLON_TRY(auto credentials, open_oauth2({.token_url = url, …}, sender, clock));
// Errors:   open: malformed_request (something is missing); authorization: not_authorised (refused,
//           or a scope is missing, which it names), unavailable (5xx, 429 or an answer that is
//           none), and the sender's
// Units:    seconds
// Threads:  any thread
// Limits:   token_bytes_max
// Source:   RFC 6749, sections 2.3.1, 4.4 and 5; contract of the event clients, section 2
// Tested by tests/unit/client/http/oauth2_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/http/credentials.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace symbolon::client {

/// Where the client's secret travels.
enum class SecretPlace { basic_header, form_body };

struct OAuth2Options {
    std::string token_url{};
    std::string client_id{};
    std::string client_secret{};
    /// Asked for, and required of the token; one may also hold several, with spaces or commas.
    std::vector<std::string> scopes{};
    SecretPlace secret_place = SecretPlace::basic_header;
    std::chrono::milliseconds timeout{10'000};
};

/// `sender` and `clock` outlive the answer. Nothing is sent before a token is needed.
Result<std::shared_ptr<Credentials>> open_oauth2(OAuth2Options options, HttpSender& sender,
                                                 Clock& clock);

}  // namespace symbolon::client
