#include "gate/tree/config_place.hpp"

#include "core/limits.hpp"
#include "gate/tree/read_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace symbolon::gate {

namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

/// The nearest folder from `root` up that is a repository's; `root` itself when none is.
fs::path repository_around(const fs::path& root) {
    for (fs::path folder = root;; folder = folder.parent_path()) {
        if (is_there(folder / ".git")) {
            return folder;
        }
        if (folder == folder.parent_path()) {
            return root;
        }
    }
}

}  // namespace

fs::path absolute_of(const std::string& path) {
    std::error_code ignored;
    fs::path absolute = fs::absolute(path, ignored).lexically_normal();
    if (!absolute.has_filename() && absolute.has_relative_path()) {
        absolute = absolute.parent_path();
    }
    return absolute;
}

bool is_within(const fs::path& path, const fs::path& folder) {
    const auto [in_folder, in_path] =
        std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
    return in_folder == folder.end();
}

std::string shown_from_here(const fs::path& absolute) {
    std::error_code error;
    const fs::path here = fs::current_path(error);
    if (error || !is_within(absolute, here)) {
        return absolute.generic_string();
    }
    return absolute.lexically_relative(here).generic_string();
}

Result<ConfigPlace> find_config_place(const fs::path& root, const TreeOptions& options) {
    if (!options.config_file.empty()) {
        const fs::path file = absolute_of(options.config_file);
        if (!is_there(file)) {
            return failure(
                make_error(ErrorCode::cannot_start,
                           fmt::format("the configuration {} is not there", options.config_file)));
        }
        // Why: a file from elsewhere speaks of the tree that it is used for.
        const fs::path folder = file.parent_path();
        return ConfigPlace{file, is_within(root, folder) ? folder : root};
    }
    const fs::path top = repository_around(root);
    for (fs::path folder = root;; folder = folder.parent_path()) {
        if (is_there(folder / "symbolon.yaml")) {
            return ConfigPlace{folder / "symbolon.yaml", folder};
        }
        if (folder == top || folder == folder.parent_path()) {
            return ConfigPlace{{}, root};
        }
    }
}

Result<TreeConfig> read_config(const ConfigPlace& place) {
    if (place.file.empty()) {
        return TreeConfig();
    }
    const std::string shown = shown_from_here(place.file);
    auto text = read_file(place.file.string(), shown, limits::schema_bytes_max);
    if (!text) {
        return failure(make_error(ErrorCode::cannot_start,
                                  fmt::format("the configuration: {}", text.error().message)));
    }
    return parse_tree_config(*text, shown);
}

}  // namespace symbolon::gate
