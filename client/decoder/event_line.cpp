#include "client/decoder/event_line.hpp"

#include "client/decoder/json_text.hpp"
#include "client/wire/text_bytes.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace symbolon::client {
namespace {

std::optional<std::string> find_base64(const Json& object, const char* name) {
    const auto at = object.find(name);
    if (at == object.end() || !at->is_string()) {
        return std::nullopt;
    }
    auto bytes = parse_base64(at->get_ref<const std::string&>());
    return bytes ? std::optional(std::move(*bytes)) : std::nullopt;
}

/// What dead_letter.cpp writes of bytes: a text, or {"base64":…}.
std::string bytes_of(const Json& value) {
    if (value.is_string()) {
        return value.get<std::string>();
    }
    return value.is_object() ? find_base64(value, "base64").value_or("") : "";
}

PayloadHeaders headers_of(const Json& record) {
    PayloadHeaders headers;
    const auto at = record.find("headers");
    if (at == record.end() || !at->is_array()) {
        return headers;
    }
    for (const auto& header : *at) {
        if (header.is_array() && header.size() == 2 && header[0].is_string()) {
            headers.emplace_back(header[0].get<std::string>(), bytes_of(header[1]));
        }
    }
    return headers;
}

int attempt_of(const Json& record) {
    if (record.value("status", Json()) != "routed_to_retry") {
        return 0;
    }
    const auto at = record.find("attempt");
    return at == record.end() || !at->is_number_integer()
               ? 0
               : static_cast<int>(std::clamp<std::int64_t>(at->get<std::int64_t>(), 0,
                                                           limits::event_attempts_max));
}

bool is_record_status(const Json& record) {
    const auto at = record.find("status");
    return at != record.end() && at->is_string() &&
           at->get_ref<const std::string&>().starts_with("routed_to_");
}

}  // namespace

Event unwrap_event(std::string bytes) {
    Event event;
    // Why: most events are neither, and are not parsed twice.
    const bool looks_like_record = bytes.find("\"original_event\"") != std::string::npos;
    if (!looks_like_record && bytes.find("\"payload_base64\"") == std::string::npos) {
        event.bytes = std::move(bytes);
        return event;
    }
    auto json = parse_json(bytes);
    if (!json || !json->is_object()) {
        event.bytes = std::move(bytes);
        return event;
    }
    if (is_record_status(*json) && json->contains("original_event")) {
        event.attempt = attempt_of(*json);
        if (const auto key = json->find("key"); key != json->end()) {
            event.key = bytes_of(*key);
        }
        if (const auto topic = json->find("topic"); topic != json->end()) {
            event.topic = bytes_of(*topic);
        }
        event.headers = headers_of(*json);
        const auto& original = (*json)["original_event"];
        const auto wrapped =
            original.is_object() ? find_base64(original, "payload_base64") : std::nullopt;
        event.bytes = wrapped ? *wrapped
                              : std::string(find_json_member(bytes, "original_event").value_or(""));
        return event;
    }
    if (auto wrapped = find_base64(*json, "payload_base64")) {
        event.headers = headers_of(*json);
        event.bytes = std::move(*wrapped);
        return event;
    }
    event.bytes = std::move(bytes);
    return event;
}

}  // namespace symbolon::client
