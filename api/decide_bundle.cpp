#include "api/decide_bundle.hpp"

#include "api/check_answer.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace symbolon {

namespace {

/// A reference that may mean another member.
bool leaves_version_open(const Reference& reference) {
    return reference.version == 0 || reference.version == -1;
}

using MemberNumbers = std::map<SubjectName, std::size_t>;

std::optional<std::size_t> find_member(const MemberNumbers& numbers, const BundleMember& from,
                                       const Reference& reference) {
    const auto found = numbers.find(parse_subject_in(reference.subject, from.subject.context));
    // A schema may refer to the version of its own subject that was there before.
    const bool is_other = found != numbers.end() && found->first != from.subject;
    return is_other && leaves_version_open(reference) ? std::optional(found->second) : std::nullopt;
}

// REQUIRES: each of the members that are left needs another one that is left.
Error circle_error(const std::vector<BundleMember>& members, const BundleOrder& known) {
    std::vector<bool> is_left(members.size(), true);
    for (const std::size_t done : known.order) {
        is_left[done] = false;
    }
    const auto left = [&](std::size_t number) { return is_left[number]; };
    std::vector<std::size_t> walked;
    auto at =
        static_cast<std::size_t>(std::find(is_left.begin(), is_left.end(), true) - is_left.begin());
    while (std::find(walked.begin(), walked.end(), at) == walked.end()) {
        walked.push_back(at);
        at = *std::find_if(known.needs[at].begin(), known.needs[at].end(), left);
    }
    walked.erase(walked.begin(), std::find(walked.begin(), walked.end(), at));
    walked.push_back(at);
    std::vector<std::string> names;
    for (const std::size_t number : walked) {
        names.push_back(to_text(members[number].subject));
    }
    return make_error(ErrorCode::invalid_schema,
                      fmt::format("The schemas of the bundle refer to each other in a circle: {}",
                                  fmt::join(names, " -> ")));
}

class BundleRegistration {
public:
    BundleRegistration(const Catalog& catalog, const BundleInput& input, Workbench& bench)
        : input_(input), bench_(bench), staged_(Catalog::layer_over(catalog)) {}

    Result<Decision<std::vector<BundleAnswer>>> decide() {
        const auto& members = input_.members;
        SYMBOLON_TRY(known_, order_bundle(members, input_.members_max));
        for (const BundleMember& member : members) {
            subjects_.insert(member.subject);
        }
        answers_.resize(members.size());
        for (const std::size_t number : known_.order) {
            if (auto done = decide_member(number); !done) {
                const std::size_t place =
                    input_.places == nullptr ? number : (*input_.places)[number];
                return failure(name_member(std::move(done).error(), place,
                                           to_text(members[number].subject), input_.member_of));
            }
        }
        Decision<std::vector<BundleAnswer>> decision;
        for (auto& answer : answers_) {
            if (!answer) {
                return failure(make_error(ErrorCode::internal_error));  // the bench has jobs
            }
            decision.answer.push_back(*std::move(answer));
        }
        decision.changes = std::move(changes_);
        return decision;
    }

private:
    // Leaves the answer open while the bench has jobs for it, or while a member that it needs is
    // open itself; the others go on, so that their jobs are asked for in the same round.
    Status decide_member(std::size_t number) {
        const BundleMember& member = input_.members[number];
        const auto& needs = known_.needs[number];
        if (!std::all_of(needs.begin(), needs.end(),
                         [&](std::size_t needed) { return answers_[needed].has_value(); })) {
            return {};
        }
        const SchemaRequest request = with_versions(member);
        RegisterOptions options = input_.options;
        options.normalize = options.normalize || member.normalize;
        const RegistrationInput input{request, options, input_.settings, input_.now, &subjects_};
        const std::size_t jobs = bench_.job_count();
        auto decision = decide_registration(staged_, member.subject, input, bench_);
        if (bench_.job_count() != jobs) {
            return {};
        }
        if (!decision) {
            return failure(std::move(decision).error());
        }
        answers_[number] = BundleAnswer{std::move(decision->answer), !decision->changes.empty()};
        for (Change& change : decision->changes) {
            SYMBOLON_CHECK(staged_.apply(change));
            changes_.push_back(std::move(change));
        }
        return {};
    }

    // The request with the versions that the bundle gives in place of those left open.
    SchemaRequest with_versions(const BundleMember& member) const {
        SchemaRequest request = member.request;
        for (Reference& reference : request.references) {
            const SubjectName target = parse_subject_in(reference.subject, member.subject.context);
            if (!leaves_version_open(reference) || target == member.subject) {
                continue;
            }
            for (std::size_t number = 0; number < input_.members.size(); ++number) {
                if (input_.members[number].subject == target) {
                    reference.version = answers_[number]->version.version.value();
                }
            }
        }
        return request;
    }

    const BundleInput& input_;
    Workbench& bench_;
    Catalog staged_;
    BundleOrder known_;
    std::set<SubjectName> subjects_;
    std::vector<std::optional<BundleAnswer>> answers_;
    std::vector<Change> changes_;
};

}  // namespace

Error name_member(Error error, std::size_t index, const std::string& subject, MemberOf member_of) {
    error.message = fmt::format(
        "{} {} of the {} (\"{}\"): {}", member_of == MemberOf::bundle ? "Schema" : "Change", index,
        member_of == MemberOf::bundle ? "bundle" : "plan", subject, error.message);
    auto refusal = std::make_shared<Refusal>();
    if (const auto* known = dynamic_cast<const Refusal*>(error.detail.get())) {
        *refusal = *known;
    }
    refusal->member = Refusal::Member{index, subject};
    error.detail = std::move(refusal);
    return error;
}

Result<BundleOrder> order_bundle(const std::vector<BundleMember>& members,
                                 std::size_t members_max) {
    if (members.size() > members_max) {
        return failure(make_error(ErrorCode::invalid_schema,
                                  fmt::format("A bundle has at most {} schemas", members_max)));
    }
    MemberNumbers numbers;
    for (std::size_t number = 0; number < members.size(); ++number) {
        if (!numbers.emplace(members[number].subject, number).second) {
            return failure(name_member(
                make_error(ErrorCode::invalid_schema, "The bundle has another one of this subject"),
                number, to_text(members[number].subject)));
        }
    }
    BundleOrder known;
    known.needs.resize(members.size());
    for (std::size_t number = 0; number < members.size(); ++number) {
        for (const Reference& reference : members[number].request.references) {
            if (const auto needed = find_member(numbers, members[number], reference)) {
                known.needs[number].push_back(*needed);
            }
        }
    }
    std::vector<bool> is_done(members.size(), false);
    for (bool moved = true; moved;) {
        moved = false;
        for (std::size_t number = 0; number < members.size(); ++number) {
            const auto& needs = known.needs[number];
            const bool ready = !is_done[number] &&
                               std::all_of(needs.begin(), needs.end(),
                                           [&](std::size_t needed) { return is_done[needed]; });
            if (ready) {
                is_done[number] = true;
                known.order.push_back(number);
                moved = true;
            }
        }
    }
    if (known.order.size() < members.size()) {
        return failure(circle_error(members, known));
    }
    return known;
}

Result<Decision<std::vector<BundleAnswer>>> decide_bundle(const Catalog& catalog,
                                                          const BundleInput& input,
                                                          Workbench& bench) {
    return BundleRegistration(catalog, input, bench).decide();
}

}  // namespace symbolon
