#include "tests/support/naive_proto_check.hpp"

#include "compat/protobuf/proto_built_in.hpp"
#include "compat/protobuf/proto_schema.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace symbolon::tests {

namespace {

using compat::protobuf::Label;
using compat::protobuf::ProtoEnum;
using compat::protobuf::ProtoField;
using compat::protobuf::ProtoFile;
using compat::protobuf::ProtoFiles;
using compat::protobuf::ProtoMessage;
using compat::protobuf::ProtoOneof;

std::string dotted(const std::string& scope, const std::string& name) {
    return scope.empty() ? name : scope + "." + name;
}

std::string without_last_part(const std::string& scope) {
    const std::size_t dot = scope.rfind('.');
    return dot == std::string::npos ? "" : scope.substr(0, dot);
}

bool is_entry(const ProtoMessage& message) {
    for (const auto& option : message.options) {
        if (option.name == "map_entry" && !option.custom && option.value.text == "true") {
            return true;
        }
    }
    return false;
}

/// A type somewhere in the pool of full names.
struct NaiveType {
    const ProtoMessage* message = nullptr;  ///< none: an enum
    std::string full_name;
    std::string package;
    std::string origin;  ///< "root", "subject/version" of a direct reference, a file, or nothing

    std::string without_package() const {
        return package.empty() ? full_name : full_name.substr(package.size() + 1);
    }
};

using NaiveTypes = std::map<std::string, NaiveType>;

void add_level(NaiveTypes& types, const std::vector<ProtoMessage>& messages,
               const std::vector<ProtoEnum>& enums, const std::string& scope, NaiveType type) {
    for (const ProtoMessage& message : messages) {
        type.message = &message;
        type.full_name = dotted(scope, message.name);
        types.emplace(type.full_name, type);
        add_level(types, message.messages, message.enums, type.full_name, type);
    }
    type.message = nullptr;
    for (const ProtoEnum& enumeration : enums) {
        type.full_name = dotted(scope, enumeration.name);
        types.emplace(type.full_name, type);
    }
}

void add_file(NaiveTypes& types, const ProtoFile& file, const std::string& origin) {
    add_level(types, file.messages, file.enums, file.package, {nullptr, "", file.package, origin});
}

/// The types of the built-in files; where a reference has an origin, these have their file's name.
const NaiveTypes& built_in_types() {
    static const auto all = [] {
        NaiveTypes types;
        for (const auto& built_in : compat::protobuf::built_in_files()) {
            add_file(types, built_in.file, built_in.path);
        }
        return types;
    }();
    return all;
}

class NaivePool {
public:
    explicit NaivePool(const ProtoFiles& files) {
        add_file(types_, files.root, "root");
        for (const auto& reference : files.references) {
            const std::string version = std::to_string(reference.version);
            add_file(types_, reference.file,
                     reference.is_direct() ? reference.subject + "/" + version : "");
            paths_.insert(reference.path);
        }
    }

    const NaiveType* find(std::string scope, const std::string& name) const {
        if (name.starts_with('.')) {
            return at(name.substr(1));
        }
        for (;; scope = without_last_part(scope)) {
            if (const NaiveType* found = at(dotted(scope, name))) {
                return found;
            }
            if (scope.empty()) {
                return nullptr;
            }
        }
    }

private:
    const NaiveType* at(const std::string& full_name) const {
        if (const auto found = types_.find(full_name); found != types_.end()) {
            return &found->second;
        }
        const auto found = built_in_types().find(full_name);
        return found == built_in_types().end() || paths_.count(found->second.origin) != 0
                   ? nullptr
                   : &found->second;
    }

    NaiveTypes types_;
    std::set<std::string> paths_;
};

struct NaiveField {
    const ProtoField* field;
    std::string oneof;  ///< its name; nothing at the top level of the message
};

struct NaiveKind {
    std::string kind;  ///< "scalar", "map" or "message"
    std::string group;
    std::string key;
    std::string value;
};

const std::map<std::string, std::string> groups_of_scalars{
    {"int32", "varint"}, {"int64", "varint"},  {"uint32", "varint"}, {"uint64", "varint"},
    {"bool", "varint"},  {"sint32", "zigzag"}, {"sint64", "zigzag"}, {"string", "text"},
    {"bytes", "text"},   {"fixed32", "32"},    {"sfixed32", "32"},   {"fixed64", "64"},
    {"sfixed64", "64"},  {"float", "float"},   {"double", "double"}};

const std::set<std::string> allowed_changes{
    "MESSAGE_ADDED",      "MESSAGE_MOVED",     "ENUM_ADDED",
    "ENUM_REMOVED",       "ENUM_CONST_ADDED",  "ENUM_CONST_CHANGED",
    "ENUM_CONST_REMOVED", "FIELD_ADDED",       "FIELD_REMOVED",
    "FIELD_NAME_CHANGED", "ONEOF_ADDED",       "FIELD_STRING_OR_BYTES_LABEL_CHANGED",
    "ONEOF_REMOVED",      "ONEOF_FIELD_ADDED", "ONEOF_FIELD_MOVED_TO_TOP_LEVEL"};

/// A message with the scope that names in it are looked up from.
struct NaiveMessage {
    const ProtoMessage& message;
    std::string scope;
};

class NaiveProtoCheck {
public:
    NaiveProtoCheck(const ProtoFiles& original, const ProtoFiles& update, std::uint64_t steps_max)
        : original_(original), update_(update), steps_left_(steps_max) {}

    std::optional<NaiveProtoDiff> run(const ProtoFile& original, const ProtoFile& update) {
        if (original.package != update.package) {
            record("PACKAGE_CHANGED", "#/");
        }
        level("#/", original.messages, original.enums, original.package, update.messages,
              update.enums, update.package);
        if (steps_left_ == 0) {
            return std::nullopt;
        }
        NaiveProtoDiff diff;
        for (const auto& [change, path] : found_) {
            diff.differences.push_back(change + " " + path);
            diff.compatible = diff.compatible && allowed_changes.count(change) != 0;
        }
        std::sort(diff.differences.begin(), diff.differences.end());
        return diff;
    }

private:
    void record(const std::string& change, const std::string& path) {
        found_.emplace_back(change, path);
    }
    bool stopped() {
        steps_left_ -= steps_left_ > 0 ? 1 : 0;
        return steps_left_ == 0;
    }

    void level(const std::string& path, const std::vector<ProtoMessage>& old_messages,
               const std::vector<ProtoEnum>& old_enums, const std::string& old_scope,
               const std::vector<ProtoMessage>& new_messages,
               const std::vector<ProtoEnum>& new_enums, const std::string& new_scope) {
        const auto positions = [](const std::vector<ProtoMessage>& messages) {
            std::map<std::string, std::size_t> out;
            for (std::size_t at = 0; at < messages.size(); ++at) {
                out[messages[at].name] = at;
            }
            return out;
        };
        const auto before = positions(old_messages);
        const auto after = positions(new_messages);
        for (const auto& [name, at] : before) {
            const auto found = after.find(name);
            if (found != after.end()) {
                message(path + name, {old_messages[at], dotted(old_scope, name)},
                        {new_messages[found->second], dotted(new_scope, name)});
                if (found->second != at) {
                    record("MESSAGE_MOVED", path + name);
                }
            } else if (!is_entry(old_messages[at])) {
                record("MESSAGE_REMOVED", path + name);
            }
        }
        for (const auto& [name, at] : after) {
            if (before.count(name) == 0 && !is_entry(new_messages[at])) {
                record("MESSAGE_ADDED", path + name);
            }
        }
        enums(path, old_enums, new_enums);
    }

    void enums(const std::string& path, const std::vector<ProtoEnum>& original,
               const std::vector<ProtoEnum>& update) {
        using Names = std::map<std::int32_t, std::string>;
        const auto by_name = [](const std::vector<ProtoEnum>& all) {
            std::map<std::string, Names> out;
            for (const ProtoEnum& one : all) {
                out[one.name].clear();
                for (const auto& constant : one.constants) {
                    out[one.name][constant.number] = constant.name;
                }
            }
            return out;
        };
        auto before = by_name(original);
        auto after = by_name(update);
        for (const auto& [name, constants] : before) {
            if (after.count(name) == 0) {
                record("ENUM_REMOVED", path + name);
                continue;
            }
            for (const auto& [number, constant] : constants) {
                const std::string place = path + name + "/" + std::to_string(number);
                if (after[name].count(number) == 0) {
                    record("ENUM_CONST_REMOVED", place);
                } else if (after[name][number] != constant) {
                    record("ENUM_CONST_CHANGED", place);
                }
            }
        }
        for (const auto& [name, constants] : after) {
            if (before.count(name) == 0) {
                record("ENUM_ADDED", path + name);
                continue;
            }
            for (const auto& [number, constant] : constants) {
                if (before[name].count(number) == 0) {
                    record("ENUM_CONST_ADDED", path + name + "/" + std::to_string(number));
                }
            }
        }
    }

    using Fields = std::map<std::int32_t, NaiveField>;

    static Fields fields_of(const ProtoMessage& message) {
        Fields fields;
        for (const ProtoField& field : message.fields) {
            fields[field.number] = {&field, ""};
        }
        for (const ProtoOneof& oneof : message.oneofs) {
            for (const ProtoField& field : oneof.fields) {
                fields[field.number] = {&field, oneof.name};
            }
        }
        return fields;
    }

    void message(const std::string& path, const NaiveMessage& before, const NaiveMessage& after) {
        if (stopped()) {
            return;
        }
        if (std::find(above_.begin(), above_.end(), &before.message) == above_.end()) {
            above_.push_back(&before.message);
            members(path + "/", before, after);
            level(path + "/", before.message.messages, before.message.enums, before.scope,
                  after.message.messages, after.message.enums, after.scope);
            above_.pop_back();
        } else {
            level(path + "/", before.message.messages, before.message.enums, before.scope,
                  after.message.messages, after.message.enums, after.scope);
        }
    }

    void members(const std::string& path, const NaiveMessage& before, const NaiveMessage& after) {
        const Fields old_fields = fields_of(before.message);
        const Fields new_fields = fields_of(after.message);
        const auto deleted = oneofs(path, before.message, after.message, old_fields, new_fields);
        for (const auto& [number, was] : old_fields) {
            if (new_fields.count(number) != 0) {
                continue;
            }
            const std::string place = path + std::to_string(number);
            if (was.oneof.empty()) {
                record(was.field->label == Label::required ? "REQUIRED_FIELD_REMOVED"
                                                           : "FIELD_REMOVED",
                       place);
            } else if (deleted.count(was.oneof) == 0) {
                record("ONEOF_FIELD_REMOVED", path + was.oneof + "/" + std::to_string(number));
            }
        }
        for (const auto& [number, now] : new_fields) {
            const std::string place =
                path + (now.oneof.empty() ? "" : now.oneof + "/") + std::to_string(number);
            const auto was = old_fields.find(number);
            if (was != old_fields.end()) {
                if (!was->second.oneof.empty() && now.oneof.empty()) {
                    record("ONEOF_FIELD_MOVED_TO_TOP_LEVEL", place);
                }
                field(place, *was->second.field, before.scope, *now.field, after.scope);
            } else if (!now.oneof.empty()) {
                record("ONEOF_FIELD_ADDED", place);
            } else {
                record(now.field->label == Label::required ? "REQUIRED_FIELD_ADDED" : "FIELD_ADDED",
                       place);
            }
        }
    }

    // Returns the names of the oneofs that are completely deleted.
    std::set<std::string> oneofs(const std::string& path, const ProtoMessage& before,
                                 const ProtoMessage& after, const Fields& old_fields,
                                 const Fields& new_fields) {
        std::set<std::string> old_names;
        std::set<std::string> new_names;
        std::set<std::string> deleted;
        for (const ProtoOneof& oneof : after.oneofs) {
            new_names.insert(oneof.name);
        }
        for (const ProtoOneof& oneof : before.oneofs) {
            old_names.insert(oneof.name);
            const bool all_gone =
                std::all_of(oneof.fields.begin(), oneof.fields.end(),
                            [&](const auto& field) { return new_fields.count(field.number) == 0; });
            if (new_names.count(oneof.name) == 0) {
                record("ONEOF_REMOVED", path + oneof.name);
                if (all_gone) {
                    deleted.insert(oneof.name);
                }
            }
        }
        for (const ProtoOneof& oneof : after.oneofs) {
            std::set<std::string> origins;
            std::size_t top_level = 0;
            for (const ProtoField& field : oneof.fields) {
                const auto was = old_fields.find(field.number);
                if (was != old_fields.end()) {
                    top_level += was->second.oneof.empty() ? 1 : 0;
                    origins.insert(was->second.oneof.empty() ? std::to_string(field.number)
                                                             : was->second.oneof);
                }
            }
            if (origins.size() > 1) {
                record(top_level >= 2 ? "MULTIPLE_FIELDS_MOVED_TO_ONEOF"
                                      : "FIELD_MOVED_TO_EXISTING_ONEOF",
                       path + oneof.name);
            }
            if (old_names.count(oneof.name) == 0) {
                record("ONEOF_ADDED", path + oneof.name);
            }
        }
        return deleted;
    }

    void field(const std::string& path, const ProtoField& before, const std::string& old_scope,
               const ProtoField& after, const std::string& new_scope) {
        if (before.name != after.name) {
            record("FIELD_NAME_CHANGED", path);
        }
        type(path, before.type, before.label, old_scope, after.type, after.label, new_scope);
    }

    static NaiveKind kind_of(const std::string& written, const NaiveType* found) {
        if (const auto scalar = groups_of_scalars.find(written);
            scalar != groups_of_scalars.end()) {
            return {"scalar", scalar->second, "", ""};
        }
        if (written.starts_with("map<")) {
            const std::size_t comma = written.find(", ");
            return {"map", "", written.substr(4, comma - 4),
                    written.substr(comma + 2, written.size() - comma - 3)};
        }
        if (found == nullptr) {
            return {"message", "", "", ""};
        }
        if (found->message == nullptr) {
            return {"scalar", "varint", "", ""};
        }
        NaiveKind kind{"message", "", "", ""};
        if (is_entry(*found->message)) {
            kind.kind = "map";
            for (const ProtoField& part : found->message->fields) {
                (part.name == "key" ? kind.key : kind.value) = part.type;
            }
        }
        return kind;
    }

    void type(const std::string& path, const std::string& old_type, Label old_label,
              const std::string& old_scope, const std::string& new_type, Label new_label,
              const std::string& new_scope) {
        const NaiveType* was = original_.find(old_scope, old_type);
        const NaiveType* now = update_.find(new_scope, new_type);
        const NaiveKind before = kind_of(old_type, was);
        const NaiveKind after = kind_of(new_type, now);
        if (before.kind != after.kind) {
            record("FIELD_KIND_CHANGED", path);
        } else if (before.kind == "map") {
            type(path, before.key, Label::none, old_scope, after.key, Label::none, new_scope);
            type(path, before.value, Label::none, old_scope, after.value, Label::none, new_scope);
        } else if (before.kind == "message") {
            message_type(path, old_type, was, new_type, now);
        } else if (before.group != after.group) {
            record("FIELD_SCALAR_KIND_CHANGED", path);
        } else if (old_label != Label::none && new_label != Label::none && old_label != new_label) {
            record(before.group == "text" ? "FIELD_STRING_OR_BYTES_LABEL_CHANGED"
                                          : "FIELD_NUMERIC_LABEL_CHANGED",
                   path);
        }
    }

    void message_type(const std::string& path, const std::string& old_type, const NaiveType* was,
                      const std::string& new_type, const NaiveType* now) {
        if (was == nullptr || now == nullptr) {
            if (old_type != new_type) {
                record("FIELD_NAMED_TYPE_CHANGED", path);
            }
            return;
        }
        if (was->without_package() != now->without_package()) {
            record("FIELD_NAMED_TYPE_CHANGED", path);
            return;
        }
        // Of the same built-in file too: it cannot differ from itself.
        if (!was->origin.empty() && was->origin == now->origin) {
            return;
        }
        std::string anew = "#/" + was->without_package();
        std::replace(anew.begin(), anew.end(), '.', '/');
        const std::size_t found_before = found_.size();
        message(anew, {*was->message, was->full_name}, {*now->message, now->full_name});
        const bool breaks =
            std::any_of(found_.begin() + static_cast<std::ptrdiff_t>(found_before), found_.end(),
                        [](const auto& one) { return allowed_changes.count(one.first) == 0; });
        if (breaks) {
            record("FIELD_NAMED_TYPE_CHANGED", path);
        }
    }

    const NaivePool original_;
    const NaivePool update_;
    std::uint64_t steps_left_;
    std::vector<const ProtoMessage*> above_;
    std::vector<std::pair<std::string, std::string>> found_;
};

}  // namespace

std::optional<NaiveProtoDiff> diff_naively(const compat::ParsedSchema& original,
                                           const compat::ParsedSchema& update,
                                           std::uint64_t steps_max) {
    const auto& before = dynamic_cast<const compat::protobuf::ProtoSchema&>(original).files();
    const auto& after = dynamic_cast<const compat::protobuf::ProtoSchema&>(update).files();
    return NaiveProtoCheck(before, after, steps_max).run(before.root, after.root);
}

}  // namespace symbolon::tests
