#include "client/http/oauth2.hpp"

#include "client/http/header_text.hpp"
#include "core/ascii.hpp"
#include "core/base64.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string_view>
#include <utility>

namespace symbolon::client {

namespace {

using Seconds = std::chrono::duration<double>;
using SteadyTime = std::chrono::steady_clock::time_point;

/// When the endpoint does not say how long a token lives.
constexpr Seconds unknown_life{300};
constexpr Seconds longest_life{30.0 * 86'400};
constexpr Seconds renewal_margin{60};
/// After a renewal that failed, while the old token still holds.
constexpr std::chrono::seconds renewal_pause{5};

struct Token {
    std::string text;
    Seconds life = unknown_life;
};

Seconds life_of(const Json& answer) {
    const auto found = answer.find("expires_in");
    double seconds = unknown_life.count();
    if (found != answer.end() && found->is_number()) {
        seconds = found->get<double>();
    } else if (found != answer.end() && found->is_string()) {
        const auto& text = found->get_ref<const std::string&>();
        std::from_chars(text.data(), text.data() + text.size(), seconds);
    }
    // Why: "nan" is a number to from_chars, and no bound holds it.
    return std::isnan(seconds) ? unknown_life
                               : Seconds(std::clamp(seconds, 0.0, longest_life.count()));
}

std::string text_of(const Json& answer, const char* name) {
    const auto found = answer.find(name);
    return found != answer.end() && found->is_string() ? found->get<std::string>() : "";
}

void add_scopes(std::string_view text, std::vector<std::string>& scopes) {
    for (std::size_t at = 0; (at = text.find_first_not_of(" ,\t", at)) != std::string_view::npos;) {
        const auto end = std::min(text.find_first_of(" ,\t", at), text.size());
        scopes.emplace_back(text.substr(at, end - at));
        at = end;
    }
}

/// "a b" and "a,b" are two scopes, and people write them so.
OAuth2Options with_single_scopes(OAuth2Options options) {
    std::vector<std::string> scopes;
    for (const auto& text : options.scopes) {
        add_scopes(text, scopes);
    }
    options.scopes = std::move(scopes);
    return options;
}

/// What `scope` grants: separated by spaces or commas, or an array; nullopt: it is not told, which
/// means all that was asked for (RFC 6749, 5.1).
std::optional<std::vector<std::string>> find_scopes(const Json& answer) {
    const auto found = answer.find("scope");
    if (found == answer.end() || found->is_null()) {
        return std::nullopt;
    }
    std::string text;
    if (found->is_string()) {
        text = found->get<std::string>();
    } else if (found->is_array()) {
        for (const auto& item : *found) {
            text += item.is_string() ? item.get<std::string>() + " " : "";
        }
    }
    std::vector<std::string> scopes;
    add_scopes(text, scopes);
    return scopes;
}

std::string joined(const std::vector<std::string>& words, std::string_view separator) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : std::string(separator)) + word;
    }
    return text;
}

class OAuth2Credentials final : public Credentials {
public:
    OAuth2Credentials(OAuth2Options options, HttpSender& sender, Clock& clock)
        : options_(std::move(options)), sender_(sender), clock_(clock) {}

    Result<std::string> authorization() override {
        std::unique_lock lock(mutex_);
        while (true) {
            const auto now = clock_.now();
            const bool still_holds = !token_.empty() && now < ends_at_;
            if (still_holds && (now < renew_at_ || renewing_)) {
                return "Bearer " + token_;
            }
            if (!renewing_) {
                return renew(lock);
            }
            const auto turn = turn_;
            renewed_.wait(lock, [&] { return turn_ != turn; });
            if (failed_) {
                return failure(*failed_);
            }
            if (!token_.empty()) {
                return "Bearer " + token_;  // new, however short its life
            }
        }
    }

    bool drop(std::string_view authorization) override {
        const std::lock_guard lock(mutex_);
        if (authorization == "Bearer " + token_) {
            token_.clear();
        }
        return true;
    }

private:
    /// REQUIRES: `lock` holds mutex_, and nobody renews. Others wait meanwhile.
    Result<std::string> renew(std::unique_lock<std::mutex>& lock) {
        renewing_ = true;
        lock.unlock();
        auto fetched = fetch();
        lock.lock();
        renewing_ = false;
        ++turn_;
        const auto now = clock_.now();
        failed_.reset();
        if (fetched) {
            keep(*fetched, now);
        } else if (!token_.empty() && now < ends_at_) {
            renew_at_ = now + renewal_pause;
        } else {
            failed_ = std::move(fetched).error();
        }
        renewed_.notify_all();
        if (failed_) {
            return failure(*failed_);
        }
        return "Bearer " + token_;
    }

    void keep(const Token& token, SteadyTime now) {
        const auto early = token.life > renewal_margin ? token.life - renewal_margin : token.life;
        const auto ticks = [](Seconds time) {
            return std::chrono::duration_cast<SteadyTime::duration>(time);
        };
        token_ = token.text;
        renew_at_ = now + ticks(std::min(early, token.life * 0.9));
        ends_at_ = now + ticks(token.life);
    }

    HttpRequest to_request() const {
        HttpRequest request;
        request.method = "POST";
        request.url = options_.token_url;
        request.timeout = options_.timeout;
        request.response_bytes_max = limits::token_answer_bytes_max;
        request.headers = {{"Content-Type", "application/x-www-form-urlencoded"},
                           {"Accept", "application/json"}};
        request.body = "grant_type=client_credentials";
        if (!options_.scopes.empty()) {
            request.body += "&scope=" + percent_encode(joined(options_.scopes, " "));
        }
        const auto name = percent_encode(options_.client_id);
        const auto secret = percent_encode(options_.client_secret);
        if (options_.secret_place == SecretPlace::basic_header) {
            request.headers.emplace_back("Authorization",
                                         "Basic " + to_base64(name + ":" + secret));
        } else {
            request.body += "&client_id=" + name + "&client_secret=" + secret;
        }
        return request;
    }

    Result<Token> fetch() const {
        SYMBOLON_TRY(const HttpResponse answer, sender_.send(to_request()));
        const auto json = parse_json(answer.body);
        const bool is_object = json && json->is_object();
        if (answer.status != 200) {
            const bool is_refusal = answer.status >= 400 && answer.status < 500 &&
                                    answer.status != 429 && answer.status != 408;
            const std::string reason =
                is_object ? text_of(*json, "error") + " " + text_of(*json, "error_description")
                          : "";
            return failure(
                make_error(is_refusal ? ErrorCode::not_authorised : ErrorCode::unavailable,
                           fmt::format("The token endpoint {} answered client '{}' with {} {}",
                                       where(), options_.client_id, answer.status,
                                       trim_spaces(std::string_view(reason).substr(0, 300)))));
        }
        if (!is_object) {
            return failure(no_token("its answer is not a JSON object"));
        }
        return read_token(*json);
    }

    Result<Token> read_token(const Json& answer) const {
        Token token{text_of(answer, "access_token"), life_of(answer)};
        const bool is_plain =
            is_header_value(token.text) && token.text.find_first_of(" \t") == std::string::npos;
        if (token.text.empty() || token.text.size() > limits::token_bytes_max || !is_plain) {
            return failure(no_token("its answer has no usable access_token"));
        }
        const auto kind = text_of(answer, "token_type");
        if (!kind.empty() && !equals_in_any_case(kind, "bearer")) {
            return failure(no_token("its tokens are not of type Bearer"));
        }
        const auto granted = find_scopes(answer);
        for (const auto& scope : options_.scopes) {
            if (granted && std::find(granted->begin(), granted->end(), scope) == granted->end()) {
                return failure(make_error(
                    ErrorCode::not_authorised,
                    fmt::format("The token of client '{}' lacks the scope '{}' (it has: {}); grant "
                                "it at {}",
                                options_.client_id, scope, joined(*granted, ", "), where())));
            }
        }
        return token;
    }

    std::string where() const { return without_secrets(options_.token_url); }

    Error no_token(std::string_view reason) const {
        return make_error(ErrorCode::unavailable,
                          fmt::format("The token endpoint {} gave no token: {}", where(), reason));
    }

    const OAuth2Options options_;
    HttpSender& sender_;
    Clock& clock_;
    std::mutex mutex_;
    std::condition_variable renewed_;
    // guarded by mutex_
    std::string token_;  ///< empty: none, or dropped
    SteadyTime renew_at_;
    SteadyTime ends_at_;
    bool renewing_ = false;
    std::uint64_t turn_ = 0;       ///< renewals that have ended
    std::optional<Error> failed_;  ///< what the last one failed with
};

}  // namespace

Result<std::shared_ptr<Credentials>> open_oauth2(OAuth2Options options, HttpSender& sender,
                                                 Clock& clock) {
    if (options.token_url.empty() || options.client_id.empty() || options.client_secret.empty()) {
        return failure(make_error(ErrorCode::malformed_request,
                                  "OAuth2 needs a token URL, a client id and a client secret"));
    }
    return std::make_shared<OAuth2Credentials>(with_single_scopes(std::move(options)), sender,
                                               clock);
}

}  // namespace symbolon::client
