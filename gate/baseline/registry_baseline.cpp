#include "gate/baseline/registry_baseline.hpp"

#include "client/http/clock.hpp"
#include "client/registry_client/cache.hpp"
#include "client/registry_client/reference_walk.hpp"
#include "core/limits.hpp"
#include "gate/baseline/subject_settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

using client::DocumentPtr;
using client::SchemaDocument;
using SettingsPtr = std::shared_ptr<const SubjectSettings>;

/// A run takes minutes at most; nothing that was read grows old in it.
constexpr std::chrono::hours picture_ttl{24};

std::size_t bytes_of_kept(const DocumentPtr& document) {
    return document->text.size();
}

std::size_t bytes_of_settings(const SettingsPtr& /*settings*/) {
    return 0;
}

bool is_qualified(std::string_view subject) {
    return subject.starts_with(":.");
}

/// An unqualified name may be answered from another context where the default one has none; a
/// registration would not go there.
bool may_be_elsewhere(std::string_view asked, std::string_view answered) {
    return !is_qualified(asked) && is_qualified(answered) && !answered.starts_with(":.:");
}

ServerVerdict to_verdict(const Json& answer) {
    ServerVerdict verdict;
    const auto compatible = answer.find("is_compatible");
    verdict.compatible =
        compatible != answer.end() && compatible->is_boolean() && compatible->get<bool>();
    const auto messages = answer.find("messages");
    if (messages != answer.end() && messages->is_array()) {
        for (const auto& message : *messages) {
            if (message.is_string() && verdict.messages.size() < limits::verdict_messages_max) {
                verdict.messages.push_back(message.get<std::string>());
            }
        }
    }
    return verdict;
}

std::size_t bytes_of_version(const BaseVersion& version) {
    std::size_t bytes = version.text.size();
    for (const auto& reference : version.reference_texts) {
        bytes += reference.text.size();
    }
    return bytes;
}

class RegistryBaseline final : public Baseline {
public:
    RegistryBaseline(client::RegistryAdmin& admin, RegistryBaselineOptions options)
        : admin_(admin),
          options_(std::move(options)),
          documents_({limits::baseline_entries_max, limits::schema_cache_bytes_max}, bytes_of_kept,
                     std::chrono::milliseconds(0), clock_, counters_),
          settings_({limits::baseline_entries_max, limits::schema_cache_bytes_max},
                    bytes_of_settings, std::chrono::milliseconds(0), clock_, counters_) {}

    const std::string& name() const override { return options_.name; }

    Result<BaseSubject> find_subject(std::string_view subject, History history) override {
        return guarded<BaseSubject>([&] { return read_subject(subject, history); });
    }

    Result<BaseVersionPtr> find_version(std::string_view subject, std::int32_t version) override {
        return guarded<BaseVersionPtr>([&]() -> Result<BaseVersionPtr> {
            SYMBOLON_TRY(const auto document, find_live(std::string(subject), version));
            return to_version(*document);
        });
    }

    Result<std::optional<ServerVerdict>> ask_server(const DryRun& candidate) override {
        return guarded<std::optional<ServerVerdict>>([&] { return ask(candidate); });
    }

private:
    /// Nobody waits for thousands of retries to a registry that is not there.
    template <class Value>
    Result<Value> guarded(const std::function<Result<Value>()>& read) {
        {
            const std::lock_guard lock(mutex_);
            if (outage_) {
                return failure(*outage_);
            }
        }
        auto result = read();
        if (!result && result.error().code == ErrorCode::unavailable) {
            const std::lock_guard lock(mutex_);
            outage_ = result.error();
        }
        return result;
    }

    Result<BaseSubject> read_subject(std::string_view asked, History history) {
        SYMBOLON_TRY(const SettingsPtr settings, find_settings(std::string(asked)));
        BaseSubject subject;
        subject.level = settings->level;
        subject.policy = settings->policy;
        subject.normalize = settings->normalize;
        subject.mode = settings->mode;
        const auto latest = find_live(settings->subject, 0);
        if (!latest && !client::is_not_there(latest.error())) {
            return failure(latest.error());
        }
        SYMBOLON_TRY(const bool is_there,
                     latest ? is_really_there(settings->subject, **latest) : Result<bool>(false));
        if (!is_there) {
            const std::lock_guard lock(mutex_);
            new_subjects_.emplace(asked);
            return subject;
        }
        SYMBOLON_TRY(const auto documents, read_history(*settings, *latest, history));
        std::size_t bytes = 0;
        for (const auto& document : documents) {
            SYMBOLON_TRY(auto version, to_version(*document));
            bytes += bytes_of_version(*version);
            if (bytes > limits::compared_bytes_max) {
                return failure(too_much(asked, limits::compared_bytes_max, "bytes of versions"));
            }
            subject.versions.push_back(std::move(version));
        }
        return subject;
    }

    Result<bool> is_really_there(const std::string& subject, const SchemaDocument& latest) {
        if (!may_be_elsewhere(subject, latest.subject)) {
            return true;
        }
        const auto versions = admin_.list_versions(subject);
        if (!versions && !client::is_not_there(versions.error())) {
            return failure(versions.error());
        }
        return versions.has_value();
    }

    /// Newest first, of the candidate's group alone.
    Result<std::vector<DocumentPtr>> read_history(const SubjectSettings& settings,
                                                  const DocumentPtr& latest, History history) {
        const bool has_groups = !settings.group_property.empty();
        const auto group = group_of_candidate(settings, *latest);
        const auto is_in_group = [&](const DocumentPtr& document) {
            return !has_groups || group_of_version(settings, *document) == group;
        };
        std::vector<DocumentPtr> documents;
        if (is_in_group(latest)) {
            documents.push_back(latest);
        }
        const bool is_enough = history == History::latest && !documents.empty();
        if (is_enough || latest->version <= Version(1)) {
            return documents;
        }
        SYMBOLON_TRY(auto versions, admin_.list_versions(settings.subject));
        std::sort(versions.begin(), versions.end(), std::greater<>());
        if (versions.size() > limits::compared_versions_max) {
            return failure(too_much(settings.subject, limits::compared_versions_max, "versions"));
        }
        for (const Version version : versions) {
            if (version >= latest->version) {
                continue;
            }
            const auto document = find_live(settings.subject, version.value());
            if (!document && client::is_not_there(document.error())) {
                continue;  // it was deleted while we were reading
            }
            if (!document) {
                return failure(document.error());
            }
            if (is_in_group(*document)) {
                documents.push_back(*document);
                if (history == History::latest) {
                    break;
                }
            }
        }
        return documents;
    }

    static Error too_much(std::string_view subject, std::size_t bound, std::string_view what) {
        return make_error(ErrorCode::check_too_costly,
                          fmt::format("Subject '{}' has more than {} {}; so many are not compared",
                                      subject, bound, what));
    }

    Result<SettingsPtr> find_settings(const std::string& subject) {
        return settings_.find_or_load({subject, picture_ttl, client::OnOutage::fail},
                                      [&]() -> Result<SettingsPtr> { return load(subject); });
    }

    Result<SettingsPtr> load(const std::string& subject) {
        SYMBOLON_TRY(auto settings, load_config(subject));
        settings.subject = subject;
        if (!settings.alias.empty()) {
            // One step, and only of this very subject.
            SYMBOLON_TRY(const auto own,
                         admin_.get_config(subject, client::RegistryAdmin::Scope::own));
            SubjectSettings own_settings;
            if (own) {
                SYMBOLON_TRY(own_settings, parse_subject_settings(*own));
            }
            if (!own_settings.alias.empty()) {
                const auto target = client::subject_of({"", own_settings.alias, 0}, subject);
                SYMBOLON_TRY(settings, load_config(target));
                settings.subject = target;
            }
        }
        SYMBOLON_TRY(const auto mode,
                     admin_.get_mode(settings.subject, client::RegistryAdmin::Scope::effective));
        settings.mode = mode && refuses_registrations(*mode) ? *mode : std::string();
        return std::make_shared<const SubjectSettings>(std::move(settings));
    }

    Result<SubjectSettings> load_config(const std::string& subject) {
        SYMBOLON_TRY(const auto config,
                     admin_.get_config(subject, client::RegistryAdmin::Scope::effective));
        return config ? parse_subject_settings(*config) : SubjectSettings();
    }

    /// A live version; 0 and -1: the latest.
    Result<DocumentPtr> find_live(const std::string& subject, std::int32_t version) {
        return find_document(subject, version, client::Deleted::without);
    }

    Result<DocumentPtr> find_document(const std::string& subject, std::int32_t version,
                                      client::Deleted deleted) {
        const auto key =
            fmt::format("{} {} {}", deleted == client::Deleted::without ? "live" : "any",
                        version > 0 ? version : 0, subject);
        return documents_.find_or_load(
            {key, picture_ttl, client::OnOutage::fail}, [&]() -> Result<DocumentPtr> {
                const client::WantedVersion wanted =
                    version > 0 ? client::WantedVersion(Version(version)) : std::nullopt;
                SYMBOLON_TRY(auto document, admin_.get_version(subject, wanted, deleted));
                return std::make_shared<const SchemaDocument>(std::move(document));
            });
    }

    /// With the texts that it refers to; those may have been deleted softly since.
    Result<BaseVersionPtr> to_version(const SchemaDocument& document) {
        client::ReferenceWalk walk([this](const std::string& subject, std::int32_t version) {
            return find_document(subject, version, client::Deleted::with);
        });
        SYMBOLON_CHECK(walk.visit(document, document.subject));
        auto version = std::make_shared<BaseVersion>();
        version->subject = document.subject;
        version->version = document.version;
        version->name = fmt::format("{} version {}", document.subject, document.version.value());
        version->type = document.type;
        version->text = document.text;
        version->references = document.references;
        version->reference_texts = walk.take();
        return BaseVersionPtr(std::move(version));
    }

    Result<std::optional<ServerVerdict>> ask(const DryRun& candidate) {
        if (options_.server == RegistryBaselineOptions::Server::silent ||
            is_new(candidate.subject)) {
            return std::optional<ServerVerdict>();
        }
        client::Candidate asked{.subject = candidate.subject,
                                .type = candidate.type,
                                .text = candidate.text,
                                .references = candidate.references};
        for (auto& reference : asked.references) {
            reference.version = reference.version > 0 ? reference.version : -1;  // the latest
        }
        const auto answer = admin_.check(asked);
        if (answer) {
            return std::optional(to_verdict(*answer));
        }
        const auto& error = answer.error();
        if (client::is_not_there(error)) {
            return std::optional<ServerVerdict>();
        }
        // It cannot be registered there either way.
        if (error.code == ErrorCode::invalid_schema ||
            error.code == ErrorCode::incompatible_schema) {
            return std::optional(ServerVerdict{false, {error.message}});
        }
        return failure(error);
    }

    bool is_new(const std::string& subject) const {
        const std::lock_guard lock(mutex_);
        return new_subjects_.contains(subject);
    }

    client::RegistryAdmin& admin_;
    const RegistryBaselineOptions options_;
    const client::SystemClock clock_{};
    client::CacheCounters counters_;
    client::LoadingCache<DocumentPtr> documents_;
    client::LoadingCache<SettingsPtr> settings_;
    mutable std::mutex mutex_;
    std::set<std::string> new_subjects_;  // guarded by mutex_
    std::optional<Error> outage_;         // guarded by mutex_
};

}  // namespace

std::unique_ptr<Baseline> make_registry_baseline(client::RegistryAdmin& admin,
                                                 RegistryBaselineOptions options) {
    return std::make_unique<RegistryBaseline>(admin, std::move(options));
}

}  // namespace symbolon::gate
