#include "compat/avro/avro_datum.hpp"
#include "core/limits.hpp"
#include "gate/diff/diff_walks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

using compat::JsonNode;
using compat::avro::AvroDefinition;
using compat::avro::AvroField;
using compat::avro::AvroKind;
using compat::avro::AvroNode;
using Properties = std::span<const JsonNode* const>;

std::string avro_value_text(const JsonNode& value) {
    std::string text;
    compat::append_json(text, value, compat::MemberOrder::as_written);
    return text;
}

/// Describing goes no deeper and lists no more: it is for a line.
constexpr int described_depth_max = 3;
constexpr std::size_t described_branches_max = 8;

void describe_into(std::string& out, const AvroNode& type, int depth) {
    if (type.kind == AvroKind::union_of) {
        for (std::size_t at = 0; at < type.branches.size(); ++at) {
            out += at == 0 ? "" : " | ";
            if (at == described_branches_max || depth == described_depth_max) {
                out += "…";
                return;
            }
            describe_into(out, *type.branches[at], depth + 1);
        }
        return;
    }
    out += to_string(type.kind);
    if (type.definition != nullptr) {
        out += ' ';
        out += shorten(to_string(type.definition->name));
    }
    if (type.kind == AvroKind::array || type.kind == AvroKind::map) {
        out += " of ";
        if (depth == described_depth_max) {
            out += "…";
            return;
        }
        const bool is_union = type.item->kind == AvroKind::union_of;
        out += is_union ? "(" : "";
        describe_into(out, *type.item, depth + 1);
        out += is_union ? ")" : "";
    }
    const JsonNode* logical = compat::avro::find_property(type.properties, "logicalType");
    if (logical != nullptr && logical->kind == compat::JsonKind::string) {
        out += fmt::format(" ({})", shorten(logical->text));
    }
}

std::string describe_field(const AvroField& field, std::string_view place) {
    std::string words = fmt::format("field {} ({}", shorten(place), describe_avro(*field.type));
    if (field.default_value != nullptr) {
        words += fmt::format(", default {}", shorten(avro_value_text(*field.default_value)));
    }
    return words + ")";
}

std::string_view order_word(compat::avro::FieldOrder order) {
    switch (order) {
        case compat::avro::FieldOrder::ascending:
            return "ascending";
        case compat::avro::FieldOrder::descending:
            return "descending";
        case compat::avro::FieldOrder::ignore:
            return "ignore";
    }
    return "";
}

/// Branches are told apart as in data: by kind, and named types by their names.
std::vector<std::string> branch_names(const AvroNode& type) {
    std::vector<std::string> names;
    for (const AvroNode* branch : type.branches) {
        names.push_back(compat::avro::branch_name(*branch));
    }
    return names;
}

struct AvroPair {
    const AvroNode* old_type = nullptr;
    const AvroNode* new_type = nullptr;
    DiffSpot spot{};
};

class AvroDiff {
public:
    explicit AvroDiff(ChangeList& list) : list_(list) {}

    // Named types wait in a queue, so that long chains of names cost no stack; what has no name
    // nests no deeper than the texts.
    void run(const AvroNode& old_root, const AvroNode& new_root) {
        compare({&old_root, &new_root, {"schema", "", "", ""}});
        while (!waiting_.empty() && !list_.ended()) {
            const AvroPair pair = std::move(waiting_.front());
            waiting_.pop_front();
            compare_named(pair);
        }
    }

private:
    void compare(const AvroPair& pair) {
        const AvroNode& before = *pair.old_type;
        const AvroNode& after = *pair.new_type;
        if (!list_.step(1 + (pair.spot.old_path.size() + pair.spot.new_path.size()) / 64)) {
            return;
        }
        if (before.kind != after.kind) {
            compare_kinds(pair);
            return;
        }
        if (is_named(before.kind)) {
            if (seen_.emplace(before.index, after.index).second) {
                waiting_.push_back(pair);
            }
            return;
        }
        compare_properties(pair.spot, before.properties, after.properties);
        if (before.kind == AvroKind::array) {
            compare({before.item, after.item, within(pair.spot, "[]", "/items", "/items")});
        } else if (before.kind == AvroKind::map) {
            compare({before.item, after.item, within(pair.spot, "{}", "/values", "/values")});
        } else if (before.kind == AvroKind::union_of) {
            compare_unions(pair);
        }
    }

    static DiffSpot within(const DiffSpot& spot, std::string_view word, std::string_view old_token,
                           std::string_view new_token) {
        DiffSpot inner = spot.inside(old_token, new_token);
        inner.place += word;
        return inner;
    }

    void compare_kinds(const AvroPair& pair) {
        const AvroNode& before = *pair.old_type;
        const AvroNode& after = *pair.new_type;
        list_.change("type", pair.spot, describe_avro(before), describe_avro(after));
        // A type that became a union with itself in it, or was one: what changed inside?
        const bool to_union = after.kind == AvroKind::union_of;
        if (!to_union && before.kind != AvroKind::union_of) {
            return;
        }
        const AvroNode& single = to_union ? before : after;
        const AvroNode& several = to_union ? after : before;
        const std::string name = compat::avro::branch_name(single);
        for (std::size_t at = 0; at < several.branches.size(); ++at) {
            if (list_.step() && compat::avro::branch_name(*several.branches[at]) == name) {
                const std::string token = fmt::format("/{}", at);
                compare(to_union
                            ? AvroPair{&before, several.branches[at], pair.spot.inside("", token)}
                            : AvroPair{several.branches[at], &after, pair.spot.inside(token, "")});
                return;
            }
        }
    }

    void compare_unions(const AvroPair& pair) {
        const auto old_names = branch_names(*pair.old_type);
        const auto new_names = branch_names(*pair.new_type);
        list_.compare_lists("branch", pair.spot, old_names, new_names, ChangeList::Order::matters);
        std::unordered_map<std::string_view, std::size_t> positions;
        for (std::size_t at = 0; at < new_names.size(); ++at) {
            positions.emplace(new_names[at], at);
        }
        for (std::size_t at = 0; at < old_names.size(); ++at) {
            const auto found = positions.find(old_names[at]);
            if (found != positions.end()) {
                compare(
                    {pair.old_type->branches[at], pair.new_type->branches[found->second],
                     pair.spot.inside(fmt::format("/{}", at), fmt::format("/{}", found->second))});
            }
        }
    }

    void compare_named(const AvroPair& pair) {
        const AvroDefinition& before = *pair.old_type->definition;
        const AvroDefinition& after = *pair.new_type->definition;
        DiffSpot spot = pair.spot;
        spot.group =
            fmt::format("{} {}", to_string(pair.new_type->kind), shorten(to_string(after.name)));
        compare_names(before, after, spot);
        list_.change_if("doc", spot.inside("/doc", "/doc"), before.doc, after.doc,
                        ChangeEffect::documentation);
        compare_properties(spot, pair.old_type->properties, pair.new_type->properties);
        switch (pair.new_type->kind) {
            case AvroKind::record:
                compare_fields(before, after, spot);
                return;
            case AvroKind::enumeration:
                list_.compare_lists("enum symbol", spot.inside("/symbols", "/symbols"),
                                    before.symbols, after.symbols, ChangeList::Order::matters);
                list_.change_if("enum default", spot.inside("/default", "/default"),
                                before.default_symbol, after.default_symbol, ChangeEffect::data);
                return;
            default:
                if (before.size != after.size) {
                    list_.change("size", spot.inside("/size", "/size"),
                                 fmt::format("{}", before.size), fmt::format("{}", after.size));
                }
        }
    }

    void compare_names(const AvroDefinition& before, const AvroDefinition& after,
                       const DiffSpot& spot) {
        std::vector<std::string> old_aliases;
        std::vector<std::string> new_aliases;
        for (const auto& alias : before.aliases) {
            old_aliases.push_back(to_string(alias));
        }
        for (const auto& alias : after.aliases) {
            new_aliases.push_back(to_string(alias));
        }
        list_.compare_lists("alias", spot.inside("/aliases", "/aliases"), old_aliases, new_aliases,
                            ChangeList::Order::is_nothing);
        const std::string old_name = to_string(before.name);
        const std::string new_name = to_string(after.name);
        if (old_name == new_name) {
            return;
        }
        list_.change("name", spot.inside("/name", "/name"), old_name, new_name);
        if (std::find(new_aliases.begin(), new_aliases.end(), old_name) != new_aliases.end() &&
            !list_.ended()) {
            list_.reword(fmt::format("type renamed by alias: {} → {}", shorten(old_name),
                                     shorten(new_name)));
        }
    }

    /// For each old field its new position.
    static std::vector<std::optional<std::size_t>> match_fields(const AvroDefinition& before,
                                                                const AvroDefinition& after) {
        std::vector<std::optional<std::size_t>> matches(before.fields.size());
        std::vector<bool> taken(after.fields.size());
        std::unordered_map<std::string_view, std::size_t> old_positions;
        for (std::size_t at = 0; at < before.fields.size(); ++at) {
            old_positions.emplace(before.fields[at].name, at);
            matches[at] = compat::avro::find_field(after, before.fields[at].name, at);
            if (matches[at]) {
                taken[*matches[at]] = true;
            }
        }
        for (std::size_t at = 0; at < after.fields.size(); ++at) {
            for (const std::string_view alias : after.fields[at].aliases) {
                const auto found = old_positions.find(alias);
                if (!taken[at] && found != old_positions.end() && !matches[found->second]) {
                    matches[found->second] = at;
                    taken[at] = true;
                }
            }
        }
        return matches;
    }

    void compare_fields(const AvroDefinition& before, const AvroDefinition& after,
                        const DiffSpot& spot) {
        const auto matches = match_fields(before, after);
        std::vector<bool> taken(after.fields.size());
        std::vector<std::string_view> kept_before;
        for (std::size_t at = 0; at < before.fields.size() && !list_.ended(); ++at) {
            const AvroField& field = before.fields[at];
            const std::string token = fmt::format("/fields/{}", at);
            if (!matches[at]) {
                DiffSpot gone = within(spot, "", token, "");
                gone.place = place_below(spot.place, field.name);
                list_.add(ChangeKind::removed, "field", gone, describe_field(field, gone.place));
                continue;
            }
            taken[*matches[at]] = true;
            kept_before.push_back(after.fields[*matches[at]].name);
            compare_field(field, after.fields[*matches[at]],
                          spot.inside(token, fmt::format("/fields/{}", *matches[at])));
        }
        std::vector<std::string_view> kept_after;
        for (std::size_t at = 0; at < after.fields.size() && !list_.ended(); ++at) {
            const AvroField& field = after.fields[at];
            if (taken[at]) {
                kept_after.push_back(field.name);
                continue;
            }
            DiffSpot fresh = within(spot, "", "", fmt::format("/fields/{}", at));
            fresh.place = place_below(spot.place, field.name);
            list_.add(ChangeKind::added, "field", fresh, describe_field(field, fresh.place));
        }
        if (!list_.ended()) {
            // Both have the same names by now, so that only the order can differ.
            list_.compare_lists("field", spot.inside("/fields", "/fields"), kept_before, kept_after,
                                ChangeList::Order::matters);
        }
    }

    void compare_field(const AvroField& before, const AvroField& after, const DiffSpot& parent) {
        DiffSpot spot = parent;
        spot.place = place_below(parent.place, after.name);
        if (before.name != after.name) {
            list_.change("name", spot, before.name, after.name);
            if (!list_.ended()) {
                list_.reword(fmt::format("field renamed by alias: {} → {}",
                                         shorten(place_below(parent.place, before.name)),
                                         shorten(spot.place)));
            }
        }
        list_.compare_lists("alias", spot.inside("/aliases", "/aliases"), before.aliases,
                            after.aliases, ChangeList::Order::is_nothing);
        list_.change_if("doc", spot.inside("/doc", "/doc"), before.doc, after.doc,
                        ChangeEffect::documentation);
        compare_json("default", spot, before.default_value, after.default_value,
                     ChangeEffect::data);
        if (before.order != after.order) {
            list_.change("sort order", spot.inside("/order", "/order"), order_word(before.order),
                         order_word(after.order));
        }
        compare_properties(spot, before.properties, after.properties);
        compare({before.type, after.type, spot.inside("/type", "/type")});
    }

    void compare_json(std::string_view about, const DiffSpot& spot, const JsonNode* before,
                      const JsonNode* after, ChangeEffect effect) {
        if (before != nullptr && after != nullptr && compat::equal_json(*before, *after)) {
            return;
        }
        if (before != nullptr || after != nullptr) {
            list_.change(about, spot, before == nullptr ? "" : avro_value_text(*before),
                         after == nullptr ? "" : avro_value_text(*after), effect);
        }
    }

    void compare_properties(const DiffSpot& spot, Properties before, Properties after) {
        if (before.empty() && after.empty()) {
            return;
        }
        std::map<std::string_view, std::pair<const JsonNode*, const JsonNode*>> both;
        for (const JsonNode* property : before) {
            both[property->key].first = property;
        }
        for (const JsonNode* property : after) {
            both[property->key].second = property;
        }
        for (const auto& [key, values] : both) {
            const bool logical = key == "logicalType" || key == "precision" || key == "scale";
            const std::string about = key == "logicalType" ? "logical type"
                                      : logical            ? std::string(key)
                                                           : "property " + shorten(key);
            const std::string token = place_below("", key);
            compare_json(about, spot.inside(token, token), values.first, values.second,
                         logical ? ChangeEffect::data : ChangeEffect::documentation);
        }
    }

    ChangeList& list_;
    std::deque<AvroPair> waiting_;
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen_;
};

std::optional<std::size_t> number_of(std::string_view token, std::size_t count) {
    std::size_t number = 0;
    const char* const end = token.data() + token.size();
    const auto read = std::from_chars(token.data(), end, number);
    const bool fits = read.ec == std::errc() && read.ptr == end && number < count;
    return fits ? std::optional(number) : std::nullopt;
}

/// The node that `token` leads to; nullptr: none of its own.
const AvroNode* inner_node(const AvroNode& node, std::string_view token) {
    if (node.kind == AvroKind::union_of) {
        const auto number = number_of(token, node.branches.size());
        return number ? node.branches[*number] : nullptr;
    }
    const bool fits = (node.kind == AvroKind::array && token == "items") ||
                      (node.kind == AvroKind::map && token == "values");
    return fits ? node.item : nullptr;
}

std::string_view take_token(std::string_view& pointer) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    const std::string_view token = pointer.substr(0, end);
    pointer.remove_prefix(end);
    return token;
}

}  // namespace

std::string describe_avro(const AvroNode& type) {
    std::string out;
    describe_into(out, type, 0);
    return out;
}

std::string avro_place_key(const compat::avro::AvroTree& tree, std::string_view pointer) {
    const AvroNode* node = tree.root;
    const AvroDefinition* home = node->definition;
    pointer = pointer == "/" ? std::string_view() : pointer;
    std::string_view inside = pointer;  // the rest, from where `home` is
    for (std::string_view rest = pointer; !rest.empty();) {
        const std::string_view token = take_token(rest);
        const AvroNode* inner = nullptr;
        if (node->kind == AvroKind::record && token == "fields" && !rest.empty()) {
            const auto number = number_of(take_token(rest), node->definition->fields.size());
            const bool is_type = rest == "/type" || rest.starts_with("/type/");
            if (number && is_type) {
                take_token(rest);
                inner = node->definition->fields[*number].type;
            }
        } else {
            inner = inner_node(*node, token);
        }
        if (inner == nullptr) {
            break;
        }
        node = inner;
        // The end of a pointer names the place where the type is used.
        if (node->definition != nullptr && !rest.empty()) {
            home = node->definition;
            inside = rest;
        }
    }
    return (home == nullptr ? std::string() : to_string(home->name)) + std::string(inside);
}

void diff_avro(const compat::avro::AvroTree& old_tree, const compat::avro::AvroTree& new_tree,
               ChangeList& list) {
    AvroDiff(list).run(*old_tree.root, *new_tree.root);
}

}  // namespace symbolon::gate
