#include "client/decoder/event_type_check.hpp"

#include "client/http/header_text.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"

#include <utility>

namespace symbolon::client {
namespace {

bool may_be_asked(std::string_view event_type) {
    // Clients and servers take "." and ".." out of a path.
    return !event_type.empty() && event_type.size() <= limits::event_type_bytes_max &&
           event_type != "." && event_type != "..";
}

}  // namespace

EventTypeCheck::EventTypeCheck(EventTypeOptions options, HttpSender& sender,
                               std::shared_ptr<Credentials> credentials, Clock& clock)
    : options_(std::move(options)),
      sender_(sender),
      credentials_(std::move(credentials)),
      clock_(clock) {}

Result<EventTypeAnswer> EventTypeCheck::ask(std::string_view event_type) {
    if (!may_be_asked(event_type)) {
        return EventTypeAnswer::unknown;
    }
    const auto now = clock_.now();
    std::string key(event_type);
    if (const auto at = cache_.find(key); at != cache_.end() && now < at->second.until) {
        return at->second.answer;
    }
    if (last_error_ && now < paused_until_) {
        return failure(*last_error_);
    }
    auto answer = fetch(event_type);
    if (!answer) {
        last_error_ = answer.error();
        paused_until_ = clock_.now() + options_.pause;
        return answer;
    }
    last_error_.reset();
    if (cache_.size() >= limits::event_types_max) {
        cache_.clear();
    }
    cache_[std::move(key)] = {*answer, clock_.now() + options_.cache_ttl};
    return answer;
}

Result<EventTypeAnswer> EventTypeCheck::fetch(std::string_view event_type) {
    HttpRequest request;
    request.url = options_.base_url + "/api/v2/events/eventtypes/" + percent_encode(event_type);
    request.headers = {{"Accept", "application/json"}};
    request.timeout = options_.timeout;
    const auto attempt = [&] { return send_authorised(sender_, request, *credentials_); };
    auto response =
        repeat_attempt(attempt, Repeatable::yes, options_.retry, clock_, options_.random);
    if (!response) {
        auto error = std::move(response).error();
        // Who asks tells two things apart: that we may not, and that nobody answers.
        if (error.code != ErrorCode::not_authorised) {
            error.code = ErrorCode::unavailable;
        }
        return failure(std::move(error));
    }
    if (response->status >= 200 && response->status < 300) {
        // A proxy's page with status 200 says nothing about event types.
        const auto body = parse_json(response->body);
        if (body && body->is_object()) {
            return EventTypeAnswer::known;
        }
        return failure(
            make_error(ErrorCode::unavailable,
                       fmt::format("the answer to GET {} is no JSON object", request.url)));
    }
    if (response->status == 404) {
        return EventTypeAnswer::unknown;
    }
    const bool refused = response->status == 401 || response->status == 403;
    return failure(make_error(
        refused ? ErrorCode::not_authorised : ErrorCode::unavailable,
        fmt::format("the event platform answered {} to GET {}", response->status, request.url)));
}

}  // namespace symbolon::client
