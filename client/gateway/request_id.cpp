#include "client/gateway/request_id.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <random>

namespace symbolon::client {

std::string make_request_id() {
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

}  // namespace symbolon::client
