#include "cli/server_layer.hpp"

#include "cli/called_wrongly.hpp"
#include "client/http/header_text.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace symbolon::cli {
namespace {

std::vector<std::string> ways_of(const ServerLayer& layer) {
    std::vector<std::string> ways;
    if (!layer.user.empty()) {
        ways.emplace_back("a user");
    }
    if (!layer.token.empty() || !layer.token_file.empty()) {
        ways.emplace_back("a token");
    }
    if (!layer.oauth_token_url.empty()) {
        ways.emplace_back("an OAuth2 token URL");
    }
    return ways;
}

/// A text of the first layer that has one.
void take(std::span<const ServerLayer> layers, std::string ServerLayer::*member,
          ServerLayer& chosen) {
    for (const auto& layer : layers) {
        if (!(layer.*member).empty()) {
            chosen.*member = layer.*member;
            return;
        }
    }
}

/// A secret or its file, of the first layer that has one.
Status take_secret(std::span<const ServerLayer> layers, std::string ServerLayer::*text,
                   std::string ServerLayer::*file, ServerLayer& chosen) {
    for (const auto& layer : layers) {
        if (!(layer.*text).empty() && !(layer.*file).empty()) {
            return called_wrongly(
                fmt::format("{} give a secret twice: as it is, and in {}; leave "
                            "one of them out",
                            layer.origin, layer.*file));
        }
        if (!(layer.*text).empty() || !(layer.*file).empty()) {
            chosen.*text = layer.*text;
            chosen.*file = layer.*file;
            return {};
        }
    }
    return {};
}

Status take_oauth(std::span<const ServerLayer> layers, ServerLayer& chosen) {
    take(layers, &ServerLayer::oauth_token_url, chosen);
    take(layers, &ServerLayer::oauth_client_id, chosen);
    for (const auto& layer : layers) {
        if (chosen.oauth_scopes.empty()) {
            chosen.oauth_scopes = layer.oauth_scopes;
        }
        if (!chosen.oauth_secret_in_body) {
            chosen.oauth_secret_in_body = layer.oauth_secret_in_body;
        }
    }
    return take_secret(layers, &ServerLayer::oauth_client_secret,
                       &ServerLayer::oauth_client_secret_file, chosen);
}

/// Who one is: by the first layer that says so. A user within a URL counts with that URL alone.
Status take_way(std::span<const ServerLayer> layers, std::size_t own, const ServerLayer* of_urls,
                ServerLayer& chosen) {
    for (std::size_t at = 0; at < layers.size(); ++at) {
        const auto& layer = layers[at];
        const auto ways = ways_of(layer);
        if (ways.size() > 1) {
            return called_wrongly(
                fmt::format("{} name several ways to say who one is: {}; they "
                            "exclude each other",
                            layer.origin, fmt::join(ways, " and ")));
        }
        const auto with_secret = layers.first(std::min(std::max(at + 1, own), layers.size()));
        if (ways.empty() && &layer == of_urls && !layer.url_user.empty()) {
            chosen.user = layer.url_user;
            chosen.password = layer.url_password;
            return layer.url_password.empty() ? take_secret(with_secret, &ServerLayer::password,
                                                            &ServerLayer::password_file, chosen)
                                              : Status();
        }
        if (ways.empty()) {
            continue;
        }
        if (!layer.user.empty()) {
            chosen.user = layer.user;
            return take_secret(with_secret, &ServerLayer::password, &ServerLayer::password_file,
                               chosen);
        }
        return layer.oauth_token_url.empty()
                   ? take_secret(with_secret, &ServerLayer::token, &ServerLayer::token_file, chosen)
                   : take_oauth(with_secret, chosen);
    }
    return {};
}

int hex_digit(char letter) {
    return letter >= '0' && letter <= '9'   ? letter - '0'
           : letter >= 'a' && letter <= 'f' ? letter - 'a' + 10
           : letter >= 'A' && letter <= 'F' ? letter - 'A' + 10
                                            : -1;
}

std::string percent_decoded(std::string_view text) {
    std::string made;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_code = text[at] == '%' && at + 2 < text.size() &&
                             hex_digit(text[at + 1]) >= 0 && hex_digit(text[at + 2]) >= 0;
        if (is_code) {
            made += static_cast<char>(hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2]));
            at += 2;
        } else {
            made += text[at];
        }
    }
    return made;
}

struct UrlParts {
    std::string_view scheme;  ///< with ://
    std::string_view user;    ///< with the password, without the @
    std::string_view rest;
};

UrlParts split_url(std::string_view url) {
    const auto mark = url.find("://");
    const auto begin = mark == std::string_view::npos ? 0 : mark + 3;
    const auto rest = url.substr(begin);
    const auto user = client::user_bytes_of(rest);
    return {url.substr(0, begin), rest.substr(0, user == 0 ? 0 : user - 1), rest.substr(user)};
}

}  // namespace

std::string without_secrets(std::string_view url) {
    const auto parts = split_url(url);
    return std::string(parts.scheme) + (parts.user.empty() ? "" : "***@") + std::string(parts.rest);
}

Status add_url(ServerLayer& layer, std::string_view url) {
    url = client::trim_spaces(url);
    if (!url.starts_with("http://") && !url.starts_with("https://")) {
        return called_wrongly(
            fmt::format("{}: '{}' is no base URL: it begins with http:// or https://", layer.origin,
                        without_secrets(url)));
    }
    if (layer.urls.size() == limits::server_urls_max) {
        return called_wrongly(
            fmt::format("{}: more than {} URLs", layer.origin, limits::server_urls_max));
    }
    const auto parts = split_url(url);
    if (!parts.user.empty()) {
        const auto colon = parts.user.find(':');
        const auto user = percent_decoded(parts.user.substr(0, colon));
        const auto password = colon == std::string_view::npos
                                  ? std::string()
                                  : percent_decoded(parts.user.substr(colon + 1));
        if (!layer.urls.empty() && (layer.url_user != user || layer.url_password != password)) {
            return called_wrongly(
                fmt::format("{}: the URLs name several users; all are asked as one", layer.origin));
        }
        layer.url_user = user;
        layer.url_password = password;
    }
    layer.urls.push_back(std::string(parts.scheme) + std::string(parts.rest));
    return {};
}

Status add_urls(ServerLayer& layer, std::string_view urls) {
    while (!urls.empty()) {
        const auto url = urls.substr(0, urls.find(','));
        urls.remove_prefix(std::min(url.size() + 1, urls.size()));
        if (!client::trim_spaces(url).empty()) {
            SYMBOLON_CHECK(add_url(layer, url));
        }
    }
    return {};
}

Result<ServerLayer> choose_settings(std::span<const ServerLayer> layers, std::size_t own) {
    ServerLayer chosen;
    const ServerLayer* of_urls = nullptr;
    for (const auto& layer : layers) {
        if (of_urls == nullptr && !layer.urls.empty()) {
            of_urls = &layer;
            chosen.origin = layer.origin;
            chosen.urls = layer.urls;
        }
        if (!chosen.timeout_ms) {
            chosen.timeout_ms = layer.timeout_ms;
        }
    }
    SYMBOLON_CHECK(take_way(layers, own, of_urls, chosen));
    take(layers, &ServerLayer::ca_file, chosen);
    take(layers, &ServerLayer::certificate_file, chosen);
    take(layers, &ServerLayer::key_file, chosen);
    take(layers, &ServerLayer::key_password, chosen);
    return chosen;
}

}  // namespace symbolon::cli
