// Long: a revision, its links and its files are read in one place.
#include "core/limits.hpp"
#include "gate/tree/assemble_tree.hpp"
#include "gate/tree/config_place.hpp"
#include "gate/tree/load_tree.hpp"
#include "gate/tree/passed_over.hpp"
#include "gate/tree/read_file.hpp"
#include "gate/tree/run_git.hpp"
#include "gate/tree/schema_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

namespace fs = std::filesystem;

Error git_tree_error(std::string_view what) {
    return make_error(ErrorCode::cannot_start, std::string(what));
}

/// The first line of what git said, without "fatal: ".
std::string first_complaint(const GitAnswer& answer) {
    std::string_view text = answer.errors;
    text = text.substr(0, text.find('\n'));
    constexpr std::string_view fatal = "fatal: ";
    text.remove_prefix(text.starts_with(fatal) ? fatal.size() : 0);
    return text.empty() ? fmt::format("git ended with status {}", answer.exit_status)
                        : std::string(text);
}

std::string without_line_end(std::string text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
        text.pop_back();
    }
    return text;
}

/// A file of a revision.
struct Blob {
    std::string path{};  ///< from the repository's root
    std::string object{};
    std::size_t bytes = 0;
    bool is_file = true;  ///< no symbolic link, no submodule
    bool is_link = false;
};

/// One repository at one commit.
class Revision {
public:
    static Result<Revision> open(const GitTreeOptions& options) {
        Revision revision;
        const fs::path near = absolute_of(options.near.empty() ? "." : options.near);
        std::error_code ignored;
        const bool is_folder = fs::is_directory(near, ignored);
        revision.folder_ = is_folder ? near : near.parent_path();
        SYMBOLON_TRY(const auto prefix,
                     run_git({"-C", revision.folder_.string(), "rev-parse", "--show-prefix"}, {}));
        if (prefix.exit_status != 0) {
            return failure(git_tree_error(fmt::format(
                "git#{}: {} is in no git repository that can be read ({}); name another "
                "baseline, or check out the repository",
                options.revision, shown_from_here(revision.folder_), first_complaint(prefix))));
        }
        revision.own_place_ = without_line_end(prefix.out);
        while (revision.own_place_.ends_with('/')) {
            revision.own_place_.pop_back();
        }
        SYMBOLON_CHECK(revision.find_commit(options.revision));
        return revision;
    }

    /// Where the candidate stands, from the repository's root; empty: the root.
    const std::string& own_place() const { return own_place_; }
    const fs::path& folder() const { return folder_; }

    /// Every file below these paths; all when there is none.
    Result<std::vector<Blob>> list(const std::vector<std::string>& paths) const {
        std::vector<std::string> arguments{
            "-C", folder_.string(), "--literal-pathspecs", "ls-tree", "-r",
            "-z", "--long",         "--full-tree",         commit_};
        if (!paths.empty()) {
            arguments.emplace_back("--");
            arguments.insert(arguments.end(), paths.begin(), paths.end());
        }
        SYMBOLON_TRY(const auto answer, run_git(arguments, {}));
        if (answer.exit_status != 0) {
            return failure(git_tree_error(fmt::format("git cannot list the files of {}: {}",
                                                      commit_, first_complaint(answer))));
        }
        std::vector<Blob> blobs;
        std::string_view rest = answer.out;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\0'), rest.size());
            SYMBOLON_TRY(auto blob, parse_line(rest.substr(0, end)));
            blobs.push_back(std::move(blob));
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return blobs;
    }

    /// The contents of one after another, through one process.
    Result<std::vector<std::string>> read(const std::vector<const Blob*>& blobs) const {
        std::string wanted;
        for (const Blob* blob : blobs) {
            wanted += blob->object + "\n";
        }
        SYMBOLON_TRY(const auto answer,
                     run_git({"-C", folder_.string(), "cat-file", "--batch"}, wanted));
        std::vector<std::string> texts;
        std::string_view rest = answer.out;
        for (const Blob* blob : blobs) {
            const std::size_t line_end = std::min(rest.find('\n'), rest.size());
            const std::string head = fmt::format("{} blob {}", blob->object, blob->bytes);
            if (rest.substr(0, line_end) != head || rest.size() < line_end + 2 + blob->bytes) {
                return failure(git_tree_error(fmt::format(
                    "git does not have the contents of {} ({}); `git fsck` tells what is broken, "
                    "and a partial clone may need `git fetch`",
                    blob->path,
                    answer.errors.empty()
                        ? std::string(rest.substr(0, std::min<std::size_t>(line_end, 100)))
                        : first_complaint(answer))));
            }
            texts.emplace_back(rest.substr(line_end + 1, blob->bytes));
            rest.remove_prefix(line_end + 2 + blob->bytes);
        }
        return texts;
    }

    /// The files that links lead to, by the links' paths; a link to anything else is not there.
    Result<std::map<std::string, Blob, std::less<>>> resolve(
        const std::vector<std::string>& links) const {
        std::map<std::string, Blob, std::less<>> files;
        std::vector<const std::string*> asked;
        std::string wanted;
        for (const std::string& link : links) {
            if (link.find('\n') == std::string::npos) {  // git takes a path per line
                wanted += fmt::format("{}:{}\n", commit_, link);
                asked.push_back(&link);
            }
        }
        SYMBOLON_TRY(const auto answer,
                     run_git({"-C", folder_.string(), "cat-file", "--follow-symlinks",
                              "--batch-check=%(objecttype) %(objectname) %(objectsize)"},
                             wanted));
        std::string_view rest = answer.out;
        const auto take_line = [&rest] {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            const std::string_view line = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            return line;
        };
        for (const std::string* link : asked) {
            const std::string_view line = take_line();
            // "symlink 5", "dangling 5", "loop 5", "notdir 5": so many bytes of a path follow.
            if (!line.starts_with("blob ")) {
                const bool has_path = !line.ends_with(" missing") && !line.starts_with("tree ") &&
                                      !line.starts_with("commit ");
                std::size_t bytes = 0;
                const std::size_t space = std::min(line.rfind(' '), line.size() - 1);
                if (has_path && !line.empty()) {
                    std::from_chars(line.data() + space + 1, line.data() + line.size(), bytes);
                    rest.remove_prefix(std::min(bytes + 1, rest.size()));
                }
                continue;
            }
            Blob file{*link, std::string(line.substr(5, line.rfind(' ') - 5)), 0};
            const std::string_view size = line.substr(line.rfind(' ') + 1);
            std::from_chars(size.data(), size.data() + size.size(), file.bytes);
            files.emplace(*link, std::move(file));
        }
        return files;
    }

    /// The folder of the working tree that has all of it.
    Result<fs::path> top() const {
        SYMBOLON_TRY(const auto answer,
                     run_git({"-C", folder_.string(), "rev-parse", "--show-toplevel"}, {}));
        return answer.exit_status == 0 ? fs::path(without_line_end(answer.out)) : fs::path();
    }

private:
    Status find_commit(const std::string& name) {
        if (name.empty() || name.front() == '-') {
            return failure(make_error(
                ErrorCode::malformed_request,
                fmt::format("git#{}: name a branch, tag or commit, as in git#main", name)));
        }
        SYMBOLON_TRY(const auto answer, run_git({"-C", folder_.string(), "rev-parse", "--verify",
                                                 "--end-of-options", name + "^{commit}"},
                                                {}));
        commit_ = without_line_end(answer.out);
        const bool is_id = commit_.size() >= 40 &&
                           commit_.find_first_not_of("0123456789abcdef") == std::string::npos;
        if (answer.exit_status == 0 && is_id) {
            return {};
        }
        return failure(git_tree_error(fmt::format(
            "git#{0}: the repository has no such revision ({1}); a shallow or single-branch clone, "
            "as pipelines make it, gets it by `git fetch origin {0}`, and then it may be called "
            "origin/{0} or FETCH_HEAD",
            name, first_complaint(answer))));
    }

    /// "100644 blob <id>     <bytes>\t<path>"; a submodule has "-" for its bytes.
    static Result<Blob> parse_line(std::string_view line) {
        const std::size_t tab = line.find('\t');
        std::vector<std::string_view> words;
        std::string_view head = line.substr(0, tab);
        while (!head.empty()) {
            const std::size_t end = std::min(head.find(' '), head.size());
            if (end > 0) {
                words.push_back(head.substr(0, end));
            }
            head.remove_prefix(std::min(end + 1, head.size()));
        }
        if (tab == std::string_view::npos || words.size() != 4) {
            return failure(git_tree_error("git lists files in an unknown form"));
        }
        const bool is_blob = words[1] == "blob";
        const bool is_link = is_blob && words[0] == "120000";
        Blob blob{std::string(line.substr(tab + 1)), std::string(words[2]), 0, is_blob && !is_link,
                  is_link};
        const char* const end = words[3].data() + words[3].size();
        if (is_blob && std::from_chars(words[3].data(), end, blob.bytes).ptr != end) {
            return failure(git_tree_error("git lists files in an unknown form"));
        }
        return blob;
    }

    fs::path folder_;
    std::string own_place_;
    std::string commit_;
};

/// From the repository's root, without dots and slashes at the ends.
Result<std::string> plain_path(const std::string& path, const GitTreeOptions& options) {
    std::string plain = fs::path(path).lexically_normal().generic_string();
    while (plain.ends_with('/')) {
        plain.pop_back();
    }
    if (path.starts_with('/') || plain == ".." || plain.starts_with("../")) {
        return failure(
            make_error(ErrorCode::malformed_request,
                       fmt::format("git#{}:{}: the path is from the repository's root down, as in "
                                   "git#main:schemas",
                                   options.revision, path)));
    }
    return plain == "." ? std::string() : plain;
}

/// `path` from `folder`; both from the repository's root.
std::string within(const std::string& path, const std::string& folder) {
    return folder.empty() ? path : fs::path(path).lexically_relative(folder).generic_string();
}

class GitTreeLoader {
public:
    GitTreeLoader(const GitTreeOptions& options, const Revision& revision, std::string place)
        : options_(options), revision_(revision), place_(std::move(place)) {}

    Result<SchemaTree> load() {
        SYMBOLON_TRY(auto blobs, revision_.list(place_.empty() ? std::vector<std::string>()
                                                               : std::vector{place_}));
        if (blobs.empty()) {
            SYMBOLON_CHECK(check_named_path());
        }
        SYMBOLON_CHECK(follow_links(blobs));
        const bool is_file = blobs.size() == 1 && blobs.front().path == place_;
        root_ = is_file ? fs::path(place_).parent_path().generic_string() : place_;
        SYMBOLON_CHECK(find_config());
        for (const Blob& blob : blobs) {
            SYMBOLON_CHECK(add(blob, is_file ? Named::yes : Named::no));
        }
        SYMBOLON_CHECK(read_wanted());
        SYMBOLON_TRY(auto tree, assemble_tree(config_, std::move(files_), Extent::part));
        tree.name = fmt::format("git {}{}{}", options_.revision, place_.empty() ? "" : ":", place_);
        passed_over_.append_notes(tree.notes);
        if (tree.files.empty()) {
            tree.notes.push_back(
                blobs.empty() && !place_.empty()
                    ? fmt::format("{} has no {}, so that every subject counts as new",
                                  options_.revision, place_)
                    : fmt::format("{} has no schema file, so that every subject counts as new",
                                  tree.name));
        }
        return tree;
    }

private:
    std::string shown(const std::string& path) const {
        return fmt::format("{}:{}", options_.revision, path);
    }

    // Why: a new folder is in the working tree; what is nowhere is misspelt, and everything would
    // pass.
    Status check_named_path() const {
        if (options_.path.empty() || place_.empty()) {
            return {};
        }
        SYMBOLON_TRY(const fs::path top, revision_.top());
        std::error_code ignored;
        if (fs::exists(fs::symlink_status(top / place_, ignored))) {
            return {};
        }
        return failure(git_tree_error(fmt::format(
            "git#{0}:{1}: neither that revision nor the working tree has {1}; the path is from the "
            "repository's root down",
            options_.revision, place_)));
    }

    /// From the repository's root; empty: it is not below where the candidate stands.
    std::set<std::string> named_places() const {
        std::set<std::string> places;
        for (const std::string& named : options_.named) {
            const fs::path path = absolute_of(named);
            if (is_within(path, revision_.folder())) {
                places.insert(
                    (fs::path(revision_.own_place()) / path.lexically_relative(revision_.folder()))
                        .lexically_normal()
                        .generic_string());
            }
        }
        return places;
    }

    /// Links to files become those files, as in the working tree; others stay links.
    Status follow_links(std::vector<Blob>& blobs) const {
        std::vector<const Blob*> links;
        for (const Blob& blob : blobs) {
            if (blob.is_link && blob.bytes <= limits::link_bytes_max) {
                links.push_back(&blob);
            }
        }
        if (links.empty()) {
            return {};
        }
        SYMBOLON_TRY(const auto targets, revision_.read(links));
        const auto named = named_places();
        std::vector<std::string> wanted;
        for (std::size_t at = 0; at < links.size(); ++at) {
            const std::string& from = links[at]->path;
            const std::string target =
                (fs::path(from).parent_path() / targets[at]).lexically_normal().generic_string();
            const bool stays = place_.empty() || target.starts_with(place_ + "/");
            if (stays || from == place_ || named.contains(from)) {
                wanted.push_back(from);
            }
        }
        SYMBOLON_TRY(const auto found, revision_.resolve(wanted));
        for (Blob& blob : blobs) {
            const auto file = blob.is_link ? found.find(blob.path) : found.end();
            if (file != found.end()) {
                blob.object = file->second.object;
                blob.bytes = file->second.bytes;
                blob.is_file = true;
            }
        }
        return {};
    }

    /// The symbolon.yaml of the revision beside or above the tree, else the candidate's.
    Status find_config() {
        if (!options_.config_file.empty()) {
            return take_config(options_.config_file);
        }
        std::vector<std::string> places;
        for (fs::path folder = root_;; folder = folder.parent_path()) {
            places.push_back((folder / "symbolon.yaml").generic_string());
            if (folder.empty()) {
                break;
            }
        }
        SYMBOLON_TRY(const auto blobs, revision_.list(places));
        const Blob* nearest = nullptr;
        for (const Blob& blob : blobs) {
            if (blob.is_file && (nearest == nullptr || blob.path.size() > nearest->path.size())) {
                nearest = &blob;
            }
        }
        if (nearest != nullptr) {
            if (nearest->bytes > limits::tree_config_bytes_max) {
                return failure(
                    too_large(shown(nearest->path), nearest->bytes, limits::tree_config_bytes_max));
            }
            SYMBOLON_TRY(const auto texts, revision_.read({nearest}));
            SYMBOLON_TRY(config_, parse_tree_config(texts.front(), shown(nearest->path)));
            base_ = fs::path(nearest->path).parent_path().generic_string();
            return {};
        }
        base_ = root_;
        return options_.fallback_config_file.empty() ? Status()
                                                     : take_config(options_.fallback_config_file);
    }

    /// A configuration of the working tree.
    Status take_config(const std::string& named) {
        base_ = root_;
        const fs::path file = absolute_of(named);
        SYMBOLON_TRY(config_, read_config({file, file.parent_path()}));
        return find_fallback_base(file.parent_path());
    }

    /// Where a folder of the working tree is in the repository; outside of it: the tree's own.
    Status find_fallback_base(const fs::path& folder) {
        SYMBOLON_TRY(const fs::path root, revision_.top());
        std::error_code error;
        const fs::path real = fs::canonical(folder, error);
        if (root.empty() || error || !is_within(real, root)) {
            return {};
        }
        const std::string place = real.lexically_relative(root).generic_string();
        const std::string base = place == "." ? std::string() : place;
        if (base.empty() || root_ == base || root_.starts_with(base + "/")) {
            base_ = base;
        }
        return {};
    }

    static bool is_hidden(std::string_view path) {
        return path.starts_with('.') || path.find("/.") != std::string_view::npos;
    }

    bool is_in_excluded_folder(const std::string& path) const {
        for (std::size_t slash = path.find('/'); slash != std::string::npos;
             slash = path.find('/', slash + 1)) {
            if (is_excluded_folder(config_, std::string_view(path).substr(0, slash))) {
                return true;
            }
        }
        return is_excluded(config_, path);
    }

    Status add(const Blob& blob, Named named) {
        const std::string path = within(blob.path, root_);
        const std::string config_path = within(blob.path, base_);
        if (named == Named::no && is_hidden(path)) {
            return {};
        }
        if (!blob.is_file) {
            passed_over_.add_link(shown(blob.path));
            return {};
        }
        if (named == Named::no && is_in_excluded_folder(config_path)) {
            passed_over_.add_excluded();
            return {};
        }
        const FileClass what = classify(config_, config_path, named);
        if (what.kind == FileKind::other) {
            passed_over_.add_other();
            return {};
        }
        if (what.kind == FileKind::schema && blob.bytes > limits::schema_bytes_max) {
            return failure(too_large(shown(blob.path), blob.bytes, limits::schema_bytes_max));
        }
        if (blob.bytes > limits::schema_bytes_max) {
            passed_over_.add_plain_json(shown(blob.path));  // nothing so large is looked at
            return {};
        }
        wanted_.push_back(&blob);
        wanted_files_.push_back({path, config_path, shown(blob.path), what, {}});
        wanted_bytes_ += blob.bytes;
        return wanted_bytes_ < limits::git_batch_bytes_max ? Status() : read_wanted();
    }

    /// Why: .json files that turn out to be no schemas are let go before more are read.
    Status read_wanted() {
        if (wanted_.empty()) {
            return {};
        }
        SYMBOLON_TRY(auto texts, revision_.read(wanted_));
        for (std::size_t at = 0; at < texts.size(); ++at) {
            SourceFile& file = wanted_files_[at];
            if (file.what.kind == FileKind::perhaps_schema &&
                !looks_like_json_schema(
                    std::string_view(texts[at]).substr(0, limits::json_look_bytes_max))) {
                passed_over_.add_plain_json(file.shown_path);
                continue;
            }
            bytes_ += texts[at].size();
            if (bytes_ > limits::tree_bytes_max || files_.size() == limits::tree_files_max) {
                return failure(git_tree_error(fmt::format(
                    "{}: more than {} schema files, or more than {} bytes; name a smaller folder: "
                    "git#REF:PATH",
                    file.shown_path, limits::tree_files_max, limits::tree_bytes_max)));
            }
            file.text = std::move(texts[at]);
            files_.push_back(std::move(file));
        }
        wanted_.clear();
        wanted_files_.clear();
        wanted_bytes_ = 0;
        return {};
    }

    const GitTreeOptions& options_;
    const Revision& revision_;
    const std::string place_;  ///< of the tree, from the repository's root
    std::string root_;         ///< the folder of it
    std::string base_;         ///< the folder of the configuration
    TreeConfig config_;
    std::vector<const Blob*> wanted_;
    std::vector<SourceFile> wanted_files_;
    std::size_t wanted_bytes_ = 0;
    std::vector<SourceFile> files_;
    std::size_t bytes_ = 0;
    PassedOver passed_over_;
};

}  // namespace

Result<SchemaTree> load_git_tree(const GitTreeOptions& options) {
    SYMBOLON_TRY(const auto revision, Revision::open(options));
    SYMBOLON_TRY(auto place,
                 plain_path(options.path.empty() ? revision.own_place() : options.path, options));
    return GitTreeLoader(options, revision, std::move(place)).load();
}

}  // namespace symbolon::gate
