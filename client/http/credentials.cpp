#include "client/http/credentials.hpp"

#include "client/http/retry.hpp"
#include "core/ascii.hpp"
#include "core/base64.hpp"

#include <algorithm>
#include <utility>

namespace symbolon::client {

namespace {

/// What never changes: nothing better is to be had after a 401.
class FixedCredentials final : public Credentials {
public:
    explicit FixedCredentials(std::string value) : value_(std::move(value)) {}
    Result<std::string> authorization() override { return value_; }
    bool drop(std::string_view /*authorization*/) override { return false; }

private:
    const std::string value_;
};

/// Without it nothing is sent. An endpoint for tokens that is away for a moment is therefore like a
/// server that cannot be reached: whoever repeats what never left repeats this.
Result<std::string> ask_for_authorization(Credentials& credentials) {
    auto value = credentials.authorization();
    if (value || !is_retryable_error(value.error().code)) {
        return value;
    }
    auto error = std::move(value).error();
    error.code = ErrorCode::not_reachable;
    return failure(std::move(error));
}

void set_authorization(HttpRequest& request, const std::string& value) {
    std::erase_if(request.headers, [](const auto& header) {
        return equals_in_any_case(header.first, "Authorization");
    });
    if (!value.empty()) {
        request.headers.emplace_back("Authorization", value);
    }
}

}  // namespace

std::shared_ptr<Credentials> no_credentials() {
    return std::make_shared<FixedCredentials>("");
}

std::shared_ptr<Credentials> basic_credentials(std::string_view user, std::string_view password) {
    return std::make_shared<FixedCredentials>(
        "Basic " + to_base64(std::string(user) + ":" + std::string(password)));
}

std::shared_ptr<Credentials> bearer_credentials(std::string_view token) {
    return std::make_shared<FixedCredentials>("Bearer " + std::string(token));
}

Result<HttpResponse> send_authorised(HttpSender& sender, HttpRequest request,
                                     Credentials& credentials) {
    SYMBOLON_TRY(const std::string value, ask_for_authorization(credentials));
    set_authorization(request, value);
    auto answer = sender.send(request);
    if (!answer || answer->status != 401 || !credentials.drop(value)) {
        return answer;
    }
    SYMBOLON_TRY(const std::string renewed, ask_for_authorization(credentials));
    set_authorization(request, renewed);
    return sender.send(request);
}

}  // namespace symbolon::client
