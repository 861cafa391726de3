#include "client/producer/deduplicator.hpp"

#include "core/limits.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace symbolon::client {

namespace {

// Spec: RFC 6901 section 3, "~1" is "/" and "~0" is "~".
std::optional<std::string> unescape(std::string_view step) {
    std::string out;
    for (std::size_t at = 0; at < step.size(); ++at) {
        if (step[at] != '~') {
            out.push_back(step[at]);
            continue;
        }
        const char next = ++at < step.size() ? step[at] : ' ';
        if (next != '0' && next != '1') {
            return std::nullopt;
        }
        out.push_back(next == '0' ? '~' : '/');
    }
    return out;
}

// Spec: RFC 6901 section 4, digits without a leading zero.
std::optional<std::size_t> find_position(std::string_view step) {
    std::size_t position = 0;
    const auto* const end = step.data() + step.size();
    const auto [stop, problem] = std::from_chars(step.data(), end, position);
    if (problem != std::errc() || stop != end || (step.size() > 1 && step.front() == '0')) {
        return std::nullopt;
    }
    return position;
}

}  // namespace

Result<EventPointer> parse_event_pointer(std::string_view text) {
    EventPointer pointer;
    while (!text.empty()) {
        const auto end = text.find('/', 1);
        auto step = text.front() == '/' ? unescape(text.substr(1, end - 1)) : std::nullopt;
        if (!step) {
            return failure(
                make_error(ErrorCode::malformed_request,
                           fmt::format("'{}' is no JSON Pointer; write one like /interactionId or "
                                       "/detail/id, with ~1 for / and ~0 for ~ in names",
                                       text)));
        }
        pointer.steps.push_back(std::move(*step));
        text = end == std::string_view::npos ? std::string_view() : text.substr(end);
    }
    return pointer;
}

const Json* find_value(const Json& event, const EventPointer& pointer) {
    const Json* value = &event;
    for (const auto& step : pointer.steps) {
        if (value->is_object()) {
            const auto member = value->find(step);
            if (member == value->end()) {
                return nullptr;
            }
            value = &*member;
        } else if (const auto position = find_position(step);
                   value->is_array() && position && *position < value->size()) {
            value = &(*value)[*position];
        } else {
            return nullptr;
        }
    }
    return value;
}

std::string to_key(const Json& event, const std::vector<EventPointer>& pointers) {
    Json values = Json::array();
    bool any = false;
    for (const auto& pointer : pointers) {
        const auto* const value = find_value(event, pointer);
        any = any || (value != nullptr && !value->is_null());
        values.push_back(value == nullptr ? Json() : *value);
    }
    return any ? to_text(values) : std::string();
}

bool Deduplicator::take(std::string_view key, TimePoint now) {
    if (key.empty() || keys_max_ == 0) {
        return true;
    }
    while (!order_.empty() && now - order_.front().at >= window_) {
        drop_oldest();
    }
    std::string text(key);
    if (taken_.contains(text)) {
        return false;
    }
    bytes_ += text.size();
    taken_.emplace(text, now);
    order_.push_back({std::move(text), now});
    while (order_.size() > keys_max_ ||
           (bytes_ > limits::duplicate_keys_bytes_max && order_.size() > 1)) {
        drop_oldest();
    }
    return true;
}

void Deduplicator::forget(std::string_view key) {
    // Its place in the order stays and is passed over: drop_oldest compares the times.
    taken_.erase(std::string(key));
}

void Deduplicator::drop_oldest() {
    const auto& oldest = order_.front();
    const auto found = taken_.find(oldest.key);
    if (found != taken_.end() && found->second == oldest.at) {
        taken_.erase(found);
    }
    bytes_ -= oldest.key.size();
    order_.pop_front();
}

}  // namespace symbolon::client
