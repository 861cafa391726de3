#include "client/codec/avro_actions.hpp"

#include "client/codec/avro_aliases.hpp"
#include "compat/too_costly.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace symbolon::client {

namespace {

using compat::avro::AvroDefinition;
using compat::avro::AvroField;
using compat::avro::AvroKind;
using compat::avro::AvroNode;
using compat::avro::AvroTree;

std::uint64_t pair_of(const AvroNode& writer, const AvroNode& reader) {
    return (std::uint64_t{writer.index} << 32U) | reader.index;
}

constexpr bool widens(AvroKind writer, AvroKind reader) {
    switch (writer) {
        case AvroKind::int32:
            return reader == AvroKind::int64 || reader == AvroKind::float32 ||
                   reader == AvroKind::float64;
        case AvroKind::int64:
            return reader == AvroKind::float32 || reader == AvroKind::float64;
        case AvroKind::float32:
            return reader == AvroKind::float64;
        case AvroKind::string:
            return reader == AvroKind::bytes;
        case AvroKind::bytes:
            return reader == AvroKind::string;
        default:
            return false;
    }
}

std::string described(const AvroNode& type) {
    if (type.definition == nullptr) {
        return std::string(to_string(type.kind));
    }
    // There may be one of these for each field of a schema that anybody sent.
    std::string name = to_string(type.definition->name);
    if (name.size() > limits::quoted_bytes_max) {
        name = name.substr(0, limits::quoted_bytes_max) + "…";
    }
    return fmt::format("{} \"{}\"", to_string(type.kind), name);
}

/// One budget for all that is compared.
struct ActionBudget {
    std::uint64_t steps = 0;
    std::size_t depth = 0;
    bool spent = false;

    bool spend() {
        spent = spent || ++steps > limits::check_steps_max || depth > limits::schema_depth_max;
        return !spent;
    }
};

/// Whether two types are the same but for namespaces: unions that are need no choice of a branch.
class SameStructure {
public:
    SameStructure(const AliasedNames& names, ActionBudget& budget)
        : names_(names), budget_(budget) {}

    bool holds(const AvroNode& writer, const AvroNode& reader) {
        assumed_.clear();
        const bool same = compare(writer, reader);
        if (same) {
            proved_.insert(assumed_.begin(), assumed_.end());
        }
        return same;
    }

private:
    bool compare(const AvroNode& writer, const AvroNode& reader) {
        if (!budget_.spend() || writer.kind != reader.kind) {
            return false;
        }
        if (writer.definition != nullptr &&
            names_.name(writer).last != reader.definition->name.last) {
            return false;
        }
        switch (writer.kind) {
            case AvroKind::array:
            case AvroKind::map:
                return deeper(*writer.item, *reader.item);
            case AvroKind::fixed:
                return writer.definition->size == reader.definition->size;
            case AvroKind::enumeration:
                return std::ranges::equal(writer.definition->symbols, reader.definition->symbols);
            case AvroKind::union_of:
                return std::ranges::equal(writer.branches, reader.branches,
                                          [this](const AvroNode* ours, const AvroNode* theirs) {
                                              return deeper(*ours, *theirs);
                                          });
            case AvroKind::record:
                return compare_records(writer, reader);
            default:
                return true;
        }
    }

    bool deeper(const AvroNode& writer, const AvroNode& reader) {
        ++budget_.depth;
        const bool same = compare(writer, reader);
        --budget_.depth;
        return same;
    }

    // A pair met again within itself is taken to be the same; if it is not, then neither is the
    // whole, because everything here has to hold.
    bool compare_records(const AvroNode& writer, const AvroNode& reader) {
        const std::uint64_t pair = pair_of(writer, reader);
        if (refuted_.contains(pair)) {
            return false;
        }
        if (proved_.contains(pair) || !assumed_.insert(pair).second) {
            return true;
        }
        const auto ours = writer.definition->fields;
        const auto theirs = reader.definition->fields;
        bool same = ours.size() == theirs.size();
        for (std::size_t at = 0; same && at < ours.size(); ++at) {
            same = names_.field(writer, at) == theirs[at].name &&
                   deeper(*ours[at].type, *theirs[at].type);
        }
        if (!same) {
            refuted_.insert(pair);
        }
        return same;
    }

    const AliasedNames& names_;
    ActionBudget& budget_;
    std::unordered_set<std::uint64_t> assumed_, proved_, refuted_;
};

class Resolution {
public:
    explicit Resolution(const AliasedNames& names) : names_(names), same_(names, budget_) {}

    Result<AvroActions> run(const AvroNode& writer, const AvroNode& reader) {
        const std::uint32_t root = resolve(writer, reader);
        if (budget_.spent) {
            return failure(compat::too_costly_to_compare(limits::schema_depth_max));
        }
        return AvroActions{std::move(actions_), root};
    }

private:
    std::uint32_t add(ActionKind kind, const AvroNode& writer, const AvroNode& reader) {
        AvroAction& action = actions_.emplace_back();
        action.kind = kind;
        action.writer = &writer;
        action.reader = &reader;
        budget_.spent = budget_.spent || actions_.size() > limits::plan_steps_max;
        return static_cast<std::uint32_t>(actions_.size() - 1);
    }

    std::uint32_t add_error(const AvroNode& writer, const AvroNode& reader, std::string problem) {
        const std::uint32_t added = add(ActionKind::error, writer, reader);
        actions_[added].problem = std::move(problem);
        return added;
    }

    std::uint32_t add_mismatch(const AvroNode& writer, const AvroNode& reader) {
        return add_error(writer, reader,
                         fmt::format("this was written as {}, and the reader takes {}",
                                     described(writer), described(reader)));
    }

    std::uint32_t add_part(ActionKind kind, const AvroNode& writer, const AvroNode& reader,
                           const AvroNode& inner_writer, const AvroNode& inner_reader) {
        const std::uint32_t added = add(kind, writer, reader);
        const std::uint32_t inner = resolve(inner_writer, inner_reader);
        actions_[added].parts.push_back({inner, ActionPart::none});
        return added;
    }

    std::uint32_t resolve(const AvroNode& writer, const AvroNode& reader) {
        if (!budget_.spend()) {
            return 0;
        }
        ++budget_.depth;
        const std::uint32_t action = resolve_pair(writer, reader);
        --budget_.depth;
        return action;
    }

    std::uint32_t resolve_pair(const AvroNode& writer, const AvroNode& reader) {
        if (writer.kind == AvroKind::union_of) {
            return resolve_writer_union(writer, reader);
        }
        if (writer.kind == reader.kind) {
            return resolve_same_kind(writer, reader);
        }
        if (reader.kind == AvroKind::union_of) {
            const auto branch = find_branch(writer, reader);
            if (!branch) {
                return add_error(writer, reader,
                                 fmt::format("this was written as {}, and no branch of the "
                                             "reader's union takes that",
                                             described(writer)));
            }
            const std::uint32_t added =
                add_part(ActionKind::into_union, writer, reader, writer, *reader.branches[*branch]);
            actions_[added].branch = *branch;
            return added;
        }
        return widens(writer.kind, reader.kind) ? add(ActionKind::promote, writer, reader)
                                                : add_mismatch(writer, reader);
    }

    std::uint32_t resolve_same_kind(const AvroNode& writer, const AvroNode& reader) {
        switch (writer.kind) {
            case AvroKind::fixed:
                if (names_.name(writer).last != reader.definition->name.last) {
                    return add_mismatch(writer, reader);
                }
                return writer.definition->size == reader.definition->size
                           ? add(ActionKind::copy, writer, reader)
                           : add_error(writer, reader,
                                       fmt::format("{} bytes were written, and the reader's {} "
                                                   "has {}",
                                                   writer.definition->size, described(reader),
                                                   reader.definition->size));
            case AvroKind::enumeration:
                return names_.name(writer).last == reader.definition->name.last
                           ? add(ActionKind::enumeration, writer, reader)
                           : add_mismatch(writer, reader);
            case AvroKind::array:
                return add_part(ActionKind::array, writer, reader, *writer.item, *reader.item);
            case AvroKind::map:
                return add_part(ActionKind::map, writer, reader, *writer.item, *reader.item);
            case AvroKind::record:
                return resolve_records(writer, reader);
            default:
                return add(ActionKind::copy, writer, reader);
        }
    }

    std::uint32_t resolve_writer_union(const AvroNode& writer, const AvroNode& reader) {
        const bool same = same_.holds(writer, reader);
        const std::uint32_t added = add(ActionKind::writer_union, writer, reader);
        actions_[added].same_union = same;
        for (std::size_t at = 0; at < writer.branches.size(); ++at) {
            const std::uint32_t part =
                resolve(*writer.branches[at], same ? *reader.branches[at] : reader);
            actions_[added].parts.push_back({part, ActionPart::none});
        }
        return added;
    }

    // Parity: names of records are not compared here.
    std::uint32_t resolve_records(const AvroNode& writer, const AvroNode& reader) {
        const auto [entry, is_new] = records_.try_emplace(pair_of(writer, reader), 0);
        if (!is_new) {
            return entry->second;
        }
        const std::uint32_t added = add(ActionKind::record, writer, reader);
        entry->second = added;  // known before it is done: it may be met within itself
        const AvroDefinition& theirs = *reader.definition;
        for (std::size_t at = 0; at < writer.definition->fields.size(); ++at) {
            const auto field = find_field(theirs, names_.field(writer, at), at);
            ActionPart part;
            if (field) {
                part.action =
                    resolve(*writer.definition->fields[at].type, *theirs.fields[*field].type);
                part.field = static_cast<std::uint32_t>(*field);
            }
            actions_[added].parts.push_back(part);
        }
        for (std::size_t at = 0; at < theirs.fields.size(); ++at) {
            const AvroField& field = theirs.fields[at];
            if (field.default_value == nullptr && !names_.find(writer, field.name, at)) {
                actions_[added].kind = ActionKind::error;
                actions_[added].problem = fmt::format(
                    "field \"{}\" of the reader's {} was not written and has no default",
                    field.name, described(reader));
                break;
            }
        }
        return added;
    }

    // Looks no deeper than the fields, as the reference does.
    bool has_error(std::uint32_t record) const {
        const AvroAction& action = actions_[record];
        return action.kind == ActionKind::error ||
               std::any_of(action.parts.begin(), action.parts.end(), [this](ActionPart part) {
                   return part.action != ActionPart::none &&
                          actions_[part.action].kind == ActionKind::error;
               });
    }

    /// The branch of the reader's union that takes what is no union.
    std::optional<std::uint32_t> find_branch(const AvroNode& writer, const AvroNode& reader) {
        const auto branches = static_cast<std::uint32_t>(reader.branches.size());
        std::optional<std::uint32_t> alike;
        for (std::uint32_t at = 0; at < branches; ++at) {
            const AvroNode& branch = *reader.branches[at];
            if (branch.kind != writer.kind) {
                continue;
            }
            if (writer.definition == nullptr || names_.name(writer) == branch.definition->name) {
                return at;
            }
            // Parity: a record of another name will do if its fields can be read.
            if (writer.kind == AvroKind::record && !has_error(resolve(writer, branch)) &&
                (!alike || names_.name(writer).last == branch.definition->name.last)) {
                alike = at;
            }
        }
        for (std::uint32_t at = 0; !alike && at < branches; ++at) {
            if (widens(writer.kind, reader.branches[at]->kind)) {
                alike = at;
            }
        }
        return alike;
    }

    const AliasedNames& names_;
    ActionBudget budget_;
    SameStructure same_;
    std::deque<AvroAction> actions_;
    std::unordered_map<std::uint64_t, std::uint32_t> records_;
};

}  // namespace

Result<AvroActions> resolve_schemas(const AvroTree& writer, const AvroTree& reader) {
    SYMBOLON_TRY(const AliasedNames names, AliasedNames::apply(writer, reader));
    return Resolution(names).run(*writer.root, *reader.root);
}

}  // namespace symbolon::client
