// GET /changes: the change feed as pages of JSON that may be waited for, and as server-sent events.

#include "api/rest/dto.hpp"
#include "api/rest/media_type.hpp"
#include "api/rest/routes.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <utility>

namespace symbolon::rest {

namespace {

constexpr std::string_view event_stream = "text/event-stream";
/// How long a client of server-sent events waits before it connects again.
constexpr std::string_view retry_line = "retry: 2000\n\n";

std::optional<std::int64_t> find_count(std::string_view text) {
    std::int64_t number = 0;
    const char* const begin =
        text.data();  // NOLINT(bugprone-suspicious-stringview-data-usage): with end
    const char* const end = begin + text.size();
    const auto read = std::from_chars(begin, end, number);
    const bool whole = read.ec == std::errc() && read.ptr == end && number >= 0;
    return whole ? std::optional(number) : std::nullopt;
}

/// The position as the client sent it: an event stream that connects again names the last id it
/// saw.
std::optional<std::string_view> find_position_text(const Request& request,
                                                   const RequestTarget& target) {
    if (const auto* const last_id = request.find_header("Last-Event-ID")) {
        return *last_id;
    }
    return target.find("since");
}

Result<Revision> parse_position(const Call& call) {
    if (call.request.resumed) {
        return Revision(call.request.resumed->after);
    }
    const auto text = find_position_text(call.request, call.target);
    if (!text || text->empty()) {
        return Revision(0);
    }
    if (*text == "latest") {
        return call.registry.revision();
    }
    const auto number = find_count(*text);
    if (!number) {
        return failure(
            make_error(ErrorCode::malformed_request,
                       fmt::format("since must be a revision or \"latest\" (was \"{}\")", *text)));
    }
    return Revision(*number);
}

/// The parameter `name`, no more than `max`; `fallback` when it is absent.
Result<std::int64_t> parse_count(const Call& call, std::string_view name, std::int64_t fallback,
                                 std::int64_t max) {
    const auto text = call.target.find(name);
    if (!text || text->empty()) {
        return fallback;
    }
    const auto number = find_count(*text);
    if (!number) {
        return failure(
            make_error(ErrorCode::malformed_request,
                       fmt::format("{} must be a number of 0 or more (was \"{}\")", name, *text)));
    }
    return std::min(*number, max);
}

std::optional<std::string> prefix_text(const Call& call) {
    const auto text = call.target.find("subjectPrefix");
    return text ? std::optional<std::string>(*text) : std::nullopt;
}

void append_event(std::string& out, const ChangeEvent& event) {
    ObjectText object(out);
    object.number("revision", event.revision.value());
    object.text("kind", to_string(event.kind));
    object.text("subject", to_text(event.subject));
    if (event.version) {
        object.number("version", event.version->value());
    }
    if (event.id) {
        object.number("id", event.id->value());
    }
    if (event.ts != 0) {
        object.number("ts", event.ts);
    }
    if (event.config) {
        object.raw("config", to_text(to_json(*event.config, LevelKey::compatibility_level)));
    }
    if (event.mode) {
        object.text("mode", to_string(*event.mode));
    }
    object.close();
}

std::string page_text(const ChangePage& page) {
    std::string changes = "[";
    for (const auto& event : page.events) {
        changes += changes.size() > 1 ? "," : "";
        append_event(changes, event);
    }
    changes += "]";
    std::string out;
    ObjectText object(out);
    object.raw("changes", changes);
    object.number("next", page.next.value());
    object.number("revision", page.head.value());
    object.flag("compacted", page.compacted);
    object.close();
    return out;
}

std::string events_text(const ChangePage& page, Revision since) {
    std::string out;
    if (page.compacted && !page.events.empty()) {
        out = fmt::format("event: COMPACTED\ndata: {{\"since\":{},\"next\":{}}}\n\n", since.value(),
                          page.next.value());
    }
    for (const auto& event : page.events) {
        fmt::format_to(std::back_inserter(out), "id: {}\nevent: {}\ndata: ", event.revision.value(),
                       to_string(event.kind));
        append_event(out, event);
        out += "\n\n";
    }
    return out;
}

/// A stream never ends by itself: each call brings what is new, or a sign of life.
Response answer_stream(const Call& call, const ChangePage& page, Revision since) {
    Response response;
    response.content_type = event_stream;
    // Proxies: nginx holds answers back unless it is told not to.
    response.headers.push_back({"Cache-Control", "no-store"});
    response.headers.push_back({"X-Accel-Buffering", "no"});
    response.body = events_text(page, since);
    if (!call.request.resumed) {
        response.body.insert(0, retry_line);
    } else if (call.request.resumed->cause == Resumption::Cause::time_over &&
               response.body.empty()) {
        // The id alone tells nobody anything, but is what the client asks from when it comes back.
        response.body = fmt::format(": still here\nid: {}\n\n", page.next.value());
    }
    response.waiting = Waiting{Waiting::Form::stream, page.next.value(),
                               std::chrono::seconds(limits::changes_heartbeat_seconds)};
    return response;
}

bool may_wait(const Call& call, std::int64_t wait_seconds, const ChangePage& page) {
    const bool over =
        call.request.resumed && call.request.resumed->cause == Resumption::Cause::time_over;
    return wait_seconds > 0 && !over && page.events.empty() && page.next == page.head &&
           call.request.method != Method::head;
}

}  // namespace

Revision position_of(const Request& request, const RequestTarget& target) {
    if (request.resumed) {
        return Revision(request.resumed->after);
    }
    const auto text = find_position_text(request, target);
    if (text == "latest") {
        return Revision(std::numeric_limits<std::int64_t>::max());
    }
    return Revision(find_count(text.value_or("")).value_or(0));
}

Result<Response> get_changes(const Call& call) {
    const bool streams = is_asked_for(call.request, event_stream);
    if (!streams && !choose_media_type(call.request)) {
        return failure(make_error(ErrorCode::not_acceptable));
    }
    constexpr auto events_max = static_cast<std::int64_t>(limits::changes_page_max);
    SYMBOLON_TRY(const Revision since, parse_position(call));
    SYMBOLON_TRY(const std::int64_t wait_seconds,
                 parse_count(call, "wait", 0, limits::changes_wait_seconds_max));
    SYMBOLON_TRY(const std::int64_t limit, parse_count(call, "limit", events_max, events_max));
    const ChangeQuery query{since, static_cast<std::size_t>(limit == 0 ? events_max : limit),
                            parse_subject_prefix(prefix_text(call))};
    SYMBOLON_TRY(const ChangePage page, call.registry.changes_since(query));
    if (streams) {
        return answer_stream(call, page, since);
    }
    if (may_wait(call, wait_seconds, page)) {
        Response response;
        response.waiting =
            Waiting{Waiting::Form::answer, page.next.value(), std::chrono::seconds(wait_seconds)};
        return response;
    }
    Response response = call.answer(page_text(page));
    response.headers.push_back({"Cache-Control", "no-store"});
    return response;
}

}  // namespace symbolon::rest
