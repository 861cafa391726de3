// Keys of client-side encryption: a KEK names a key of a key management system, and a DEK is a
// data key that the client wrapped with it. The registry keeps them; it never sees a data key.
//
// Example:  normalized_kms_type("aws-kms-eu") == "aws-kms"
// Errors:   invalid_key, naming the field
// Units:    timestamps in milliseconds since 1970
// Threads:  immutable
// Limits:   kek_name_bytes_max, key_material_bytes_max
// Source:   REST contract appendix A; docs/decisions/0018-dek-registry.md
// Tested by tests/unit/api/dek/key_rules_test.cpp
#pragma once

#include "api/subject_name.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon {

/// A key encryption key.
struct Kek {
    std::string name;
    std::string kms_type;
    std::string kms_key_id;
    std::map<std::string, std::string> kms_props;
    std::optional<std::string> doc;
    std::int64_t ts = 0;
    bool deleted = false;  ///< softly

    friend bool operator==(const Kek&, const Kek&) = default;
};
using KekPtr = std::shared_ptr<const Kek>;

enum class DekAlgorithm { aes128_gcm, aes256_gcm, aes256_siv };
inline constexpr DekAlgorithm default_dek_algorithm = DekAlgorithm::aes256_gcm;
std::string_view to_string(DekAlgorithm algorithm);
/// "AES256_GCM" and its like; nullopt otherwise.
std::optional<DekAlgorithm> find_dek_algorithm(std::string_view name);

/// All versions of a subject's data key (DEK-5).
struct DekName {
    std::string kek_name;
    SubjectName subject;
    DekAlgorithm algorithm = default_dek_algorithm;

    friend auto operator<=>(const DekName&, const DekName&) = default;
};
struct DekKey {
    DekName name;
    Version version;

    friend auto operator<=>(const DekKey&, const DekKey&) = default;
};

/// A data encryption key, wrapped.
struct Dek {
    DekKey key;
    std::string encrypted_key_material;
    std::int64_t ts = 0;
    bool deleted = false;  ///< softly

    friend bool operator==(const Dek&, const Dek&) = default;
};
using DekPtr = std::shared_ptr<const Dek>;

/// What begins with "aws", "azure" or "gcp" is "aws-kms", "azure-kms" or "gcp-kms".
std::string normalized_kms_type(std::string_view type);
/// DEK-1.
Status check_kek_name(std::string_view name);
/// DEK-2; `kms_type` is normalised.
Status check_kms_key(std::string_view kms_type, std::string_view kms_key_id);

}  // namespace symbolon
