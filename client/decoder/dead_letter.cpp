#include "client/decoder/dead_letter.hpp"

#include "client/decoder/json_text.hpp"
#include "client/wire/text_bytes.hpp"
#include "core/base64.hpp"
#include "core/json.hpp"

#include <algorithm>

namespace symbolon::client {
namespace {

bool is_text(std::string_view bytes) {
    // A JSON string of our own writing is the same again only when nothing was replaced in it.
    const auto read = parse_json(to_json_string(bytes));
    return read && read->get_ref<const std::string&>() == bytes;
}

/// A JSON string, or {"base64":…} of bytes that are no text.
std::string text_or_base64(std::string_view bytes) {
    return is_text(bytes) ? to_json_string(bytes) : R"({"base64":")" + to_base64(bytes) + R"("})";
}

}  // namespace

std::string to_json_string(std::string_view text) {
    return symbolon::to_text(Json(std::string(text)));
}

std::string original_event_of(std::string_view bytes) {
    const auto begin = skip_json_blanks(bytes, 0);
    if (begin < bytes.size() && bytes[begin] == '{') {
        if (const auto json = parse_json(bytes);
            json && !json->contains("payload_base64") && !json->contains("original_event")) {
            return on_one_line(bytes);
        }
    }
    return R"({"payload_base64":")" + to_base64(bytes) + R"("})";
}

std::string to_text(const DeadLetter& letter) {
    std::string text = fmt::format(
        R"({{"status":"{}","reason":"{}","schema_id":{},"version":{},"retry_eligible":{},)"
        R"("error":{},"original_event":{},"attempt":{},"event_type":{},"origin":{},"timestamp":{})",
        row_of(letter.queue).status, row_of(letter.reason).name, letter.schema_id, letter.version,
        letter.queue == Queue::retry || row_of(letter.reason).retry == Retry::eligible,
        to_json_string(letter.error),
        letter.original_event.empty() ? "null" : letter.original_event, letter.attempt,
        to_json_string(letter.event_type), to_json_string(letter.origin), letter.timestamp_ms);
    if (letter.queue == Queue::diagnostic) {
        text += R"(,"raw_schema":)" + to_json_string(letter.raw_schema);
    }
    if (!letter.topic.empty()) {
        text += R"(,"topic":)" + to_json_string(letter.topic);
    }
    if (!letter.key.empty()) {
        text += R"(,"key":)" + text_or_base64(letter.key);
    }
    if (!letter.headers.empty()) {
        text += R"(,"headers":[)";
        for (const auto& [name, value] : letter.headers) {
            text += text.back() == '[' ? "[" : ",[";
            text += to_json_string(name) + ',' + text_or_base64(value) + ']';
        }
        text += ']';
    }
    return text += '}';
}

}  // namespace symbolon::client
