#include "cli/schema_files.hpp"

#include "cli/registry_command.hpp"
#include "cli/text_file.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

namespace symbolon::cli {

namespace {

namespace fs = std::filesystem;

std::string_view extension_of(SchemaType type) {
    switch (type) {
        case SchemaType::avro:
            return ".avsc";
        case SchemaType::json:
            return ".json";
        case SchemaType::protobuf:
            return ".proto";
    }
    return "";
}

bool is_safe_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' || letter == '-';
}

std::string to_safe_part(std::string_view text) {
    std::string part(text.substr(0, limits::file_name_part_bytes_max));
    std::replace_if(
        part.begin(), part.end(), [](char letter) { return !is_safe_letter(letter); }, '_');
    // Neither hidden, nor "..", nor taken for a flag.
    if (part.starts_with('.') || part.starts_with('-')) {
        part.front() = '_';
    }
    return part;
}

/// A path that is not taken, nor a folder or a file in the way of one that is: "x-2.avsc".
std::string free_path(const std::string& name, std::string_view extension,
                      std::set<std::string>& taken) {
    std::string stem = to_safe_path(name);
    if (stem.ends_with(extension)) {
        stem.resize(stem.size() - extension.size());
    }
    for (std::size_t number = 1;; ++number) {
        std::string path =
            fmt::format("{}{}{}", stem, number == 1 ? "" : fmt::format("-{}", number), extension);
        const bool in_the_way =
            std::any_of(taken.begin(), taken.end(), [&](const std::string& other) {
                return other == path || other.starts_with(path + "/") ||
                       path.starts_with(other + "/");
            });
        if (!in_the_way) {
            taken.insert(path);
            return path;
        }
    }
}

Error not_writable(const fs::path& path, std::string_view why) {
    return make_error(ErrorCode::cannot_start, fmt::format("{}: {}", path.string(), why));
}

/// A part of the way that is a link could lead anywhere.
Status check_no_links(const fs::path& folder, const std::string& path) {
    fs::path way = folder;
    for (const auto& part : fs::path(path)) {
        way /= part;
        std::error_code ignored;
        if (fs::is_symlink(way, ignored)) {
            return failure(
                with_hint(not_writable(way, "is a link; nothing is written through links"),
                          "Remove it, or give another folder."));
        }
    }
    return {};
}

Status check_not_there(const fs::path& target, const std::string& text) {
    std::error_code ignored;
    if (!fs::exists(target, ignored)) {
        return {};
    }
    const auto there = read_whole_file(target.string(), limits::schema_bytes_max);
    if (there && *there == text) {
        return {};
    }
    return failure(with_hint(not_writable(target, "is there with other content"),
                             "--overwrite writes over it; or give an empty folder."));
}

}  // namespace

std::string to_safe_path(std::string_view name) {
    std::string path;
    std::size_t parts = 0;
    while (!name.empty() && parts < limits::file_name_parts_max) {
        const std::size_t slash = std::min(name.find('/'), name.size());
        const std::string_view part = name.substr(0, slash);
        name.remove_prefix(std::min(slash + 1, name.size()));
        if (part.empty() || part == "." || part == "..") {
            continue;
        }
        path += (path.empty() ? "" : "/") + to_safe_part(part);
        ++parts;
    }
    return path.empty() ? "_" : path;
}

std::vector<SchemaFile> name_schema_files(const client::RegisteredSchema& schema) {
    const auto extension = extension_of(schema.type);
    std::set<std::string> taken;
    std::vector<SchemaFile> files;
    for (const auto& reference : schema.reference_texts) {
        files.push_back({free_path(reference.name, extension, taken), reference.text});
    }
    const std::string name = !schema.subject.empty()   ? schema.subject
                             : schema.id != SchemaId() ? fmt::format("schema-{}", schema.id.value())
                             : !schema.guid.empty()    ? "schema-" + schema.guid
                                                       : "schema";
    // A subject with slashes is a name, not a way.
    std::string flat = name;
    std::replace(flat.begin(), flat.end(), '/', '_');
    files.push_back({free_path(flat, extension, taken), schema.text});
    return files;
}

Status write_schema_files(const std::string& folder, const std::vector<SchemaFile>& files,
                          Overwrite overwrite) {
    const fs::path root(folder);
    for (const auto& file : files) {
        SYMBOLON_CHECK(check_no_links(root, file.path));
        if (overwrite == Overwrite::no) {
            SYMBOLON_CHECK(check_not_there(root / file.path, file.text));
        }
    }
    for (const auto& file : files) {
        const fs::path target = root / file.path;
        std::error_code error;
        fs::create_directories(target.parent_path(), error);
        if (error) {
            return failure(not_writable(target.parent_path(), error.message()));
        }
        SYMBOLON_CHECK(check_no_links(root, file.path));
        SYMBOLON_CHECK(write_whole_file(target.string(), file.text));
    }
    return {};
}

}  // namespace symbolon::cli
