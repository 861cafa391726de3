// What writes of keys come to: pure rules, like those of api/decide.hpp.
//
// Example:  decide_create_kek(catalog, request, now)
// Errors:   invalid_key, key_not_found, key_not_soft_deleted, key_deleted, key_exists,
//           too_many_keys, key_referenced, no_key_management, invalid_subject
// Threads:  under Registry::read or in the writer's turn
// Limits:   keks_max, key_material_bytes_max
// Source:   REST contract appendix A; docs/decisions/0018-dek-registry.md
// Tested by tests/unit/api/dek/key_rules_test.cpp
#pragma once

#include "api/decide.hpp"
#include "api/dek/encryption_key.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace symbolon {

struct KekRequest {
    Kek kek;              ///< its time does not count
    bool shared = false;  ///< the server would have to talk to the key management system
};

/// Absent members stay as they are.
struct KekUpdate {
    std::optional<std::map<std::string, std::string>> kms_props;
    std::optional<std::optional<std::string>> doc;  ///< nothing inside clears it
    bool shared = false;
};

struct DekRequest {
    DekName name;
    std::int32_t version = 1;
    std::string encrypted_key_material;
    bool deleted = false;
    bool rewrap = false;  ///< a live key gets the new material
};

/// All versions of a data key, or one of them.
struct DekChoice {
    DekName name;
    std::optional<VersionChoice> version;
};

Result<Decision<KekPtr>> decide_create_kek(const Catalog& catalog, const KekRequest& request,
                                           std::int64_t now);
Result<Decision<KekPtr>> decide_update_kek(const Catalog& catalog, const std::string& name,
                                           const KekUpdate& update, std::int64_t now);
Result<Decision<Done>> decide_delete_kek(const Catalog& catalog, const std::string& name,
                                         Deletion deletion, std::int64_t now);
Result<Decision<Done>> decide_undelete_kek(const Catalog& catalog, const std::string& name,
                                           std::int64_t now);
Result<Decision<DekPtr>> decide_create_dek(const Catalog& catalog, const DekRequest& request,
                                           std::int64_t now);
Result<Decision<Done>> decide_delete_deks(const Catalog& catalog, const DekChoice& choice,
                                          Deletion deletion, std::int64_t now);
Result<Decision<Done>> decide_undelete_deks(const Catalog& catalog, const DekChoice& choice,
                                            std::int64_t now);

/// The answer to whatever needs a key management system.
tl::unexpected<Error> no_key_management();

}  // namespace symbolon
