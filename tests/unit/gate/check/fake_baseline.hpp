// A baseline for tests: subjects with versions given as texts, and trees of files given likewise.
//
// Example:  FakeBaseline base; base.add("orders-value", old_text);
// Threads:  any thread once it is filled
// Tested by tests/unit/gate/check/check_tree_test.cpp
#pragma once

#include "gate/model/baseline.hpp"
#include "gate/model/schema_tree.hpp"

#include <atomic>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::gate {

class FakeBaseline final : public Baseline {
public:
    using Texts = std::vector<compat::NamedText>;

    /// The next version of a subject.
    BaseVersion& add(const std::string& subject, std::string text,
                     SchemaType type = SchemaType::avro) {
        auto version = std::make_shared<BaseVersion>();
        auto& versions = subjects_[subject].versions;
        version->subject = subject;
        version->version = Version(static_cast<std::int32_t>(versions.size()) + 1);
        version->name = subject + " version " + std::to_string(version->version.value());
        version->type = type;
        version->text = std::move(text);
        BaseVersion& added = *version;
        versions.insert(versions.begin(), std::move(version));
        return added;
    }
    BaseSubject& subject(const std::string& name) { return subjects_[name]; }

    const std::string& name() const override { return name_; }
    Result<BaseSubject> find_subject(std::string_view subject, History history) override {
        ++asked;
        if (failing == subject) {
            return failure(make_error(ErrorCode::unavailable, "no answer"));
        }
        const auto found = subjects_.find(std::string(subject));
        if (found == subjects_.end()) {
            return BaseSubject{.level = level};
        }
        BaseSubject answer = found->second;
        if (!answer.level) {
            answer.level = level;
        }
        if (history == History::latest && answer.versions.size() > 1) {
            answer.versions.resize(1);
        }
        return answer;
    }
    Result<BaseVersionPtr> find_version(std::string_view subject, std::int32_t version) override {
        const auto found = subjects_.find(std::string(subject));
        if (found != subjects_.end()) {
            for (const BaseVersionPtr& each : found->second.versions) {
                if (version <= 0 || each->version.value() == version) {
                    return each;
                }
            }
        }
        return failure(make_error(ErrorCode::schema_not_found));
    }
    Result<std::optional<ServerVerdict>> ask_server(const DryRun& candidate) override {
        const std::lock_guard lock(mutex_);
        dry_runs.push_back(candidate);
        return server ? server(candidate) : std::nullopt;
    }

    std::vector<LostSchema> find_lost(const SchemaTree& /*candidate*/) const override {
        return lost;
    }

    std::vector<LostSchema> lost{};
    std::optional<compat::Level> level{};  ///< of all subjects that have none
    std::string failing{};                 ///< a subject that cannot be had
    std::function<Result<std::optional<ServerVerdict>>(const DryRun&)> server{};
    std::vector<DryRun> dry_runs{};
    std::atomic<std::size_t> asked = 0;

private:
    std::string name_ = "base";
    std::map<std::string, BaseSubject> subjects_;
    std::mutex mutex_;
};

inline TreeFile tree_file(const std::string& path, std::string text,
                          SchemaType type = SchemaType::avro) {
    TreeFile file;
    file.path = path;
    file.shown_path = "schemas/" + path;
    file.subject = path.substr(0, path.find('.')) + "-value";
    file.type = type;
    file.text = std::move(text);
    return file;
}

inline SchemaTree tree_of(std::vector<TreeFile> files) {
    SchemaTree tree;
    tree.name = "schemas";
    tree.files = std::move(files);
    return tree;
}

inline TreeReference local(std::string name, std::size_t file, std::size_t line = 1,
                           std::size_t column = 1) {
    TreeReference reference;
    reference.name = std::move(name);
    reference.file = file;
    reference.line = line;
    reference.column = column;
    return reference;
}

inline TreeReference registered(std::string name, std::string subject, std::int32_t version) {
    TreeReference reference;
    reference.name = std::move(name);
    reference.subject = std::move(subject);
    reference.version = version;
    reference.line = 2;
    reference.column = 3;
    return reference;
}

/// A record with `fields`, each on a line of its own from line 2 on.
inline std::string record(const std::string& name, const std::vector<std::string>& fields) {
    std::string text = R"({"type":"record","name":")" + name + R"(","fields":[)";
    for (std::size_t at = 0; at < fields.size(); ++at) {
        text += (at == 0 ? "\n  " : ",\n  ") + fields[at];
    }
    return text + "]}";
}

}  // namespace symbolon::gate
