#include "client/sink/aws_signature.hpp"

#include "core/ascii.hpp"
#include "core/digest.hpp"
#include "core/hex.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <map>
#include <utility>
#include <vector>

namespace symbolon::client {
namespace {

using Digest = std::array<unsigned char, 32>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view view_of(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

Digest hmac_sha256(std::string_view key, std::string_view text) {
    Digest digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(text), text.size(),
         digest.data(), &size);
    return digest;
}

struct UrlParts {
    std::string_view host;
    std::string_view path = "/";
    std::string_view query;
};

UrlParts parts_of(std::string_view url) {
    UrlParts parts;
    const auto scheme = url.find("://");
    const auto scheme_name = url.substr(0, scheme == std::string_view::npos ? 0 : scheme);
    url.remove_prefix(scheme == std::string_view::npos ? 0 : scheme + 3);
    if (const auto query = url.find('?'); query != std::string_view::npos) {
        parts.query = url.substr(query + 1);
        url = url.substr(0, query);
    }
    const auto slash = url.find('/');
    parts.host = url.substr(0, slash);
    if (slash != std::string_view::npos) {
        parts.path = url.substr(slash);
    }
    // Clients leave the scheme's own port out of the Host header.
    for (const auto& [name, port] :
         {std::pair<std::string_view, std::string_view>{"https", ":443"}, {"http", ":80"}}) {
        if (scheme_name == name && parts.host.ends_with(port)) {
            parts.host.remove_suffix(port.size());
        }
    }
    return parts;
}

/// Parameters in order of their names, then values; a name without a value gets an empty one.
std::string canonical_query(std::string_view query) {
    std::vector<std::string> parameters;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        std::string parameter(query.substr(0, end));
        if (!parameter.empty()) {
            parameter += parameter.find('=') == std::string::npos ? "=" : "";
            parameters.push_back(std::move(parameter));
        }
        query.remove_prefix(std::min(end + 1, query.size()));
    }
    // Why by two parts: '=' sorts behind the digits that a longer name may go on with.
    const auto split = [](const std::string& text) {
        const auto equals = text.find('=');
        return std::pair(text.substr(0, equals), text.substr(equals + 1));
    };
    std::ranges::sort(parameters, {}, split);
    return fmt::format("{}", fmt::join(parameters, "&"));
}

/// Without blanks at the ends, and runs of them as one.
std::string trimmed(std::string_view value) {
    std::string out;
    for (const char byte : value) {
        if (byte != ' ' && byte != '\t') {
            out += byte;
        } else if (!out.empty() && out.back() != ' ') {
            out += ' ';
        }
    }
    while (out.ends_with(' ')) {
        out.pop_back();
    }
    return out;
}

}  // namespace

void sign_aws_request(HttpRequest& request, const AwsScope& scope,
                      const AwsCredentials& credentials,
                      std::chrono::system_clock::time_point now) {
    const std::tm time = fmt::gmtime(std::chrono::system_clock::to_time_t(now));
    const auto date = fmt::format("{:%Y%m%d}", time);
    const auto moment = fmt::format("{:%Y%m%dT%H%M%SZ}", time);
    request.headers.emplace_back("X-Amz-Date", moment);
    if (!credentials.session_token.empty()) {
        request.headers.emplace_back("X-Amz-Security-Token", credentials.session_token);
    }
    const auto url = parts_of(request.url);
    std::map<std::string, std::string> headers{{"host", std::string(url.host)}};
    for (const auto& [name, value] : request.headers) {
        auto& place = headers[to_lower_ascii(name)];
        place += (place.empty() ? "" : ",") + trimmed(value);
    }
    std::string lines;
    std::string names;
    for (const auto& [name, value] : headers) {
        lines += fmt::format("{}:{}\n", name, value);
        names += (names.empty() ? "" : ";") + name;
    }
    const auto canonical =
        fmt::format("{}\n{}\n{}\n{}\n{}\n{}", request.method, url.path, canonical_query(url.query),
                    lines, names, sha256_hex(request.body));
    const auto range = fmt::format("{}/{}/{}/aws4_request", date, scope.region, scope.service);
    const auto to_sign =
        fmt::format("AWS4-HMAC-SHA256\n{}\n{}\n{}", moment, range, sha256_hex(canonical));
    Digest key = hmac_sha256("AWS4" + credentials.secret_access_key, date);
    for (const std::string_view part :
         {std::string_view(scope.region), std::string_view(scope.service),
          std::string_view("aws4_request"), std::string_view(to_sign)}) {
        key = hmac_sha256(view_of(key), part);
    }
    request.headers.emplace_back(
        "Authorization",
        fmt::format("AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
                    credentials.access_key_id, range, names, to_hex(view_of(key))));
}

}  // namespace symbolon::client
