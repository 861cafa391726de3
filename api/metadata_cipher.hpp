// Encrypts single values under a secret: AES-256-GCM, with an id that tells which secret it was.
//
// Example:  SYMBOLON_TRY(const auto cipher, MetadataCipher::make(secret));
//           SYMBOLON_TRY(auto sealed, cipher.seal("4711", "schema/./7 password"));
// Errors:   cannot_start for a secret of the wrong length; store_failed when a value is damaged
// Threads:  any thread
// Limits:   metadata_secret_bytes_min, metadata_secret_bytes_max
// Source:   docs/decisions/0015-sensitive-metadata.md; NIST SP 800-38D
// Tested by tests/unit/api/sealed_store_test.cpp
#pragma once

#include "core/result.hpp"

#include <array>
#include <string>
#include <string_view>

namespace symbolon {

class MetadataCipher {
public:
    static Result<MetadataCipher> make(std::string_view secret);

    /// 16 hexadecimal digits that tell secrets apart and tell nothing about them.
    const std::string& key_id() const { return key_id_; }
    /// Base64 of nonce, ciphertext and tag. `place` says what the value belongs to; it is not
    /// stored, and the value opens at the same place only.
    Result<std::string> seal(std::string_view value, std::string_view place) const;
    Result<std::string> open(std::string_view sealed, std::string_view place) const;

private:
    MetadataCipher() = default;

    std::array<unsigned char, 32> key_{};
    std::string key_id_;
};

}  // namespace symbolon
