// Posts batches to an ingest endpoint and decides by its answer what became of them.
//
// 2xx          acknowledged
// 429, 503     waits Retry-After (or retry_after_default) times 1.5^attempt and sends again, at
//              most attempts_max times in all
// 401          the token is renewed once
// 400, 413, 422  the batch is rejected for good
// not reached  nothing was sent: waits connect_wait and sends again, connect_retries_max times
// answer lost  or late: the batch may have arrived, so it is not sent again unless LostAnswers says
//              so; the spool keeps it with its X-Request-Id
// anything else  not acknowledged, and not sent again by itself
//
// Every attempt for one batch carries the same X-Request-Id, by which a platform knows it again.
//
// Example:  auto target = ingest_target({.url = url}, sender, credentials, clock);
// Errors:   none: the outcome says
// Units:    milliseconds
// Threads:  any thread
// Source:   docs/clients.md
// Tested by tests/unit/client/producer/ingest_target_test.cpp
#pragma once

#include "client/http/clock.hpp"
#include "client/http/credentials.hpp"
#include "client/http/http_client.hpp"
#include "client/producer/batch_target.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

inline constexpr std::string_view ingest_path = "/api/v2/events/ingest";

enum class LostAnswers : std::uint8_t {
    spool,   ///< what may have arrived is not sent again by itself
    resend,  ///< it is: for platforms that know X-Request-Id
};

struct IngestOptions {
    std::string url{};  ///< whole
    EventEncoding encoding = EventEncoding::json;
    std::chrono::milliseconds timeout{15'000};
    std::vector<int> busy_statuses{429, 503};
    int attempts_max = 3;  ///< for these, the first one included
    std::chrono::milliseconds retry_after_default{2'000};
    double retry_after_growth = 1.5;
    /// A platform that asks for a longer wait is not asked again; the batch goes to the spool.
    std::chrono::milliseconds retry_after_max{60'000};
    int connect_retries_max = 3;
    std::chrono::milliseconds connect_wait{2'000};
    LostAnswers lost_answers = LostAnswers::spool;
};

/// The JSON array of the records: their texts, or base64 where they are bytes.
std::string to_ingest_body(std::span<const SinkRecord> records, EventEncoding encoding);

/// `sender` and `clock` outlive the target.
std::unique_ptr<BatchTarget> ingest_target(IngestOptions options, HttpSender& sender,
                                           std::shared_ptr<Credentials> credentials, Clock& clock);

}  // namespace symbolon::client
