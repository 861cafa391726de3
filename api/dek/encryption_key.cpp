#include "api/dek/encryption_key.hpp"

#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace symbolon {

namespace {

constexpr std::array dek_algorithm_names{
    std::pair{DekAlgorithm::aes128_gcm, std::string_view("AES128_GCM")},
    std::pair{DekAlgorithm::aes256_gcm, std::string_view("AES256_GCM")},
    std::pair{DekAlgorithm::aes256_siv, std::string_view("AES256_SIV")},
};

struct KmsKeyShape {
    std::string_view kms_type;
    std::string_view begin;
};
constexpr std::array kms_key_shapes{
    KmsKeyShape{"aws-kms", "arn:aws:kms:"}, KmsKeyShape{"azure-kms", "https://"},
    KmsKeyShape{"gcp-kms", "projects/"},    KmsKeyShape{"hcvault", "http://"},
    KmsKeyShape{"hcvault", "https://"},
};

bool is_name_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
}
bool is_name_character(char each) {
    return is_name_letter(each) || (each >= '0' && each <= '9') || each == '-';
}

}  // namespace

std::string_view to_string(DekAlgorithm algorithm) {
    return dek_algorithm_names[static_cast<std::size_t>(algorithm)].second;
}

std::optional<DekAlgorithm> find_dek_algorithm(std::string_view name) {
    for (const auto& [algorithm, known] : dek_algorithm_names) {
        if (known == name) {
            return algorithm;
        }
    }
    return std::nullopt;
}

std::string normalized_kms_type(std::string_view type) {
    for (const std::string_view known : {"aws", "azure", "gcp"}) {
        if (type.starts_with(known)) {
            return std::string(known) + "-kms";
        }
    }
    return std::string(type);
}

Status check_kek_name(std::string_view name) {
    const bool valid = !name.empty() && name.size() <= limits::kek_name_bytes_max &&
                       is_name_letter(name.front()) &&
                       std::all_of(name.begin(), name.end(), is_name_character);
    if (!valid) {
        return failure(make_error(ErrorCode::invalid_key, "name"));
    }
    return {};
}

Status check_kms_key(std::string_view kms_type, std::string_view kms_key_id) {
    if (kms_type.empty() || kms_type.size() > limits::name_bytes_max) {
        return failure(make_error(ErrorCode::invalid_key, "kmsType"));
    }
    bool has_shape = false;
    bool fits = false;
    for (const KmsKeyShape& shape : kms_key_shapes) {
        has_shape = has_shape || shape.kms_type == kms_type;
        fits = fits || (shape.kms_type == kms_type && kms_key_id.starts_with(shape.begin));
    }
    const bool long_enough = !kms_key_id.empty() && kms_key_id.size() <= limits::name_bytes_max;
    if (!long_enough || (has_shape && !fits)) {
        return failure(make_error(ErrorCode::invalid_key, "kmsKeyId"));
    }
    return {};
}

}  // namespace symbolon
