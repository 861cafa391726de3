#include "api/rest/request_id.hpp"

#include "api/rest/media_type.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>

namespace symbolon::rest {

namespace {

std::uint64_t next_random() {
    thread_local std::mt19937_64 generator = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    return generator();
}

// A value is printed into a header again, so nothing that could end the line is repeated.
bool is_repeatable(const std::string& value) {
    const auto is_blank = [](char letter) { return letter == ' ' || letter == '\t'; };
    const auto is_control = [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return (byte < 0x20 && byte != '\t') || byte == 0x7F;
    };
    return !std::all_of(value.begin(), value.end(), is_blank) &&
           std::none_of(value.begin(), value.end(), is_control);
}

}  // namespace

std::string make_request_id() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(36, '-');
    std::uint64_t bits = 0;
    int bits_left = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (at == 8 || at == 13 || at == 18 || at == 23) {
            continue;
        }
        if (bits_left == 0) {
            bits = next_random();
            bits_left = 64;
        }
        std::size_t digit = bits & 0xFU;
        bits >>= 4U;
        bits_left -= 4;
        if (at == 14) {
            digit = 4;
        } else if (at == 19) {
            digit = 8 + (digit & 3U);
        }
        text[at] = digits[digit];
    }
    return text;
}

std::string request_id_of(const Request& request) {
    const std::string* sent = nullptr;
    for (const Header& header : request.headers) {
        if (equal_ignoring_case(header.name, "X-Request-ID")) {
            if (sent != nullptr) {
                return make_request_id();
            }
            sent = &header.value;
        }
    }
    return sent != nullptr && is_repeatable(*sent) ? *sent : make_request_id();
}

}  // namespace symbolon::rest
