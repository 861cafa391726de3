#include "api/metadata_cipher.hpp"

#include "core/base64.hpp"
#include "core/hex.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <cstddef>
#include <memory>

namespace symbolon {

namespace {

constexpr std::size_t nonce_bytes = 12;
constexpr std::size_t gcm_tag_bytes = 16;
constexpr std::size_t key_id_bytes = 8;

using Digest = std::array<unsigned char, 32>;
struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}
int size_of(std::string_view text) {
    return static_cast<int>(text.size());  // bounded by a request's body
}

tl::unexpected<Error> cipher_failure(std::string_view what) {
    return failure(make_error(ErrorCode::store_failed, what));
}

// One purpose, one derived key: what the id tells says nothing about the key.
Result<Digest> derive(std::string_view secret, std::string_view purpose) {
    Digest digest{};
    unsigned int size = 0;
    if (HMAC(EVP_sha256(), secret.data(), size_of(secret), bytes_of(purpose), purpose.size(),
             digest.data(), &size) == nullptr ||
        size != digest.size()) {
        return failure(
            make_error(ErrorCode::cannot_start, "The metadata secret cannot be made a key"));
    }
    return digest;
}

}  // namespace

Result<MetadataCipher> MetadataCipher::make(std::string_view secret) {
    if (secret.size() < limits::metadata_secret_bytes_min ||
        secret.size() > limits::metadata_secret_bytes_max) {
        return failure(
            make_error(ErrorCode::cannot_start,
                       fmt::format("A metadata secret has {} to {} bytes; this one has {}",
                                   limits::metadata_secret_bytes_min,
                                   limits::metadata_secret_bytes_max, secret.size())));
    }
    MetadataCipher cipher;
    SYMBOLON_TRY(cipher.key_, derive(secret, "symbolon metadata 1: key"));
    SYMBOLON_TRY(const Digest id, derive(secret, "symbolon metadata 1: key id"));
    for (std::size_t at = 0; at < key_id_bytes; ++at) {
        append_hex(cipher.key_id_, id[at]);
    }
    return cipher;
}

Result<std::string> MetadataCipher::seal(std::string_view value, std::string_view place) const {
    std::string out(nonce_bytes + value.size() + gcm_tag_bytes, '\0');
    unsigned char* const nonce = bytes_of(out);
    unsigned char* const body = nonce + nonce_bytes;
    const CipherContext context(EVP_CIPHER_CTX_new());
    int size = 0;
    const bool sealed =
        context != nullptr && RAND_bytes(nonce, nonce_bytes) == 1 &&
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key_.data(), nonce) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &size, bytes_of(place), size_of(place)) == 1 &&
        EVP_EncryptUpdate(context.get(), body, &size, bytes_of(value), size_of(value)) == 1 &&
        EVP_EncryptFinal_ex(context.get(), body + value.size(), &size) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, gcm_tag_bytes,
                            body + value.size()) == 1;
    if (!sealed) {
        return cipher_failure("Error while encrypting sensitive metadata");
    }
    return to_base64(out);
}

Result<std::string> MetadataCipher::open(std::string_view sealed, std::string_view place) const {
    auto bytes = decode_base64(sealed);
    if (!bytes || bytes->size() < nonce_bytes + gcm_tag_bytes) {
        return cipher_failure("sensitive metadata is damaged");
    }
    unsigned char* const nonce = bytes_of(*bytes);
    unsigned char* const body = nonce + nonce_bytes;
    const std::size_t length = bytes->size() - nonce_bytes - gcm_tag_bytes;
    std::string value(length, '\0');
    const CipherContext context(EVP_CIPHER_CTX_new());
    int size = 0;
    const bool opened =
        context != nullptr &&
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key_.data(), nonce) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &size, bytes_of(place), size_of(place)) == 1 &&
        EVP_DecryptUpdate(context.get(), bytes_of(value), &size, body, static_cast<int>(length)) ==
            1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, gcm_tag_bytes, body + length) ==
            1 &&
        EVP_DecryptFinal_ex(context.get(), bytes_of(value) + length, &size) == 1;
    if (!opened) {
        return cipher_failure("sensitive metadata is damaged, or belongs to another record");
    }
    return value;
}

}  // namespace symbolon
