#include "core/digest.hpp"

#include "core/hex.hpp"

#include <openssl/evp.h>

#include <array>

namespace symbolon {

std::string sha256_hex(std::string_view text) {
    std::array<char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                   EVP_sha256(), nullptr) != 1) {
        return {};
    }
    return to_hex({digest.data(), size});
}

}  // namespace symbolon
