#include "gate/plan/plan_steps.hpp"

#include "client/registry_client/registry_transport.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

namespace symbolon::gate {

namespace {

using client::RegistryAdmin;

bool closes(const std::string& mode) {
    return mode != "READWRITE";
}

bool is_referred_to(const Error& error) {
    const auto* refusal = dynamic_cast<const client::RegistryRefusal*>(error.detail.get());
    return refusal != nullptr &&
           refusal->error_code == row_of(ErrorCode::reference_exists).wire_code;
}

/// Whether an own config holds what a change wants of it.
bool has_config(const std::optional<Json>& own, const PlannedChange& change) {
    const auto text_at = [&](const char* name) {
        const auto found = own ? own->find(name) : Json::const_iterator();
        return own && found != own->end() ? *found : Json();
    };
    return (!change.level ||
            text_at("compatibilityLevel") == Json(std::string(compat::to_string(*change.level)))) &&
           (!change.normalize || text_at("normalize") == Json(*change.normalize));
}

/// One plan on its way.
class Walk {
public:
    Walk(const Plan& plan, RegistryAdmin& admin, const ApplyOptions& options)
        : plan_(plan), admin_(admin), options_(options) {
        applied_.is_atomic = false;
    }

    Result<AppliedPlan> run() {
        SYMBOLON_CHECK(compare());
        if (!applied_.drifts.empty()) {
            return std::move(applied_);
        }
        make_steps();
        applied_.changed = !steps_.empty();
        for (const Step& step : steps_) {
            if (applied_.failed) {
                applied_.left.push_back(step.words);
                continue;
            }
            if (options_.run == PlanRun::dry) {
                applied_.done.push_back(step.words);
                continue;
            }
            if (options_.progress) {
                options_.progress(step.words);
            }
            if (auto done = step.work(); done) {
                applied_.done.push_back(*std::move(done));
            } else {
                applied_.failed = std::move(done).error();
                applied_.left.push_back(step.words);
            }
        }
        return std::move(applied_);
    }

private:
    struct Step {
        std::string words{};
        std::function<Result<std::string>()> work{};  ///< what was done, in words
    };

    client::Candidate candidate_of(const PlannedChange& change) const {
        client::Candidate candidate{change.subject, change.schema->type, change.schema->text,
                                    change.schema->references};
        for (Reference& reference : candidate.references) {
            const auto known = versions_.find(reference.subject);
            if (reference.version == 0 && known != versions_.end()) {
                reference.version = known->second;
            }
        }
        return candidate;
    }

    // What an earlier run of the same plan did is no drift.
    Status compare() {
        is_done_.assign(plan_.changes.size(), {});
        for (std::size_t at = 0; at < plan_.changes.size(); ++at) {
            const PlannedChange& change = plan_.changes[at];
            SYMBOLON_TRY(const auto now, read_state(admin_, change.subject));
            SYMBOLON_TRY(is_done_[at].schema, find_schema(change));
            is_done_[at].config = has_config(now.config, change);
            is_done_[at].mode = !change.mode || now.mode == change.mode;
            is_done_[at].deletion = change.is_deleted && !now.latest;
            for (StateDrift& drift : find_drifts(change, now)) {
                const bool is_ours = drift.of == "latest"
                                         ? is_done_[at].schema || is_done_[at].deletion
                                     : drift.of == "config"
                                         ? is_done_[at].config && (change.level || change.normalize)
                                         : is_done_[at].mode && change.mode;
                if (!is_ours) {
                    applied_.drifts.push_back(std::move(drift));
                }
            }
        }
        return {};
    }

    // True when the change's schema is registered; its version is known then.
    Result<bool> find_schema(const PlannedChange& change) {
        if (!change.schema) {
            return false;
        }
        const auto candidate = candidate_of(change);
        const bool is_open =
            std::any_of(candidate.references.begin(), candidate.references.end(),
                        [](const Reference& reference) { return reference.version == 0; });
        if (is_open) {
            return false;
        }
        const auto found = admin_.look_up(candidate, plan_.normalize);
        if (!found && !client::is_not_there(found.error())) {
            return failure(found.error());
        }
        SYMBOLON_TRY(const bool is_own,
                     found ? is_of_subject(admin_, change.subject, found->subject) : false);
        if (is_own) {
            versions_[change.subject] = found->version.value();
        }
        return is_own;
    }

    void make_steps() {
        add_modes([](const std::string& mode) { return !closes(mode); });
        for (std::size_t at = 0; at < plan_.changes.size(); ++at) {
            const PlannedChange& change = plan_.changes[at];
            if ((change.level || change.normalize) && !is_done_[at].config) {
                const Json config = to_config_changes(change);
                const auto words =
                    fmt::format("{}: config {}", change.subject, symbolon::to_text(config));
                steps_.push_back({words, [this, &change, config, words]() -> Result<std::string> {
                                      SYMBOLON_CHECK(admin_.update_config(change.subject, config));
                                      return words;
                                  }});
            }
        }
        for (std::size_t at = 0; at < plan_.changes.size(); ++at) {
            const PlannedChange& change = plan_.changes[at];
            if (change.schema && !is_done_[at].schema) {
                steps_.push_back({fmt::format("{}: a new version", change.subject),
                                  [this, &change] { return register_schema(change); }});
            }
        }
        add_deletions();
        add_modes(closes);
    }

    template <class Which>
    void add_modes(Which which) {
        for (std::size_t at = 0; at < plan_.changes.size(); ++at) {
            const PlannedChange& change = plan_.changes[at];
            if (change.mode && !is_done_[at].mode && which(*change.mode)) {
                const auto words = fmt::format("{}: mode {}", change.subject, *change.mode);
                steps_.push_back({words, [this, &change, words]() -> Result<std::string> {
                                      SYMBOLON_CHECK(
                                          admin_.update_mode(change.subject, *change.mode, false));
                                      return words;
                                  }});
            }
        }
    }

    Result<std::string> register_schema(const PlannedChange& change) {
        SYMBOLON_TRY(const auto stored,
                     admin_.register_schema(candidate_of(change), plan_.normalize));
        versions_[change.subject] = stored.version.value();
        return fmt::format("{}: version {} (id {})", change.subject, stored.version.value(),
                           stored.id.value());
    }

    // Who is referred to is refused, so whoever was refused is tried again after another one went.
    void add_deletions() {
        std::vector<const PlannedChange*> all;
        for (std::size_t at = 0; at < plan_.changes.size(); ++at) {
            if (plan_.changes[at].is_deleted && !is_done_[at].deletion) {
                all.push_back(&plan_.changes[at]);
            }
        }
        for (const PlannedChange* change : all) {
            steps_.push_back({fmt::format("{}: deleted softly", change->subject),
                              [this, change] { return delete_one(*change); }});
        }
        to_delete_ = std::move(all);
    }

    Result<std::string> delete_one(const PlannedChange& wanted) {
        const auto is_left = [&](const PlannedChange* change) {
            return std::find(to_delete_.begin(), to_delete_.end(), change) != to_delete_.end();
        };
        const auto words = fmt::format("{}: deleted softly", wanted.subject);
        for (;;) {
            if (!is_left(&wanted)) {
                return words;
            }
            const std::size_t before = to_delete_.size();
            std::optional<Error> why = try_to_delete(wanted);
            for (std::size_t at = 0; why && at < to_delete_.size();) {
                auto problem = try_to_delete(*to_delete_[at]);
                at += problem ? 1U : 0U;
                if (problem && !is_referred_to(*problem)) {
                    why = std::move(problem);  // the cause of the others
                }
            }
            if (why && to_delete_.size() == before) {
                return failure(*std::move(why));
            }
        }
    }

    std::optional<Error> try_to_delete(const PlannedChange& change) {
        const auto deleted = admin_.delete_subject(change.subject, client::Deletion::soft);
        if (!deleted && !client::is_not_there(deleted.error())) {
            return deleted.error();
        }
        std::erase(to_delete_, &change);
        return std::nullopt;
    }

    struct Done {
        bool schema = false;
        bool config = false;
        bool mode = false;
        bool deletion = false;
    };

    const Plan& plan_;
    RegistryAdmin& admin_;
    const ApplyOptions& options_;
    AppliedPlan applied_;
    std::vector<Done> is_done_;
    std::vector<Step> steps_;
    std::vector<const PlannedChange*> to_delete_;
    std::map<std::string, std::int32_t> versions_;  ///< that the plan's schemas have
};

}  // namespace

Result<AppliedPlan> apply_in_steps(const Plan& plan, client::RegistryAdmin& admin,
                                   const ApplyOptions& options) {
    return Walk(plan, admin, options).run();
}

}  // namespace symbolon::gate
