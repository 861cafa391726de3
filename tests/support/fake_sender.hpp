// A sender that answers from a list and remembers what it was asked: for what stands above HTTP.
//
// Example:  FakeSender sender;  sender.push(503);  sender.push(ErrorCode::not_reachable);
// Threads:  any thread
// Tested by tests/unit/client/http/retry_test.cpp
#pragma once

#include "client/http/http_client.hpp"

#include <deque>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace symbolon::testing {

class FakeSender final : public client::HttpSender {
public:
    using Answer = std::function<Result<client::HttpResponse>(const client::HttpRequest&)>;

    FakeSender() = default;
    /// `otherwise` is what answers when the list is empty.
    explicit FakeSender(Answer otherwise) : otherwise_(std::move(otherwise)) {}

    void push(int status, std::string body = "", client::HeaderList headers = {}) {
        push(client::HttpResponse{status, std::move(headers), std::move(body)});
    }
    void push(client::HttpResponse response) {
        const std::lock_guard lock(mutex_);
        answers_.emplace_back(std::move(response));
    }
    void push(ErrorCode code) { push(make_error(code, "as scripted")); }
    void push(Error error) {
        const std::lock_guard lock(mutex_);
        answers_.emplace_back(failure(std::move(error)));
    }
    /// What answers when the list is empty.
    void otherwise(Answer answer) {
        const std::lock_guard lock(mutex_);
        otherwise_ = std::move(answer);
    }

    Result<client::HttpResponse> send(const client::HttpRequest& request) override {
        std::unique_lock lock(mutex_);
        requests_.push_back(request);
        if (!answers_.empty()) {
            auto answer = std::move(answers_.front());
            answers_.pop_front();
            return answer;
        }
        const auto otherwise = otherwise_;
        lock.unlock();
        return otherwise ? otherwise(request)
                         : failure(make_error(ErrorCode::not_reachable, "nothing was scripted"));
    }

    std::vector<client::HttpRequest> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    std::size_t count() const { return requests().size(); }

private:
    mutable std::mutex mutex_;
    std::deque<Result<client::HttpResponse>> answers_;  // guarded by mutex_
    std::vector<client::HttpRequest> requests_;         // guarded by mutex_
    Answer otherwise_;                                  // guarded by mutex_
};

/// For FakeSender: 200 and an empty object, whatever is asked.
inline Result<client::HttpResponse> accept_all(const client::HttpRequest& /*request*/) {
    return client::HttpResponse{.status = 200, .body = "{}"};
}

/// The value of a header that was sent; "" when there was none.
inline std::string sent_header(const client::HttpRequest& request, std::string_view name) {
    const client::HttpResponse as_response{0, request.headers, ""};
    return std::string(as_response.find_header(name).value_or(""));
}

}  // namespace symbolon::testing
