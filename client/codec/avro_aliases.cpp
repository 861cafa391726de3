#include "client/codec/avro_aliases.hpp"

#include "client/codec/avro_value.hpp"
#include "compat/avro/avro_equal.hpp"
#include "compat/too_costly.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>

namespace symbolon::client {

using compat::avro::AvroDefinition;
using compat::avro::AvroField;
using compat::avro::AvroName;
using compat::avro::AvroNode;
using compat::avro::AvroTree;

Result<AliasedNames> AliasedNames::apply(const AvroTree& writer, const AvroTree& reader) {
    AliasedNames names;
    // Parity: equal schemas are left alone, or a type whose alias is its neighbour's name would
    // be two.
    if (writer.root == reader.root || compat::avro::equal_definitions(*writer.root, *reader.root)) {
        return names;
    }
    std::unordered_set<std::uint32_t> seen;
    if (!names.collect(*reader.root, seen, 0)) {
        return failure(compat::too_costly_to_compare(limits::schema_depth_max));
    }
    if (!names.types_.empty() || !names.fields_of_.empty()) {
        SYMBOLON_CHECK(names.rename(*writer.root));
    }
    return names;
}

AvroName AliasedNames::name(const AvroNode& writer) const {
    const auto found = types_.find(writer.definition->name);
    return found == types_.end() ? writer.definition->name : found->second;
}

std::string_view AliasedNames::field(const AvroNode& record, std::size_t at) const {
    const auto found = renamed_.find(record.index);
    return found == renamed_.end() ? record.definition->fields[at].name : found->second.names[at];
}

std::optional<std::size_t> AliasedNames::find(const AvroNode& record, std::string_view name,
                                              std::size_t guess) const {
    const auto renamed = renamed_.find(record.index);
    if (renamed == renamed_.end()) {
        return compat::avro::find_field(*record.definition, name, guess);
    }
    const auto found = renamed->second.positions.find(name);
    return found == renamed->second.positions.end() ? std::nullopt : std::optional(found->second);
}

// In the reference's order: of several types with one alias, the last one met has it.
bool AliasedNames::collect(const AvroNode& reader, std::unordered_set<std::uint32_t>& seen,
                           std::size_t depth) {
    if (depth > limits::schema_depth_max) {
        return false;
    }
    if (reader.definition != nullptr) {
        for (const AvroName& alias : reader.definition->aliases) {
            types_[alias] = reader.definition->name;
        }
    }
    if (reader.item != nullptr && !collect(*reader.item, seen, depth + 1)) {
        return false;
    }
    for (const AvroNode* branch : reader.branches) {
        if (!collect(*branch, seen, depth + 1)) {
            return false;
        }
    }
    if (reader.kind != AvroKind::record || !seen.insert(reader.index).second) {
        return true;
    }
    const AvroDefinition& record = *reader.definition;
    for (const AvroField& field : record.fields) {
        for (const std::string_view alias : field.aliases) {
            const auto [entry, is_new] = fields_of_.try_emplace(record.name, field_names_.size());
            if (is_new) {
                field_names_.emplace_back();
            }
            field_names_[entry->second][alias] = field.name;
        }
        if (!collect(*field.type, seen, depth + 1)) {
            return false;
        }
    }
    if (const auto fields = fields_of_.find(record.name); fields != fields_of_.end()) {
        for (const AvroName& alias : record.aliases) {
            fields_of_[alias] = fields->second;
        }
    }
    return true;
}

Status AliasedNames::rename(const AvroNode& writer) {
    std::unordered_set<std::uint32_t> seen;
    std::vector<const AvroNode*> waiting{&writer};
    while (!waiting.empty()) {
        const AvroNode& node = *waiting.back();
        waiting.pop_back();
        if (!seen.insert(node.index).second) {
            continue;
        }
        if (node.item != nullptr) {
            waiting.push_back(node.item);
        }
        waiting.insert(waiting.end(), node.branches.begin(), node.branches.end());
        if (node.kind == AvroKind::union_of) {
            SYMBOLON_CHECK(check_branches(node));
        } else if (node.kind == AvroKind::record) {
            SYMBOLON_CHECK(rename_fields(node));
            for (const AvroField& field : node.definition->fields) {
                waiting.push_back(field.type);
            }
        }
    }
    return {};
}

Status AliasedNames::rename_fields(const AvroNode& record) {
    const auto fields = fields_of_.find(name(record));
    if (fields == fields_of_.end()) {
        return {};
    }
    const FieldNames& aliases = field_names_[fields->second];
    Renamed& renamed = renamed_[record.index];
    for (const AvroField& field : record.definition->fields) {
        const auto found = aliases.find(field.name);
        renamed.names.push_back(found == aliases.end() ? field.name : found->second);
        if (!renamed.positions.try_emplace(renamed.names.back(), renamed.names.size() - 1).second) {
            return failure(
                make_error(ErrorCode::invalid_schema,
                           fmt::format("The reader's aliases make two fields of the writer's "
                                       "record \"{}\" into \"{}\". Take one of the aliases away",
                                       to_string(record.definition->name), renamed.names.back())));
        }
    }
    return {};
}

Status AliasedNames::check_branches(const AvroNode& union_of) const {
    std::set<std::string> names;
    for (const AvroNode* branch : union_of.branches) {
        const std::string name = branch->definition != nullptr
                                     ? to_string(this->name(*branch))
                                     : std::string(to_string(branch->kind));
        if (!names.insert(name).second) {
            return failure(make_error(
                ErrorCode::invalid_schema,
                fmt::format("The reader's aliases make two branches of a union of the writer's "
                            "schema into \"{}\". Take one of the aliases away",
                            name)));
        }
    }
    return {};
}

}  // namespace symbolon::client
