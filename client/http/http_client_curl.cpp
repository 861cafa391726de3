#include "client/http/http_client_curl.hpp"

#include "client/http/header_text.hpp"
#include "client/http/retry.hpp"
#include "core/ascii.hpp"
#include "core/limits.hpp"

#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>  // sigtimedwait is POSIX

#include <algorithm>
#include <array>
#include <condition_variable>
#include <ctime>
#include <exception>
#include <fstream>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::client {

namespace {

using SteadyTime = std::chrono::steady_clock::time_point;

/// Servers close idle connections, the quickest ones we know after 5 s. A request that may not be
/// sent twice keeps away from connections that are about to be closed.
constexpr long idle_seconds_for_single_requests = 4;

struct EasyDeleter {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
using EasyPtr = std::unique_ptr<CURL, EasyDeleter>;
struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using ListPtr = std::unique_ptr<curl_slist, ListDeleter>;

/// Why: with CURLOPT_NOSIGNAL, writing to a TLS connection that the peer closed may raise SIGPIPE.
/// It is kept from this thread while it sends.
class SigpipeGuard {
public:
    SigpipeGuard() {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        was_pending_ = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~SigpipeGuard() {
        if (!was_pending_) {
            const timespec no_wait{};
            sigtimedwait(&pipe_, nullptr, &no_wait);
        }
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    SigpipeGuard(const SigpipeGuard&) = delete;
    SigpipeGuard& operator=(const SigpipeGuard&) = delete;
    SigpipeGuard(SigpipeGuard&&) = delete;
    SigpipeGuard& operator=(SigpipeGuard&&) = delete;

private:
    sigset_t pipe_{};
    sigset_t before_{};
    bool was_pending_ = false;
};

/// What happens to one request while libcurl has it.
struct Exchange {
    HttpResponse response;
    std::size_t header_bytes = 0;
    std::size_t body_bytes_max = 0;
    bool single = false;  ///< may be put on the wire once only
    int starts = 0;       ///< how often it was put on the wire
    bool too_large = false;
    bool head_ended = false;  ///< libcurl takes one that is cut off for an answer without a body
    std::stop_token abandon{};
};

/// libcurl's C code must not see an exception; 0 makes it end the request.
std::size_t take_body(char* bytes, std::size_t size, std::size_t count, void* target) noexcept {
    auto& exchange = *static_cast<Exchange*>(target);
    const std::size_t length = size * count;
    if (exchange.response.body.size() + length > exchange.body_bytes_max) {
        exchange.too_large = true;
        return 0;
    }
    try {
        exchange.response.body.append(bytes, length);
    } catch (const std::exception&) {
        exchange.too_large = true;
        return 0;
    }
    return length;
}

std::size_t take_header(char* bytes, std::size_t size, std::size_t count, void* target) noexcept {
    auto& exchange = *static_cast<Exchange*>(target);
    const std::size_t length = size * count;
    exchange.header_bytes += length;
    if (exchange.header_bytes > limits::answer_header_bytes_max) {
        exchange.too_large = true;
        return 0;
    }
    try {
        const std::string_view line(bytes, length);
        if (line.starts_with("HTTP/")) {
            exchange.response.headers.clear();  // those so far belonged to an interim answer
            exchange.head_ended = false;
        } else if (trim_spaces(line).empty()) {
            exchange.head_ended = true;
        } else if (const auto colon = line.find(':'); colon != std::string_view::npos) {
            exchange.response.headers.emplace_back(line.substr(0, colon),
                                                   trim_spaces(line.substr(colon + 1)));
        }
    } catch (const std::exception&) {
        exchange.too_large = true;
        return 0;
    }
    return length;
}

/// Called before each time the request goes out, also when libcurl would send it again because a
/// connection that it had kept turned out to be closed.
int before_request(void* target, char* /*server*/, char* /*own*/, int /*server_port*/,
                   int /*own_port*/) noexcept {
    auto& exchange = *static_cast<Exchange*>(target);
    ++exchange.starts;
    return exchange.single && exchange.starts > 1 ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/// Called whenever something moves, and at least once a second; anything but 0 ends the request.
int look_whether_abandoned(void* target, curl_off_t /*down_all*/, curl_off_t /*down*/,
                           curl_off_t /*up_all*/, curl_off_t /*up*/) noexcept {
    return static_cast<const Exchange*>(target)->abandon.stop_requested() ? 1 : 0;
}

Status check_request(const HttpRequest& request) {
    if (!is_token(request.method)) {
        return failure(make_error(ErrorCode::malformed_request,
                                  "'" + request.method + "' is not an HTTP method"));
    }
    for (const auto& [name, value] : request.headers) {
        if (!is_token(name) || !is_header_value(value)) {
            return failure(
                make_error(ErrorCode::malformed_request,
                           "The header '" + name + "' has characters that HTTP forbids"));
        }
    }
    return {};
}

std::string origin_of(std::string_view url) {
    const auto scheme = url.find("://");
    const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    return std::string(url.substr(0, std::min(url.find_first_of("/?#", begin), url.size())));
}

/// nullptr when memory ran out.
ListPtr to_header_list(const HttpRequest& request) {
    ListPtr list;
    const auto add = [&list](const std::string& line) {
        curl_slist* const so_far = list.release();
        curl_slist* const longer = curl_slist_append(so_far, line.c_str());
        list.reset(longer == nullptr ? so_far : longer);
        return longer != nullptr;
    };
    // Why: left alone, libcurl waits a second for "100 Continue", and calls bodies web forms.
    bool whole = add("Expect:");
    bool has_type = false;
    for (const auto& [name, value] : request.headers) {
        has_type = has_type || equals_in_any_case(name, "Content-Type");
        whole = whole && add(value.empty() ? name + ";" : name + ": " + value);
    }
    if (!has_type) {
        whole = whole && add("Content-Type:");
    }
    return whole ? std::move(list) : nullptr;
}

std::string reason_of(CURLcode code, const char* details) {
    return *details != '\0' ? details : curl_easy_strerror(code);
}

Error to_error(CURLcode code, const char* details, const Exchange& exchange,
               const HttpRequest& request) {
    const std::string where = request.method + " " + without_secrets(request.url);
    const bool is_abandoned =
        code == CURLE_ABORTED_BY_CALLBACK && exchange.abandon.stop_requested();
    const std::string reason =
        is_abandoned ? "abandoned, for the program is stopping" : reason_of(code, details);
    if (exchange.too_large) {
        return make_error(ErrorCode::body_too_large,
                          fmt::format("{}: the answer is larger than {} bytes", where,
                                      exchange.header_bytes > limits::answer_header_bytes_max
                                          ? limits::answer_header_bytes_max
                                          : exchange.body_bytes_max));
    }
    if (exchange.starts == 0) {
        const bool is_wrong = code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL;
        return make_error(is_wrong ? ErrorCode::malformed_request : ErrorCode::not_reachable,
                          fmt::format("{}: {}", where, reason));
    }
    if (code == CURLE_OPERATION_TIMEDOUT) {
        return make_error(
            ErrorCode::request_timeout,
            fmt::format("{}: no whole answer within {} ms", where, request.timeout.count()));
    }
    const bool was_refused = code == CURLE_ABORTED_BY_CALLBACK && !is_abandoned;
    return make_error(
        ErrorCode::answer_lost,
        fmt::format("{}: {}", where,
                    was_refused ? "the connection ended before an answer came" : reason));
}

class CurlSender final : public HttpSender {
public:
    explicit CurlSender(HttpClientOptions options) : options_(std::move(options)) {}

    Result<HttpResponse> send(const HttpRequest& request) override {
        SYMBOLON_CHECK(check_request(request));
        const auto until = std::chrono::steady_clock::now() + request.timeout;
        const std::string origin = origin_of(request.url);
        Handle handle = take(origin, until);
        if (handle.easy == nullptr) {
            return failure(
                make_error(ErrorCode::not_reachable,
                           fmt::format("{} {}: all {} connections were in use for {} ms",
                                       request.method, without_secrets(request.url),
                                       options_.connections_max, request.timeout.count())));
        }
        auto answer = exchange_with(handle.easy.get(), request, until);
        handle.origin = origin;
        give_back(std::move(handle));
        return answer;
    }

private:
    /// An easy handle keeps its own connections.
    struct Handle {
        EasyPtr easy;
        std::string origin;  ///< whom it spoke to last
    };

    /// One that has spoken to this origin, if there is one. No handle: none came free in time.
    Handle take(const std::string& origin, SteadyTime until) {
        std::unique_lock lock(mutex_);
        const auto is_free = [this] {
            return in_use_ < std::max<std::size_t>(options_.connections_max, 1);
        };
        if (!came_free_.wait_until(lock, until, is_free)) {
            return {};
        }
        // The one used last, whose connection is the freshest.
        auto chosen = std::find_if(idle_.rbegin(), idle_.rend(),
                                   [&](const Handle& handle) { return handle.origin == origin; });
        if (chosen == idle_.rend() && idle_.size() + in_use_ >= options_.connections_max) {
            chosen = std::make_reverse_iterator(idle_.begin() + (idle_.empty() ? 0 : 1));
        }
        Handle handle;
        if (chosen != idle_.rend()) {
            handle = std::move(*chosen);
            idle_.erase(std::next(chosen).base());
        } else {
            handle.easy.reset(curl_easy_init());
        }
        in_use_ += handle.easy != nullptr ? 1U : 0U;
        return handle;
    }

    void give_back(Handle handle) {
        {
            const std::lock_guard lock(mutex_);
            --in_use_;
            idle_.push_back(std::move(handle));
        }
        came_free_.notify_one();
    }

    Result<HttpResponse> exchange_with(CURL* easy, const HttpRequest& request,
                                       SteadyTime until) const {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        const auto patience = std::max<std::int64_t>(left.count(), 1);
        Exchange exchange;
        exchange.body_bytes_max = request.response_bytes_max;
        exchange.abandon = options_.abandon;
        exchange.single = request.only_once || !is_idempotent(request.method);
        std::array<char, CURL_ERROR_SIZE> details{};
        const ListPtr headers = to_header_list(request);
        if (headers == nullptr) {
            return failure(make_error(ErrorCode::not_reachable, "There is no memory left"));
        }
        curl_easy_reset(easy);  // its connections stay
        curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, details.data());
        curl_easy_setopt(easy, CURLOPT_URL, request.url.c_str());
        // Why: /config/. would be sent as /config/, which is the setting of everything.
        curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
        curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
        curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(patience));
        curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                         static_cast<long>(std::clamp<std::int64_t>(
                             options_.connect_timeout.count(), 1, patience)));
        set_method(easy, request);
        set_habits(easy, exchange);
        set_tls(easy);
        CURLcode code = CURLE_OK;
        {
            const SigpipeGuard guard;
            code = curl_easy_perform(easy);
        }
        if (code != CURLE_OK) {
            return failure(to_error(code, details.data(), exchange, request));
        }
        long status = 0;
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
        if (!exchange.head_ended || status < 200) {
            return failure(to_error(CURLE_GOT_NOTHING, "the answer was cut off in its headers",
                                    exchange, request));
        }
        exchange.response.status = static_cast<int>(status);
        return std::move(exchange.response);
    }

    static void set_method(CURL* easy, const HttpRequest& request) {
        const auto& method = request.method;
        if (method == "HEAD") {
            curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
            return;
        }
        const bool has_body =
            !request.body.empty() || method == "POST" || method == "PUT" || method == "PATCH";
        if (has_body) {
            curl_easy_setopt(easy, CURLOPT_POST, 1L);
            curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                             static_cast<curl_off_t>(request.body.size()));
            curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.c_str());
        }
        curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
    }

    void set_habits(CURL* easy, Exchange& exchange) const {
        curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
        // Why: getaddrinfo cannot be interrupted. Without this libcurl waits for its thread, and a
        // name server that is silent makes every time limit ten seconds and more.
        curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
        curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
        curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        curl_easy_setopt(easy, CURLOPT_USERAGENT,
                         options_.user_agent.empty() ? "symbolon" : options_.user_agent.c_str());
        // A proxy is not told what is meant for the server.
        curl_easy_setopt(easy, CURLOPT_HEADEROPT, static_cast<long>(CURLHEADER_SEPARATE));
        curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
        curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
        curl_easy_setopt(easy, CURLOPT_MAXCONNECTS, 1L);
        if (exchange.single) {
            curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, idle_seconds_for_single_requests);
        }
        curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, &before_request);
        curl_easy_setopt(easy, CURLOPT_PREREQDATA, &exchange);
        curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &take_body);
        curl_easy_setopt(easy, CURLOPT_WRITEDATA, &exchange);
        curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &take_header);
        curl_easy_setopt(easy, CURLOPT_HEADERDATA, &exchange);
        curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, &look_whether_abandoned);
        curl_easy_setopt(easy, CURLOPT_XFERINFODATA, &exchange);
    }

    void set_tls(CURL* easy) const {
        const auto& tls = options_.tls;
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
        curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
        curl_easy_setopt(easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
        if (!tls.ca_file.empty()) {
            curl_easy_setopt(easy, CURLOPT_CAINFO, tls.ca_file.c_str());
            curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
        }
        if (!tls.certificate_file.empty()) {
            curl_easy_setopt(easy, CURLOPT_SSLCERT, tls.certificate_file.c_str());
            const auto& key = tls.key_file.empty() ? tls.certificate_file : tls.key_file;
            curl_easy_setopt(easy, CURLOPT_SSLKEY, key.c_str());
            // Even an empty one keeps OpenSSL from asking at the terminal.
            curl_easy_setopt(easy, CURLOPT_KEYPASSWD, tls.key_password.c_str());
        }
    }

    const HttpClientOptions options_;
    std::mutex mutex_;
    std::condition_variable came_free_;
    std::vector<Handle> idle_;  // guarded by mutex_
    std::size_t in_use_ = 0;    // guarded by mutex_
};

Status check_readable(const std::string& file, std::string_view what) {
    if (!file.empty() && !std::ifstream(file).good()) {
        return failure(
            make_error(ErrorCode::cannot_start, fmt::format("{} {} cannot be read", what, file)));
    }
    return {};
}

}  // namespace

Result<std::unique_ptr<HttpSender>> open_http_client(HttpClientOptions options) {
    static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK) {
        return failure(make_error(ErrorCode::cannot_start, curl_easy_strerror(initialised)));
    }
    SYMBOLON_CHECK(check_readable(options.tls.ca_file, "The file of certificates to trust"));
    SYMBOLON_CHECK(check_readable(options.tls.certificate_file, "The client certificate"));
    SYMBOLON_CHECK(check_readable(options.tls.key_file, "The client certificate's key"));
    return std::make_unique<CurlSender>(std::move(options));
}

}  // namespace symbolon::client
