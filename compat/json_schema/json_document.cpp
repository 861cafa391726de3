#include "compat/json_schema/json_document.hpp"

#include "compat/json_schema/json_meta_schema.hpp"
#include "compat/json_schema/json_uri.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace symbolon::compat::json {

namespace {

// The base of a schema without `$id`; relative references need something to be relative to.
constexpr std::string_view nameless_base = "mem://input";

std::string_view without_scheme(std::string_view uri) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (uri.starts_with(scheme)) {
            return uri.substr(scheme.size());
        }
    }
    return {};
}

struct DraftName {
    std::string_view name;
    Draft draft;
};
constexpr std::array draft_names{
    DraftName{"json-schema.org/draft-04/schema", Draft::draft4},
    DraftName{"json-schema.org/schema", Draft::draft4},
    DraftName{"json-schema.org/draft-06/schema", Draft::draft6},
    DraftName{"json-schema.org/draft-07/schema", Draft::draft7},
    DraftName{"json-schema.org/draft/2019-09/schema", Draft::draft2019},
    DraftName{"json-schema.org/draft/2020-12/schema", Draft::draft2020},
};

// The position that a pointer's token names in an array; nullopt for other texts.
std::optional<std::uint32_t> position_of(const std::string& token) {
    std::uint32_t position = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), position);
    const bool whole = read.ec == std::errc{} && read.ptr == token.data() + token.size();
    return whole ? std::optional(position) : std::nullopt;
}

// Spec: RFC 6901, 4: "~1" first, then "~0".
std::string unescape_token(std::string_view token) {
    std::string out;
    for (std::size_t at = 0; at < token.size(); ++at) {
        const bool escaped = token[at] == '~' && at + 1 < token.size() &&
                             (token[at + 1] == '0' || token[at + 1] == '1');
        out += !escaped ? token[at] : token[at + 1] == '0' ? '~' : '/';
        at += escaped ? 1 : 0;
    }
    return out;
}

Place top_of(Document& document) {
    return {&document, document.root, document.uri};
}

std::string take_token(std::string_view& pointer) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    std::string token = unescape_token(pointer.substr(1, end - 1));
    pointer.remove_prefix(end);
    return token;
}

}  // namespace

std::optional<Draft> find_exact_draft(std::string_view uri) {
    const std::string_view name = without_scheme(uri.substr(0, uri.size() - (uri.ends_with('#'))));
    for (const DraftName& row : draft_names) {
        if (row.name == name) {
            return row.draft;
        }
    }
    return std::nullopt;
}

Draft find_draft(std::string_view schema_uri) {
    if (const auto draft = find_exact_draft(schema_uri)) {
        return *draft;
    }
    const std::string_view name = without_scheme(schema_uri);
    for (const DraftName& row : draft_names) {
        // Parity: the loader of the older drafts looks again, at the beginning of the text alone.
        if (!is_modern(row.draft) && name.starts_with(row.name)) {
            return row.draft;
        }
    }
    return Draft::draft7;
}

std::string_view Documents::keep(std::string_view text) {
    char* const kept = static_cast<char*>(memory_.allocate(text.size() + 1, 1));
    std::copy(text.begin(), text.end(), kept);
    return {kept, text.size()};
}

bool Documents::read(Document& document) {
    if (document.root != nullptr || !document.problem.empty()) {
        return document.root != nullptr;
    }
    JsonReader reader(document.text, memory_, memory_, JsonDialect::plain);
    document.root = reader.read();
    document.problem = reader.problem();
    document.problem_offset = reader.problem_offset();
    return document.root != nullptr;
}

bool Documents::open_root(std::string_view text) {
    Document& root = documents_.emplace_back();
    root.text = keep(text);
    if (!read(root)) {
        return false;
    }
    const JsonNode* schema = root.root->find("$schema");
    if (schema != nullptr && schema->kind == JsonKind::string) {
        draft_ = find_draft(schema->text);
    }
    root.uri = is_modern(draft_) ? nameless_base : std::string_view();
    by_uri_.emplace(root.uri, &root);
    return true;
}

void Documents::add(const NamedText& reference) {
    Document& document = documents_.emplace_back();
    document.name = reference.name;
    document.text = keep(reference.text);
    const std::string_view base =
        is_modern(draft_) ? root().uri : base_inside(*root().root, root().uri);
    document.uri = keep_uri(resolve_uri(base, split_fragment(reference.name).first));
    by_uri_.emplace(document.uri, &document);  // the first text for a name stays
    by_name_.emplace(reference.name, &document);
}

std::string_view Documents::base_inside(const JsonNode& object, std::string_view base) {
    const JsonNode* id = find_member(object, id_keyword());
    if (id == nullptr || id->kind != JsonKind::string) {
        return base;
    }
    // A `$id` that is nothing but a fragment names a place and moves nothing.
    return keep_uri(std::string(split_fragment(resolve_uri(base, id->text)).first));
}

void Documents::index_object(Index& index, const Place& place, std::string_view inner) {
    const auto text_of = [&place](std::string_view word) {
        const JsonNode* found = place.node->find(word);
        return found != nullptr && found->kind == JsonKind::string ? found->text
                                                                   : std::string_view();
    };
    const std::string_view id = text_of(id_keyword());
    if (!is_modern(draft_)) {
        if (!id.empty()) {
            index.places.emplace(id, place);
            index.resolved_ids.emplace(inner, place);
        }
        return;
    }
    if (!id.empty()) {
        index.places.emplace(inner, place);
    }
    for (const std::string_view word : {"$anchor", "$dynamicAnchor"}) {
        if (const std::string_view anchor = text_of(word); !anchor.empty()) {
            index.places.emplace(std::string(inner) + "#" + std::string(anchor), place);
        }
    }
}

void Documents::index_below(Index& index, const Place& place) {
    std::string_view base = place.base;
    if (place.node->kind == JsonKind::object) {
        base = base_inside(*place.node, place.base);
        if (base.size() > limits::uri_bytes_max) {
            return;  // the loader refuses such an `$id` where it meets it
        }
        index_object(index, place, base);
    }
    for (const JsonNode* child = place.node->first; child != nullptr; child = child->next) {
        if (child->kind == JsonKind::object || child->kind == JsonKind::array) {
            index_below(index, {place.document, child, base});
        }
    }
}

const Documents::Index& Documents::index_of(Document& document) {
    const auto [found, is_new] = indexes_.try_emplace(&document);
    if (is_new && document.root != nullptr) {
        index_below(found->second, top_of(document));
    }
    return found->second;
}

std::optional<Place> Documents::find_meta_schema(std::string_view uri) {
    const auto draft = find_exact_draft(uri);
    if (!draft || (is_modern(*draft) && !is_modern(draft_))) {
        return std::nullopt;
    }
    // It is loaded with the rules of the schema that refers to it, so it is written for these.
    Document& document = documents_.emplace_back();
    document.name = uri;
    document.uri = keep_uri(std::string(uri));
    document.text = keep(meta_schema_text(*draft));
    by_uri_.insert_or_assign(std::string(uri), &document);
    read(document);
    return top_of(document);
}

std::optional<Place> Documents::find_document(std::string_view uri, std::string_view reference) {
    const auto found = by_uri_.find(uri);
    Document* document = uri.empty() || found == by_uri_.end() ? nullptr : found->second;
    if (document == nullptr) {
        // A name written as it was registered is found whatever base is in force.
        std::string_view name = split_fragment(reference).first;
        name.remove_prefix(name.starts_with("./") && by_name_.count(name) == 0 ? 2 : 0);
        const auto named = by_name_.find(name);
        if (named == by_name_.end()) {
            return find_meta_schema(uri);
        }
        document = named->second;
    }
    read(*document);
    return top_of(*document);
}

const std::vector<const JsonNode*>& Documents::children_of(const JsonNode& node) {
    const auto [found, is_new] = children_.try_emplace(&node);
    std::vector<const JsonNode*>& children = found->second;
    if (is_new) {
        children.reserve(node.count);
        for (const JsonNode* child = node.first; child != nullptr; child = child->next) {
            children.push_back(child);
        }
        if (node.kind == JsonKind::object) {
            std::sort(
                children.begin(), children.end(),
                [](const JsonNode* left, const JsonNode* right) { return left->key < right->key; });
        }
    }
    return children;
}

const JsonNode* Documents::find_member(const JsonNode& object, std::string_view name) {
    constexpr std::uint32_t small = 16;
    if (object.kind != JsonKind::object || object.count <= small) {
        return object.find(name);
    }
    const auto& members = children_of(object);
    const auto found = std::lower_bound(
        members.begin(), members.end(), name,
        [](const JsonNode* member, std::string_view wanted) { return member->key < wanted; });
    return found != members.end() && (*found)->key == name ? *found : nullptr;
}

// Where the next token of `pointer` leads; takes the token away.
const JsonNode* Documents::step(const Place& from, std::string_view& pointer) {
    const std::string token = take_token(pointer);
    if (from.node->kind == JsonKind::array) {
        const auto position = position_of(token);
        return position && *position < from.node->count ? children_of(*from.node)[*position]
                                                        : nullptr;
    }
    const JsonNode* member = find_member(*from.node, token);
    if (from.node != from.document->root || token != "$defs" || pointer.empty()) {
        return member;
    }
    // Parity: a top-level `definitions` is looked into for what `$defs` does not have.
    std::string_view rest = pointer;
    const bool is_there = member != nullptr && find_member(*member, take_token(rest)) != nullptr;
    const JsonNode* definitions = from.node->find("definitions");
    return is_there || definitions == nullptr ? member : definitions;
}

std::optional<Place> Documents::follow(Place place, std::string_view pointer) {
    if (place.node == nullptr) {
        return place;
    }
    const std::string undone = undo_percent(pointer);
    std::string_view rest = undone;
    while (!rest.empty()) {
        if (rest[0] != '/') {
            return std::nullopt;
        }
        if (place.node->kind == JsonKind::object) {
            place.base = base_inside(*place.node, place.base);
        }
        place.node = step(place, rest);
        if (place.node == nullptr) {
            return std::nullopt;
        }
    }
    return place;
}

std::optional<Place> Documents::find_classic(std::string_view reference, const Place& from) {
    const std::string full = resolve_uri(from.base, reference);
    const Index& index = index_of(*from.document);
    if (const auto found = index.places.find(full); found != index.places.end()) {
        return found->second;
    }
    std::optional<Place> place;
    if (reference.starts_with('#')) {
        place = follow(top_of(*from.document), reference.substr(1));
    } else {
        const auto [uri, fragment] = split_fragment(full);
        place = find_document(uri, reference);
        place = place ? follow(*place, fragment) : std::nullopt;
    }
    return place ? place : find_embedded(*from.document, full);
}

// The reference would fetch what an embedded `$id` names, though it has it before it.
std::optional<Place> Documents::find_embedded(Document& document, std::string_view full) {
    const auto [uri, fragment] = split_fragment(full);
    const Index& index = index_of(document);
    const auto found = index.resolved_ids.find(uri);
    return found == index.resolved_ids.end() ? std::nullopt : follow(found->second, fragment);
}

// What a full URI means inside a document: one of its `$id`s or anchors, or its own URI.
std::optional<Place> Documents::find_inside(Document& document, std::string_view full) {
    const auto [uri, fragment] = split_fragment(full);
    const bool is_pointer = fragment.empty() || fragment[0] == '/';
    const Index& index = index_of(document);
    const auto found = index.places.find(is_pointer ? uri : full);
    if (found != index.places.end()) {
        return is_pointer ? follow(found->second, fragment) : found->second;
    }
    return uri == document.uri ? follow(top_of(document), fragment) : std::nullopt;
}

std::optional<Place> Documents::find_modern(std::string_view reference, const Place& from) {
    const std::string full = resolve_uri(from.base, reference);
    if (auto place = find_inside(*from.document, full)) {
        return place;
    }
    const auto [uri, fragment] = split_fragment(full);
    const auto place = find_document(uri, reference);
    if (!place || place->node == nullptr) {
        return place;
    }
    // Seen from the document's own `$id`, which may not be the name that it was found by.
    const std::string_view base = base_inside(*place->node, place->base);
    return find_inside(*place->document, std::string(base) + "#" + std::string(fragment));
}

std::optional<Place> Documents::find(std::string_view reference, const Place& from) {
    return is_modern(draft_) ? find_modern(reference, from) : find_classic(reference, from);
}

}  // namespace symbolon::compat::json
