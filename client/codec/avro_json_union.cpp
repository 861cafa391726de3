#include "client/codec/avro_json_read.hpp"
#include "compat/avro/avro_datum.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
#include <utility>

namespace symbolon::client {

namespace {

using compat::JsonKind;
using compat::JsonNode;
using compat::avro::AvroNode;

bool is_called(const AvroNode& branch, std::string_view name) {
    if (branch.definition == nullptr) {
        return compat::avro::to_string(branch.kind) == name;
    }
    const auto& [space, last] = branch.definition->name;
    return space.empty()
               ? last == name
               : name.size() == space.size() + 1 + last.size() && name.starts_with(space) &&
                     name[space.size()] == '.' && name.ends_with(last);
}

std::string names_of(const AvroNode& node) {
    constexpr std::size_t told_max = 20;
    std::string names;
    for (std::size_t at = 0; at < node.branches.size(); ++at) {
        if (at == told_max) {
            return names + " …";
        }
        names += at > 0 ? ", " : "";
        names += compat::avro::branch_name(*node.branches[at]);
    }
    return names;
}

std::optional<std::size_t> find_branch(const AvroNode& node, std::string_view name) {
    for (std::size_t at = 0; at < node.branches.size(); ++at) {
        if (node.branches[at]->kind != AvroKind::null && is_called(*node.branches[at], name)) {
            return at;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> find_branch(const AvroNode& node, AvroKind kind) {
    for (std::size_t at = 0; at < node.branches.size(); ++at) {
        if (node.branches[at]->kind == kind) {
            return at;
        }
    }
    return std::nullopt;
}

std::optional<std::size_t> find_either(const AvroNode& node, AvroKind first, AvroKind second) {
    const auto found = find_branch(node, first);
    return found ? found : find_branch(node, second);
}

// The branch whose JSON looks exactly so; records are ranked apart.
std::optional<std::size_t> exact_branch(const AvroNode& node, const JsonNode& json) {
    switch (json.kind) {
        case JsonKind::null:
            return find_branch(node, AvroKind::null);
        case JsonKind::boolean:
            return find_branch(node, AvroKind::boolean);
        case JsonKind::int32:
            return find_either(node, AvroKind::int32, AvroKind::int64);
        case JsonKind::int64:
            return find_branch(node, AvroKind::int64);
        case JsonKind::big_integer:
        case JsonKind::real:
            return find_either(node, AvroKind::float64, AvroKind::float32);
        case JsonKind::string:
            return find_branch(node, AvroKind::string);
        case JsonKind::array:
            return find_branch(node, AvroKind::array);
        case JsonKind::object:
            return find_branch(node, AvroKind::map);
    }
    return std::nullopt;
}

}  // namespace

bool AvroJsonReader::read_union(const AvroNode& node, const JsonNode& json) {
    return is_plain_ ? read_bare(node, json) : read_tagged(node, json);
}

bool AvroJsonReader::read_branch(const AvroNode& node, std::size_t branch, const JsonNode& json) {
    const std::size_t opened = out_.open(AvroKind::union_of, static_cast<std::uint32_t>(branch));
    const bool fine = read(*node.branches[branch], json);
    out_.close(opened);
    return fine;
}

bool AvroJsonReader::try_branch(const AvroNode& node, std::size_t branch, const JsonNode& json) {
    const std::size_t cells = out_.cells();
    const std::size_t depth = depth_;
    const bool before = std::exchange(is_trying_, true);
    const bool fine = read_branch(node, branch, json);
    is_trying_ = before;
    depth_ = depth;
    if (!fine) {
        out_.raw().set_size(cells);
    }
    return fine;
}

bool AvroJsonReader::read_tagged(const AvroNode& node, const JsonNode& json) {
    if (json.kind == JsonKind::null) {
        const auto found = find_branch(node, AvroKind::null);
        return found ? read_branch(node, *found, json)
                     : fail(json, "a branch of the union: " + names_of(node));
    }
    if (json.kind != JsonKind::object || json.count != 1) {
        return fail(json, "an object with one member, called like a branch of the union: " +
                              names_of(node));
    }
    path_.push_back({json.first->key, 0});
    const auto found = find_branch(node, json.first->key);
    const bool fine = found ? read_branch(node, *found, *json.first)
                            : fail_with("the union has no such branch, only " + names_of(node));
    path_.pop_back();
    return fine;
}

// Limit: trying costs steps, and those are counted over the whole text.
bool AvroJsonReader::read_bare(const AvroNode& node, const JsonNode& json) {
    std::size_t exact = 0;
    const std::vector<std::size_t> order = order_branches(node, json, exact);
    const bool can_be_tagged = json.kind == JsonKind::object && json.count == 1;
    const auto tagged = can_be_tagged ? find_branch(node, json.first->key) : std::nullopt;
    if (order.size() == 1 && !tagged) {
        return read_branch(node, order[0], json);
    }
    for (const std::size_t branch : order) {
        if (try_branch(node, branch, json)) {
            return true;
        }
        if (gave_up_) {
            return false;
        }
    }
    if (tagged) {
        path_.push_back({json.first->key, 0});
        const bool fine = read_branch(node, *tagged, *json.first);
        path_.pop_back();
        return fine;
    }
    // The branch that comes nearest has the best explanation.
    if (exact > 0 && !is_trying_) {
        return read_branch(node, order[0], json);
    }
    return is_trying_ ? false
                      : fail(json, "a value of one of the union's branches: " + names_of(node));
}

std::vector<std::size_t> AvroJsonReader::order_branches(const AvroNode& node, const JsonNode& json,
                                                        std::size_t& exact) {
    std::vector<std::size_t> order;
    if (json.kind == JsonKind::object) {
        order = rank_records(node, json);
    }
    if (const auto found = exact_branch(node, json)) {
        order.push_back(*found);
    }
    exact = order.size();
    for (std::size_t at = 0; at < node.branches.size(); ++at) {
        const bool is_hopeless =
            (node.branches[at]->kind == AvroKind::null) != (json.kind == JsonKind::null);
        const auto ranked = order.begin() + static_cast<std::ptrdiff_t>(exact);
        if (!is_hopeless && std::find(order.begin(), ranked, at) == ranked) {
            order.push_back(at);
        }
    }
    spend(node.branches.size());
    return order;
}

std::vector<std::size_t> AvroJsonReader::rank_records(const AvroNode& node, const JsonNode& json) {
    struct Rank {
        std::size_t unknown;
        std::size_t absent;
        std::size_t branch;
    };
    std::vector<Rank> ranks;
    for (std::size_t at = 0; at < node.branches.size(); ++at) {
        if (node.branches[at]->kind == AvroKind::record) {
            ranks.push_back({0, node.branches[at]->definition->fields.size(), at});
        }
    }
    std::vector<std::size_t> order;
    if (ranks.size() > 1 && !spend(ranks.size() * json.count)) {
        return order;
    }
    for (Rank& rank : ranks) {
        std::size_t guess = 0;
        for (const JsonNode* member = json.first; ranks.size() > 1 && member != nullptr;
             member = member->next) {
            const auto found = compat::avro::find_field(*node.branches[rank.branch]->definition,
                                                        member->key, guess++);
            rank.unknown += found ? 0 : 1;
            rank.absent -= found ? 1 : 0;
        }
    }
    std::sort(ranks.begin(), ranks.end(), [](const Rank& left, const Rank& right) {
        return std::tie(left.unknown, left.absent, left.branch) <
               std::tie(right.unknown, right.absent, right.branch);
    });
    for (const Rank& rank : ranks) {
        order.push_back(rank.branch);
    }
    return order;
}

}  // namespace symbolon::client
