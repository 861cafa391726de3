#include "core/limits.hpp"
#include "gate/diff/diff_walks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

using compat::JsonKind;
using compat::JsonNode;

/// How the values of a keyword are compared.
enum class KeywordForm {
    schema,          ///< one schema
    schema_or_list,  ///< one, or one for each position
    schema_list,     ///< one for each position
    schema_map,      ///< named schemas
    names,           ///< texts in which order means nothing
    values,          ///< any values in which order means nothing
    words,           ///< for people only
    plain,           ///< any value
};
struct KeywordRow {
    std::string_view keyword;
    KeywordForm form;
    std::string_view noun;  ///< of the keyword, or of one thing in it
};
constexpr std::array keyword_rows{
    KeywordRow{"properties", KeywordForm::schema_map, "property"},
    KeywordRow{"patternProperties", KeywordForm::schema_map, "pattern property"},
    KeywordRow{"definitions", KeywordForm::schema_map, "definition"},
    KeywordRow{"$defs", KeywordForm::schema_map, "definition"},
    KeywordRow{"dependentSchemas", KeywordForm::schema_map, "dependency"},
    KeywordRow{"items", KeywordForm::schema_or_list, "items"},
    KeywordRow{"prefixItems", KeywordForm::schema_list, "item"},
    KeywordRow{"allOf", KeywordForm::schema_list, "allOf branch"},
    KeywordRow{"anyOf", KeywordForm::schema_list, "anyOf branch"},
    KeywordRow{"oneOf", KeywordForm::schema_list, "oneOf branch"},
    KeywordRow{"additionalProperties", KeywordForm::schema, "content model"},
    KeywordRow{"unevaluatedProperties", KeywordForm::schema, "unevaluatedProperties"},
    KeywordRow{"additionalItems", KeywordForm::schema, "additionalItems"},
    KeywordRow{"unevaluatedItems", KeywordForm::schema, "unevaluatedItems"},
    KeywordRow{"contains", KeywordForm::schema, "contains"},
    KeywordRow{"propertyNames", KeywordForm::schema, "propertyNames"},
    KeywordRow{"not", KeywordForm::schema, "not"},
    KeywordRow{"if", KeywordForm::schema, "if"},
    KeywordRow{"then", KeywordForm::schema, "then"},
    KeywordRow{"else", KeywordForm::schema, "else"},
    KeywordRow{"required", KeywordForm::names, "required property"},
    KeywordRow{"enum", KeywordForm::values, "enum value"},
    KeywordRow{"type", KeywordForm::plain, "type"},
    KeywordRow{"$ref", KeywordForm::plain, "reference"},
    KeywordRow{"title", KeywordForm::words, "title"},
    KeywordRow{"description", KeywordForm::words, "doc"},
    KeywordRow{"$comment", KeywordForm::words, "comment"},
    KeywordRow{"examples", KeywordForm::words, "examples"},
    KeywordRow{"deprecated", KeywordForm::words, "deprecation"},
    KeywordRow{"readOnly", KeywordForm::words, "readOnly"},
    KeywordRow{"writeOnly", KeywordForm::words, "writeOnly"},
    KeywordRow{"default", KeywordForm::words, "default"},
};

KeywordRow row_of_keyword(std::string_view keyword) {
    const auto* const found =
        std::find_if(keyword_rows.begin(), keyword_rows.end(),
                     [keyword](const KeywordRow& row) { return row.keyword == keyword; });
    return found != keyword_rows.end() ? *found : KeywordRow{keyword, KeywordForm::plain, keyword};
}

std::string json_value_text(const JsonNode& value) {
    std::string text;
    compat::append_json(text, value, compat::MemberOrder::sorted);
    return text;
}

/// What a type or value looks like in a sentence.
std::string said(const JsonNode* value) {
    if (value == nullptr) {
        return "";
    }
    if (value->kind == JsonKind::array) {
        std::string out;
        for (const JsonNode* item = value->first; item != nullptr; item = item->next) {
            out += out.empty() ? "" : " | ";
            out += said(item);
            if (out.size() > limits::diff_value_bytes_max) {
                break;
            }
        }
        return "[" + out + "]";
    }
    if (value->kind == JsonKind::object) {
        return shorten(json_value_text(*value));
    }
    return value->kind == JsonKind::string ? std::string(value->text) : json_value_text(*value);
}

std::string type_words(const JsonNode* type) {
    const std::string text = said(type);
    return type != nullptr && type->kind == JsonKind::array ? text.substr(1, text.size() - 2)
                                                            : text;
}

std::string content_words(const JsonNode* additional) {
    if (additional == nullptr || (additional->kind == JsonKind::boolean && additional->boolean)) {
        return "open";
    }
    return additional->kind == JsonKind::boolean ? "closed" : "open to " + said(additional);
}

using RequiredNames = std::unordered_set<std::string_view>;

RequiredNames required_of(const JsonNode& object) {
    RequiredNames names;
    const JsonNode* required = object.find("required");
    if (required != nullptr && required->kind == JsonKind::array) {
        for (const JsonNode* item = required->first; item != nullptr; item = item->next) {
            if (item->kind == JsonKind::string) {
                names.insert(item->text);
            }
        }
    }
    return names;
}

/// "number, default 0, required"
std::string describe_json(const JsonNode& schema, std::string_view name,
                          const RequiredNames& required) {
    std::string out;
    const auto add = [&out](std::string_view text) {
        out += out.empty() ? "" : ", ";
        out += text;
    };
    if (const JsonNode* type = schema.find("type")) {
        add(shorten(type_words(type)));
    } else if (const JsonNode* ref = schema.find("$ref")) {
        add(shorten(said(ref)));
    } else if (schema.kind == JsonKind::boolean) {
        add(schema.boolean ? "any value" : "no value");
    } else if (schema.find("enum") != nullptr || schema.find("const") != nullptr) {
        add("enum");
    } else {
        add("any of several");
    }
    if (const JsonNode* value = schema.find("default")) {
        add("default " + shorten(json_value_text(*value)));
    }
    if (required.contains(name)) {
        add("required");
    }
    return out;
}

using Members = std::map<std::string_view, std::pair<const JsonNode*, const JsonNode*>>;

Members members_of(const JsonNode& before, const JsonNode& after) {
    Members members;
    for (const JsonNode* member = before.first; member != nullptr; member = member->next) {
        members[member->key].first = member;
    }
    for (const JsonNode* member = after.first; member != nullptr; member = member->next) {
        members[member->key].second = member;
    }
    return members;
}

std::vector<const JsonNode*> items_of_list(const JsonNode& list) {
    std::vector<const JsonNode*> items;
    for (const JsonNode* item = list.first; item != nullptr; item = item->next) {
        items.push_back(item);
    }
    return items;
}

class JsonDiff {
public:
    explicit JsonDiff(ChangeList& list) : list_(list) {}

    // Texts nest no deeper than json_depth_max; so does this.
    void compare(const JsonNode& before, const JsonNode& after, const DiffSpot& parent) {
        if (!list_.step(1 + (parent.old_path.size() + parent.new_path.size()) / 32)) {
            return;
        }
        if (before.kind != JsonKind::object || after.kind != JsonKind::object) {
            if (!compat::equal_json(before, after)) {
                list_.change("schema", parent, said(&before), said(&after));
            }
            return;
        }
        DiffSpot spot = parent;
        spot.group = parent.place.empty() ? "schema" : fmt::format("schema {}", parent.place);
        // All that a leaf says is told under the object that holds it.
        if (after.find("properties") == nullptr && before.find("properties") == nullptr &&
            !parent.place.empty()) {
            spot.group = parent.group;
        }
        for (const auto& [keyword, values] : members_of(before, after)) {
            compare_keyword(row_of_keyword(keyword), values.first, values.second, spot, before,
                            after);
        }
    }

private:
    void compare_keyword(const KeywordRow& row, const JsonNode* before, const JsonNode* after,
                         const DiffSpot& spot, const JsonNode& old_owner,
                         const JsonNode& new_owner) {
        DiffSpot inner = spot.inside(place_below("", row.keyword), place_below("", row.keyword));
        const auto both_are = [&](JsonKind kind) {
            return (before == nullptr || before->kind == kind) &&
                   (after == nullptr || after->kind == kind);
        };
        const bool both = before != nullptr && after != nullptr;
        switch (row.form) {
            case KeywordForm::schema_map:
                if (both_are(JsonKind::object)) {
                    compare_map(row, before, after, spot, {&old_owner, &new_owner});
                    return;
                }
                break;
            case KeywordForm::schema:
                if (both && both_are(JsonKind::object)) {
                    inner.place = place_below(spot.place, row.keyword);
                    compare(*before, *after, inner);
                    return;
                }
                break;
            case KeywordForm::schema_or_list:
            case KeywordForm::schema_list:
                if (both && both_are(JsonKind::array)) {
                    compare_list(row, *before, *after, spot);
                    return;
                }
                if (both && both_are(JsonKind::object)) {
                    inner.place = spot.place + "[]";
                    compare(*before, *after, inner);
                    return;
                }
                break;
            case KeywordForm::names:
            case KeywordForm::values:
                if (both_are(JsonKind::array)) {
                    compare_values(row, before, after, inner);
                    return;
                }
                break;
            case KeywordForm::words:
            case KeywordForm::plain:
                break;
        }
        compare_whole(row, before, after, inner);
    }

    void compare_whole(const KeywordRow& row, const JsonNode* before, const JsonNode* after,
                       const DiffSpot& spot) {
        if (!list_.step() ||
            (before != nullptr && after != nullptr && compat::equal_json(*before, *after))) {
            return;
        }
        const ChangeEffect effect =
            row.form == KeywordForm::words ? ChangeEffect::documentation : ChangeEffect::data;
        if (row.noun == "content model") {
            const std::string was = content_words(before);
            const std::string is = content_words(after);
            if (was != is) {
                list_.change(row.noun, spot, was, is, effect);
            }
        } else if (row.noun == "type") {
            list_.change(row.noun, spot, type_words(before), type_words(after), effect);
        } else {
            list_.change(row.noun, spot, said(before), said(after), effect);
        }
    }

    void compare_values(const KeywordRow& row, const JsonNode* before, const JsonNode* after,
                        const DiffSpot& spot) {
        const auto texts = [&row](const JsonNode* list) {
            std::vector<std::string> out;
            for (const JsonNode* item = list == nullptr ? nullptr : list->first; item != nullptr;
                 item = item->next) {
                out.push_back(row.form == KeywordForm::names ? said(item) : json_value_text(*item));
            }
            return out;
        };
        list_.compare_lists(row.noun, spot, texts(before), texts(after),
                            ChangeList::Order::is_nothing);
    }

    void compare_map(const KeywordRow& row, const JsonNode* before, const JsonNode* after,
                     const DiffSpot& spot, std::pair<const JsonNode*, const JsonNode*> owners) {
        static const JsonNode none{};
        const std::string keyword = place_below("", row.keyword);
        const bool are_properties = row.keyword == "properties";
        const auto required_in = [are_properties](const JsonNode& owner) {
            return are_properties ? required_of(owner) : RequiredNames();
        };
        const RequiredNames old_required = required_in(*owners.first);
        const RequiredNames new_required = required_in(*owners.second);
        for (const auto& [name, schemas] :
             members_of(before == nullptr ? none : *before, after == nullptr ? none : *after)) {
            if (!list_.step()) {
                return;
            }
            const std::string token = keyword + place_below("", name);
            DiffSpot inner = spot;
            inner.place = are_properties ? place_below(spot.place, name) : spot.place + token;
            if (schemas.first == nullptr) {
                inner.new_path += token;
                list_.add(ChangeKind::added, row.noun, inner,
                          fmt::format("{} {} ({})", row.noun, shorten(inner.place),
                                      describe_json(*schemas.second, name, new_required)));
            } else if (schemas.second == nullptr) {
                inner.old_path += token;
                list_.add(ChangeKind::removed, row.noun, inner,
                          fmt::format("{} {} ({})", row.noun, shorten(inner.place),
                                      describe_json(*schemas.first, name, old_required)));
            } else {
                inner.old_path += token;
                inner.new_path += token;
                compare(*schemas.first, *schemas.second, inner);
            }
        }
    }

    /// Those that are equal go together first, so that one that is inserted moves none; of the
    /// others those that follow each other.
    void compare_list(const KeywordRow& row, const JsonNode& before, const JsonNode& after,
                      const DiffSpot& spot) {
        const auto olds = items_of_list(before);
        const auto news = items_of_list(after);
        std::multimap<std::string, std::size_t> by_text;
        const bool by_position = row.form == KeywordForm::schema_or_list || row.noun == "item";
        for (std::size_t at = 0; at < news.size() && !by_position; ++at) {
            std::string text = json_value_text(*news[at]);
            // Lists in lists would be written out once for each level.
            if (!list_.step(text.size() / 8)) {
                return;
            }
            by_text.emplace(std::move(text), at);
        }
        std::vector<bool> taken(news.size());
        std::vector<std::size_t> left;
        for (std::size_t at = 0; at < olds.size(); ++at) {
            const std::string text = by_position ? std::string() : json_value_text(*olds[at]);
            if (!list_.step(text.size() / 8)) {
                return;
            }
            const auto found = by_text.find(text);
            if (found == by_text.end()) {
                left.push_back(at);
            } else {
                taken[found->second] = true;
                by_text.erase(found);
            }
        }
        std::size_t next = 0;
        for (const std::size_t at : left) {
            while (next < news.size() && taken[next]) {
                ++next;
            }
            if (next < news.size()) {
                taken[next] = true;
                compare(*olds[at], *news[next], item_spot(row, spot, at, next));
            } else {
                tell_item(ChangeKind::removed, row, spot, *olds[at], at);
            }
        }
        for (; next < news.size(); ++next) {
            if (!taken[next]) {
                tell_item(ChangeKind::added, row, spot, *news[next], next);
            }
        }
    }

    static DiffSpot item_spot(const KeywordRow& row, const DiffSpot& spot, std::size_t old_at,
                              std::size_t new_at) {
        DiffSpot inner = spot.inside(fmt::format("/{}/{}", row.keyword, old_at),
                                     fmt::format("/{}/{}", row.keyword, new_at));
        inner.place += fmt::format("/{}/{}", row.keyword, new_at);
        return inner;
    }

    void tell_item(ChangeKind kind, const KeywordRow& row, const DiffSpot& spot,
                   const JsonNode& item, std::size_t at) {
        const std::string token = fmt::format("/{}/{}", row.keyword, at);
        const std::string holder = fmt::format("/{}", row.keyword);
        const DiffSpot inner =
            kind == ChangeKind::added ? spot.inside(holder, token) : spot.inside(token, holder);
        list_.add(kind, row.noun, inner,
                  fmt::format("{} {} of {} ({})", row.noun, at + 1,
                              shorten(place_or_root(spot.place)), describe_json(item, {}, {})));
    }

    ChangeList& list_;
};

}  // namespace

void diff_json(const JsonNode& old_root, const JsonNode& new_root, ChangeList& list) {
    JsonDiff(list).compare(old_root, new_root, {"schema", "", "", ""});
}

}  // namespace symbolon::gate
