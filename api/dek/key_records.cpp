#include "api/dek/key_records.hpp"

#include "core/json.hpp"

#include <charconv>
#include <utility>

namespace symbolon {

namespace {

constexpr std::size_t dek_part_count = 5;

tl::unexpected<Error> bad_key_record(std::string_view key_text, std::string_view why) {
    return failure(
        make_error(ErrorCode::store_failed,
                   fmt::format("The stored record '{}' cannot be read: {}", key_text, why)));
}

template <class Value>
std::optional<Value> find_stored(const Json& json, const char* name) {
    const auto found = json.find(name);
    if (found == json.end()) {
        return std::nullopt;
    }
    if constexpr (std::is_same_v<Value, std::string>) {
        return found->is_string() ? std::optional(found->get<Value>()) : std::nullopt;
    } else if constexpr (std::is_same_v<Value, bool>) {
        return found->is_boolean() ? std::optional(found->get<Value>()) : std::nullopt;
    } else {
        return found->is_number_integer() ? std::optional(found->get<Value>()) : std::nullopt;
    }
}

}  // namespace

std::vector<std::string> to_key_parts(const DekKey& key) {
    return {key.name.kek_name, key.name.subject.context, key.name.subject.name,
            std::string(to_string(key.name.algorithm)), std::to_string(key.version.value())};
}

std::optional<DekKey> find_dek_key(const std::vector<std::string>& parts) {
    if (parts.size() != dek_part_count) {
        return std::nullopt;
    }
    const auto algorithm = find_dek_algorithm(parts[3]);
    const std::string& digits = parts[4];
    std::int32_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
    if (!algorithm || read.ec != std::errc() || read.ptr != digits.data() + digits.size()) {
        return std::nullopt;
    }
    return DekKey{{parts[0], {parts[1], parts[2]}, *algorithm}, Version(number)};
}

std::string kek_value(const Kek& kek) {
    Json json = {{"name", kek.name},
                 {"kmsType", kek.kms_type},
                 {"kmsKeyId", kek.kms_key_id},
                 {"kmsProps", kek.kms_props},
                 {"ts", kek.ts},
                 {"deleted", kek.deleted}};
    if (kek.doc) {
        json["doc"] = *kek.doc;
    }
    return to_text(json);
}

std::string dek_value(const Dek& dek) {
    return to_text(Json{{"kekName", dek.key.name.kek_name},
                        {"context", dek.key.name.subject.context},
                        {"subject", dek.key.name.subject.name},
                        {"algorithm", to_string(dek.key.name.algorithm)},
                        {"version", dek.key.version.value()},
                        {"encryptedKeyMaterial", dek.encrypted_key_material},
                        {"ts", dek.ts},
                        {"deleted", dek.deleted}});
}

Result<KekPtr> parse_kek_value(std::string_view key_text, const std::vector<std::string>& parts,
                               std::string_view value) {
    const auto json = parse_json(value);
    if (!json || !json->is_object() || parts.size() != 1) {
        return bad_key_record(key_text, "it is not a JSON object");
    }
    auto type = find_stored<std::string>(*json, "kmsType");
    auto id = find_stored<std::string>(*json, "kmsKeyId");
    if (!type || !id) {
        return bad_key_record(key_text, "it lacks kmsType or kmsKeyId");
    }
    Kek kek;
    kek.name = parts.front();
    kek.kms_type = *std::move(type);
    kek.kms_key_id = *std::move(id);
    kek.doc = find_stored<std::string>(*json, "doc");
    kek.ts = find_stored<std::int64_t>(*json, "ts").value_or(0);
    kek.deleted = find_stored<bool>(*json, "deleted").value_or(false);
    if (const auto props = json->find("kmsProps"); props != json->end() && props->is_object()) {
        for (const auto& [name, prop] : props->items()) {
            if (prop.is_string()) {
                kek.kms_props[name] = prop.get<std::string>();
            }
        }
    }
    return std::make_shared<const Kek>(std::move(kek));
}

Result<DekPtr> parse_dek_value(std::string_view key_text, const std::vector<std::string>& parts,
                               std::string_view value) {
    const auto json = parse_json(value);
    auto key = find_dek_key(parts);
    if (!json || !json->is_object() || !key) {
        return bad_key_record(key_text, "its key or its value is malformed");
    }
    auto material = find_stored<std::string>(*json, "encryptedKeyMaterial");
    if (!material) {
        return bad_key_record(key_text, "it lacks encryptedKeyMaterial");
    }
    return std::make_shared<const Dek>(Dek{*std::move(key), *std::move(material),
                                           find_stored<std::int64_t>(*json, "ts").value_or(0),
                                           find_stored<bool>(*json, "deleted").value_or(false)});
}

}  // namespace symbolon
