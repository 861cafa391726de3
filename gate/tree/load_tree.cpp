#include "gate/tree/load_tree.hpp"

#include "core/limits.hpp"
#include "gate/tree/assemble_tree.hpp"
#include "gate/tree/config_place.hpp"
#include "gate/tree/passed_over.hpp"
#include "gate/tree/read_file.hpp"
#include "gate/tree/schema_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

namespace fs = std::filesystem;

/// A folder or file as the user named it.
struct Start {
    std::string named{};
    fs::path absolute{};
    bool is_folder = false;
};

Result<std::vector<Start>> look_at_starts(const std::vector<std::string>& paths) {
    std::vector<Start> starts;
    if (paths.empty()) {
        return failure(make_error(ErrorCode::malformed_request,
                                  "name the folder or the files that have the schemas"));
    }
    for (const std::string& path : paths) {
        std::error_code error;
        const auto status = fs::status(path, error);
        if (path.empty() || status.type() == fs::file_type::not_found) {
            return failure(make_error(
                ErrorCode::cannot_start,
                fmt::format("\"{}\" is not there: name a folder or file that has schemas", path)));
        }
        if (error) {
            return failure(cannot_read(path, error.message()));
        }
        starts.push_back({path, absolute_of(path), fs::is_directory(status)});
        if (!starts.back().is_folder && !fs::is_regular_file(status)) {
            return failure(cannot_read(path, "it is neither a folder nor a regular file"));
        }
    }
    return starts;
}

/// As the user wrote it, without dots and slashes that say nothing.
fs::path shown_of(const Start& start) {
    const fs::path shown = fs::path(start.named).lexically_normal();
    return shown.has_filename() || !shown.has_relative_path() ? shown : shown.parent_path();
}

/// The deepest folder around all of them.
fs::path common_folder(const std::vector<Start>& starts) {
    fs::path common;
    for (const Start& start : starts) {
        const fs::path folder = start.is_folder ? start.absolute : start.absolute.parent_path();
        if (common.empty()) {
            common = folder;
        }
        while (!is_within(folder, common)) {
            common = common.parent_path();
        }
    }
    return common;
}

std::string name_of_tree(const std::vector<Start>& starts) {
    constexpr std::size_t named_max = 3;
    std::vector<std::string> names;
    for (const Start& start : starts) {
        names.push_back(start.named + (start.is_folder && !start.named.ends_with('/') ? "/" : ""));
    }
    return names.size() <= named_max ? fmt::format("{}", fmt::join(names, ", "))
                                     : fmt::format("{} paths", names.size());
}

/// Finds the schema files below folders and reads them.
class Walker {
public:
    Walker(const TreeConfig& config, fs::path root, fs::path base)
        : config_(config), root_(std::move(root)), base_(std::move(base)) {}

    Status add(const Start& start) {
        if (!start.is_folder) {
            return add_file(start.absolute, shown_of(start), Named::yes);
        }
        std::error_code error;
        boundary_ = fs::canonical(start.absolute, error);
        if (error) {
            return failure(cannot_read(start.named, error.message()));
        }
        return walk(start.absolute, shown_of(start), 0);
    }

    std::vector<SourceFile>& files() { return files_; }
    std::vector<PassedFile>& plain_json() { return plain_json_; }
    const PassedOver& passed_over() const { return passed_over_; }

private:
    std::string config_path_of(const fs::path& path) const {
        return path.lexically_relative(base_).generic_string();
    }

    // Recursive: tree_depth_max bounds it.
    Status walk(const fs::path& folder, const fs::path& shown, std::size_t depth) {
        if (depth > limits::tree_depth_max) {
            return failure(make_error(
                ErrorCode::cannot_start,
                fmt::format("{}: more than {} folders in one another; name it under \"exclude\" in "
                            "symbolon.yaml",
                            shown.generic_string(), limits::tree_depth_max)));
        }
        std::vector<fs::directory_entry> entries;
        std::error_code error;
        for (fs::directory_iterator at(folder, error); !error && at != fs::directory_iterator();
             at.increment(error)) {
            entries.push_back(*at);
            if (++entries_ > limits::tree_entries_max) {
                return failure(make_error(
                    ErrorCode::cannot_start,
                    fmt::format("{}: more than {} files and folders; name a smaller folder, or "
                                "what is not yours under \"exclude\" in symbolon.yaml",
                                shown.generic_string(), limits::tree_entries_max)));
            }
        }
        if (error) {
            return failure(cannot_read(shown.generic_string(), error.message()));
        }
        std::sort(entries.begin(), entries.end());
        for (const auto& entry : entries) {
            const fs::path name = entry.path().filename();
            if (!name.native().starts_with('.')) {
                SYMBOLON_CHECK(add_entry(entry, shown == "." ? name : shown / name, depth));
            }
        }
        return {};
    }

    Status add_entry(const fs::directory_entry& entry, const fs::path& shown, std::size_t depth) {
        std::error_code error;
        const bool is_link = fs::is_symlink(entry.symlink_status(error));
        const auto status = entry.status(error);
        const std::string config_path = config_path_of(entry.path());
        if (fs::is_directory(status)) {
            if (is_excluded_folder(config_, config_path)) {
                passed_over_.add_excluded();
                return {};
            }
            if (is_link) {
                add_folder_link(entry.path(), shown);
                return {};
            }
            return walk(entry.path(), shown, depth + 1);
        }
        if (is_link && fs::is_regular_file(status) && !leads_within(entry.path())) {
            passed_over_.add_link(shown.generic_string());
            return {};
        }
        // What is no regular file, or a link to nothing, is told where it would be read.
        return add_file(entry.path(), shown, Named::no);
    }

    /// The folder is walked anyway when it is below.
    void add_folder_link(const fs::path& path, const fs::path& shown) {
        if (!leads_within(path)) {
            passed_over_.add_link(shown.generic_string());
        }
    }

    bool leads_within(const fs::path& path) const {
        std::error_code error;
        const fs::path target = fs::canonical(path, error);
        return !error && is_within(target, boundary_);
    }

    Status add_file(const fs::path& path, const fs::path& shown, Named named) {
        const std::string config_path = config_path_of(path);
        const std::string shown_path = shown.generic_string();
        if (named == Named::no && is_excluded(config_, config_path)) {
            passed_over_.add_excluded();
            return {};
        }
        FileClass what = classify(config_, config_path, named);
        if (what.kind == FileKind::perhaps_schema) {
            SYMBOLON_TRY(const auto text,
                         read_beginning(path.string(), shown_path, limits::json_look_bytes_max));
            if (!looks_like_json_schema(text)) {
                passed_over_.add_plain_json(shown_path);
                plain_json_.push_back(
                    {path.lexically_relative(root_).generic_string(), shown_path});
                return {};
            }
        } else if (what.kind == FileKind::other) {
            return add_other(path, shown_path, named);
        }
        if (!known_.insert(path).second) {
            return {};
        }
        SYMBOLON_TRY(auto text, read_file(path.string(), shown_path, limits::schema_bytes_max));
        bytes_ += text.size();
        if (bytes_ > limits::tree_bytes_max || files_.size() == limits::tree_files_max) {
            return failure(make_error(
                ErrorCode::cannot_start,
                fmt::format("{}: the tree has more than {} schema files, or they have more than {} "
                            "bytes together; check it in parts",
                            shown_path, limits::tree_files_max, limits::tree_bytes_max)));
        }
        files_.push_back({path.lexically_relative(root_).generic_string(), config_path, shown_path,
                          what, std::move(text)});
        return {};
    }

    Status add_other(const fs::path& path, const std::string& shown_path, Named named) {
        if (named == Named::yes) {
            return failure(make_error(
                ErrorCode::cannot_start,
                fmt::format("{}: of which type is this schema? .avsc, .json and .proto tell; for "
                            "other names give a \"path\" and \"type\" under \"schemas\" in "
                            "symbolon.yaml",
                            shown_path)));
        }
        passed_over_.add_other();
        if (path.filename() == "symbolon.yaml" && path.parent_path() != root_) {
            passed_over_.add_config(shown_path);
        }
        return {};
    }

    const TreeConfig& config_;
    fs::path root_;
    fs::path base_;
    fs::path boundary_;  ///< links lead no further
    std::set<fs::path> known_;
    std::vector<SourceFile> files_;
    std::vector<PassedFile> plain_json_;
    PassedOver passed_over_;
    std::size_t entries_ = 0;
    std::size_t bytes_ = 0;
};

}  // namespace

Result<SchemaTree> load_tree(const std::vector<std::string>& paths, const TreeOptions& options) {
    SYMBOLON_TRY(const auto starts, look_at_starts(paths));
    const fs::path root = common_folder(starts);
    SYMBOLON_TRY(const auto place, find_config_place(root, options));
    SYMBOLON_TRY(const auto config, read_config(place));
    Walker walker(config, root, place.base);
    for (const Start& start : starts) {
        SYMBOLON_CHECK(walker.add(start));
    }
    if (walker.files().empty()) {
        return failure(walker.passed_over().nothing_found(name_of_tree(starts)));
    }
    // Why: a configuration from elsewhere may speak of files that only its own tree has.
    const bool is_own = place.file.parent_path() == place.base;
    const bool is_whole =
        is_own && std::any_of(starts.begin(), starts.end(), [&place](const Start& start) {
            return start.is_folder && is_within(place.base, start.absolute);
        });
    SYMBOLON_TRY(auto tree, assemble_tree(config, std::move(walker.files()),
                                          is_whole ? Extent::whole : Extent::part));
    tree.name = name_of_tree(starts);
    tree.plain_json = std::move(walker.plain_json());
    walker.passed_over().append_notes(tree.notes);
    return tree;
}

Result<std::string> find_config_file(const std::vector<std::string>& paths,
                                     const TreeOptions& options) {
    SYMBOLON_TRY(const auto starts, look_at_starts(paths));
    SYMBOLON_TRY(const auto place, find_config_place(common_folder(starts), options));
    return place.file.string();
}

Result<std::string> folder_around(const std::vector<std::string>& paths) {
    SYMBOLON_TRY(const auto starts, look_at_starts(paths));
    return common_folder(starts).string();
}

}  // namespace symbolon::gate
