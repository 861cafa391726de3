#include "compat/avro/avro_resolve.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace symbolon::compat::avro {

namespace {

// A tenth of a check's: defaults of real schemas take a few steps each.
constexpr std::uint64_t default_steps_max = limits::check_steps_max / 10;

DefaultVerdict verdict_of(bool valid) {
    return valid ? DefaultVerdict::valid : DefaultVerdict::invalid;
}

const AvroNode& definition_of(const AvroNode& node) {
    return node.kind == AvroKind::unresolved && node.item != nullptr ? *node.item : node;
}

}  // namespace

DefaultVerdict DefaultCheck::check(const AvroNode& type, const JsonNode* value) {
    if (value == nullptr) {
        return DefaultVerdict::invalid;
    }
    if (++steps_ > default_steps_max || depth_ > limits::schema_depth_max) {
        return DefaultVerdict::too_costly;
    }
    ++depth_;
    const AvroNode& node = complete_ == nullptr ? type : definition_of(type);
    DefaultVerdict verdict = DefaultVerdict::invalid;
    switch (node.kind) {
        case AvroKind::null:
            verdict = verdict_of(value->kind == JsonKind::null);
            break;
        case AvroKind::boolean:
            verdict = verdict_of(value->kind == JsonKind::boolean);
            break;
        case AvroKind::int32:
            verdict = verdict_of(value->kind == JsonKind::int32);
            break;
        case AvroKind::int64:
            verdict = verdict_of(value->kind == JsonKind::int32 || value->kind == JsonKind::int64);
            break;
        case AvroKind::float32:
        case AvroKind::float64:
            verdict = verdict_of(value->is_integer() || value->kind == JsonKind::real);
            break;
        case AvroKind::bytes:
        case AvroKind::string:
        case AvroKind::enumeration:
        case AvroKind::fixed:
            verdict = verdict_of(value->kind == JsonKind::string);
            break;
        case AvroKind::array:
            verdict = value->kind == JsonKind::array ? check_all(*node.item, *value) : verdict;
            break;
        case AvroKind::map:
            verdict = value->kind == JsonKind::object ? check_all(*node.item, *value) : verdict;
            break;
        case AvroKind::union_of:
            verdict = check_union(node, *value);
            break;
        case AvroKind::record:
            verdict = value->kind == JsonKind::object ? check_record(node, *value) : verdict;
            break;
        case AvroKind::unresolved:
            verdict = verdict_of(value->kind == JsonKind::object);
            break;
    }
    --depth_;
    return verdict;
}

DefaultVerdict DefaultCheck::check_all(const AvroNode& item, const JsonNode& values) {
    for (const JsonNode* value = values.first; value != nullptr; value = value->next) {
        if (const auto verdict = check(item, value); verdict != DefaultVerdict::valid) {
            return verdict;
        }
    }
    return DefaultVerdict::valid;
}

DefaultVerdict DefaultCheck::check_union(const AvroNode& type, const JsonNode& value) {
    for (const AvroNode* branch : type.branches) {
        if (const auto verdict = check(*branch, &value); verdict != DefaultVerdict::invalid) {
            return verdict;
        }
    }
    return DefaultVerdict::invalid;
}

DefaultVerdict DefaultCheck::check_record(const AvroNode& type, const JsonNode& value) {
    if (complete_ != nullptr && !(*complete_)[type.index]) {
        return DefaultVerdict::incomplete;
    }
    for (const AvroField& field : type.definition->fields) {
        const JsonNode* given = value.find(field.name);
        steps_ += value.count;
        const auto verdict = check(*field.type, given != nullptr ? given : field.default_value);
        if (verdict != DefaultVerdict::valid) {
            return verdict;
        }
    }
    return DefaultVerdict::valid;
}

Problem problem_of_default(const AvroField& field, DefaultVerdict verdict) {
    switch (verdict) {
        case DefaultVerdict::valid:
            return {};
        case DefaultVerdict::invalid:
            return {fmt::format("Invalid default for field \"{}\": it does not fit the type {}",
                                field.name, to_string(field.type->kind)),
                    field.offset};
        case DefaultVerdict::incomplete:
            return {fmt::format("Invalid default for field \"{}\": its record type is not complete "
                                "where the default stands",
                                field.name),
                    field.offset};
        case DefaultVerdict::too_costly:
            break;
    }
    return {fmt::format("The default of field \"{}\" is too costly to check", field.name),
            field.offset};
}

namespace {

// The reference copies types while it resolves names and checks each copied field's default; a
// default that reaches a record whose copy has no fields yet makes it give up. Whether that happens
// hangs on its order of visits, so this class makes the same visits: depth first, a union's
// branches from the last to the first, an unresolved name's type in a visit of its own.
class ResolvingVisit {
public:
    explicit ResolvingVisit(const AvroTree& tree)
        : begun_(tree.node_count), complete_(tree.node_count), check_(&complete_) {}

    /// Types of texts that were finished before.
    void set_finished(const AvroNode& definition) {
        begun_[definition.index] = true;
        complete_[definition.index] = true;
        finished_.insert(&definition);
    }

    /// False when problem() says why.
    bool visit(const AvroNode& start) {
        std::unordered_set<const AvroNode*> visited;
        std::vector<Task> tasks{{&start, Phase::enter}};
        while (!tasks.empty()) {
            const Task task = tasks.back();
            tasks.pop_back();
            const bool fine =
                task.phase == Phase::enter ? enter(*task.node, visited, tasks) : leave(*task.node);
            if (!fine) {
                return false;
            }
        }
        if (nesting_ == 0) {
            finished_.insert(visited.begin(), visited.end());
        }
        return true;
    }

    const Problem& problem() const { return problem_; }

private:
    enum class Phase { enter, leave };
    struct Task {
        const AvroNode* node;
        Phase phase;
    };

    bool enter(const AvroNode& node, std::unordered_set<const AvroNode*>& visited,
               std::vector<Task>& tasks) {
        if (++steps_ > default_steps_max) {
            problem_ = {"The schema's defaults are too costly to check", node.offset};
            return false;
        }
        const bool has_children = node.kind == AvroKind::record || node.item != nullptr ||
                                  node.kind == AvroKind::union_of;
        if (!has_children || finished_.count(&node) != 0 || !visited.insert(&node).second) {
            return true;
        }
        if (node.kind == AvroKind::unresolved) {
            return enter_elsewhere(*node.item);
        }
        begun_[node.index] = true;
        tasks.push_back({&node, Phase::leave});
        if (node.kind == AvroKind::record) {
            const auto fields = node.definition->fields;
            std::for_each(fields.rbegin(), fields.rend(), [&tasks](const AvroField& field) {
                tasks.push_back({field.type, Phase::enter});
            });
        } else if (node.kind == AvroKind::union_of) {
            for (const AvroNode* branch : node.branches) {
                tasks.push_back({branch, Phase::enter});
            }
        } else {
            tasks.push_back({node.item, Phase::enter});
        }
        return true;
    }

    bool enter_elsewhere(const AvroNode& node) {
        if (node.kind != AvroKind::record || begun_[node.index]) {
            return true;
        }
        constexpr std::size_t nesting_max = 200;  // a visit takes kilobytes of stack
        if (nesting_ >= nesting_max) {
            problem_ = {"The schema's types are nested too deeply", node.offset};
            return false;
        }
        ++nesting_;
        const bool fine = visit(node);
        --nesting_;
        return fine;
    }

    bool leave(const AvroNode& node) {
        if (node.kind != AvroKind::record || complete_[node.index]) {
            return true;
        }
        for (const AvroField& field : node.definition->fields) {
            if (field.default_value == nullptr) {
                continue;
            }
            const auto verdict = check_.check(*field.type, field.default_value);
            if (verdict != DefaultVerdict::valid) {
                problem_ = problem_of_default(field, verdict);
                return false;
            }
        }
        complete_[node.index] = true;
        return true;
    }

    std::vector<bool> begun_;
    std::vector<bool> complete_;
    std::unordered_set<const AvroNode*> finished_;
    DefaultCheck check_;
    std::size_t nesting_ = 0;
    std::uint64_t steps_ = 0;
    Problem problem_;
};

}  // namespace

Problem check_defaults_in_order(const AvroTree& tree, const AvroNode& root,
                                std::size_t definitions_before) {
    ResolvingVisit visit(tree);
    for (std::size_t at = 0; at < tree.definitions.size(); ++at) {
        const AvroNode& definition = *tree.definitions[at];
        if (at < definitions_before) {
            visit.set_finished(definition);
        } else if (!visit.visit(definition)) {
            return visit.problem();
        }
    }
    return visit.visit(root) ? Problem{} : visit.problem();
}

}  // namespace symbolon::compat::avro
