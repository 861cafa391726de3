#include "gate/check/tree_references.hpp"

#include "core/limits.hpp"
#include "gate/model/rule.hpp"
#include "gate/tree/schema_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <utility>

namespace symbolon::gate {

namespace {

bool is_not_there(const Error& error) {
    return error.code == ErrorCode::schema_not_found ||
           error.code == ErrorCode::version_not_found || error.code == ErrorCode::subject_not_found;
}

constexpr std::string_view find_it_hint =
    "Add the file that defines it to the tree, or name its subject and version under references "
    "in symbolon.yaml";

// What a file of the tree would be registered as is not known, and it is no version that there is:
// a Protobuf check takes one version of one subject for the same without looking into it.
constexpr std::int32_t version_to_come = std::numeric_limits<std::int32_t>::max();

// Follows the references of one file. Each name is taken once, the first that is met: files of
// the tree before what the baseline has.
class TreeReferenceWalk {
public:
    TreeReferenceWalk(const SchemaTree& tree, std::size_t root, LatestVersions& latest)
        : tree_(tree), root_(root), latest_(latest) {}

    Result<ResolvedReferences> run() {
        if (tree_.files[root_].references.size() > limits::references_max) {
            add_problem(rule_invalid_schema, tree_.files[root_].references.front(),
                        fmt::format("It has more than {} references", limits::references_max),
                        "Split the schema");
            return std::move(out_);
        }
        for (const TreeReference& reference : tree_.files[root_].references) {
            if (is_reference_to_itself(root_, reference)) {
                continue;
            }
            DirectReference direct{{reference.name, reference.subject, reference.version},
                                   reference.file,
                                   reference.line,
                                   reference.column};
            if (reference.file) {
                direct.reference.subject = tree_.files[*reference.file].subject;
                direct.reference.version = 0;
            }
            out_.direct.push_back(std::move(direct));
        }
        SYMBOLON_CHECK(visit(root_));
        settle_missing();
        return std::move(out_);
    }

private:
    // A `$ref` to the schema's own `$id` is none that a registry wants to know.
    bool is_reference_to_itself(std::size_t file, const TreeReference& reference) const {
        return reference.file == file && tree_.files[file].type == SchemaType::json;
    }

    // Recursive; its depth is bounded by reference_depth_max.
    Status visit(std::size_t file) {
        path_.push_back(file);
        for (const TreeReference& reference : tree_.files[file].references) {
            if (reference.file && !is_reference_to_itself(file, reference)) {
                note_origin(reference);
                SYMBOLON_CHECK(visit_file(reference));
            }
        }
        for (const TreeReference& reference : tree_.files[file].references) {
            if (!reference.file) {
                note_origin(reference);
                SYMBOLON_CHECK(visit_baseline(file, reference));
            }
        }
        path_.pop_back();
        return {};
    }

    // What the root itself names, on the way to where the walk is.
    void note_origin(const TreeReference& reference) {
        if (path_.size() == 1) {
            origin_ = &reference;
            origin_is_bad_ = false;
        }
    }

    Status visit_file(const TreeReference& reference) {
        const std::size_t target = *reference.file;
        if (std::find(path_.begin(), path_.end(), target) != path_.end()) {
            add_problem(rule_reference_cycle, *origin_,
                        fmt::format("Schemas refer to each other in a circle: {}", circle(target)),
                        "A registry takes a schema after those that it refers to: move what both "
                        "need into a third schema");
            return {};
        }
        if (!names_.insert(reference.name).second) {
            return {};
        }
        const TreeFile& file = tree_.files[target];
        if (!fits_type(reference, file.type) || !fits_bounds(reference, file.text.size())) {
            return {};
        }
        if (path_.size() >= limits::reference_depth_max) {
            add_problem(rule_invalid_schema, *origin_,
                        fmt::format("References are nested deeper than {} schemas",
                                    limits::reference_depth_max),
                        "Let the schema refer to what it needs directly");
            return {};
        }
        SYMBOLON_CHECK(visit(target));
        add_text(reference.name, file.text, file.subject, version_to_come);
        return {};
    }

    Status visit_baseline(std::size_t file, const TreeReference& reference) {
        if (names_.contains(reference.name)) {
            return {};
        }
        Baseline* const baseline = latest_.baseline();
        if (baseline != nullptr && !reference.subject.empty()) {
            auto found = baseline->find_version(reference.subject, reference.version);
            if (found) {
                take(reference, **found);
                return {};
            }
            if (!is_not_there(found.error())) {
                return failure(std::move(found).error());
            }
        }
        SYMBOLON_TRY(const bool known, take_from_latest(file, reference));
        if (!known) {
            add_not_found(reference);
        }
        return {};
    }

    // The reference of the same name of the subject's latest version.
    Result<bool> take_from_latest(std::size_t file, const TreeReference& reference) {
        SYMBOLON_TRY(const auto subject, latest_.find(file));
        if (subject->versions.empty() ||
            subject->versions.front()->type != tree_.files[file].type) {
            return false;
        }
        const BaseVersion& latest = *subject->versions.front();
        const auto named =
            std::find_if(latest.references.begin(), latest.references.end(),
                         [&](const Reference& other) { return other.name == reference.name; });
        if (named != latest.references.end()) {
            auto found = latest_.baseline()->find_version(named->subject, named->version);
            if (found) {
                take(reference, **found);
                return true;
            }
            if (!is_not_there(found.error())) {
                return failure(std::move(found).error());
            }
        }
        return take_text(reference, latest);
    }

    // With the texts before it, since it is not known which of them it needs.
    bool take_text(const TreeReference& reference, const BaseVersion& latest) {
        const auto& texts = latest.reference_texts;
        const auto found = std::find_if(texts.begin(), texts.end(), [&](const auto& text) {
            return text.name == reference.name;
        });
        if (found == texts.end()) {
            return false;
        }
        for (auto text = texts.begin(); text != found + 1; ++text) {
            if (names_.insert(text->name).second && fits_bounds(reference, text->text.size())) {
                add_text(text->name, text->text, text->subject, text->version);
            }
        }
        note_registered(reference.name, found->subject, found->version);
        return true;
    }

    void take(const TreeReference& reference, const BaseVersion& version) {
        if (!fits_type(reference, version.type)) {
            return;
        }
        for (const compat::NamedText& text : version.reference_texts) {
            if (names_.insert(text.name).second) {
                if (!fits_bounds(reference, text.text.size())) {
                    return;
                }
                add_text(text.name, text.text, {}, 0);
            }
        }
        names_.insert(reference.name);
        if (fits_bounds(reference, version.text.size())) {
            add_text(reference.name, version.text, version.subject, version.version.value());
            note_registered(reference.name, version.subject, version.version.value());
        }
    }

    void note_registered(std::string_view name, const std::string& subject, std::int32_t version) {
        for (DirectReference& direct : out_.direct) {
            if (path_.size() == 1 && direct.reference.name == name) {
                direct.reference.subject = subject;
                direct.reference.version = version;
            }
        }
    }

    void add_text(const std::string& name, const std::string& text, const std::string& subject,
                  std::int32_t version) {
        const bool direct = path_.size() == 1;
        out_.texts.push_back({name, text, direct ? subject : std::string(), direct ? version : 0});
    }

    bool fits_type(const TreeReference& reference, SchemaType type) {
        const SchemaType wanted = tree_.files[root_].type;
        if (type == wanted) {
            return true;
        }
        add_problem(rule_invalid_schema, *origin_,
                    fmt::format("\"{}\" is of type {}, and a schema of type {} cannot refer to it",
                                reference.name, to_string(type), to_string(wanted)),
                    "Refer to schemas of the same type alone");
        return false;
    }

    bool fits_bounds(const TreeReference& reference, std::size_t bytes) {
        bytes_ += bytes;
        if (names_.size() <= limits::references_max && bytes_ <= limits::reference_bytes_max) {
            return true;
        }
        add_problem(
            rule_invalid_schema, *origin_,
            fmt::format("References reach more than {} schemas or {} bytes, at \"{}\"",
                        limits::references_max, limits::reference_bytes_max, reference.name),
            "Split the schema, or refer to smaller ones");
        return false;
    }

    void add_not_found(const TreeReference& reference) {
        const TreeFile& where = tree_.files[path_.back()];
        const Baseline* const baseline = latest_.baseline();
        std::string message =
            path_.size() == 1
                ? fmt::format("\"{}\" is in no file of the tree", reference.name)
                : fmt::format(
                      "\"{}\" leads to {}, which refers to \"{}\"; that is in no file of "
                      "the tree",
                      origin_->name, where.shown_path, reference.name);
        if (baseline != nullptr && !reference.subject.empty()) {
            message += fmt::format(
                ", and {} does not have {} version {}", baseline->name(), reference.subject,
                reference.version > 0 ? std::to_string(reference.version) : std::string("latest"));
        } else if (baseline != nullptr) {
            message += fmt::format(", and nothing in {} tells where {} had it", baseline->name(),
                                   where.subject);
        }
        missing_.push_back({reference.name, origin_,
                            make_finding(rule_reference_not_found, tree_.files[root_],
                                         {origin_->line, origin_->column}, std::move(message),
                                         std::string(find_it_hint))});
    }

    // A text may define more than the name that it is referred to by; of Avro's names those are no
    // references of their own.
    void settle_missing() {
        std::set<std::string> defined;
        if (!missing_.empty() && tree_.files[root_].type == SchemaType::avro) {
            for (const compat::NamedText& text : out_.texts) {
                auto names = read_schema_names(SchemaType::avro, text.text);
                defined.insert(names.defined.begin(), names.defined.end());
            }
        }
        std::set<const TreeReference*> told;
        for (Missing& missing : missing_) {
            if (defined.contains(missing.name)) {
                std::erase_if(out_.direct, [&](const DirectReference& direct) {
                    return !direct.file && direct.reference.subject.empty() &&
                           direct.reference.name == missing.name;
                });
            } else if (told.insert(missing.origin).second) {
                out_.problems.push_back(std::move(missing.finding));
            }
        }
    }

    // One for each reference of the root, which is where it is shown.
    void add_problem(std::string_view rule, const TreeReference& place, std::string message,
                     std::string hint) {
        if (!std::exchange(origin_is_bad_, true)) {
            out_.problems.push_back(make_finding(rule, tree_.files[root_],
                                                 {place.line, place.column}, std::move(message),
                                                 std::move(hint)));
        }
    }

    std::string circle(std::size_t target) const {
        std::string text;
        for (auto at = std::find(path_.begin(), path_.end(), target); at != path_.end(); ++at) {
            text += tree_.files[*at].shown_path + " → ";
        }
        return text + tree_.files[target].shown_path;
    }

    const SchemaTree& tree_;
    const std::size_t root_;
    LatestVersions& latest_;
    ResolvedReferences out_;
    std::vector<std::size_t> path_;
    std::set<std::string> names_;
    std::size_t bytes_ = 0;
    const TreeReference* origin_ = nullptr;
    bool origin_is_bad_ = false;
    struct Missing {
        std::string name;
        const TreeReference* origin;  ///< what the root names on the way to it
        GateFinding finding;
    };
    std::vector<Missing> missing_;
};

}  // namespace

LatestVersions::LatestVersions(const SchemaTree& tree, Baseline* baseline)
    : tree_(tree), baseline_(baseline), found_(tree.files.size()) {}

Result<std::shared_ptr<const BaseSubject>> LatestVersions::find(std::size_t file) {
    {
        const std::lock_guard lock(mutex_);
        if (found_[file] != nullptr) {
            return found_[file];
        }
    }
    auto subject = std::make_shared<BaseSubject>();
    if (baseline_ != nullptr) {  // Asked without the lock: others need not wait for an answer.
        SYMBOLON_TRY(*subject, baseline_->find_subject(tree_.files[file].subject, History::latest));
    }
    const std::lock_guard lock(mutex_);
    if (found_[file] == nullptr) {
        found_[file] = std::move(subject);
    }
    return found_[file];
}

Result<ResolvedReferences> resolve_references(const SchemaTree& tree, std::size_t file,
                                              LatestVersions& latest) {
    return TreeReferenceWalk(tree, file, latest).run();
}

GateFinding make_finding(std::string_view rule, const TreeFile& file, FindingPlace place,
                         std::string message, std::string hint) {
    GateFinding finding;
    finding.rule = rule;
    finding.message = std::move(message);
    finding.hint = std::move(hint);
    finding.file = file.shown_path;
    finding.line = place.line;
    finding.column = place.column;
    return finding;
}

}  // namespace symbolon::gate
