#include "client/registry_client/registry_transport.hpp"

#include "client/http/header_text.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <utility>

namespace symbolon::client {

namespace {

ErrorCode code_of_status(int status) {
    switch (status) {
        case 404:
            return ErrorCode::schema_not_found;
        case 401:
        case 403:
            return ErrorCode::not_authorised;
        case 409:
            return ErrorCode::incompatible_schema;
        case 422:
            return ErrorCode::invalid_schema;
        case 408:
        case 429:
            return ErrorCode::unavailable;
        default:
            return status >= 500 ? ErrorCode::unavailable : ErrorCode::malformed_request;
    }
}

/// Why: of an invalid schema the message quotes all, and says at its end what is wrong with it.
std::string without_middle(std::string text) {
    if (text.size() <= limits::registry_message_bytes_max) {
        return text;
    }
    const auto is_inside = [&](std::size_t at) {
        return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
    };
    std::size_t head = limits::registry_message_bytes_max / 4;
    std::size_t tail = text.size() - (limits::registry_message_bytes_max - head);
    while (head > 0 && is_inside(head)) {
        --head;
    }
    while (is_inside(tail)) {
        ++tail;
    }
    return text.substr(0, head) + " … " + text.substr(tail);
}

std::string message_of(const HttpResponse& answer, const Result<Json>& json) {
    if (json && json->is_object()) {
        if (const auto found = json->find("message"); found != json->end() && found->is_string()) {
            return without_middle(found->get<std::string>());
        }
    }
    if (answer.status >= 300 && answer.status < 400) {
        return "redirects are not followed; give the address that it leads to";
    }
    return answer.status == 404 ? "not found, and not in a registry's words; is the base URL right?"
                                : "no reason given";
}

std::int64_t error_code_of(const Result<Json>& json) {
    if (!json || !json->is_object()) {
        return 0;
    }
    const auto found = json->find("error_code");
    return found != json->end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

Error error_of(const RegistryCall& call, const HttpResponse& answer) {
    const auto json = parse_json(answer.body);
    auto refusal = std::make_shared<RegistryRefusal>();
    refusal->status = answer.status;
    refusal->error_code = error_code_of(json);
    return Error{code_of_status(answer.status),
                 fmt::format("{} {}: {} (status {})", call.method, call.path,
                             message_of(answer, json), answer.status),
                 std::move(refusal)};
}

bool is_of_shape(const Json& json, AnswerShape shape) {
    switch (shape) {
        case AnswerShape::object:
            return json.is_object();
        case AnswerShape::array:
            return json.is_array();
        case AnswerShape::any:
            return true;
    }
    return false;
}

/// The next base URL may know better.
bool is_for_next_url(const Result<HttpResponse>& answer, Repeatable repeatable) {
    if (answer) {
        return repeatable == Repeatable::yes && answer->status >= 500;
    }
    return answer.error().code == ErrorCode::not_reachable ||
           (repeatable == Repeatable::yes && is_retryable_error(answer.error().code));
}

std::string without_slash(std::string_view url) {
    while (url.ends_with('/')) {
        url.remove_suffix(1);
    }
    return std::string(url);
}

}  // namespace

Result<std::string> to_version_text(WantedVersion version) {
    if (!version) {
        return "latest";
    }
    if (version->value() <= 0) {
        return failure(make_error(ErrorCode::malformed_request,
                                  fmt::format("{} is not a version", version->value())));
    }
    return std::to_string(version->value());
}

std::string path_of_subject(std::string_view subject) {
    return "/subjects/" + percent_encode(subject);
}

RegistryTransport::RegistryTransport(const RegistryClientOptions& options, HttpSender& sender,
                                     std::shared_ptr<Credentials> credentials, Clock& clock)
    : options_(options),
      sender_(sender),
      credentials_(credentials ? std::move(credentials) : no_credentials()),
      clock_(clock) {}

Result<HttpResponse> RegistryTransport::try_each_url(const RegistryCall& call) {
    HttpRequest request;
    request.method = call.method;
    request.headers = {{"Accept", "application/vnd.schemaregistry.v1+json, application/json"}};
    if (!call.body.empty()) {
        request.headers.emplace_back("Content-Type", "application/vnd.schemaregistry.v1+json");
    }
    request.body = call.body;
    request.timeout = options_.timeout;
    request.only_once = call.repeatable == Repeatable::no;
    request.response_bytes_max = limits::registry_answer_bytes_max;
    Result<HttpResponse> answer =
        failure(make_error(ErrorCode::malformed_request, "No registry's base URL is given"));
    const std::size_t first = preferred_;
    for (std::size_t turn = 0; turn < options_.base_urls.size(); ++turn) {
        const std::size_t chosen = (first + turn) % options_.base_urls.size();
        request.url = without_slash(options_.base_urls[chosen]) + call.path;
        ++requests_;
        answer = send_authorised(sender_, request, *credentials_);
        if (!is_for_next_url(answer, call.repeatable)) {
            preferred_ = chosen;
            return answer;
        }
    }
    return answer;
}

Result<Json> RegistryTransport::call(const RegistryCall& call) {
    int rounds = 0;
    const auto answer = repeat_attempt(
        [&] {
            retries_ += rounds++ > 0 ? 1U : 0U;
            return try_each_url(call);
        },
        call.repeatable, options_.retry, clock_, options_.random);
    if (!answer) {
        if (!is_retryable_error(answer.error().code)) {
            return failure(answer.error());
        }
        return failure(
            make_error(ErrorCode::unavailable,
                       fmt::format("No registry answered in {} {}: {}", rounds,
                                   rounds == 1 ? "attempt" : "attempts", answer.error().message)));
    }
    if (answer->status == 204 && call.shape == AnswerShape::any) {
        return Json();
    }
    if (answer->status != 200) {
        return failure(error_of(call, *answer));
    }
    auto json = parse_json(answer->body);
    if (!json || !is_of_shape(*json, call.shape)) {
        return failure(make_error(
            ErrorCode::unavailable,
            fmt::format(
                "{} {}: what answers does not speak like a registry; is the base URL right?",
                call.method, call.path)));
    }
    return *std::move(json);
}

}  // namespace symbolon::client
