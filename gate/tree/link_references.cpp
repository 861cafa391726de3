#include "gate/tree/link_references.hpp"

#include "compat/json_schema/json_uri.hpp"
#include "core/limits.hpp"
#include "gate/tree/glob.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::gate {

namespace {

constexpr std::size_t nothing = static_cast<std::size_t>(-1);

std::string_view folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string_view last_part_of(std::string_view path) {
    return path.substr(path.rfind('/') + 1);
}

class Linker {
public:
    Linker(SchemaTree& tree, const LinkInput& input) : tree_(tree), input_(input) {
        for (std::size_t at = 0; at < tree.files.size(); ++at) {
            by_path_.emplace(tree.files[at].path, at);
            by_config_path_.emplace(input.files[at].config_path, at);
            by_last_part_.emplace(last_part_of(tree.files[at].path), at);
            for (const std::string& name : input.names[at].defined) {
                definers_.emplace(Key{tree.files[at].type, name}, at);
            }
        }
    }

    Status link_all() {
        for (std::size_t at = 0; at < tree_.files.size(); ++at) {
            SYMBOLON_CHECK(link(at));
        }
        return {};
    }

private:
    struct Key {
        SchemaType type;
        std::string_view name;
        friend auto operator<=>(const Key&, const Key&) = default;
    };

    Status link(std::size_t at) {
        TreeFile& file = tree_.files[at];
        std::vector<bool> configured_used;
        const ConfigEntry* const entry = input_.files[at].what.entry;
        configured_used.resize(entry == nullptr ? 0 : entry->references.size());
        for (const NameUse& use : input_.names[at].uses) {
            const std::size_t configured = find_configured(entry, use, file.type);
            if (configured != nothing) {
                configured_used[configured] = true;
                SYMBOLON_TRY(auto reference, make_configured(entry->references[configured], at));
                reference.line = use.line;
                reference.column = use.column;
                file.references.push_back(std::move(reference));
            } else {
                add_found(at, use);
            }
        }
        for (std::size_t number = 0; number < configured_used.size(); ++number) {
            // Why: a pattern says where names are found for all the files that may use them; a
            // single file has what it is said to have.
            if (!configured_used[number] && is_plain_path(entry->pattern)) {
                SYMBOLON_TRY(auto reference, make_configured(entry->references[number], at));
                file.references.push_back(std::move(reference));
            }
        }
        return {};
    }

    static std::size_t find_configured(const ConfigEntry* entry, const NameUse& use,
                                       SchemaType type) {
        if (entry == nullptr) {
            return nothing;
        }
        for (std::size_t at = 0; at < entry->references.size(); ++at) {
            const std::string& name = entry->references[at].name;
            const bool same = name == use.name || (!use.other.empty() && name == use.other);
            const bool dotted = type == SchemaType::json && use.name.starts_with("./") &&
                                std::string_view(use.name).substr(2) == name;
            if (same || dotted) {
                return at;
            }
        }
        return nothing;
    }

    Result<TreeReference> make_configured(const ConfigReference& wanted, std::size_t from) const {
        TreeReference reference;
        reference.name = wanted.name;
        reference.subject = wanted.subject;
        reference.version = wanted.version;
        if (wanted.file.empty()) {
            return reference;
        }
        const auto found = by_config_path_.find(wanted.file);
        if (found == by_config_path_.end()) {
            if (input_.extent == Extent::part) {
                return reference;  // the file may be there, and was not asked for
            }
            return failure(make_error(
                ErrorCode::cannot_start,
                fmt::format("{}:{}:{}: {} is none of the schema files; paths are from the folder "
                            "of symbolon.yaml",
                            input_.config.file, wanted.line, wanted.column, wanted.file)));
        }
        if (found->second == from) {
            return failure(
                make_error(ErrorCode::cannot_start,
                           fmt::format("{}:{}:{}: {} refers to itself", input_.config.file,
                                       wanted.line, wanted.column, wanted.file)));
        }
        reference.file = found->second;
        reference.subject = tree_.files[found->second].subject;
        return reference;
    }

    void add_found(std::size_t at, const NameUse& use) {
        TreeFile& file = tree_.files[at];
        TreeReference reference;
        reference.name = use.name;
        reference.line = use.line;
        reference.column = use.column;
        std::optional<std::size_t> found;
        switch (file.type) {
            case SchemaType::avro:
                found = find_avro(at, use, reference.name);
                break;
            case SchemaType::json:
                found = find_json(at, use);
                break;
            case SchemaType::protobuf:
                found = find_proto(at, use.name);
                break;
        }
        if (found == at) {
            return;
        }
        if (found) {
            reference.file = found;
            reference.subject = tree_.files[*found].subject;
        }
        // Why: an Avro text under two names would be defined twice; it brings all its names anyway.
        if (file.type == SchemaType::avro && found) {
            const auto known = std::find_if(
                file.references.begin(), file.references.end(),
                [&](const TreeReference& other) { return other.file == reference.file; });
            if (known != file.references.end()) {
                if (reference.name == input_.names[*found].title) {
                    known->name = reference.name;
                }
                return;
            }
        }
        file.references.push_back(std::move(reference));
    }

    std::optional<std::size_t> find_avro(std::size_t at, const NameUse& use,
                                         std::string& name) const {
        for (const std::string* wanted : {&use.name, &use.other}) {
            const auto [first, last] = definers_.equal_range(Key{SchemaType::avro, *wanted});
            std::optional<std::size_t> best;
            int best_rank = -1;
            std::size_t steps = 0;
            for (auto found = first; found != last && ++steps <= limits::reference_candidates_max;
                 ++found) {
                const bool at_top = input_.names[found->second].title == *wanted;
                const bool near =
                    folder_of(tree_.files[found->second].path) == folder_of(tree_.files[at].path);
                const int rank = (at_top ? 2 : 0) + (near ? 1 : 0);
                if (found->second != at && rank > best_rank) {
                    best = found->second;
                    best_rank = rank;
                }
            }
            if (best) {
                name = *wanted;
                return best;
            }
        }
        return std::nullopt;
    }

    std::optional<std::size_t> find_json(std::size_t at, const NameUse& use) const {
        if (!use.other.empty()) {
            if (const auto found = definers_.find(Key{SchemaType::json, use.other});
                found != definers_.end()) {
                return found->second;
            }
        }
        const std::string path =
            path_from(tree_.files[at].path, compat::json::undo_percent(use.name));
        return find_path(path, SchemaType::json);
    }

    std::optional<std::size_t> find_proto(std::size_t at, const std::string& path) const {
        if (const auto found = find_path(path, SchemaType::protobuf)) {
            return found;
        }
        if (const auto found =
                find_path(path_from(tree_.files[at].path, path), SchemaType::protobuf)) {
            return found;
        }
        std::optional<std::size_t> only;
        const auto [first, last] = by_last_part_.equal_range(last_part_of(path));
        std::size_t steps = 0;
        for (auto found = first; found != last; ++found) {
            if (++steps > limits::reference_candidates_max) {
                return std::nullopt;
            }
            const TreeFile& file = tree_.files[found->second];
            const bool ends_so = file.path.size() > path.size() && file.path.ends_with(path) &&
                                 file.path[file.path.size() - path.size() - 1] == '/';
            if (!ends_so || file.type != SchemaType::protobuf) {
                continue;
            }
            if (only) {
                return std::nullopt;  // which of them is meant is not known here
            }
            only = found->second;
        }
        return only;
    }

    std::optional<std::size_t> find_path(const std::string& path, SchemaType type) const {
        const auto found = by_path_.find(path);
        return found != by_path_.end() && tree_.files[found->second].type == type
                   ? std::optional(found->second)
                   : std::nullopt;
    }

    SchemaTree& tree_;
    const LinkInput& input_;
    std::map<std::string_view, std::size_t, std::less<>> by_path_;
    std::map<std::string_view, std::size_t, std::less<>> by_config_path_;
    std::multimap<std::string_view, std::size_t, std::less<>> by_last_part_;
    std::multimap<Key, std::size_t> definers_;
};

}  // namespace

std::string path_from(std::string_view file, std::string_view path) {
    std::string out(folder_of(file));
    while (!path.empty()) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view step = path.substr(0, end);
        path.remove_prefix(std::min(end + 1, path.size()));
        if (step == "..") {
            if (out.empty()) {
                return {};
            }
            out.resize(folder_of(out).size());
        } else if (!step.empty() && step != ".") {
            out += (out.empty() ? "" : "/") + std::string(step);
        }
    }
    return out;
}

Status link_references(SchemaTree& tree, const LinkInput& input) {
    return Linker(tree, input).link_all();
}

}  // namespace symbolon::gate
