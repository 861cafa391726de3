#include "gate/tree/assemble_tree.hpp"

#include "gate/tree/glob.hpp"
#include "gate/tree/link_references.hpp"
#include "gate/tree/schema_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace symbolon::gate {

namespace {

std::string_view name_of(std::string_view path) {
    return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

std::string_view stem_of(std::string_view path) {
    std::string_view name = name_of(path);
    name = name.substr(0, name.rfind('.'));
    constexpr std::string_view schema = ".schema";
    if (name.ends_with(schema) && name.size() > schema.size()) {
        name.remove_suffix(schema.size());
    }
    return name;
}

std::string dir_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    std::string dir(slash == std::string_view::npos ? std::string_view() : path.substr(0, slash));
    std::replace(dir.begin(), dir.end(), '/', '.');
    return dir;
}

Result<std::string> subject_of(const TreeConfig& config, const SourceFile& file,
                               const SchemaNames& names) {
    const std::string_view pattern =
        file.what.entry == nullptr ? std::string_view("{stem}") : file.what.entry->subject;
    SubjectParts parts{std::string(stem_of(file.path)), dir_of(file.config_path), {}};
    if (uses_record(pattern)) {
        const auto record = find_record_name(file.what.type, file.text, names);
        if (record && record->empty()) {
            return failure(make_error(
                ErrorCode::cannot_start,
                fmt::format("{}:{}:{}: \"{}\" needs the name of what {} defines, and it defines "
                            "nothing with a name; write its subject without {{record}}",
                            config.file, file.what.entry->line, file.what.entry->column, pattern,
                            file.shown_path)));
        }
        parts.record = record.value_or(parts.stem);
    }
    return fill_subject(pattern, parts);
}

void note_unused_entries(const TreeConfig& config, const std::vector<SourceFile>& files,
                         SchemaTree& tree) {
    std::set<const ConfigEntry*> used;
    for (const SourceFile& file : files) {
        used.insert(file.what.entry);
    }
    for (const ConfigEntry& entry : config.entries) {
        if (used.count(&entry) == 0) {
            tree.notes.push_back(fmt::format("{}:{}: no schema file fits \"{}\"", config.file,
                                             entry.line, entry.pattern));
        }
    }
}

}  // namespace

FileClass classify(const TreeConfig& config, std::string_view config_path, Named named) {
    const std::string_view name = name_of(config_path);
    FileClass what;
    what.entry = find_entry(config, config_path);
    const bool is_json = name.ends_with(".json");
    if (what.entry != nullptr && what.entry->type) {
        what.type = *what.entry->type;
        what.kind = FileKind::schema;
    } else if (name.ends_with(".avsc") || name.ends_with(".proto")) {
        what.type = name.ends_with(".avsc") ? SchemaType::avro : SchemaType::protobuf;
        what.kind = FileKind::schema;
    } else if (is_json) {
        const bool is_schema =
            what.entry != nullptr || named == Named::yes || name.ends_with(".schema.json");
        what.type = SchemaType::json;
        what.kind = is_schema ? FileKind::schema : FileKind::perhaps_schema;
    }
    return what;
}

bool is_excluded_folder(const TreeConfig& config, std::string_view folder) {
    return std::any_of(
        config.exclude.begin(), config.exclude.end(),
        [folder](const std::string& pattern) { return covers_folder(pattern, folder); });
}

bool is_excluded(const TreeConfig& config, std::string_view path) {
    return std::any_of(config.exclude.begin(), config.exclude.end(),
                       [path](const std::string& pattern) { return matches_glob(pattern, path); });
}

Result<SchemaTree> assemble_tree(const TreeConfig& config, std::vector<SourceFile> files,
                                 Extent extent) {
    std::sort(files.begin(), files.end(), [](const SourceFile& left, const SourceFile& right) {
        return left.path < right.path;
    });
    SchemaTree tree;
    tree.rules = config.rules;
    if (extent == Extent::whole) {
        note_unused_entries(config, files, tree);
    }
    std::vector<SchemaNames> names;
    for (SourceFile& file : files) {
        names.push_back(read_schema_names(file.what.type, file.text));
        SYMBOLON_TRY(auto subject, subject_of(config, file, names.back()));
        tree.files.push_back({file.path,
                              file.shown_path,
                              std::move(subject),
                              file.what.type,
                              std::move(file.text),
                              {},
                              {},
                              {},
                              {}});
        if (const ConfigEntry* entry = file.what.entry) {
            TreeFile& added = tree.files.back();
            added.level = entry->level;
            added.mode = entry->mode;
            added.normalize = entry->normalize;
        }
    }
    SYMBOLON_CHECK(link_references(tree, {config, files, names, extent}));
    return tree;
}

}  // namespace symbolon::gate
