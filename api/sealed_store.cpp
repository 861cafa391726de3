#include "api/sealed_store.hpp"

#include "api/metadata_cipher.hpp"
#include "core/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon {

namespace {

constexpr const char* key_member = "metadataKey";

/// The part of a record that is JSON, and what follows it.
struct RecordParts {
    std::string_view json;
    std::string_view rest;
};

// Nothing: a record of a kind that holds no metadata.
std::optional<RecordParts> split_record(std::string_view key, std::string_view value) {
    if (key.starts_with("config/")) {
        return RecordParts{value, {}};
    }
    if (!key.starts_with("schema/")) {
        return std::nullopt;
    }
    const std::size_t line = std::min(value.find('\n'), value.size());
    return RecordParts{value.substr(0, line), value.substr(line)};
}

/// Calls `visit(properties, name)` for each sensitive property that is there.
template <class Visit>
Status visit_sensitive(Json& metadata, const Visit& visit) {
    if (!metadata.is_object() || !metadata.contains("sensitive") ||
        !metadata.contains("properties") || !metadata["sensitive"].is_array() ||
        !metadata["properties"].is_object()) {
        return {};
    }
    Json& properties = metadata["properties"];
    for (const Json& name : metadata["sensitive"]) {
        if (name.is_string() && properties.contains(name.get<std::string>())) {
            SYMBOLON_CHECK(visit(properties, name.get<std::string>()));
        }
    }
    return {};
}

template <class Visit>
Status visit_record(Json& record, const Visit& visit) {
    if (record.contains("metadata")) {
        SYMBOLON_CHECK(visit_sensitive(record["metadata"], visit));
    }
    if (!record.contains("config") || !record["config"].is_object()) {
        return {};
    }
    for (const char* name : {"defaultMetadata", "overrideMetadata"}) {
        if (record["config"].contains(name)) {
            SYMBOLON_CHECK(visit_sensitive(record["config"][name], visit));
        }
    }
    return {};
}

std::string place_of(std::string_view key, const std::string& property) {
    return std::string(key) + "\n" + property;
}

class SealedStore final : public storage::Store {
public:
    SealedStore(std::shared_ptr<storage::Store> store, std::optional<MetadataCipher> cipher,
                std::optional<MetadataCipher> old)
        : store_(std::move(store)), cipher_(std::move(cipher)), old_(std::move(old)) {}

    Result<std::vector<storage::Entry>> read_page(Revision since,
                                                  const storage::ReadBounds& bounds) override {
        SYMBOLON_TRY(auto entries, store_->read_page(since, bounds));
        for (storage::Entry& entry : entries) {
            if (entry.value) {
                SYMBOLON_CHECK(open_value(entry.key, *entry.value));
            }
        }
        return entries;
    }

    Result<Revision> commit(const storage::WriteBatch& batch, Revision expected) override {
        if (!cipher_) {
            return store_->commit(batch, expected);
        }
        storage::WriteBatch sealed = batch;
        for (storage::Write& write : sealed) {
            if (write.value) {
                SYMBOLON_TRY(*write.value, seal_value(write.key, *write.value));
            }
        }
        return store_->commit(sealed, expected);
    }

    Status ping() override { return store_->ping(); }

    /// Writes again what is in clear or under the old secret.
    Status seal_anew() {
        SYMBOLON_TRY(const auto entries, store_->read_since(Revision{0}));
        storage::WriteBatch batch;
        std::set<std::string> moved;
        for (const storage::Entry& entry : entries) {
            if (!entry.value) {
                continue;
            }
            SYMBOLON_TRY(auto sealed, sealed_anew(entry.key, *entry.value));
            if (sealed) {
                moved.insert(entry.key);
                batch.push_back({entry.key, std::move(sealed)});
            }
        }
        if (batch.empty()) {
            return {};
        }
        // A start reads by revision, and a schema must come before the versions that use it.
        for (const storage::Entry& entry : entries) {
            if (entry.value && moved.contains(schema_key_of(entry.key, *entry.value))) {
                batch.push_back({entry.key, entry.value});
            }
        }
        SYMBOLON_TRY(const Revision revision, store_->commit(batch, entries.back().revision));
        static_cast<void>(revision);
        return {};
    }

private:
    // Nothing when there is nothing to do.
    Result<std::optional<std::string>> sealed_anew(const std::string& key,
                                                   const std::string& value) const {
        std::string clear = value;
        SYMBOLON_CHECK(open_value(key, clear));
        const std::string mark = fmt::format("\"{}\":\"{}\"", key_member, cipher_->key_id());
        if (clear != value && value.find(mark) != std::string::npos) {
            return std::optional<std::string>();
        }
        SYMBOLON_TRY(auto sealed, seal_value(key, clear));
        return sealed == clear ? std::nullopt : std::optional(std::move(sealed));
    }

    // The key of the schema that a version's record points to; empty for other records.
    static std::string schema_key_of(std::string_view key, std::string_view value) {
        constexpr std::string_view family = "version/";
        if (!key.starts_with(family)) {
            return {};
        }
        const std::string_view rest = key.substr(family.size());
        const auto record = parse_json(value);
        if (!record || !record->contains("id") || !(*record)["id"].is_number_integer()) {
            return {};
        }
        return fmt::format("schema/{}/{}", rest.substr(0, rest.find('/')),
                           (*record)["id"].get<std::int64_t>());
    }

    const MetadataCipher* find_cipher(const std::string& key_id) const {
        for (const auto* cipher : {&cipher_, &old_}) {
            if (*cipher && (*cipher)->key_id() == key_id) {
                return &**cipher;
            }
        }
        return nullptr;
    }

    Result<std::string> seal_value(const std::string& key, const std::string& value) const {
        const auto parts = split_record(key, value);
        if (!parts || parts->json.find("\"sensitive\"") == std::string_view::npos) {
            return value;
        }
        SYMBOLON_TRY(Json record, parse_json(parts->json));
        bool any = false;
        SYMBOLON_CHECK(visit_record(record, [&](Json& properties, const std::string& name) {
            return seal_property(properties, name, place_of(key, name), any);
        }));
        if (!any) {
            return value;
        }
        record[key_member] = cipher_->key_id();
        return to_text(record) + std::string(parts->rest);
    }

    Status seal_property(Json& properties, const std::string& name, const std::string& place,
                         bool& any) const {
        SYMBOLON_TRY(auto sealed, cipher_->seal(properties[name].get<std::string>(), place));
        properties[name] = std::move(sealed);
        any = true;
        return {};
    }

    Status open_value(const std::string& key, std::string& value) const {
        const auto parts = split_record(key, value);
        if (!parts || parts->json.find("\"metadataKey\":\"") == std::string_view::npos) {
            return {};
        }
        SYMBOLON_TRY(Json record, parse_json(parts->json));
        if (!record.contains(key_member) || !record[key_member].is_string()) {
            return {};  // A property of that name.
        }
        const auto key_id = record[key_member].get<std::string>();
        const MetadataCipher* cipher = find_cipher(key_id);
        if (cipher == nullptr) {
            return failure(make_error(
                ErrorCode::cannot_start,
                fmt::format("The stored record '{}' has metadata that was encrypted under another "
                            "secret (id {}). Start with that secret as metadata_secret, or as "
                            "metadata_secret_old beside a new one.",
                            key, key_id)));
        }
        const Status opened =
            visit_record(record, [&](Json& properties, const std::string& name) -> Status {
                SYMBOLON_TRY(auto clear, cipher->open(properties[name].get<std::string>(),
                                                      place_of(key, name)));
                properties[name] = std::move(clear);
                return {};
            });
        if (!opened) {
            return failure(make_error(ErrorCode::store_failed,
                                      fmt::format("The stored record '{}' cannot be read: {}", key,
                                                  opened.error().message)));
        }
        record.erase(key_member);
        value = to_text(record) + std::string(parts->rest);
        return {};
    }

    const std::shared_ptr<storage::Store> store_;
    const std::optional<MetadataCipher> cipher_;
    const std::optional<MetadataCipher> old_;
};

Result<std::optional<MetadataCipher>> make_cipher(const std::string& secret) {
    if (secret.empty()) {
        return std::optional<MetadataCipher>();
    }
    SYMBOLON_TRY(auto cipher, MetadataCipher::make(secret));
    return std::optional(std::move(cipher));
}

}  // namespace

Result<std::shared_ptr<storage::Store>> seal_store(std::shared_ptr<storage::Store> store,
                                                   const MetadataSecrets& secrets) {
    SYMBOLON_TRY(auto cipher, make_cipher(secrets.secret));
    SYMBOLON_TRY(auto old, make_cipher(secrets.old));
    const bool rotates = cipher.has_value() && old.has_value();
    auto sealed =
        std::make_shared<SealedStore>(std::move(store), std::move(cipher), std::move(old));
    if (rotates) {
        SYMBOLON_CHECK(sealed->seal_anew());
    }
    return std::shared_ptr<storage::Store>(std::move(sealed));
}

}  // namespace symbolon
