// The retention guard: which versions a replay of old data may still need, and so are not deleted
// for good.
//
// A version is retained while it is inside one of two windows: among the newest versions of its
// subject, soft-deleted ones counted, or registered lately.
//
// Example:  SYMBOLON_CHECK(check_retention(catalog, subject, Version(3), settings, now));
// Errors:   retained_version, saying which window, until when, and how to override
// Units:    now in milliseconds since 1970
// Threads:  under Registry::read or in the writer's turn
// Limits:   keep_versions_max, keep_days_max, prune_versions_max
// Source:   docs/decisions/0009-retention-guard.md
// Tested by tests/unit/api/retention_test.cpp
#pragma once

#include "api/catalog.hpp"
#include "api/registry.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace symbolon {

/// The windows of a scope, and whether deletions there mind them.
struct RetentionWindows {
    bool guarded = false;
    std::int32_t versions = 10;
    std::int32_t days = 90;
};
/// From the config in scope; a scope that sets a window is guarded whatever the server's option
/// says.
RetentionWindows windows_in_scope(const Catalog& catalog, const SubjectName& subject,
                                  const RegistrySettings& settings);

/// retained_version when `subject` is guarded and its `version`, or any of its versions when none
/// is given, is inside a window.
Status check_retention(const Catalog& catalog, const SubjectName& subject,
                       std::optional<Version> version, const RegistrySettings& settings,
                       std::int64_t now);

/// Soft-deleted versions that are outside both windows, whether their scope is guarded or not, and
/// that could be deleted for good one after the other in this order: their subjects are writable,
/// and nothing refers to them but what is listed before.
std::vector<SubjectVersion> list_expired(const Catalog& catalog, const RegistrySettings& settings,
                                         std::int64_t now);

}  // namespace symbolon
