#include "compat/json_schema/json_sites.hpp"

#include "compat/json_schema/json_document.hpp"
#include "compat/json_schema/json_meta_schema.hpp"
#include "compat/json_schema/json_uri.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace symbolon::compat::json {

namespace {

// The base of a schema without `$id`; relative references need something to be relative to.
constexpr std::string_view base_of_nameless = "mem://input";

// How schemas stand in a keyword's value; some keywords know more than one way.
constexpr std::uint8_t one_schema = 1;
constexpr std::uint8_t schema_list = 2;
constexpr std::uint8_t schema_map = 4;

struct HolderRow {
    std::string_view word;
    std::uint8_t shapes;
    Draft first;
    Draft last;
};
constexpr std::array holder_rows{
    HolderRow{"$defs", schema_map, Draft::draft2019, Draft::draft2020},
    HolderRow{"additionalItems", one_schema, Draft::draft4, Draft::draft2019},
    HolderRow{"additionalProperties", one_schema, Draft::draft4, Draft::draft2020},
    HolderRow{"allOf", schema_list, Draft::draft4, Draft::draft2020},
    HolderRow{"anyOf", schema_list, Draft::draft4, Draft::draft2020},
    HolderRow{"contains", one_schema, Draft::draft6, Draft::draft2020},
    HolderRow{"contentSchema", one_schema, Draft::draft2019, Draft::draft2020},
    HolderRow{"definitions", schema_map, Draft::draft4, Draft::draft2020},
    HolderRow{"dependencies", schema_map, Draft::draft4, Draft::draft2020},
    HolderRow{"dependentSchemas", schema_map, Draft::draft2019, Draft::draft2020},
    HolderRow{"else", one_schema, Draft::draft7, Draft::draft2020},
    HolderRow{"if", one_schema, Draft::draft7, Draft::draft2020},
    HolderRow{"items", one_schema | schema_list, Draft::draft4, Draft::draft2019},
    HolderRow{"items", one_schema, Draft::draft2020, Draft::draft2020},
    HolderRow{"not", one_schema, Draft::draft4, Draft::draft2020},
    HolderRow{"oneOf", schema_list, Draft::draft4, Draft::draft2020},
    HolderRow{"patternProperties", schema_map, Draft::draft4, Draft::draft2020},
    HolderRow{"prefixItems", schema_list, Draft::draft2020, Draft::draft2020},
    HolderRow{"properties", schema_map, Draft::draft4, Draft::draft2020},
    HolderRow{"propertyNames", one_schema, Draft::draft6, Draft::draft2020},
    HolderRow{"then", one_schema, Draft::draft7, Draft::draft2020},
    HolderRow{"unevaluatedItems", one_schema, Draft::draft2019, Draft::draft2020},
    HolderRow{"unevaluatedProperties", one_schema, Draft::draft2019, Draft::draft2020},
};

std::uint8_t shapes_of(std::string_view word, Draft draft) {
    for (const HolderRow& row : holder_rows) {
        if (row.word == word && row.first <= draft && draft <= row.last) {
            return row.shapes;
        }
    }
    return 0;
}

bool may_be_schema(const JsonNode& json) {
    return json.kind == JsonKind::object || json.kind == JsonKind::boolean;
}

std::string_view text_member(const JsonNode& object, std::string_view word) {
    const JsonNode* found = object.find(word);
    return found != nullptr && found->kind == JsonKind::string ? found->text : std::string_view();
}

// Spec: RFC 6901, 4: "~1" first, then "~0".
std::string take_step(std::string_view& pointer) {
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    std::string step;
    for (std::size_t at = 1; at < end; ++at) {
        const bool escaped = pointer[at] == '~' && at + 1 < end &&
                             (pointer[at + 1] == '0' || pointer[at + 1] == '1');
        step += !escaped ? pointer[at] : pointer[at + 1] == '0' ? '~' : '/';
        at += escaped ? 1 : 0;
    }
    pointer.remove_prefix(end);
    return step;
}

}  // namespace

void append_step(std::string& path, std::string_view step) {
    path += '/';
    for (const char letter : step) {
        if (letter == '~' || letter == '/') {
            path += letter == '~' ? "~0" : "~1";
        } else {
            path += letter;
        }
    }
}

std::string_view Sites::keep_text(std::string_view text) {
    char* const kept = static_cast<char*>(memory_.allocate(text.size() + 1, 1));
    std::copy(text.begin(), text.end(), kept);
    return {kept, text.size()};
}

tl::unexpected<Error> Sites::fail(SiteId id, const JsonNode& json, const std::string& what) const {
    const Source& source = sources_[id == none_here ? 0 : sites_[id].source];
    const std::string where = place_of(source.text, json.offset);
    const std::string in =
        source.name.empty() ? "" : fmt::format("Reference \"{}\": ", source.name);
    return failure(make_error(ErrorCode::invalid_schema,
                              fmt::format("Invalid JSON schema: {}{} ({})", in, what, where)));
}

SiteId Sites::add_site(Site site) {
    const auto id = static_cast<SiteId>(sites_.size());
    by_json_.emplace(site.json, id);
    sites_.push_back(site);
    return id;
}

std::uint32_t Sites::add_resource(std::string uri, const Dialect& dialect, SiteId root) {
    const auto id = static_cast<std::uint32_t>(resources_.size());
    resource_by_uri_.emplace(uri, id);  // the first one for a URI stays
    resources_.push_back({std::move(uri), dialect, root});
    return id;
}

Status Sites::open_root(const JsonNode& root, std::string_view text,
                        std::span<const NamedText> references) {
    sources_.push_back({"", text, &root});
    // Also as seen from the schema's own `$id`.
    std::string_view id = text_member(root, "$id");
    id = id.empty() ? text_member(root, "id") : id;
    const std::string own = resolve_uri(base_of_nameless, split_fragment(id).first);
    std::size_t bytes = 0;
    for (const NamedText& reference : references) {
        const auto index = static_cast<std::uint32_t>(sources_.size());
        bytes += reference.text.size();
        if (bytes > limits::reference_bytes_max) {
            return failure(
                make_error(ErrorCode::invalid_schema,
                           fmt::format("The references together are longer than {} bytes",
                                       limits::reference_bytes_max)));
        }
        sources_.push_back({reference.name, keep_text(reference.text)});
        const std::string_view name = split_fragment(reference.name).first;
        source_by_uri_.emplace(resolve_uri(own, name), index);
        source_by_uri_.emplace(resolve_uri(base_of_nameless, name), index);
        source_by_name_.emplace(name, index);
    }
    return open(sources_.front(), 0, {});
}

Status Sites::open(Source& source, std::uint32_t index, const Dialect& dialect) {
    source.opened = true;
    if (source.root == nullptr) {
        JsonReader reader(source.text, memory_, memory_, JsonDialect::plain);
        source.root = reader.read();
        if (source.root == nullptr) {
            source.failed = true;
            problem_ =
                fmt::format("Reference \"{}\": Not valid JSON: {} ({})", source.name,
                            reader.problem(), place_of(source.text, reader.problem_offset()));
            return failure(make_error(ErrorCode::invalid_schema, problem_));
        }
    }
    const std::string uri = index == 0
                                ? std::string(base_of_nameless)
                                : resolve_uri(base_of_nameless, split_fragment(source.name).first);
    const auto resource =
        add_resource(uri, dialect_of(*source.root, dialect, 0), static_cast<SiteId>(sites_.size()));
    source.site = add_site({source.root, none_here, index, resource});
    walk(source.site);
    if (sites_.size() > limits::validate_nodes_max) {
        return failure(make_error(
            ErrorCode::invalid_schema,
            fmt::format("The schema holds more than {} schemas", limits::validate_nodes_max)));
    }
    return {};
}

void Sites::walk(SiteId id) {
    const JsonNode& json = *sites_[id].json;
    if (json.kind != JsonKind::object || sites_.size() > limits::validate_nodes_max) {
        return;
    }
    walk_identifiers(id);
    const Draft draft = resource_of(id).dialect.draft;
    for (const JsonNode* member = json.first; member != nullptr; member = member->next) {
        if (const std::uint8_t shapes = shapes_of(member->key, draft)) {
            walk_value(id, member->key, *member, shapes);
        }
    }
}

// Makes the site a resource where it has an `$id`, and notes its anchors.
void Sites::walk_identifiers(SiteId id) {
    const JsonNode& json = *sites_[id].json;
    const bool is_top = sites_[id].parent == none_here;
    const Dialect& outer = resource_of(id).dialect;
    const Dialect dialect = is_top ? outer : dialect_of(json, outer, 0);
    const bool modern = is_modern(dialect.draft);
    if (!modern && json.find("$ref") != nullptr) {
        return;  // nothing beside it counts
    }
    const std::string_view name = text_member(json, dialect.draft == Draft::draft4 ? "id" : "$id");
    const auto [uri, fragment] = split_fragment(name);
    if (!uri.empty() && uri.size() <= limits::uri_bytes_max) {
        std::string full = resolve_uri(resource_of(id).uri, uri);
        if (full.size() > limits::uri_bytes_max) {
            return;
        }
        if (is_top) {  // the text's own name is another one for the same
            resource_by_uri_.emplace(full, sites_[id].resource);
            resources_[sites_[id].resource].uri = std::move(full);
        } else {
            sites_[id].resource = add_resource(std::move(full), dialect, id);
        }
    }
    Resource& resource = resources_[sites_[id].resource];
    if (!modern) {
        if (!fragment.empty()) {
            resource.anchors.emplace(fragment, id);
        }
        return;
    }
    if (const auto anchor = text_member(json, "$anchor"); !anchor.empty()) {
        resource.anchors.emplace(anchor, id);
    }
    if (dialect.draft == Draft::draft2019) {
        const JsonNode* recursive = json.find("$recursiveAnchor");
        if (recursive != nullptr && recursive->boolean && resource.root == id) {
            resource.dynamic_anchors.emplace("", id);
        }
    } else if (const auto anchor = text_member(json, "$dynamicAnchor"); !anchor.empty()) {
        resource.anchors.emplace(anchor, id);
        resource.dynamic_anchors.emplace(anchor, id);
    }
}

void Sites::walk_child(SiteId parent, Site child) {
    if (!may_be_schema(*child.json) || by_json_.count(child.json) != 0) {
        return;
    }
    child.parent = parent;
    child.source = sites_[parent].source;
    child.resource = sites_[parent].resource;
    walk(add_site(child));
}

void Sites::walk_value(SiteId parent, std::string_view word, const JsonNode& value,
                       std::uint8_t shapes) {
    if (value.kind == JsonKind::array && (shapes & schema_list) != 0) {
        std::uint32_t position = 0;
        for (const JsonNode* item = value.first; item != nullptr; item = item->next) {
            walk_child(parent, {item, none_here, 0, 0, word, {}, position++});
        }
    } else if (value.kind == JsonKind::object && (shapes & schema_map) != 0) {
        for (const JsonNode* item = value.first; item != nullptr; item = item->next) {
            walk_child(parent, {item, none_here, 0, 0, word, item->key, none_here, true});
        }
    } else if ((shapes & one_schema) != 0) {
        walk_child(parent, {&value, none_here, 0, 0, word});
    }
}

Dialect Sites::dialect_of(const JsonNode& schema, const Dialect& inherited, int depth) {
    constexpr int chain_max = 8;
    const std::string_view uri = text_member(schema, "$schema");
    if (uri.empty()) {
        return inherited;
    }
    Dialect dialect;
    if (const auto draft = find_exact_draft(uri)) {
        dialect.draft = *draft;
        return dialect;
    }
    dialect.draft = find_draft(uri);
    const auto index = find_source(split_fragment(uri).first, uri);
    if (!index || depth == chain_max) {
        return dialect;
    }
    Source& source = sources_[*index];
    if (source.root == nullptr && !source.failed) {
        JsonReader reader(source.text, memory_, memory_, JsonDialect::plain);
        source.root = reader.read();
        source.failed = source.root == nullptr;
    }
    if (source.root == nullptr) {
        return dialect;
    }
    dialect = dialect_of(*source.root, dialect, depth + 1);
    const JsonNode* vocabularies = source.root->find("$vocabulary");
    if (vocabularies != nullptr && is_modern(dialect.draft)) {
        read_vocabularies(*vocabularies, dialect);
    }
    return dialect;
}

void Sites::read_vocabularies(const JsonNode& vocabularies, Dialect& dialect) {
    const std::string start = dialect.draft == Draft::draft2019
                                  ? "https://json-schema.org/draft/2019-09/vocab/"
                                  : "https://json-schema.org/draft/2020-12/vocab/";
    const auto has = [&](std::string_view name) {
        return vocabularies.find(start + std::string(name)) != nullptr;
    };
    dialect.applicator = has("applicator");
    // The older draft has them among the applicators.
    dialect.unevaluated =
        dialect.draft == Draft::draft2019 ? dialect.applicator : has("unevaluated");
    dialect.validation = has("validation");
    dialect.asserts_formats = has("format-assertion");
}

SiteId Sites::site_of(const JsonNode& json) const {
    const auto found = by_json_.find(&json);
    return found == by_json_.end() ? none_here : found->second;
}

std::optional<std::uint32_t> Sites::find_source(std::string_view uri, std::string_view reference) {
    if (const auto found = source_by_uri_.find(uri); found != source_by_uri_.end()) {
        return found->second;
    }
    // A name written as it was registered is found whatever base is in force.
    std::string_view name = split_fragment(reference).first;
    name.remove_prefix(name.starts_with("./") && source_by_name_.count(name) == 0 ? 2 : 0);
    if (const auto found = source_by_name_.find(name); found != source_by_name_.end()) {
        return found->second;
    }
    const auto text = find_meta_schema_text(uri);
    if (!text) {
        return std::nullopt;
    }
    const auto index = static_cast<std::uint32_t>(sources_.size());
    sources_.push_back({std::string(uri), keep_text(*text)});
    source_by_uri_.emplace(uri, index);
    return index;
}

std::optional<std::uint32_t> Sites::find_resource(std::string_view uri,
                                                  std::string_view reference) {
    if (const auto found = resource_by_uri_.find(uri); found != resource_by_uri_.end()) {
        return found->second;
    }
    const Dialect inherited = resources_.front().dialect;
    if (const auto index = find_source(uri, reference)) {
        Source& source = sources_[*index];
        if (!source.opened && !open(source, *index, inherited)) {
            return std::nullopt;
        }
        return source.failed ? std::nullopt : std::optional(sites_[source.site].resource);
    }
    // A text may have been registered by another name than its `$id`.
    for (std::uint32_t index = 0; index < sources_.size(); ++index) {
        if (!sources_[index].opened && open(sources_[index], index, inherited)) {
            if (const auto found = resource_by_uri_.find(uri); found != resource_by_uri_.end()) {
                return found->second;
            }
        }
    }
    return std::nullopt;
}

const JsonNode* Sites::child_of(const JsonNode& json, std::string_view token) {
    constexpr std::uint32_t small = 16;
    if (json.kind == JsonKind::object && json.count <= small) {
        return json.find(token);
    }
    const auto [found, is_new] = children_.try_emplace(&json);
    std::vector<const JsonNode*>& children = found->second;
    if (is_new) {
        for (const JsonNode* child = json.first; child != nullptr; child = child->next) {
            children.push_back(child);
        }
        if (json.kind == JsonKind::object) {
            std::sort(children.begin(), children.end(),
                      [](const auto* left, const auto* right) { return left->key < right->key; });
        }
    }
    if (json.kind == JsonKind::object) {
        const auto member = std::lower_bound(
            children.begin(), children.end(), token,
            [](const JsonNode* child, std::string_view wanted) { return child->key < wanted; });
        return member != children.end() && (*member)->key == token ? *member : nullptr;
    }
    std::uint32_t position = 0;
    const auto read = std::from_chars(token.data(), token.data() + token.size(), position);
    const bool whole = read.ec == std::errc{} && read.ptr == token.data() + token.size();
    return whole && position < children.size() ? children[position] : nullptr;
}

SiteId Sites::follow(SiteId root, std::string_view pointer) {
    SiteId last = root;
    const JsonNode* json = sites_[root].json;
    std::string_view rest = pointer;
    std::string_view beyond = pointer;  // what follows the last site
    while (!rest.empty()) {
        const std::string token = take_step(rest);
        json = child_of(*json, token);
        if (json == nullptr) {
            return none_here;
        }
        if (const SiteId site = site_of(*json); site != none_here) {
            last = site;
            beyond = rest;
        }
    }
    if (beyond.empty()) {
        return last;
    }
    if (!may_be_schema(*json)) {
        return none_here;
    }
    // A schema where no known keyword has one.
    const SiteId made =
        add_site({json, last, sites_[last].source, sites_[last].resource, keep_text(beyond)});
    walk(made);
    return made;
}

Result<SiteId> Sites::find(const JsonNode& reference, SiteId from) {
    if (reference.kind != JsonKind::string || reference.text.size() > limits::uri_bytes_max) {
        return fail(from, reference,
                    fmt::format("\"{}\" is no text of at most {} bytes", reference.key,
                                limits::uri_bytes_max));
    }
    const std::string full = resolve_uri(resource_of(from).uri, reference.text);
    const auto [uri, fragment] = split_fragment(full);
    problem_.clear();
    const auto resource = find_resource(uri, reference.text);
    SiteId found = none_here;
    if (resource) {
        const SiteId root = resources_[*resource].root;
        const std::string name = undo_percent(fragment);
        if (name.empty() || name[0] == '/') {
            found = follow(root, name);
            if (found == none_here && name.starts_with("/$defs/")) {
                // As the registry's own parser: `definitions` has what `$defs` has not.
                found = follow(root, "/definitions" + name.substr(6));
            }
        } else {
            const auto& anchors = resources_[*resource].anchors;
            const auto anchor = anchors.find(name);
            found = anchor == anchors.end() ? none_here : anchor->second;
        }
    }
    if (found == none_here) {
        return problem_.empty()
                   ? fail(from, reference,
                          fmt::format("Nothing here is called \"{}\": it is neither in this schema "
                                      "nor one of its references, and nothing is fetched",
                                      reference.text))
                   : fail(from, reference, problem_);
    }
    if (sites_.size() > limits::validate_nodes_max) {
        return fail(
            from, reference,
            fmt::format("The schema holds more than {} schemas", limits::validate_nodes_max));
    }
    return found;
}

std::string Sites::path_of(SiteId id) const {
    std::vector<const Site*> steps;
    for (SiteId at = id; at != none_here; at = sites_[at].parent) {
        steps.push_back(&sites_[at]);
    }
    const Source& source = sources_[sites_[id].source];
    std::string path = source.name.empty() ? "" : source.name + "#";
    std::reverse(steps.begin(), steps.end());
    for (const Site* step : steps) {
        const Site& site = *step;
        if (site.word.starts_with('/')) {
            path += site.word;
        } else if (!site.word.empty()) {
            append_step(path, site.word);
        }
        if (site.named) {
            append_step(path, site.name);
        }
        if (site.position != none_here) {
            append_step(path, std::to_string(site.position));
        }
    }
    return path;
}

}  // namespace symbolon::compat::json
