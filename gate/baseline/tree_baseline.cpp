#include "gate/baseline/tree_baseline.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

namespace symbolon::gate {

namespace {

/// Notes about single subjects; more are counted.
constexpr std::size_t gone_notes_max = 20;

/// The texts that one file of a tree needs, each after those that it needs itself.
class TextsInOrder {
public:
    explicit TextsInOrder(const SchemaTree& tree) : tree_(tree) {}

    Result<std::vector<compat::NamedText>> collect(std::size_t file) {
        SYMBOLON_CHECK(visit(file, 0));
        return std::move(texts_);
    }

private:
    /// Recursive: reference_depth_max bounds it. A circle ends where it closes; whoever parses the
    /// schema meets the name that is missing then.
    Status visit(std::size_t file, std::size_t depth) {
        for (const TreeReference& reference : tree_.files[file].references) {
            if (!reference.file || !names_.insert(reference.name).second) {
                continue;
            }
            const TreeFile& target = tree_.files[*reference.file];
            bytes_ += target.text.size();
            if (depth >= limits::reference_depth_max || names_.size() > limits::references_max ||
                bytes_ > limits::reference_bytes_max) {
                return failure(make_error(
                    ErrorCode::check_too_costly,
                    fmt::format("{} refers to more than {} schemas, {} in one another, or {} "
                                "bytes; split it",
                                target.shown_path, limits::references_max,
                                limits::reference_depth_max, limits::reference_bytes_max)));
            }
            SYMBOLON_CHECK(visit(*reference.file, depth + 1));
            const bool is_direct = depth == 0;
            texts_.push_back(
                {reference.name, target.text, is_direct ? target.subject : std::string(), 0});
        }
        return {};
    }

    const SchemaTree& tree_;
    std::vector<compat::NamedText> texts_;
    std::set<std::string_view> names_;
    std::size_t bytes_ = 0;
};

class TreeBaseline final : public Baseline {
public:
    TreeBaseline(SchemaTree tree, TreePlace place)
        : tree_(std::move(tree)), place_(place), made_(tree_.files.size()) {
        for (std::size_t at = 0; at < tree_.files.size(); ++at) {
            by_subject_.emplace(tree_.files[at].subject, at);  // the first file of a subject stays
        }
    }

    const std::string& name() const override { return tree_.name; }

    Result<BaseSubject> find_subject(std::string_view subject, History /*history*/) override {
        BaseSubject found;
        const auto file = by_subject_.find(subject);
        if (file == by_subject_.end()) {
            return found;
        }
        SYMBOLON_TRY(auto version, version_of(file->second));
        const TreeFile& from = tree_.files[file->second];
        found.level = from.level ? from.level : tree_.rules.level;
        found.versions.push_back(std::move(version));
        return found;
    }

    Result<BaseVersionPtr> find_version(std::string_view subject,
                                        std::int32_t /*version*/) override {
        const auto file = by_subject_.find(subject);
        if (file == by_subject_.end()) {
            return failure(
                Error{ErrorCode::schema_not_found,
                      fmt::format("{} has no schema of the subject {}", tree_.name, subject)});
        }
        return version_of(file->second);
    }

    Result<std::optional<ServerVerdict>> ask_server(const DryRun& /*candidate*/) override {
        return std::optional<ServerVerdict>();
    }

    std::vector<std::string> collect_notes(const SchemaTree& candidate) const override {
        std::vector<std::string> notes;
        if (tree_.files.empty()) {
            notes = tree_.notes;
        }
        // Why: who checks single files did not remove the others.
        const auto gone = candidate.name.ends_with('/') ? subjects_gone(candidate, tree_)
                                                        : std::vector<std::string>();
        for (std::size_t at = 0; at < gone.size() && at < gone_notes_max; ++at) {
            notes.push_back(fmt::format("{} was in {} and is no longer in {}", gone[at], tree_.name,
                                        candidate.name));
        }
        if (gone.size() > gone_notes_max) {
            notes.push_back(fmt::format("{} more subjects were in {} and are no longer in {}",
                                        gone.size() - gone_notes_max, tree_.name, candidate.name));
        }
        return notes;
    }

    std::vector<LostSchema> find_lost(const SchemaTree& candidate) const override {
        std::set<std::string_view> there;
        for (const TreeFile& file : candidate.files) {
            there.insert(file.subject);
        }
        std::map<std::string_view, const PassedFile*> passed;
        for (const PassedFile& file : candidate.plain_json) {
            passed.emplace(file.path, &file);
        }
        std::vector<LostSchema> lost;
        for (const TreeFile& file : tree_.files) {
            const auto found = passed.find(file.path);
            // Why: a subject that another file has now was moved.
            if (found != passed.end() && !there.contains(file.subject)) {
                lost.push_back({file.subject, file.shown_path, found->second->shown_path});
            }
        }
        return lost;
    }

private:
    Result<BaseVersionPtr> version_of(std::size_t at) {
        const std::lock_guard lock(mutex_);
        if (made_[at] != nullptr) {
            return made_[at];
        }
        const TreeFile& file = tree_.files[at];
        auto version = std::make_shared<BaseVersion>();
        version->subject = file.subject;
        version->name = file.shown_path;
        version->file = place_ == TreePlace::folder ? file.shown_path : std::string();
        version->type = file.type;
        version->text = file.text;
        for (const TreeReference& reference : file.references) {
            version->references.push_back(
                {reference.name, reference.subject, reference.file ? 0 : reference.version});
        }
        SYMBOLON_TRY(version->reference_texts, TextsInOrder(tree_).collect(at));
        made_[at] = std::move(version);
        return made_[at];
    }

    const SchemaTree tree_;
    const TreePlace place_;
    std::map<std::string, std::size_t, std::less<>> by_subject_;
    std::mutex mutex_;
    std::vector<BaseVersionPtr> made_;  ///< guarded by mutex_
};

}  // namespace

std::unique_ptr<Baseline> make_tree_baseline(SchemaTree tree, TreePlace place) {
    return std::make_unique<TreeBaseline>(std::move(tree), place);
}

std::vector<std::string> subjects_gone(const SchemaTree& candidate, const SchemaTree& base) {
    std::set<std::string_view> there;
    for (const TreeFile& file : candidate.files) {
        there.insert(file.subject);
    }
    std::set<std::string> gone;
    for (const TreeFile& file : base.files) {
        if (there.count(file.subject) == 0) {
            gone.insert(file.subject);
        }
    }
    return {gone.begin(), gone.end()};
}

}  // namespace symbolon::gate
