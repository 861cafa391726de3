#include "core/base64.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>

namespace symbolon {
namespace {

// What OpenSSL takes at a time; it counts in int.
constexpr std::size_t block_letters = 1U << 20U;
constexpr std::size_t block_bytes = block_letters / 4 * 3;

}  // namespace

bool is_base64_letter(char letter) {
    return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
           (letter >= '0' && letter <= '9') || letter == '+' || letter == '/';
}

std::string to_base64(std::string_view bytes) {
    // OpenSSL ends each block with a zero.
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    for (std::size_t at = 0; at < bytes.size(); at += block_bytes) {
        const std::string_view block = bytes.substr(at, block_bytes);
        EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()) + at / 3 * 4,
                        reinterpret_cast<const unsigned char*>(block.data()),
                        static_cast<int>(block.size()));
    }
    text.pop_back();
    return text;
}

std::optional<std::string> decode_base64(std::string_view text) {
    const std::size_t padding = text.ends_with("==") ? 2 : (text.ends_with('=') ? 1 : 0);
    const std::string_view letters = text.substr(0, text.size() - padding);
    // OpenSSL would let blanks and padding in the middle pass.
    if (text.size() % 4 != 0 || !std::all_of(letters.begin(), letters.end(), is_base64_letter)) {
        return std::nullopt;
    }
    std::string bytes(text.size() / 4 * 3, '\0');
    for (std::size_t at = 0; at < text.size(); at += block_letters) {
        const std::string_view block = text.substr(at, block_letters);
        if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()) + at / 4 * 3,
                            reinterpret_cast<const unsigned char*>(block.data()),
                            static_cast<int>(block.size())) < 0) {
            return std::nullopt;
        }
    }
    bytes.resize(bytes.size() - padding);
    // Two texts for one value would let a filter see something else than we do.
    if (padding > 0 && to_base64(std::string_view(bytes).substr(bytes.size() - (3 - padding))) !=
                           text.substr(text.size() - 4)) {
        return std::nullopt;
    }
    return bytes;
}

}  // namespace symbolon
