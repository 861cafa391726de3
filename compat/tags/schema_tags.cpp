#include "compat/schema_tags.hpp"

#include "compat/json_text/json_text.hpp"
#include "compat/tags/proto_tags.hpp"
#include "compat/tags/tag_walk.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <map>
#include <memory_resource>
#include <optional>
#include <utility>

namespace symbolon::compat {

namespace {

constexpr std::string_view tags_property = "confluent:tags";

using EntityName = std::pair<std::string, EntityKind>;
using TagsByEntity = std::map<EntityName, std::set<std::string>>;

std::set<std::string> tags_in(const JsonNode& entity) {
    std::set<std::string> tags;
    const JsonNode* list = entity.find(tags_property);
    if (list == nullptr || list->kind != JsonKind::array) {
        return tags;
    }
    for (const JsonNode* tag = list->first; tag != nullptr; tag = tag->next) {
        if (tag->kind == JsonKind::string) {
            tags.emplace(tag->text);
        }
    }
    return tags;
}

/// A schema's text as a tree, and the memory that it lives in.
class TaggedText {
public:
    static Result<std::unique_ptr<TaggedText>> read(SchemaType type, std::string_view text) {
        auto tagged = std::make_unique<TaggedText>();
        JsonReader reader(text, tagged->memory_, tagged->memory_,
                          type == SchemaType::avro ? JsonDialect::avro : JsonDialect::plain);
        tagged->type_ = type;
        tagged->root_ = reader.read();
        if (tagged->root_ == nullptr) {
            return failure(make_error(ErrorCode::invalid_schema,
                                      fmt::format("{} at {}", reader.problem(),
                                                  place_of(text, reader.problem_offset()))));
        }
        return tagged;
    }

    const JsonNode& root() const { return *root_; }

    Status visit_entities(const TagWalk::Visit& visit) const {
        TagWalk walk(visit);
        if (type_ == SchemaType::avro) {
            walk.walk_avro(*root_, {});
        } else {
            std::string path;
            walk.walk_json(*root_, path);
        }
        if (walk.exhausted()) {
            return failure(
                make_error(ErrorCode::check_too_costly,
                           fmt::format("The paths of what may have tags are longer than {} bytes",
                                       limits::tag_path_bytes_max)));
        }
        return {};
    }

private:
    std::pmr::monotonic_buffer_resource memory_;
    SchemaType type_ = SchemaType::avro;
    const JsonNode* root_ = nullptr;
};

/// Prints a tree with the tags of some of its objects replaced.
class TagPrinter {
public:
    using Replacements = std::map<const JsonNode*, std::set<std::string>>;

    explicit TagPrinter(const Replacements& replacements) : replacements_(replacements) {}

    void print(const JsonNode& node) {
        if (node.kind == JsonKind::object) {
            print_object(node);
        } else if (node.kind == JsonKind::array) {
            out_ += '[';
            for (const JsonNode* item = node.first; item != nullptr; item = item->next) {
                out_ += item == node.first ? "" : ",";
                print(*item);
            }
            out_ += ']';
        } else {
            append_json(out_, node, MemberOrder::as_written);
        }
    }
    std::string take() { return std::move(out_); }

private:
    void print_object(const JsonNode& object) {
        const auto found = replacements_.find(&object);
        const std::set<std::string>* tags = found == replacements_.end() ? nullptr : &found->second;
        bool first = true;
        bool printed = false;
        const auto begin_member = [&](std::string_view key) {
            out_ += first ? "" : ",";
            first = false;
            append_quoted(out_, key);
            out_ += ':';
        };
        out_ += '{';
        for (const JsonNode* member = object.first; member != nullptr; member = member->next) {
            if (tags == nullptr || member->key != tags_property) {
                begin_member(member->key);
                print(*member);
            } else if (!tags->empty()) {
                begin_member(tags_property);
                print_tags(*tags);
                printed = true;
            }
        }
        if (tags != nullptr && !tags->empty() && !printed) {
            begin_member(tags_property);
            print_tags(*tags);
        }
        out_ += '}';
    }

    void print_tags(const std::set<std::string>& tags) {
        out_ += '[';
        bool first = true;
        for (const std::string& tag : tags) {
            out_ += first ? "" : ",";
            first = false;
            append_quoted(out_, tag);
        }
        out_ += ']';
    }

    const Replacements& replacements_;
    std::string out_;
};

void collect(TagsByEntity& collected, const std::vector<EntityTags>& entities) {
    for (const EntityTags& entity : entities) {
        collected[{entity.path, entity.kind}].insert(entity.tags.begin(), entity.tags.end());
    }
}

Error no_entity(const EntityName& name) {
    return make_error(
        ErrorCode::invalid_schema,
        fmt::format("No entity {} of type {} in the schema", name.first, to_string(name.second)));
}

}  // namespace

std::string_view to_string(EntityKind kind) {
    return kind == EntityKind::record ? "sr_record" : "sr_field";
}

Result<std::vector<EntityTags>> find_tags(SchemaType type, std::string_view text) {
    if (type == SchemaType::protobuf) {
        return protobuf::find_proto_tags(text);
    }
    std::vector<EntityTags> found;
    SYMBOLON_TRY(const auto tagged, TaggedText::read(type, text));
    const JsonNode* last = nullptr;
    SYMBOLON_CHECK(tagged->visit_entities(
        [&](const std::string& path, EntityKind kind, const JsonNode& entity) {
            auto tags = tags_in(entity);
            // JSON: the schema of a field that is an object itself is told once, as the field.
            if (!tags.empty() && &entity != last) {
                found.push_back({path, kind, std::move(tags)});
            }
            last = &entity;
        }));
    return found;
}

Result<std::string> edit_tags(SchemaType type, std::string_view text, const TagEdits& edits) {
    if (type == SchemaType::protobuf) {
        return protobuf::edit_proto_tags(text, edits);
    }
    SYMBOLON_TRY(const auto tagged, TaggedText::read(type, text));
    TagsByEntity keep;
    TagsByEntity add;
    TagsByEntity remove;
    collect(keep, edits.keep);
    collect(add, edits.add);
    collect(remove, edits.remove);
    std::set<EntityName> missing;
    for (const auto* wanted : {&add, &remove}) {
        for (const auto& [name, tags] : *wanted) {
            missing.insert(name);
        }
    }
    TagPrinter::Replacements replacements;
    SYMBOLON_CHECK(tagged->visit_entities(
        [&](const std::string& path, EntityKind kind, const JsonNode& entity) {
            const EntityName name(path, kind);
            missing.erase(name);
            const auto kept = keep.find(name);
            const auto added = add.find(name);
            const auto removed = remove.find(name);
            if (kept == keep.end() && added == add.end() && removed == remove.end()) {
                return;
            }
            auto& tags = replacements.try_emplace(&entity, tags_in(entity)).first->second;
            for (const auto& more : {std::pair{kept, &keep}, std::pair{added, &add}}) {
                if (more.first != more.second->end()) {
                    tags.insert(more.first->second.begin(), more.first->second.end());
                }
            }
            if (removed != remove.end()) {
                std::erase_if(tags, [&](const auto& tag) { return removed->second.contains(tag); });
            }
        }));
    if (!missing.empty()) {
        return failure(no_entity(*missing.begin()));
    }
    TagPrinter printer(replacements);
    printer.print(tagged->root());
    return printer.take();
}

}  // namespace symbolon::compat
