#include "client/sink/http_sink.hpp"

#include <fmt/format.h>

#include <utility>

namespace symbolon::client {

HttpSink::HttpSink(HttpSinkOptions options, HttpSender& sender,
                   std::shared_ptr<Credentials> credentials, Clock& clock, RandomSource random)
    : options_(std::move(options)),
      sender_(sender),
      credentials_(std::move(credentials)),
      clock_(clock),
      random_(std::move(random)) {}

Status HttpSink::write(std::span<const SinkRecord> records) {
    for (const auto& record : records) {
        HttpRequest request;
        request.method = "POST";
        request.url = options_.url;
        request.headers = options_.headers;
        request.headers.emplace_back("Content-Type", "application/json");
        request.headers.insert(request.headers.end(), record.headers.begin(), record.headers.end());
        request.body = record.value;
        request.timeout = options_.timeout;
        const auto attempt = [&] { return send_authorised(sender_, request, *credentials_); };
        const auto response =
            repeat_attempt(attempt, Repeatable::no, options_.retry, clock_, random_);
        if (!response) {
            return failure(make_error(ErrorCode::sink_failed,
                                      fmt::format("{}: {}", name(), response.error().message)));
        }
        if (response->status < 200 || response->status >= 300) {
            return failure(
                make_error(ErrorCode::sink_failed,
                           fmt::format("{}: the answer was {}", name(), response->status)));
        }
    }
    return {};
}

}  // namespace symbolon::client
