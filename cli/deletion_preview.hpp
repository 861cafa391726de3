// Whom a deletion would hurt, as far as a registry tells.
//
// Example:  SYMBOLON_TRY(const auto preview, find_deletion_preview(admin, "orders-value", …));
// Errors:   not_authorised, unavailable
// Threads:  values
// Limits:   of referrers and versions, 100 are asked for and shown
// Source:   openapi.yaml, previewDeletion; REST contract section 3 for other registries
// Tested by tests/unit/cli/deletion_preview_test.cpp
#pragma once

#include "client/registry_client/registry_admin.hpp"
#include "core/json.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::cli {

struct Referrer {
    std::string subject{};  ///< empty: only the id is known
    std::int32_t version = 0;
    std::int32_t id = 0;
};

struct PreviewedVersion {
    std::int32_t version = 0;
    std::vector<Referrer> referrers{};
    std::int64_t referrer_count = 0;
    std::int64_t reads = 0;
};

struct DeletionPreview {
    std::string refusal{};                     ///< why it would be refused; empty: it would not
    std::vector<PreviewedVersion> versions{};  ///< those that somebody uses

    /// Lines for people; empty when nobody is hurt.
    std::string to_text() const;
    Json referrers_json() const;
};

/// Of Symbolon's registries the whole answer; of others the ids that refer to `versions`.
Result<DeletionPreview> find_deletion_preview(client::RegistryAdmin& admin,
                                              const std::string& subject,
                                              const std::optional<Version>& version,
                                              const std::vector<Version>& versions,
                                              client::Deletion deletion);

/// Of previewDeletion's answer; members that are missing or of other types are left out.
DeletionPreview parse_deletion_preview(const Json& answer);

}  // namespace symbolon::cli
