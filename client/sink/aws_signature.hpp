// AWS Signature Version 4: the headers that say who sends a request.
//
// Example:  sign_aws_request(request, {"us-east-1", "logs"}, credentials, now);
// Errors:   none; a URL without a host signs an empty one
// Threads:  any thread
// Source:   AWS, "Create a signed AWS API request"
// Tested by tests/unit/client/sink/aws_signature_test.cpp
#pragma once

#include "client/http/http_client.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace symbolon::client {

struct AwsCredentials {
    std::string access_key_id{};
    std::string secret_access_key{};
    std::string session_token{};  ///< of temporary credentials; empty: they are not
};

struct AwsScope {
    std::string region{};
    std::string service{};
};

/// Adds X-Amz-Date, X-Amz-Security-Token where there is one, and Authorization. All headers that
/// the request has, and Host, are signed. The path is signed as it stands in the URL.
void sign_aws_request(HttpRequest& request, const AwsScope& scope,
                      const AwsCredentials& credentials, std::chrono::system_clock::time_point now);

}  // namespace symbolon::client
