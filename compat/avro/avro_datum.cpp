#include "compat/avro/avro_datum.hpp"

#include <algorithm>
#include <utility>

namespace symbolon::compat::avro {

namespace {

void append_datum(std::string& out, const AvroDatum& datum);

void append_record(std::string& out, const AvroDatum& datum) {
    out += '{';
    const auto fields = datum.type->definition->fields;
    for (std::size_t at = 0; at < datum.parts.size(); ++at) {
        out += at == 0 ? "" : ",";
        append_quoted(out, fields[at].name);
        out += ':';
        append_datum(out, datum.parts[at]);
    }
    out += '}';
}

void append_items(std::string& out, const AvroDatum& datum) {
    const bool is_map = datum.type->kind == AvroKind::map;
    out += is_map ? '{' : '[';
    for (std::size_t at = 0; at < datum.parts.size(); ++at) {
        out += at == 0 ? "" : ",";
        out += is_map ? "\"k" + std::to_string(at) + "\":" : std::string();
        append_datum(out, datum.parts[at]);
    }
    out += is_map ? '}' : ']';
}

// Depth: DatumMaker bounds it.
void append_datum(std::string& out, const AvroDatum& datum) {
    switch (datum.type->kind) {
        case AvroKind::null:
            out += "null";
            break;
        case AvroKind::record:
            append_record(out, datum);
            break;
        case AvroKind::array:
        case AvroKind::map:
            append_items(out, datum);
            break;
        case AvroKind::union_of:
            if (datum.parts[0].type->kind == AvroKind::null) {
                out += "null";
                break;
            }
            out += '{';
            append_quoted(out, branch_name(*datum.parts[0].type));
            out += ':';
            append_datum(out, datum.parts[0]);
            out += '}';
            break;
        case AvroKind::string:
        case AvroKind::bytes:
        case AvroKind::fixed:
        case AvroKind::enumeration:
            append_quoted(out, datum.text);
            break;
        default:
            out += datum.text;
    }
}

std::string smallest_text(const AvroNode& type) {
    switch (type.kind) {
        case AvroKind::boolean:
            return "true";
        case AvroKind::int32:
        case AvroKind::int64:
            return "12";
        case AvroKind::float32:
        case AvroKind::float64:
            return "1.5";
        case AvroKind::string:
        case AvroKind::bytes:
            return "text";
        case AvroKind::enumeration:
            return std::string(type.definition->symbols.front());
        case AvroKind::fixed:
            return std::string(static_cast<std::size_t>(type.definition->size), 'x');
        default:
            return "";
    }
}

bool has_smallest_text(const AvroNode& type) {
    constexpr std::int32_t fixed_bytes_max = 1'024;
    return type.kind == AvroKind::fixed         ? type.definition->size <= fixed_bytes_max
           : type.kind == AvroKind::enumeration ? !type.definition->symbols.empty()
                                                : true;
}

/// All nodes that data of `root` can be of.
std::vector<const AvroNode*> reachable(const AvroTree& tree) {
    std::vector<bool> known(tree.node_count);
    std::vector<const AvroNode*> nodes;
    std::vector<const AvroNode*> waiting;
    const auto add = [&](const AvroNode* node) {
        if (!known[node->index]) {
            known[node->index] = true;
            waiting.push_back(node);
        }
    };
    add(tree.root);
    while (!waiting.empty()) {
        const AvroNode& node = *waiting.back();
        waiting.pop_back();
        nodes.push_back(&node);
        if (node.item != nullptr) {
            add(node.item);
        }
        for (const AvroNode* branch : node.branches) {
            add(branch);
        }
        if (node.kind == AvroKind::record) {
            for (const AvroField& field : node.definition->fields) {
                add(field.type);
            }
        }
    }
    return nodes;
}

}  // namespace

std::string branch_name(const AvroNode& branch) {
    return branch.definition != nullptr ? to_string(branch.definition->name)
                                        : std::string(to_string(branch.kind));
}

std::string to_json_text(const AvroDatum& datum) {
    std::string out;
    append_datum(out, datum);
    return out;
}

// Heights settle from the leaves up; what has none after that has no finite value.
DatumMaker::DatumMaker(const AvroTree& tree) : heights_(tree.node_count, no_height) {
    auto nodes = reachable(tree);
    std::reverse(nodes.begin(), nodes.end());
    std::size_t steps = 0;
    for (bool changed = true; changed && steps <= limits::datum_steps_max; steps += nodes.size()) {
        changed = false;
        for (const AvroNode* node : nodes) {
            changed = learn_height(*node) || changed;
        }
    }
}

bool DatumMaker::learn_height(const AvroNode& type) {
    std::uint32_t height = 0;
    if (type.kind == AvroKind::union_of) {
        height = no_height;
        for (const AvroNode* branch : type.branches) {
            height = std::min(height, heights_[branch->index]);
        }
    } else if (type.kind == AvroKind::record) {
        for (const AvroField& field : type.definition->fields) {
            height = std::max(height, heights_[field.type->index]);
        }
    } else if (!has_smallest_text(type)) {
        height = no_height;
    }
    const bool is_inner = type.kind == AvroKind::union_of || type.kind == AvroKind::record;
    height += is_inner && height < no_height ? 1 : 0;
    return std::exchange(heights_[type.index], height) != height;
}

std::optional<AvroDatum> DatumMaker::smallest(const AvroNode& type) {
    constexpr std::uint32_t height_max = 200;
    AvroDatum datum;
    if (heights_[type.index] > height_max || !fill(type, datum)) {
        return std::nullopt;
    }
    return datum;
}

bool DatumMaker::fill(const AvroNode& type, AvroDatum& out) {
    if (++values_ > limits::datum_values_max) {
        return false;
    }
    out.type = &type;
    out.text = smallest_text(type);
    if (type.kind == AvroKind::union_of) {
        const auto least = std::min_element(type.branches.begin(), type.branches.end(),
                                            [this](const auto* a, const auto* b) {
                                                return heights_[a->index] < heights_[b->index];
                                            });
        out.branch = static_cast<std::size_t>(least - type.branches.begin());
        return fill(**least, out.parts.emplace_back());
    }
    if (type.kind == AvroKind::record) {
        const auto fields = type.definition->fields;
        out.parts.reserve(std::min(fields.size(), limits::datum_values_max));
        return std::all_of(fields.begin(), fields.end(), [&](const AvroField& field) {
            return fill(*field.type, out.parts.emplace_back());
        });
    }
    return true;
}

}  // namespace symbolon::compat::avro
