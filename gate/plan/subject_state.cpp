#include "gate/plan/subject_state.hpp"

#include "core/digest.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace symbolon::gate {

namespace {

bool is_same(const RegisteredVersion& before, const RegisteredVersion& now) {
    const bool same_guid = before.guid.empty() || now.guid.empty() || before.guid == now.guid;
    const bool same_text = before.text_sha256.empty() || now.text_sha256.empty() ||
                           before.text_sha256 == now.text_sha256;
    return before.version == now.version && before.id == now.id && same_guid && same_text;
}

Json to_json(const std::optional<RegisteredVersion>& version) {
    return version ? Json{{"version", version->version.value()}, {"id", version->id.value()}}
                   : Json();
}

/// "" is the default context; nothing: the name tells none.
struct NamedSubject {
    std::optional<std::string_view> context{};
    std::string_view name{};
};

NamedSubject split_subject(std::string_view subject) {
    const auto end = subject.starts_with(":.") ? subject.find(':', 1) : std::string_view::npos;
    if (end == std::string_view::npos) {
        return {std::nullopt, subject};
    }
    return {subject.substr(2, end - 2), subject.substr(end + 1)};
}

std::string to_words(const Json& value) {
    if (value.is_null()) {
        return "not there";
    }
    if (value.is_object() && value.contains("version") && value.contains("id")) {
        return fmt::format("version {} (id {})", symbolon::to_text(value["version"]),
                           symbolon::to_text(value["id"]));
    }
    return value.is_string() ? value.get<std::string>() : symbolon::to_text(value);
}

}  // namespace

Result<bool> is_of_subject(client::RegistryAdmin& admin, const std::string& asked,
                           const std::string& answered) {
    const auto wanted = split_subject(asked);
    const auto found = split_subject(answered);
    if (asked == answered || wanted.name != found.name) {
        return asked == answered;
    }
    const std::string_view found_in = found.context.value_or(std::string_view());
    if (wanted.context || found_in.empty()) {
        return wanted.context.value_or(std::string_view()) == found_in;
    }
    // Why: the list of versions is never answered from another context.
    const auto versions = admin.list_versions(asked);
    if (!versions && !client::is_not_there(versions.error())) {
        return failure(versions.error());
    }
    return versions.has_value();
}

Result<std::optional<RegisteredVersion>> read_latest(client::RegistryAdmin& admin,
                                                     const std::string& subject) {
    const auto document = admin.get_version(subject, std::nullopt);
    if (!document) {
        if (client::is_not_there(document.error())) {
            return std::optional<RegisteredVersion>();
        }
        return failure(document.error());
    }
    SYMBOLON_TRY(const bool is_own, is_of_subject(admin, subject, document->subject));
    if (!is_own) {
        return std::optional<RegisteredVersion>();
    }
    // Its GUID stands for the text, the references and all else of a schema.
    return std::optional(
        RegisteredVersion{document->version, document->id, document->guid,
                          document->guid.empty() ? sha256_hex(document->text) : std::string()});
}

Result<SubjectState> read_state(client::RegistryAdmin& admin, const std::string& subject) {
    SubjectState state;
    SYMBOLON_TRY(state.latest, read_latest(admin, subject));
    SYMBOLON_TRY(state.config, admin.get_config(subject, client::RegistryAdmin::Scope::own));
    SYMBOLON_TRY(state.mode, admin.get_mode(subject, client::RegistryAdmin::Scope::own));
    return state;
}

std::vector<StateDrift> find_drifts(const PlannedChange& change, const SubjectState& now) {
    std::vector<StateDrift> drifts;
    const auto& before = change.before;
    const bool same_latest = before.latest && now.latest ? is_same(*before.latest, *now.latest)
                                                         : !before.latest && !now.latest;
    if (!same_latest) {
        drifts.push_back({change.subject, "latest", to_json(before.latest), to_json(now.latest)});
    }
    if (before.config != now.config) {
        drifts.push_back({change.subject, "config", before.config.value_or(Json()),
                          now.config.value_or(Json())});
    }
    if (before.mode != now.mode) {
        drifts.push_back({change.subject, "mode", before.mode ? Json(*before.mode) : Json(),
                          now.mode ? Json(*now.mode) : Json()});
    }
    return drifts;
}

std::string to_text(const StateDrift& drift) {
    return fmt::format("{}: {} was {} and is {}", drift.subject, drift.of, to_words(drift.expected),
                       to_words(drift.actual));
}

}  // namespace symbolon::gate
