#include "client/sink/cloudwatch_sink.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace symbolon::client {
namespace {

constexpr std::string_view already_there = "ResourceAlreadyExistsException";
constexpr std::string_view not_there = "ResourceNotFoundException";

/// "com.amazonaws.logs#ResourceNotFoundException:http://…" comes to the name in the middle.
std::string fault_name(std::string_view text) {
    if (const auto hash = text.find('#'); hash != std::string_view::npos) {
        text.remove_prefix(hash + 1);
    }
    return std::string(text.substr(0, text.find(':')));
}

std::int64_t time_of(const SinkRecord& record, std::int64_t now) {
    const auto json = parse_json(record.value);
    if (json && json->is_object()) {
        const auto time = json->find("timestamp");
        if (time != json->end() && time->is_number_integer()) {
            return time->get<std::int64_t>();
        }
    }
    return now;
}

/// AWS tells some throttling with 400.
bool is_throttling(std::string_view fault) {
    return fault == "ThrottlingException" || fault == "Throttling" ||
           fault == "RequestLimitExceeded" || fault == "ServiceUnavailableException";
}

std::string text_member(const Json& object, std::string_view name) {
    const auto member = object.is_object() ? object.find(name) : object.end();
    return member != object.end() && member->is_string() ? member->get<std::string>()
                                                         : std::string();
}

}  // namespace

CloudWatchSink::CloudWatchSink(CloudWatchOptions options, AwsCredentials credentials,
                               HttpSender& sender, Clock& clock, RandomSource random)
    : options_(std::move(options)),
      credentials_(std::move(credentials)),
      sender_(sender),
      clock_(clock),
      random_(std::move(random)) {}

std::string CloudWatchSink::name() const {
    return fmt::format("CloudWatch Logs {}/{}", options_.group, options_.stream);
}

Status CloudWatchSink::write(std::span<const SinkRecord> records) {
    const auto now =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_.wall_now().time_since_epoch())
            .count();
    std::vector<Event> events;
    events.reserve(records.size());
    std::size_t too_large = 0;
    for (const auto& record : records) {
        if (record.value.size() + limits::log_event_overhead_bytes > limits::log_event_bytes_max) {
            ++too_large;
            continue;
        }
        events.push_back({time_of(record, now), record.value});
    }
    std::ranges::stable_sort(events, {}, &Event::timestamp);
    Status status;
    for (std::size_t begin = 0; begin < events.size();) {
        std::size_t bytes = 0;
        std::size_t end = begin;
        for (; end < events.size() && end - begin < limits::log_events_max; ++end) {
            bytes += events[end].message.size() + limits::log_event_overhead_bytes;
            if (bytes > limits::log_batch_bytes_max ||
                events[end].timestamp - events[begin].timestamp > limits::log_span_ms_max) {
                break;
            }
        }
        // One batch that fails does not keep the next one.
        if (auto put_status = put(std::span(events).subspan(begin, end - begin)); !put_status) {
            status = std::move(put_status);
        }
        begin = end;
    }
    if (status && too_large > 0) {
        return failure(make_error(
            ErrorCode::sink_failed,
            fmt::format("{}: {} records are larger than {} bytes", name(), too_large,
                        limits::log_event_bytes_max - limits::log_event_overhead_bytes)));
    }
    return status;
}

Status CloudWatchSink::put(std::span<const Event> events) {
    Json body = {{"logGroupName", options_.group}, {"logStreamName", options_.stream}};
    auto& list = body["logEvents"] = Json::array();
    for (const auto& event : events) {
        list.push_back({{"timestamp", event.timestamp}, {"message", std::string(event.message)}});
    }
    const auto text = to_text(body);
    SYMBOLON_TRY(auto answer, call("PutLogEvents", text));
    if (answer.fault == not_there) {
        SYMBOLON_CHECK(make_group_and_stream());
        SYMBOLON_TRY(answer, call("PutLogEvents", text));
    }
    if (answer.status != 200) {
        return failure(refusal("PutLogEvents", answer));
    }
    if (answer.body.is_object() && answer.body.contains("rejectedLogEventsInfo")) {
        return failure(
            make_error(ErrorCode::sink_failed,
                       fmt::format("{}: events were rejected as too old or too new: {}", name(),
                                   to_text(answer.body["rejectedLogEventsInfo"]).substr(0, 200))));
    }
    return {};
}

Status CloudWatchSink::make_group_and_stream() {
    const Json stream = {{"logGroupName", options_.group}, {"logStreamName", options_.stream}};
    SYMBOLON_TRY(auto made_stream, call("CreateLogStream", to_text(stream)));
    // Why last: who may write to one group alone is seldom allowed to make groups.
    if (made_stream.fault == not_there) {
        const Json group = {{"logGroupName", options_.group}};
        SYMBOLON_TRY(const auto made_group, call("CreateLogGroup", to_text(group)));
        if (made_group.status != 200 && made_group.fault != already_there) {
            return failure(refusal("CreateLogGroup", made_group));
        }
        SYMBOLON_TRY(made_stream, call("CreateLogStream", to_text(stream)));
    }
    if (made_stream.status != 200 && made_stream.fault != already_there) {
        return failure(refusal("CreateLogStream", made_stream));
    }
    return {};
}

Result<CloudWatchSink::Answer> CloudWatchSink::call(std::string_view action,
                                                    const std::string& body) {
    const auto endpoint = options_.endpoint.empty()
                              ? fmt::format("https://logs.{}.amazonaws.com", options_.region)
                              : options_.endpoint;
    for (int retry = 0;; ++retry) {
        HttpRequest request;
        request.method = "POST";
        request.url = endpoint.ends_with('/') ? endpoint : endpoint + "/";
        request.headers = {{"Content-Type", "application/x-amz-json-1.1"},
                           {"X-Amz-Target", fmt::format("Logs_20140328.{}", action)}};
        request.body = body;
        request.timeout = options_.timeout;
        sign_aws_request(request, {options_.region, "logs"}, credentials_, clock_.wall_now());
        const auto response = sender_.send(request);
        const bool may_repeat = retry < options_.retry.retries_max;
        if (!response) {
            if (may_repeat && response.error().code == ErrorCode::not_reachable) {
                clock_.sleep_for(jittered_delay(options_.retry, retry, random_()));
                continue;
            }
            return failure(make_error(ErrorCode::sink_failed,
                                      fmt::format("{}: {}", name(), response.error().message)));
        }
        Answer answer{response->status, {}, {}, {}};
        if (auto json = parse_json(response->body)) {
            answer.body = std::move(*json);
        }
        if (answer.status != 200) {
            answer.fault = fault_name(text_member(answer.body, "__type"));
            answer.message = text_member(answer.body, "message");
            if (answer.fault.empty()) {
                answer.message = response->body;  // what stands in the way may speak otherwise
            }
        }
        if (may_repeat && (is_retryable_status(answer.status) || is_throttling(answer.fault))) {
            clock_.sleep_for(jittered_delay(options_.retry, retry, random_()));
            continue;
        }
        return answer;
    }
}

Error CloudWatchSink::refusal(std::string_view action, const Answer& answer) const {
    return make_error(ErrorCode::sink_failed,
                      fmt::format("{}: {} answered {} {} {}", name(), action, answer.status,
                                  answer.fault, answer.message.substr(0, 200)));
}

}  // namespace symbolon::client
