#include "client/gateway/http_downstream.hpp"

#include "client/gateway/delivery_reports.hpp"
#include "client/http/retry.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace symbolon::client {
namespace {

/// What comes from the event may stand in a header only where nothing in it ends the line.
bool fits_header(std::string_view text) {
    return !text.empty() && text.size() <= 256 &&
           std::ranges::all_of(text, [](char byte) { return byte > 0x20 && byte < 0x7F; });
}

}  // namespace

HttpDownstream::HttpDownstream(HttpDownstreamOptions options, HttpSender& sender,
                               std::shared_ptr<Credentials> credentials, Clock& clock)
    : options_(std::move(options)),
      sender_(sender),
      credentials_(std::move(credentials)),
      clock_(clock) {}

DeliveryReport HttpDownstream::deliver(const DownstreamRecord& record,
                                       std::chrono::milliseconds time_left) {
    HttpRequest request;
    request.method = "POST";
    request.url = options_.url;
    request.headers = options_.headers;
    request.headers.emplace_back("Content-Type", "application/json");
    request.headers.emplace_back("X-Request-Id", record.request_id);
    if (fits_header(record.event_id)) {
        request.headers.emplace_back("X-Event-Id", record.event_id);
    }
    request.body = record.json;
    request.timeout = time_left;
    request.response_bytes_max = limits::downstream_answer_bytes_max;
    const auto response = send_authorised(sender_, std::move(request), *credentials_);
    if (!response) {
        return report_of_failure(response.error());
    }
    DeliveryReport report;
    if (response->status >= 200 && response->status < 300) {
        return report;
    }
    report.delivery = is_retryable_status(response->status) ? Delivery::busy : Delivery::refused;
    report.reason = fmt::format("the downstream answered {}", response->status);
    report.is_downstream_fault = response->status == 429 || response->status >= 500;
    report.retry_after = find_retry_after(*response, clock_.wall_now());
    return report;
}

}  // namespace symbolon::client
