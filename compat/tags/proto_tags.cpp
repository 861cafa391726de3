#include "compat/tags/proto_tags.hpp"

#include "compat/protobuf/proto_descriptor.hpp"
#include "compat/protobuf/proto_parse.hpp"
#include "compat/protobuf/proto_print.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace symbolon::compat::protobuf {

namespace {

constexpr std::string_view tags_key = "tags";

std::string_view option_name_of(EntityKind kind) {
    return kind == EntityKind::record ? "confluent.message_meta" : "confluent.field_meta";
}

bool is_meta(const ProtoOption& option, EntityKind kind) {
    std::string_view name = option.name;
    name.remove_prefix(name.starts_with('.') ? 1 : 0);
    return option.custom && name == option_name_of(kind);
}

void add_texts(const OptionValue& value, std::set<std::string>& tags) {
    if (value.kind == OptionValue::Kind::text) {
        tags.insert(value.text);
    } else if (value.kind == OptionValue::Kind::list) {
        for (const OptionEntry& item : value.entries) {
            if (item.value.kind == OptionValue::Kind::text) {
                tags.insert(item.value.text);
            }
        }
    }
}

std::set<std::string> tags_of(const ProtoOptions& options, EntityKind kind) {
    std::set<std::string> tags;
    for (const ProtoOption& option : options) {
        if (!is_meta(option, kind)) {
            continue;
        }
        if (option.sub_path == tags_key) {
            add_texts(option.value, tags);
        } else if (option.sub_path.empty() && option.value.kind == OptionValue::Kind::map) {
            for (const OptionEntry& entry : option.value.entries) {
                if (entry.key == tags_key) {
                    add_texts(entry.value, tags);
                }
            }
        }
    }
    return tags;
}

OptionEntry entry_of(const std::set<std::string>& tags) {
    OptionEntry entry;
    entry.key = tags_key;
    entry.value.kind = OptionValue::Kind::list;
    for (const std::string& tag : tags) {
        OptionEntry item;
        item.value.kind = OptionValue::Kind::text;
        item.value.text = tag;
        entry.value.entries.push_back(std::move(item));
    }
    return entry;
}

// Takes all tags out and puts these in, beside what else the option says; an option of which
// nothing is left goes.
void set_tags(ProtoOptions& options, EntityKind kind, const std::set<std::string>& tags) {
    const auto is_tags = [](const OptionEntry& entry) { return entry.key == tags_key; };
    const auto is_whole = [&](const ProtoOption& option) {
        return is_meta(option, kind) && option.sub_path.empty() &&
               option.value.kind == OptionValue::Kind::map;
    };
    bool placed = tags.empty();
    for (ProtoOption& option : options) {
        if (!is_whole(option)) {
            continue;
        }
        const bool had_others =
            std::erase_if(option.value.entries, is_tags) == 0 || !option.value.entries.empty();
        if (!std::exchange(placed, true)) {
            option.value.entries.push_back(entry_of(tags));
        } else if (!had_others) {
            option.name.clear();
        }
    }
    std::erase_if(options, [&](const ProtoOption& option) {
        return option.name.empty() || (is_meta(option, kind) && option.sub_path == tags_key);
    });
    if (placed) {
        return;
    }
    ProtoOption option;
    option.custom = true;
    option.name = option_name_of(kind);
    // An option that is set part by part must not be set as a whole, too.
    const bool by_parts = std::any_of(
        options.begin(), options.end(),
        [&](const ProtoOption& other) { return is_meta(other, kind) && !other.sub_path.empty(); });
    if (!by_parts) {
        option.value.kind = OptionValue::Kind::map;
        option.value.entries.push_back(entry_of(tags));
        options.push_back(std::move(option));
        return;
    }
    option.sub_path = tags_key;
    option.value.kind = OptionValue::Kind::text;
    for (const std::string& tag : tags) {
        option.value.text = tag;
        options.push_back(option);
    }
}

/// Calls `visit` for each message and field of a file, in the order of the tree.
class ProtoTagWalk {
public:
    using Visit = std::function<void(const std::string&, EntityKind, ProtoOptions&)>;
    explicit ProtoTagWalk(Visit visit) : visit_(std::move(visit)) {}

    Status walk(ProtoFile& file) {
        for (ProtoMessage& message : file.messages) {
            walk_message(message, "");
        }
        if (path_bytes_ > limits::tag_path_bytes_max) {
            return failure(
                make_error(ErrorCode::check_too_costly,
                           fmt::format("The paths of what may have tags are longer than {} bytes",
                                       limits::tag_path_bytes_max)));
        }
        return {};
    }

private:
    void visit(const std::string& path, EntityKind kind, ProtoOptions& options) {
        path_bytes_ += path.size();
        if (path_bytes_ <= limits::tag_path_bytes_max) {
            visit_(path, kind, options);
        }
    }
    void walk_fields(std::vector<ProtoField>& fields, const std::string& owner) {
        for (ProtoField& field : fields) {
            visit(owner + "." + field.name, EntityKind::field, field.options);
        }
    }
    // Depth: protobuf_depth_max, by the parser.
    void walk_message(ProtoMessage& message, const std::string& outer) {
        const std::string path = outer + (outer.empty() ? "" : ".") + message.name;
        visit(path, EntityKind::record, message.options);
        walk_fields(message.fields, path);
        for (ProtoOneof& oneof : message.oneofs) {
            walk_fields(oneof.fields, path);
            for (ProtoGroup& group : oneof.groups) {
                walk_message(group.body, path);
            }
        }
        for (ProtoGroup& group : message.groups) {
            walk_message(group.body, path);
        }
        for (ProtoMessage& nested : message.messages) {
            walk_message(nested, path);
        }
    }

    Visit visit_;
    std::size_t path_bytes_ = 0;
};

Result<ProtoFile> read_tagged(std::string_view text) {
    auto file = parse_proto_text(text);
    if (file) {
        return file;
    }
    auto descriptor = parse_base64_descriptor(text);
    return descriptor ? Result<ProtoFile>(std::move(*descriptor)) : std::move(file);
}

using ProtoEntity = std::pair<std::string, EntityKind>;
using ProtoTagMap = std::map<ProtoEntity, std::set<std::string>>;

// Parity: a path may begin with a dot.
ProtoTagMap tag_map_of(const std::vector<EntityTags>& entities) {
    ProtoTagMap tags;
    for (const EntityTags& entity : entities) {
        const std::size_t dot = entity.path.starts_with('.') ? 1 : 0;
        tags[{entity.path.substr(dot), entity.kind}].insert(entity.tags.begin(), entity.tags.end());
    }
    return tags;
}

}  // namespace

Result<std::vector<EntityTags>> find_proto_tags(std::string_view text) {
    SYMBOLON_TRY(ProtoFile file, read_tagged(text));
    std::vector<EntityTags> found;
    ProtoTagWalk walk([&](const std::string& path, EntityKind kind, ProtoOptions& options) {
        if (auto tags = tags_of(options, kind); !tags.empty()) {
            found.push_back({path, kind, std::move(tags)});
        }
    });
    SYMBOLON_CHECK(walk.walk(file));
    return found;
}

Result<std::string> edit_proto_tags(std::string_view text, const TagEdits& edits) {
    SYMBOLON_TRY(ProtoFile file, read_tagged(text));
    const ProtoTagMap keep = tag_map_of(edits.keep);
    const ProtoTagMap add = tag_map_of(edits.add);
    const ProtoTagMap remove = tag_map_of(edits.remove);
    bool changed = false;
    std::set<ProtoEntity> missing;
    for (const ProtoTagMap* wanted : {&add, &remove}) {
        for (const auto& [entity, tags] : *wanted) {
            missing.insert(entity);
        }
    }
    ProtoTagWalk walk([&](const std::string& path, EntityKind kind, ProtoOptions& options) {
        const ProtoEntity entity(path, kind);
        missing.erase(entity);
        const std::set<std::string> before = tags_of(options, kind);
        std::set<std::string> after = before;
        for (const ProtoTagMap* more : {&keep, &add}) {
            if (const auto found = more->find(entity); found != more->end()) {
                after.insert(found->second.begin(), found->second.end());
            }
        }
        if (const auto found = remove.find(entity); found != remove.end()) {
            std::erase_if(after, [&](const auto& tag) { return found->second.contains(tag); });
        }
        if (after != before) {
            set_tags(options, kind, after);
            changed = true;
        }
    });
    SYMBOLON_CHECK(walk.walk(file));
    if (!missing.empty()) {
        const auto& [path, kind] = *missing.begin();
        return failure(make_error(
            ErrorCode::invalid_schema,
            fmt::format("No entity {} of type {} in the schema", path, to_string(kind))));
    }
    return changed ? print_proto(file, OptionOrder::default_last)
                   : Result<std::string>(std::string(text));
}

}  // namespace symbolon::compat::protobuf
