// An HTTP sender for tests that answers what it was told to and remembers what it was asked.
//
// Example:  FakeHttpSender sender;  sender.answers = {{.status = 503}};
// Threads:  one at a time
// Tested by tests/unit/client/sink/http_sink_test.cpp
#pragma once

#include "client/http/http_client.hpp"

#include <deque>
#include <utility>
#include <vector>

namespace symbolon::testing {

class FakeHttpSender final : public client::HttpSender {
public:
    Result<client::HttpResponse> send(const client::HttpRequest& request) override {
        requests.push_back(request);
        if (answers.empty()) {
            return client::HttpResponse{.status = 200, .body = "{}"};
        }
        auto answer = std::move(answers.front());
        answers.pop_front();
        return answer;
    }

    std::deque<Result<client::HttpResponse>> answers;  ///< then 200 with {}
    std::vector<client::HttpRequest> requests;
};

}  // namespace symbolon::testing
