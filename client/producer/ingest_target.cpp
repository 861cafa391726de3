#include "client/producer/ingest_target.hpp"

#include "client/http/header_text.hpp"
#include "client/http/retry.hpp"
#include "client/wire/text_bytes.hpp"
#include "core/base64.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

namespace symbolon::client {

namespace {

using std::chrono::milliseconds;

// How often what was sent for one batch.
struct Attempts {
    int all = 0;
    int unreached = 0;
};

// What a wait is cut into, so that whoever hurries is heard.
constexpr milliseconds wait_step{250};

class IngestTarget final : public BatchTarget {
public:
    IngestTarget(IngestOptions options, HttpSender& sender,
                 std::shared_ptr<Credentials> credentials, Clock& clock)
        : options_(std::move(options)),
          sender_(sender),
          credentials_(std::move(credentials)),
          clock_(clock) {}

    SendOutcome send(const OutgoingBatch& batch) override {
        HttpRequest request;
        request.method = "POST";
        request.url = options_.url;
        request.headers = {{"Content-Type", "application/json"},
                           {"X-Request-Id", std::string(batch.request_id)}};
        request.body = to_ingest_body(batch.records, options_.encoding);
        request.timeout = options_.timeout;
        request.response_bytes_max = limits::ingest_answer_bytes_max;
        Attempts attempts;
        while (true) {
            if (batch.hurry.stop_requested()) {
                return unsent("the producer was told to stop", attempts.all);
            }
            ++attempts.all;
            const auto answer = send_authorised(sender_, request, *credentials_);
            const auto wait =
                answer ? find_wait(*answer, attempts) : find_wait(answer.error(), attempts);
            if (!wait) {
                return answer ? outcome_of(*answer, attempts)
                              : unsent(answer.error().message, attempts.all);
            }
            if (!sleep(*wait, batch.hurry)) {
                return unsent("the producer was told to stop while it waited to send again",
                              attempts.all);
            }
        }
    }

    // Bytes travel as base64 in JSON.
    std::size_t bytes_of(const IngestEvent& event) const override {
        if (options_.encoding == EventEncoding::json) {
            return event.text.size();
        }
        constexpr std::size_t header = 5;  // of Confluent's framing
        const auto body = event.body ? event.body->size() : event.text.size();
        const auto text = (header + body + 2) / 3 * 4;
        return std::max(event.text.size(), text + 2);
    }

    // It stands in audits and metrics.
    std::string name() const override { return without_secrets(options_.url); }

private:
    // How long to wait before the batch is sent again; nullopt: it is not.
    std::optional<milliseconds> find_wait(const HttpResponse& answer,
                                          const Attempts& attempts) const {
        const auto& busy = options_.busy_statuses;
        if (std::find(busy.begin(), busy.end(), answer.status) == busy.end() ||
            attempts.all - attempts.unreached >= options_.attempts_max) {
            return std::nullopt;
        }
        const auto asked =
            find_retry_after(answer, clock_.wall_now()).value_or(options_.retry_after_default);
        if (asked > options_.retry_after_max) {
            return std::nullopt;
        }
        const double growth =
            std::pow(options_.retry_after_growth, attempts.all - attempts.unreached - 1);
        return milliseconds(
            std::llround(static_cast<double>(std::max(asked, milliseconds(0)).count()) * growth));
    }

    std::optional<milliseconds> find_wait(const Error& error, Attempts& attempts) const {
        const bool lost =
            error.code == ErrorCode::answer_lost || error.code == ErrorCode::request_timeout;
        if (error.code != ErrorCode::not_reachable &&
            !(lost && options_.lost_answers == LostAnswers::resend)) {
            return std::nullopt;
        }
        if (attempts.unreached >= options_.connect_retries_max) {
            return std::nullopt;
        }
        ++attempts.unreached;
        return options_.connect_wait;
    }

    static SendOutcome unsent(std::string reason, int attempts) {
        return {.fate = SendFate::unsent, .reason = std::move(reason), .attempts = attempts};
    }

    static SendOutcome outcome_of(const HttpResponse& answer, const Attempts& attempts) {
        SendOutcome outcome{.status = answer.status, .attempts = attempts.all};
        if (answer.status >= 200 && answer.status < 300) {
            return outcome;
        }
        const bool final = answer.status == 400 || answer.status == 413 || answer.status == 422;
        outcome.fate = final ? SendFate::rejected : SendFate::unsent;
        const auto words = std::string_view(answer.body).substr(0, limits::answer_quote_bytes_max);
        outcome.reason = fmt::format("the platform answered {}{}{}", answer.status,
                                     words.empty() ? "" : ": ", words);
        return outcome;
    }

    // False: the producer is told to hurry.
    bool sleep(milliseconds time, const std::stop_token& hurry) const {
        while (time.count() > 0) {
            if (hurry.stop_requested()) {
                return false;
            }
            const auto step = hurry.stop_possible() ? std::min(time, wait_step) : time;
            clock_.sleep_for(step);
            time -= step;
        }
        return true;
    }

    IngestOptions options_;
    HttpSender& sender_;
    std::shared_ptr<Credentials> credentials_;
    Clock& clock_;
};

}  // namespace

std::string to_ingest_body(std::span<const SinkRecord> records, EventEncoding encoding) {
    std::string body = "[";
    for (const auto& record : records) {
        if (body.size() > 1) {
            body += ',';
        }
        if (encoding == EventEncoding::json) {
            body += record.value;
        } else {
            body += '"';
            body += to_base64(record.value);
            body += '"';
        }
    }
    body += ']';
    return body;
}

std::unique_ptr<BatchTarget> ingest_target(IngestOptions options, HttpSender& sender,
                                           std::shared_ptr<Credentials> credentials, Clock& clock) {
    return std::make_unique<IngestTarget>(std::move(options), sender, std::move(credentials),
                                          clock);
}

}  // namespace symbolon::client
