#include "api/registry.hpp"

#include "api/associations/decide_associations.hpp"
#include "api/candidate.hpp"
#include "api/catalog.hpp"
#include "api/change_log.hpp"
#include "api/decide.hpp"
#include "api/decide_bundle.hpp"
#include "api/decide_plan.hpp"
#include "api/listing_keeper.hpp"
#include "api/read_write_lock.hpp"
#include "api/schema_page.hpp"
#include "api/sealed_store.hpp"
#include "api/usage_keeper.hpp"
#include "api/workbench.hpp"
#include "api/writer.hpp"
#include "core/limits.hpp"

#include <chrono>
#include <cstddef>
#include <shared_mutex>
#include <utility>

namespace symbolon {

namespace {

/// Parsed schemas that are kept, as estimated; idle memory is measured against it.
constexpr std::size_t parsed_cache_bytes = 8U << 20U;
/// Questions of a rule depend on each other a few times at most; then its turn answers the rest.
constexpr int rule_rounds_max = 12;

/// Subjects that are looked at between two holds of the catalogue's lock.
constexpr std::size_t subjects_per_look = 1'000;

std::int64_t system_now_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

struct Loaded {
    Catalog catalog;
    std::vector<Change> usage;
};

Result<Loaded> load(storage::Store& store) {
    SYMBOLON_TRY(auto entries, store.read_since(Revision(0)));
    Loaded loaded;
    Catalog& catalog = loaded.catalog;
    for (auto& entry : entries) {
        const Revision revision = entry.revision;
        SYMBOLON_TRY(auto change, parse_record(std::move(entry)));
        SYMBOLON_CHECK(catalog.apply(change));
        catalog.set_revision(revision);
        if (change.key.family == RecordFamily::usage) {
            loaded.usage.push_back(std::move(change));
        }
    }
    return loaded;
}

}  // namespace

class Registry::Impl {
public:
    Impl(std::shared_ptr<storage::Store> store, RegistrySettings given, Loaded loaded)
        : settings_(std::move(given)),
          store_(std::move(store)),
          catalog_(std::move(loaded.catalog)),
          log_(catalog_.revision()),
          cache_(parsed_cache_bytes),
          listing_(catalog_, catalog_mutex_),
          writer_(*store_, catalog_, catalog_mutex_, log_,
                  [this](const Change& change) {
                      listing_.note(change);
                      usage_.note(change);
                  }),
          usage_keeper_(usage_, writer_, catalog_, catalog_mutex_) {
        for (const Change& change : loaded.usage) {
            usage_.note(change);
        }
    }

    const RegistrySettings& settings() const { return settings_; }
    ReadWriteLock& catalog_mutex() const { return catalog_mutex_; }
    const Catalog& catalog() const { return catalog_; }
    const ChangeLog& log() const { return log_; }
    SchemaCache& cache() { return cache_; }
    ListingKeeper& listing() { return listing_; }
    UsageBook& usage() { return usage_; }
    UsageKeeper& usage_keeper() { return usage_keeper_; }
    storage::Store& store() { return *store_; }

    /// Asks `rule(const Catalog&)` until it needs no more jobs of `bench`, which run without a
    /// lock.
    template <class Rule>
    auto ask(Workbench& bench, const Rule& rule, int rounds_max = rule_rounds_max)
        -> decltype(rule(std::declval<const Catalog&>())) {
        bench.defer();
        for (int round = 0; round < rounds_max; ++round) {
            auto answer = [&] {
                const std::shared_lock lock(catalog_mutex_);
                return rule(std::as_const(catalog_));
            }();
            if (!bench.has_jobs()) {
                return answer;
            }
            bench.run_jobs();
        }
        bench.stop_deferring();
        const std::shared_lock lock(catalog_mutex_);
        return rule(std::as_const(catalog_));
    }

    /// Parsing and checking happen here, by the caller; the turn finds them done unless the history
    /// moved. A rule that has nothing to write takes no turn, nor does one that is only tried.
    template <class Answer, class Rule>
    Result<Answer> ask_then_write(Workbench& bench, const Rule& rule,
                                  const RegisterOptions& options = {},
                                  int rounds_max = rule_rounds_max) {
        auto decision = ask(bench, rule, rounds_max);
        if (!decision) {
            return failure(std::move(decision).error());
        }
        if (decision->changes.empty() || options.dry_run) {
            return std::move(decision->answer);
        }
        bench.stop_deferring();
        return write<Answer>(rule);
    }

    /// Takes `rule(const Catalog&) -> Result<Decision<Answer>>` through the writer's turn.
    template <class Answer, class Rule>
    Result<Answer> write(const Rule& rule) {
        std::optional<Answer> answer;
        const Writer::Decide decide = [&](const Catalog& catalog) -> Result<std::vector<Change>> {
            SYMBOLON_TRY(auto decision, rule(catalog));
            answer = std::move(decision.answer);
            return std::move(decision.changes);
        };
        SYMBOLON_CHECK(writer_.write(decide));
        return *std::move(answer);
    }

private:
    const RegistrySettings settings_;
    const std::shared_ptr<storage::Store> store_;
    mutable ReadWriteLock catalog_mutex_;
    // Guarded by catalog_mutex_; changed by writer_ alone.
    Catalog catalog_;
    ChangeLog log_;
    SchemaCache cache_;
    ListingKeeper listing_;
    UsageBook usage_;
    Writer writer_;
    UsageKeeper usage_keeper_;
};

Result<std::unique_ptr<Registry>> Registry::open(std::shared_ptr<storage::Store> store,
                                                 RegistrySettings settings) {
    SYMBOLON_TRY(store, seal_store(std::move(store),
                                   {settings.metadata_secret, settings.metadata_secret_old}));
    SYMBOLON_TRY(auto loaded, load(*store));
    if (!settings.now) {
        settings.now = system_now_ms;
    }
    auto impl = std::make_unique<Impl>(std::move(store), std::move(settings), std::move(loaded));
    return std::unique_ptr<Registry>(new Registry(std::move(impl)));
}

Registry::Registry(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Registry::~Registry() = default;

const RegistrySettings& Registry::settings() const {
    return impl_->settings();
}

Registry::ReadLock::ReadLock(const Registry& registry) : registry_(registry) {
    registry_.impl_->catalog_mutex().lock_shared();
}
Registry::ReadLock::~ReadLock() {
    registry_.impl_->catalog_mutex().unlock_shared();
}

const Catalog& Registry::catalog_of(const ReadLock&) const {
    return impl_->catalog();
}

Result<SubjectVersion> Registry::register_schema(const SubjectName& subject,
                                                 const SchemaRequest& request,
                                                 RegisterOptions options) {
    const RegistrationInput input{request, options, settings(), settings().now()};
    Workbench bench(impl_->cache());
    const auto rule = [&](const Catalog& catalog) {
        return decide_registration(catalog, subject, input, bench);
    };
    return impl_->ask_then_write<SubjectVersion>(bench, rule, options);
}

Result<std::vector<BundleAnswer>> Registry::register_bundle(
    const std::vector<BundleMember>& members, RegisterOptions options) {
    const BundleInput input{members, options, settings(), settings().now()};
    Workbench bench(impl_->cache());
    const auto rule = [&](const Catalog& catalog) { return decide_bundle(catalog, input, bench); };
    // A member's questions can be asked only when those that it needs are answered.
    const int rounds = rule_rounds_max * static_cast<int>(members.size() + 1);
    return impl_->ask_then_write<std::vector<BundleAnswer>>(bench, rule, options, rounds);
}

Result<PlanAnswer> Registry::apply_plan(const std::vector<PlanChange>& changes,
                                        RegisterOptions options) {
    const PlanInput input{changes, options, settings(), settings().now()};
    Workbench bench(impl_->cache());
    const auto rule = [&](const Catalog& catalog) { return decide_plan(catalog, input, bench); };
    const int rounds = rule_rounds_max * static_cast<int>(changes.size() + 1);
    return impl_->ask_then_write<PlanAnswer>(bench, rule, options, rounds);
}

Result<SubjectVersion> Registry::look_up_schema(const SubjectName& subject,
                                                const SchemaRequest& request,
                                                LookUpOptions options) {
    Workbench bench(impl_->cache());
    return impl_->ask(bench, [&](const Catalog& catalog) {
        return find_schema_version(catalog, subject, request, options, settings(), bench);
    });
}

Result<CheckAnswer> Registry::check_compatibility(const SubjectName& subject,
                                                  const SchemaRequest& request,
                                                  const CheckOptions& options) {
    Workbench bench(impl_->cache());
    auto answer = impl_->ask(bench, [&](const Catalog& catalog) {
        return answer_check(catalog, subject, request, options, settings(), bench);
    });
    if (!answer && options.verbose && answer.error().code == ErrorCode::invalid_schema) {
        return CheckAnswer{false, {answer.error().message}, {}};  // COMPAT-E4, MSG-5
    }
    return answer;
}

Result<std::string> Registry::text_of(const SchemaContent& content, std::string_view context,
                                      TextFormat format) {
    if (format == TextFormat::stored) {
        return content.text;
    }
    const auto copy = std::make_shared<const SchemaContent>(content);
    SYMBOLON_TRY(const auto source,
                 read([&](const Catalog& catalog) { return source_of(catalog, context, copy); }));
    SYMBOLON_TRY(const auto schema, impl_->cache().parse(source));
    auto text = schema->formatted_text(format);
    if (!text &&
        text.error().code == ErrorCode::schema_too_large) {  // That code is of registering.
        return failure(make_error(ErrorCode::invalid_schema,
                                  fmt::format("The schema written out is longer than {} bytes",
                                              limits::schema_text_bytes_max)));
    }
    return text;
}

Result<std::vector<compat::ValidationError>> Registry::validate(const ContentPtr& content,
                                                                std::string_view context,
                                                                std::string_view datum,
                                                                compat::Formats formats) {
    if (content->type != SchemaType::json) {
        return failure(make_error(ErrorCode::not_a_json_schema, to_string(content->type)));
    }
    SYMBOLON_TRY(const auto source, read([&](const Catalog& catalog) {
                     return source_of(catalog, context, content);
                 }));
    SYMBOLON_TRY(const auto schema, impl_->cache().parse(source));
    SYMBOLON_TRY(const auto validator, compat::validator_of(*schema, formats));
    impl_->cache().tell_validator(source, formats, validator->memory_bytes());
    return validator->validate(datum);
}

Result<Version> Registry::delete_version(const SubjectName& subject, VersionChoice choice,
                                         bool permanent, Retention retention) {
    const DeletionTerms terms{permanent ? Deletion::permanent : Deletion::soft, retention,
                              settings(), settings().now()};
    return impl_->write<Version>([&](const Catalog& catalog) {
        return decide_delete_version(catalog, subject, choice, terms);
    });
}

Result<std::vector<Version>> Registry::delete_subject(const SubjectName& subject, bool permanent,
                                                      Retention retention) {
    const DeletionTerms terms{permanent ? Deletion::permanent : Deletion::soft, retention,
                              settings(), settings().now()};
    return impl_->write<std::vector<Version>>(
        [&](const Catalog& catalog) { return decide_delete_subject(catalog, subject, terms); });
}

Result<std::vector<Version>> Registry::undelete_subject(const SubjectName& subject, bool force) {
    const UndeleteTerms terms{force ? Force::yes : Force::no, settings()};
    Workbench bench(impl_->cache());
    return impl_->ask_then_write<std::vector<Version>>(bench, [&](const Catalog& catalog) {
        return decide_undelete_subject(catalog, subject, terms, bench);
    });
}

Result<Version> Registry::undelete_version(const SubjectName& subject, VersionChoice choice,
                                           bool force) {
    const UndeleteTerms terms{force ? Force::yes : Force::no, settings()};
    Workbench bench(impl_->cache());
    return impl_->ask_then_write<Version>(bench, [&](const Catalog& catalog) {
        return decide_undelete_version(catalog, subject, choice, terms, bench);
    });
}

Result<std::vector<SubjectVersion>> Registry::prune() {
    return impl_->write<std::vector<SubjectVersion>>([&](const Catalog& catalog) {
        return decide_prune(catalog, settings(), settings().now());
    });
}

Status Registry::delete_context(const std::string& context) {
    SYMBOLON_CHECK(impl_->write<Done>(
        [&](const Catalog& catalog) { return decide_delete_context(catalog, context); }));
    return {};
}

Result<Config> Registry::update_config(const SubjectName& scope, const Json& request) {
    return impl_->write<Config>(
        [&](const Catalog& catalog) { return decide_update_config(catalog, scope, request); });
}

Result<Config> Registry::delete_config(const SubjectName& scope) {
    return impl_->write<Config>(
        [&](const Catalog& catalog) { return decide_delete_config(catalog, scope, settings()); });
}

Status Registry::update_mode(const SubjectName& scope, std::optional<Mode> mode, bool force) {
    SYMBOLON_CHECK(impl_->write<Done>([&](const Catalog& catalog) {
        return decide_update_mode(catalog, scope, mode, force ? Force::yes : Force::no, settings(),
                                  settings().now());
    }));
    return {};
}

Result<std::optional<Mode>> Registry::delete_mode(const SubjectName& scope, bool recursive) {
    return impl_->write<std::optional<Mode>>([&](const Catalog& catalog) {
        return decide_delete_mode(catalog, scope, recursive ? Recursive::yes : Recursive::no,
                                  settings());
    });
}

Result<ChangePage> Registry::changes_since(const ChangeQuery& query) const {
    const Revision head = revision();
    if (query.since > head) {
        return failure(make_error(ErrorCode::revision_unknown, query.since.value(), head.value()));
    }
    {
        const std::shared_lock lock(impl_->catalog_mutex());
        if (impl_->log().reaches(query.since)) {
            return impl_->log().read(query);
        }
    }
    return read_stored_changes(impl_->store(), query, head);
}

bool Registry::remembers(Revision since) const {
    const std::shared_lock lock(impl_->catalog_mutex());
    return impl_->log().reaches(since);
}

Revision Registry::revision() const {
    return impl_->log().head();
}

Status Registry::write(const ChangeRule& rule) {
    SYMBOLON_CHECK(impl_->write<Done>([&](const Catalog& catalog) -> Result<Decision<Done>> {
        SYMBOLON_TRY(auto changes, rule(catalog));
        return Decision<Done>{{}, std::move(changes)};
    }));
    return {};
}

Result<AssociationAnswer> Registry::change_associations(const AssociationRequest& request,
                                                        const AssociationOptions& options) {
    const AssociationInput input{request, options, settings(), settings().now()};
    Workbench bench(impl_->cache());
    const auto rule = [&](const Catalog& catalog) {
        return decide_associations(catalog, input, bench);
    };
    auto decision = impl_->ask(bench, rule);
    if (!decision) {
        return failure(std::move(decision).error());
    }
    if (options.dry_run == DryRun::yes) {
        decision->answer.associations.clear();
        return std::move(decision->answer);
    }
    if (decision->changes.empty()) {
        return std::move(decision->answer);
    }
    bench.stop_deferring();
    return impl_->write<AssociationAnswer>(rule);
}

Status Registry::delete_associations(const AssociationDeletion& deletion, DryRun dry_run) {
    const auto rule = [&](const Catalog& catalog) {
        return decide_delete_associations(catalog, deletion, settings(), settings().now());
    };
    if (dry_run == DryRun::yes) {
        SYMBOLON_CHECK(read(rule));
        return {};
    }
    SYMBOLON_CHECK(impl_->write<Done>(rule));
    return {};
}

std::vector<std::string> Registry::list_subject_names(const SubjectQuery& query) {
    return impl_->listing().names(query);
}

std::vector<SubjectVersion> Registry::list_schemas(const SubjectQuery& query,
                                                   const SchemaFilter& filter) {
    // Why in steps: the catalogue's lock is held for a few subjects at a time, and those before the
    // page are only counted where every version is shown.
    SchemaPage page(query, filter);
    SubjectQuery step = query;
    step.limit = subjects_per_look;
    for (step.offset = 0; !page.is_full(); step.offset += step.limit) {
        const SubjectPage subjects = impl_->listing().find(step);
        const auto first = page.skip(subjects.rows);
        read([&](const Catalog& catalog) {
            page.take(catalog, subjects.rows, first);
            return true;
        });
        if (subjects.rows.size() < step.limit) {
            break;
        }
    }
    return page.take_versions();
}

ListedSubjects Registry::find_subjects(const SubjectQuery& query) {
    SubjectPage page = impl_->listing().find(query);
    ListedSubjects listed{{}, page.total, page.complete};
    listed.subjects.reserve(page.rows.size());
    read([&](const Catalog& catalog) {
        for (SubjectRow& row : page.rows) {
            const SubjectName subject = parse_subject(row.subject);
            const Config config = config_in_scope(catalog, subject, settings().default_level);
            listed.subjects.push_back({std::move(row), *config.level,
                                       mode_in_scope(catalog, subject),
                                       catalog.live_referrers(subject)});
        }
        return true;
    });
    return listed;
}

UsageBook& Registry::usage() {
    return impl_->usage();
}

Status Registry::flush_usage() {
    return impl_->usage_keeper().flush();
}

bool Registry::tend() {
    // Both, so that a long import does not keep usage from being written.
    const bool more_usage = impl_->usage_keeper().tend(settings().now());
    return impl_->listing().tend() || more_usage;
}

Status Registry::ready() {
    return impl_->store().ping();
}

}  // namespace symbolon
