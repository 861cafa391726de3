#include "client/http/retry.hpp"

#include "client/http/header_text.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <vector>

namespace symbolon::client {

namespace {

std::optional<int> find_number(std::string_view text) {
    int number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size() && number >= 0
               ? std::optional<int>(number)
               : std::nullopt;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (words.size() < 10) {
        const auto begin = text.find_first_not_of(" ,-:");
        if (begin == std::string_view::npos) {
            break;
        }
        const auto end = std::min(text.find_first_of(" ,-:", begin), text.size());
        words.push_back(text.substr(begin, end - begin));
        text.remove_prefix(end);
    }
    return words;
}

/// The three forms of RFC 9110, 5.6.7:
/// Sun, 06 Nov 1994 08:49:37 GMT · Sunday, 06-Nov-94 08:49:37 GMT · Sun Nov  6 08:49:37 1994
std::optional<std::chrono::system_clock::time_point> find_http_date(std::string_view text) {
    static constexpr std::array<std::string_view, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto words = words_of(text);
    if (words.size() == 7) {  // the third form: bring it into the order of the others
        words = {words[0], words[2], words[1], words[6], words[3], words[4], words[5]};
    } else if (words.size() != 8 || words[7] != "GMT") {
        return std::nullopt;
    }
    const auto* const month = std::find(months.begin(), months.end(), words[2]);
    const auto day = find_number(words[1]);
    const auto year = find_number(words[3]);
    const auto hour = find_number(words[4]);
    const auto minute = find_number(words[5]);
    const auto second = find_number(words[6]);
    if (month == months.end() || !day || !year || !hour || !minute || !second || *day > 31 ||
        *year > 9'999 || *hour > 23 || *minute > 59 || *second > 60) {
        return std::nullopt;
    }
    const int whole_year = *year >= 100 ? *year : *year + (*year < 70 ? 2'000 : 1'900);
    const std::chrono::year_month_day date{
        std::chrono::year(whole_year),
        std::chrono::month(static_cast<unsigned>(month - months.begin() + 1)),
        std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) {
        return std::nullopt;
    }
    // Why: seconds; the clock's own unit does not reach the year 9999.
    const auto moment = std::chrono::sys_days(date).time_since_epoch() + std::chrono::hours(*hour) +
                        std::chrono::minutes(*minute) + std::chrono::seconds(*second);
    const std::chrono::seconds farthest =
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::duration::max());
    return std::chrono::system_clock::time_point(std::min<std::chrono::seconds>(moment, farthest));
}

}  // namespace

RandomSource system_random() {
    struct Source {
        std::mutex mutex;
        std::mt19937_64 engine{std::random_device()()};
    };
    return [source = std::make_shared<Source>()] {
        const std::lock_guard lock(source->mutex);
        return std::uniform_real_distribution<double>(0.0, 1.0)(source->engine);
    };
}

bool is_idempotent(std::string_view method) {
    static constexpr std::array<std::string_view, 6> methods{"GET",    "HEAD",    "PUT",
                                                             "DELETE", "OPTIONS", "TRACE"};
    return std::find(methods.begin(), methods.end(), method) != methods.end();
}

bool is_retryable_status(int status) {
    return status == 429 || status == 500 || status == 502 || status == 503 || status == 504;
}

bool is_retryable_error(ErrorCode code) {
    return code == ErrorCode::not_reachable || code == ErrorCode::answer_lost ||
           code == ErrorCode::request_timeout || code == ErrorCode::unavailable;
}

std::chrono::milliseconds jittered_delay(const RetryPolicy& policy, int retry, double random) {
    const double longest =
        std::min(static_cast<double>(policy.delay_max.count()),
                 std::ldexp(static_cast<double>(policy.first_delay.count()), std::min(retry, 60)));
    return std::chrono::milliseconds(static_cast<std::int64_t>(std::round(longest * random)));
}

std::optional<std::chrono::milliseconds> find_retry_after(
    const HttpResponse& response, std::chrono::system_clock::time_point now) {
    const auto value = response.find_header("Retry-After");
    if (!value) {
        return std::nullopt;
    }
    const auto text = trim_spaces(*value);
    if (!text.empty() && std::all_of(text.begin(), text.end(),
                                     [](char digit) { return digit >= '0' && digit <= '9'; })) {
        std::int64_t seconds = limits::retry_after_seconds_max;
        std::from_chars(text.data(), text.data() + text.size(), seconds);  // leaves it if too large
        return std::chrono::seconds(std::min(seconds, limits::retry_after_seconds_max));
    }
    const auto date = find_http_date(text);
    if (!date) {
        return std::nullopt;
    }
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(*date - now);
    return std::clamp<std::chrono::milliseconds>(
        wait, std::chrono::milliseconds(0), std::chrono::seconds(limits::retry_after_seconds_max));
}

Result<HttpResponse> repeat_attempt(const Attempt& attempt, Repeatable repeatable,
                                    const RetryPolicy& policy, Clock& clock,
                                    const RandomSource& random) {
    for (int retry = 0;; ++retry) {
        auto result = attempt();
        const bool may_repeat =
            result ? repeatable == Repeatable::yes && is_retryable_status(result->status)
                   : is_retryable_error(result.error().code) &&
                         (repeatable == Repeatable::yes ||
                          result.error().code == ErrorCode::not_reachable);
        if (!may_repeat || retry >= policy.retries_max) {
            return result;
        }
        auto wait = jittered_delay(policy, retry, random());
        if (result) {
            const auto asked = find_retry_after(*result, clock.wall_now());
            if (asked && *asked > policy.retry_after_max) {
                return result;
            }
            wait = std::max(wait, asked.value_or(wait));
        }
        if (!clock.wait_for(wait)) {
            return result;
        }
    }
}

Result<HttpResponse> send_with_retries(HttpSender& sender, const HttpRequest& request,
                                       const RetryPolicy& policy, Clock& clock,
                                       const RandomSource& random) {
    const auto repeatable = is_idempotent(request.method) ? Repeatable::yes : Repeatable::no;
    return repeat_attempt([&] { return sender.send(request); }, repeatable, policy, clock, random);
}

}  // namespace symbolon::client
