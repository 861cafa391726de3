// Who we are to a server: what stands in `Authorization`, and what happens when it is refused.
//
// Example:  SYMBOLON_TRY(auto answer, send_authorised(sender, request, *credentials));
// Errors:   those of the sender and of the token endpoint (oauth2.hpp); not_reachable when that one
//           does not answer, since nothing was sent
// Threads:  any thread
// Source:   contract of the event clients, section 2
// Tested by tests/unit/client/http/credentials_test.cpp
#pragma once

#include "client/http/http_client.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace symbolon::client {

class Credentials {
public:
    Credentials() = default;
    Credentials(const Credentials&) = delete;
    Credentials& operator=(const Credentials&) = delete;
    Credentials(Credentials&&) = delete;
    Credentials& operator=(Credentials&&) = delete;
    virtual ~Credentials() = default;

    /// The value of the header; empty: send none. May ask a token endpoint and wait for it.
    virtual Result<std::string> authorization() = 0;
    /// A server refused `authorization` (401). True when another one may be had, so that it is
    /// worth asking again; one that was renewed meanwhile stays.
    virtual bool drop(std::string_view authorization) = 0;
};

std::shared_ptr<Credentials> no_credentials();
std::shared_ptr<Credentials> basic_credentials(std::string_view user, std::string_view password);
std::shared_ptr<Credentials> bearer_credentials(std::string_view token);

/// Sends with credentials; on 401 drops them and, where others may be had, repeats once.
Result<HttpResponse> send_authorised(HttpSender& sender, HttpRequest request,
                                     Credentials& credentials);

}  // namespace symbolon::client
