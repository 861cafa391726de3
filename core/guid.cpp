#include "core/guid.hpp"

#include "core/hex.hpp"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <cstdint>
#include <random>

namespace symbolon {
namespace {

constexpr std::size_t guid_letters = 36;
constexpr std::array<std::size_t, 4> dash_places{8, 13, 18, 23};

}  // namespace

std::string to_guid(std::string_view bytes) {
    assert(bytes.size() == guid_bytes);
    std::string text = to_hex(bytes);
    for (const std::size_t at : dash_places) {
        text.insert(at, 1, '-');
    }
    return text;
}

std::optional<std::string> decode_guid(std::string_view text) {
    if (text.size() != guid_letters) {
        return std::nullopt;
    }
    std::string digits;
    std::size_t from = 0;
    for (const std::size_t at : dash_places) {
        if (text[at] != '-') {
            return std::nullopt;
        }
        digits += text.substr(from, at - from);
        from = at + 1;
    }
    digits += text.substr(from);
    return decode_hex(digits);
}

std::string make_guid() {
    thread_local std::mt19937_64 generator = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device()};
        return std::mt19937_64(seed);
    }();
    const std::uint64_t high = (generator() & ~0xF000ULL) | 0x4000ULL;         // version 4
    const std::uint64_t low = (generator() & ~(3ULL << 62U)) | (2ULL << 62U);  // its variant
    return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xFFFFU,
                       high & 0xFFFFU, low >> 48U, low & 0xFFFFFFFFFFFFULL);
}

}  // namespace symbolon
