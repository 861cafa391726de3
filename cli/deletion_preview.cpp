#include "cli/deletion_preview.hpp"

#include "cli/registry_command.hpp"
#include "cli/terminal.hpp"
#include "client/http/header_text.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <utility>

namespace symbolon::cli {

namespace {

const Json* find_member(const Json& json, const char* name) {
    const auto found = json.is_object() ? json.find(name) : json.end();
    return !json.is_object() || found == json.end() ? nullptr : &*found;
}

std::int64_t find_number(const Json* json, const char* name) {
    const Json* const found = json == nullptr ? nullptr : find_member(*json, name);
    return found != nullptr && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

/// 0: there is none that fits.
std::int32_t find_small_number(const Json& json, const char* name) {
    const auto number = find_number(&json, name);
    return number < 0 || number > std::numeric_limits<std::int32_t>::max()
               ? 0
               : static_cast<std::int32_t>(number);
}

std::string find_text(const Json* json, const char* name) {
    const Json* const found = json == nullptr ? nullptr : find_member(*json, name);
    return found != nullptr && found->is_string() ? found->get<std::string>() : std::string();
}

PreviewedVersion parse_previewed_version(const Json& json) {
    PreviewedVersion version;
    version.version = find_small_number(json, "version");
    version.referrer_count = find_number(&json, "referrerCount");
    version.reads = find_number(find_member(json, "usage"), "reads");
    const Json* const referrers = find_member(json, "referrers");
    if (referrers != nullptr && referrers->is_array()) {
        for (const auto& each : *referrers) {
            if (version.referrers.size() < limits::preview_referrers_max) {
                version.referrers.push_back({find_text(&each, "subject"),
                                             find_small_number(each, "version"),
                                             find_small_number(each, "id")});
            }
        }
    }
    return version;
}

/// What other registries tell: ids that refer to a version.
Result<DeletionPreview> ask_for_referrers(client::RegistryAdmin& admin, const std::string& subject,
                                          const std::vector<Version>& versions) {
    std::vector<PreviewedVersion> found(std::min(versions.size(), limits::preview_versions_max));
    SYMBOLON_CHECK(for_each_at_once(found.size(), [&](std::size_t at) -> Status {
        const auto ids = admin.list_referrers(subject, versions[at]);
        found[at].version = versions[at].value();
        // Softly deleted versions are answered by 404, and some registries have no such route.
        for (const auto id : ids ? *ids : std::vector<SchemaId>()) {
            found[at].referrers.push_back({.subject = {}, .version = 0, .id = id.value()});
        }
        found[at].referrer_count = static_cast<std::int64_t>(found[at].referrers.size());
        return {};
    }));
    DeletionPreview preview;
    for (auto& version : found) {
        if (version.referrer_count > 0) {
            preview.versions.push_back(std::move(version));
        }
    }
    return preview;
}

std::string to_words(const Referrer& referrer) {
    return referrer.subject.empty()
               ? fmt::format("id {}", referrer.id)
               : fmt::format("{} version {}", printable(referrer.subject), referrer.version);
}

}  // namespace

DeletionPreview parse_deletion_preview(const Json& answer) {
    DeletionPreview preview;
    const Json* const allowed = find_member(answer, "allowed");
    if (allowed != nullptr && allowed->is_boolean() && !allowed->get<bool>()) {
        preview.refusal = find_text(find_member(answer, "refusal"), "message");
        preview.refusal = preview.refusal.empty() ? "no reason given" : preview.refusal;
    }
    const Json* const versions = find_member(answer, "versions");
    if (versions != nullptr && versions->is_array()) {
        for (const auto& each : *versions) {
            auto version = parse_previewed_version(each);
            if (version.referrer_count > 0 || version.reads > 0) {
                preview.versions.push_back(std::move(version));
            }
        }
    }
    return preview;
}

Result<DeletionPreview> find_deletion_preview(client::RegistryAdmin& admin,
                                              const std::string& subject,
                                              const std::optional<Version>& version,
                                              const std::vector<Version>& versions,
                                              client::Deletion deletion) {
    const auto path =
        fmt::format("/subjects/{}/deletion-preview?permanent={}{}", client::percent_encode(subject),
                    deletion == client::Deletion::permanent ? "true" : "false",
                    version ? fmt::format("&version={}", version->value()) : "");
    const auto answer = admin.call("GET", path);
    if (answer) {
        return parse_deletion_preview(*answer);
    }
    const ErrorCode code = answer.error().code;
    if (code == ErrorCode::not_authorised || code == ErrorCode::unavailable) {
        return failure(answer.error());
    }
    return ask_for_referrers(admin, subject, versions);
}

std::string DeletionPreview::to_text() const {
    std::string text;
    for (const auto& each : versions) {
        if (each.referrer_count > 0) {
            text += fmt::format("version {} is referred to by ", each.version);
            for (std::size_t at = 0; at < each.referrers.size(); ++at) {
                text += (at == 0 ? "" : ", ") + to_words(each.referrers[at]);
            }
            const auto more =
                each.referrer_count - static_cast<std::int64_t>(each.referrers.size());
            text += more > 0 ? fmt::format(" and {} more\n", more) : "\n";
        }
        if (each.reads > 0) {
            text += fmt::format("version {} was read {} {} under this subject\n", each.version,
                                each.reads, each.reads == 1 ? "time" : "times");
        }
    }
    if (!refusal.empty()) {
        text += fmt::format("the registry would refuse: {}\n", printable(refusal));
    }
    return text;
}

Json DeletionPreview::referrers_json() const {
    Json all = Json::array();
    for (const auto& each : versions) {
        if (each.referrer_count == 0) {
            continue;
        }
        Json by = Json::array();
        for (const auto& referrer : each.referrers) {
            Json item{{"id", referrer.id}};
            if (!referrer.subject.empty()) {
                item["subject"] = referrer.subject;
                item["version"] = referrer.version;
            }
            by.push_back(std::move(item));
        }
        all.push_back(
            {{"version", each.version}, {"by", std::move(by)}, {"count", each.referrer_count}});
    }
    return all;
}

}  // namespace symbolon::cli
