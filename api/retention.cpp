#include "api/retention.hpp"

#include "api/decide.hpp"
#include "api/lookups.hpp"

#include <fmt/chrono.h>

#include <algorithm>
#include <ctime>
#include <limits>
#include <set>
#include <utility>

namespace symbolon {

namespace {

constexpr std::int64_t day_ms = 86'400'000;

/// Why a version is inside a window.
struct Retained {
    std::int64_t newer_missing = 0;     ///< newer versions until it leaves the window of versions
    std::optional<std::int64_t> until;  ///< when it leaves the window of days
};

std::int64_t end_of_days(const VersionRow& row, const RetentionWindows& windows) {
    const std::int64_t window = windows.days * day_ms;
    constexpr std::int64_t latest = std::numeric_limits<std::int64_t>::max();
    return row.ts > latest - window ? latest : row.ts + window;
}

// Nothing: outside both windows. `at` counts from the oldest version.
std::optional<Retained> find_retained(const VersionRows& rows, std::size_t at,
                                      const RetentionWindows& windows, std::int64_t now) {
    Retained retained;
    const auto newer = static_cast<std::int64_t>(rows.size() - at - 1);
    retained.newer_missing = std::max<std::int64_t>(windows.versions - newer, 0);
    if (const std::int64_t end = end_of_days(rows[at], windows); now < end) {
        retained.until = end;
    }
    return retained.newer_missing > 0 || retained.until ? std::optional(retained) : std::nullopt;
}

std::string utc_text(std::int64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms / 1'000);
    std::tm parts{};
    return gmtime_r(&seconds, &parts) == nullptr ? std::to_string(ms) + " ms after 1970"
                                                 : fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", parts);
}

Error retained_error(const SubjectName& subject, const VersionRow& row,
                     const RetentionWindows& windows, const Retained& retained) {
    std::string why;
    if (retained.newer_missing > 0) {
        why = fmt::format(
            "it is among the newest {} versions (keepVersions), until {} newer {} registered",
            windows.versions, retained.newer_missing,
            retained.newer_missing == 1 ? "one is" : "ones are");
    }
    if (retained.until) {
        why += why.empty() ? "" : "; ";
        why += fmt::format("it was registered less than {} days ago (keepDays), until {}",
                           windows.days, utc_text(*retained.until));
    }
    return make_error(
        ErrorCode::retained_version,
        fmt::format("Version {} of subject '{}' is retained for replay: {}. An administrator "
                    "deletes it all the same with force=true.",
                    row.version.value(), to_text(subject), why));
}

// What is outside both windows, soft-deleted and writable, by subject.
std::vector<SubjectVersion> find_outside(const Catalog& catalog, const RegistrySettings& settings,
                                         std::int64_t now) {
    std::vector<SubjectVersion> outside;
    for (const auto& [context, state] : catalog.contexts()) {
        for (const auto& [name, rows] : state.subjects) {
            if (std::none_of(rows.begin(), rows.end(),
                             [](const auto& row) { return row.deleted; })) {
                continue;
            }
            const SubjectName subject{context, name};
            if (!check_writable(catalog, subject)) {
                continue;
            }
            const RetentionWindows windows = windows_in_scope(catalog, subject, settings);
            for (std::size_t at = 0; at < rows.size(); ++at) {
                if (rows[at].deleted && !find_retained(rows, at, windows, now)) {
                    outside.push_back(to_subject_version(subject, rows[at]));
                }
            }
        }
    }
    return outside;
}

}  // namespace

RetentionWindows windows_in_scope(const Catalog& catalog, const SubjectName& subject,
                                  const RegistrySettings& settings) {
    const Config config = config_in_scope(catalog, subject, settings.default_level);
    RetentionWindows windows;
    windows.guarded = settings.retention_guard || config.keep_versions || config.keep_days;
    windows.versions = config.keep_versions.value_or(windows.versions);
    windows.days = config.keep_days.value_or(windows.days);
    return windows;
}

Status check_retention(const Catalog& catalog, const SubjectName& subject,
                       std::optional<Version> version, const RegistrySettings& settings,
                       std::int64_t now) {
    const VersionRows* rows = catalog.find_versions(subject);
    const RetentionWindows windows = windows_in_scope(catalog, subject, settings);
    if (rows == nullptr || !windows.guarded) {
        return {};
    }
    for (std::size_t at = 0; at < rows->size(); ++at) {
        const VersionRow& row = (*rows)[at];
        if (version && row.version != *version) {
            continue;
        }
        if (const auto retained = find_retained(*rows, at, windows, now)) {
            return failure(retained_error(subject, row, windows, *retained));
        }
    }
    return {};
}

std::vector<SubjectVersion> list_expired(const Catalog& catalog, const RegistrySettings& settings,
                                         std::int64_t now) {
    std::vector<SubjectVersion> waiting = find_outside(catalog, settings, now);
    std::vector<SubjectVersion> expired;
    std::set<VersionName> going;
    // Each round takes what nothing refers to any more; chains of references are short.
    std::size_t before = 0;
    do {
        before = expired.size();
        std::erase_if(waiting, [&](const SubjectVersion& item) {
            const auto* referrers = catalog.find_referrers({item.subject, item.version});
            const bool free = referrers == nullptr ||
                              std::all_of(referrers->begin(), referrers->end(),
                                          [&](const auto& name) { return going.contains(name); });
            if (free) {
                going.insert({item.subject, item.version});
                expired.push_back(item);
            }
            return free;
        });
    } while (expired.size() > before);
    return expired;
}

}  // namespace symbolon
