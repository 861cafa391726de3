#include "client/http/header_text.hpp"

#include "core/ascii.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace symbolon::client {

namespace {

bool is_letter_or_digit(char letter) {
    return (letter >= '0' && letter <= '9') ||
           (to_lower_ascii(letter) >= 'a' && to_lower_ascii(letter) <= 'z');
}

/// What stands behind the last colon of `authority`, outside of brackets, are digits; or there is
/// none.
bool has_possible_port(std::string_view authority) {
    const auto bracket = authority.rfind(']');
    const auto colon = authority.rfind(':');
    if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket)) {
        return true;
    }
    const auto port = authority.substr(colon + 1);
    return std::all_of(port.begin(), port.end(),
                       [](char letter) { return letter >= '0' && letter <= '9'; });
}

}  // namespace

std::string percent_encode(std::string_view text) {
    std::string encoded;
    for (const char letter : text) {
        if (is_letter_or_digit(letter) ||
            std::string_view("-._~").find(letter) != std::string_view::npos) {
            encoded += letter;
            continue;
        }
        encoded += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
    return encoded;
}

std::string without_secrets(std::string_view url) {
    const auto scheme = url.find("://");
    const auto begin = scheme == std::string_view::npos ? 0 : scheme + 3;
    const auto host = begin + user_bytes_of(url.substr(begin));
    const auto end = std::min(url.find_first_of("?#", host), url.size());
    return std::string(url.substr(0, begin)) + std::string(url.substr(host, end - host));
}

std::size_t user_bytes_of(std::string_view rest) {
    const auto authority = rest.substr(0, rest.find_first_of("/?#"));
    if (const auto user = authority.rfind('@'); user != std::string_view::npos) {
        return user + 1;
    }
    // No port: the colon is that of a user whose password has a / ? or # in it.
    const auto end = rest.rfind('@');
    return end == std::string_view::npos || has_possible_port(authority) ? 0 : end + 1;
}

bool is_header_value(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return letter == '\t' || (byte >= 32 && byte != 127);
    });
}

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char letter) {
        return is_letter_or_digit(letter) ||
               std::string_view("!#$%&'*+-.^_`|~").find(letter) != std::string_view::npos;
    });
}

std::string_view trim_spaces(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace symbolon::client
