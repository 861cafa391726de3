#include "compat/json_schema/json_loader.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <new>

namespace symbolon::compat::json {

namespace {

constexpr std::array combination_words{
    std::pair{std::string_view{"allOf"}, Criterion::all_of},
    std::pair{std::string_view{"anyOf"}, Criterion::any_of},
    std::pair{std::string_view{"oneOf"}, Criterion::one_of},
};

std::uint64_t mix(std::uint64_t hash, std::uint64_t value) {
    hash = (hash ^ value) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 29U);
}

std::string sorted_text(const JsonNode& json) {
    std::string text;
    append_json(text, json, MemberOrder::sorted);
    return text;
}

}  // namespace

const Model* Loader::load_root() {
    Document& document = documents_.root();
    const Place place{&document, document.root, document.uri};
    const Model* root = load(*document.root, place);
    // Why a queue: a chain of references is as long as the text, and must not cost stack.
    while (root != nullptr && !wanted_.empty()) {
        const Wanted next = wanted_.front();
        wanted_.pop_front();
        if (!load_wanted(next)) {
            return nullptr;
        }
    }
    return root;
}

bool Loader::load_wanted(const Wanted& wanted) {
    const auto place = documents_.find(wanted.text->text, wanted.from);
    if (!place) {
        keywords_.fail(
            wanted.from, *wanted.text,
            fmt::format("Nothing here is called \"{}\": it is neither in this schema nor "
                        "the name of one of its references, and nothing is fetched",
                        wanted.text->text));
        return false;
    }
    const Document& document = *place->document;
    if (place->node == nullptr) {
        JsonNode nowhere;
        nowhere.offset = static_cast<std::uint32_t>(document.problem_offset);
        keywords_.fail(*place, nowhere, "Not valid JSON: " + document.problem);
        return false;
    }
    // Parity: the loader of the older drafts wants whole documents to be objects.
    const bool is_whole = place->node == document.root && !document.name.empty();
    if (is_whole && !is_modern(draft_) &&
        !keywords_.expect(place->node->kind == JsonKind::object, *place, *place->node,
                          "an object")) {
        return false;
    }
    wanted.reference->inner = load(*place->node, *place);
    return wanted.reference->inner != nullptr;
}

const Model* Loader::load(const JsonNode& json, const Place& from) {
    if (const auto known = loaded_.find(&json); known != loaded_.end()) {
        return known->second;
    }
    const Model* model = nullptr;
    if (json.kind == JsonKind::boolean) {
        model = new_model(json.boolean ? ModelKind::always : ModelKind::never, json);
    } else if (keywords_.expect(json.kind == JsonKind::object, from, json,
                                "a schema, which is an object or a boolean")) {
        model = load_object(json, from);
    }
    loaded_.emplace(&json, model);
    return model;
}

Model* Loader::load_object(const JsonNode& json, const Place& from) {
    const JsonNode* id = nullptr;
    const JsonNode* reference = json.find("$ref");
    if (reference != nullptr && !is_modern(draft_)) {
        return load_reference(*reference, json, from);  // nothing beside it counts
    }
    if (!keywords_.read_text(json, documents_.id_keyword(), from, id) ||
        (id != nullptr && !keywords_.check_uri(*id, from))) {
        return nullptr;
    }
    const Place here{from.document, &json, documents_.base_inside(json, from.base)};
    if (here.base.size() > limits::uri_bytes_max) {
        return keywords_.fail(from, json, "The base URI here is too long");
    }
    Parts parts;
    if (!load_parts(json, here, parts)) {
        return nullptr;
    }
    Model* model = nullptr;
    if (parts.size() == 1) {
        model = parts.front();
    } else if (parts.empty()) {
        model = new_model(ModelKind::empty, json);
    } else {
        model = combine(Criterion::all_of, Models(parts.begin(), parts.end()), json);
    }
    return annotate(*model, json, here) ? model : nullptr;
}

bool Loader::load_parts(const JsonNode& json, const Place& here, Parts& parts) {
    if (json.find("$schema") != nullptr &&
        !keywords_.expect(json.find("$schema")->kind == JsonKind::string, here,
                          *json.find("$schema"), "a text")) {
        return false;
    }
    return load_references(json, here, parts) && load_values(json, here, parts) &&
           load_combinations(json, here, parts) && load_types(json, here, parts) &&
           load_conditional(json, here, parts) && load_unused(json, here);
}

bool Loader::load_references(const JsonNode& json, const Place& here, Parts& parts) {
    if (!is_modern(draft_)) {
        return true;
    }
    for (const std::string_view word : {"$ref", "$dynamicRef"}) {
        if (const JsonNode* found = json.find(word)) {
            parts.push_back(load_reference(*found, json, here));
            if (parts.back() == nullptr) {
                return false;
            }
        }
    }
    return true;
}

Model* Loader::load_reference(const JsonNode& text, const JsonNode& json, const Place& here) {
    if (!keywords_.expect(text.kind == JsonKind::string, here, text, "a text") ||
        !keywords_.check_uri(text, here)) {
        return nullptr;
    }
    Model* model = new_model(ModelKind::reference, json);
    wanted_.push_back({model, &text, here});
    return model;
}

bool Loader::load_values(const JsonNode& json, const Place& here, Parts& parts) {
    if (const JsonNode* values = json.find("enum")) {
        if (!keywords_.expect(values->kind == JsonKind::array, here, *values, "an array")) {
            return false;
        }
        Model* model = new_model(ModelKind::enumeration, json);
        model->value = values;
        parts.push_back(model);
    }
    if (const JsonNode* value = json.find("const"); value != nullptr && draft_ != Draft::draft4) {
        Model* model = new_model(ModelKind::constant, json);
        model->value = value;
        parts.push_back(model);
    }
    if (const JsonNode* inner = json.find("not")) {
        Model* model = new_model(ModelKind::negation, json);
        model->inner = load(*inner, here);
        parts.push_back(model);
        return model->inner != nullptr;
    }
    return true;
}

bool Loader::load_combinations(const JsonNode& json, const Place& here, Parts& parts) {
    for (const auto& [word, criterion] : combination_words) {
        if (const JsonNode* array = json.find(word)) {
            parts.push_back(load_combined(*array, criterion, here));
            if (parts.back() == nullptr) {
                return false;
            }
        }
    }
    return true;
}

Model* Loader::load_combined(const JsonNode& array, Criterion criterion, const Place& here) {
    if (!keywords_.expect(array.kind == JsonKind::array, here, array, "an array of schemas")) {
        return nullptr;
    }
    Models members;
    std::unordered_multimap<std::uint64_t, const JsonNode*> by_hash;
    for (const JsonNode* item = array.first; item != nullptr; item = item->next) {
        const Model* member = load(*item, here);
        if (member == nullptr) {
            return nullptr;
        }
        const std::uint64_t hash = hash_of(*item);
        const auto [begin, end] = by_hash.equal_range(hash);
        const bool repeated = std::any_of(begin, end, [&](const auto& other) {
            return sorted_text(*other.second) == sorted_text(*item);
        });
        if (!repeated) {
            by_hash.emplace(hash, item);
            members.push_back(member);
        }
    }
    return combine(criterion, members, *here.node);
}

Model* Loader::combine(Criterion criterion, const Models& members, const JsonNode& json) {
    Model* model = new_model(ModelKind::combined, json);
    model->criterion = criterion;
    model->members = keywords_.keep(members);
    return model;
}

bool Loader::load_conditional(const JsonNode& json, const Place& here, Parts& parts) {
    if (draft_ < Draft::draft7) {
        return true;
    }
    bool is_there = false;
    for (const std::string_view word : {"if", "then", "else"}) {
        const Model* ignored = nullptr;  // loaded for its errors; never compared
        if (!load_optional(json, word, here, ignored)) {
            return false;
        }
        is_there = is_there || ignored != nullptr;
    }
    if (is_there) {
        parts.push_back(new_model(ModelKind::conditional, json));
    }
    return true;
}

// Parity: the loader of the newer drafts loads definitions that nobody uses, and the bridge makes
// `definitions` at the top of a text some of them.
bool Loader::load_unused(const JsonNode& json, const Place& here) {
    if (!is_modern(draft_)) {
        return true;
    }
    const JsonNode* defs = json.find("$defs");
    std::vector<NamedModel> ignored;
    if (defs != nullptr && !load_named(*defs, here, ignored)) {
        return false;
    }
    const JsonNode* old_defs = &json == here.document->root ? json.find("definitions") : nullptr;
    if (old_defs == nullptr || old_defs->kind != JsonKind::object) {
        return true;
    }
    for (const JsonNode* child = old_defs->first; child != nullptr; child = child->next) {
        const bool is_hidden =
            defs != nullptr && documents_.find_member(*defs, child->key) != nullptr;
        if (!is_hidden && load(*child, here) == nullptr) {
            return false;
        }
    }
    return true;
}

bool Loader::load_optional(const JsonNode& json, std::string_view word, const Place& here,
                           const Model*& out) {
    const JsonNode* found = json.find(word);
    if (found == nullptr) {
        return true;
    }
    out = load(*found, here);
    return out != nullptr;
}

bool Loader::load_named(const JsonNode& json, const Place& here, std::vector<NamedModel>& out) {
    if (!keywords_.expect(json.kind == JsonKind::object, here, json, "an object of schemas")) {
        return false;
    }
    out.reserve(json.count);
    for (const JsonNode* child = json.first; child != nullptr; child = child->next) {
        const Model* model = load(*child, here);
        if (model == nullptr) {
            return false;
        }
        out.push_back({child->key, model});
    }
    return true;
}

bool Loader::annotate(Model& model, const JsonNode& json, const Place& here) {
    Annotations found;
    bool ignored = false;
    if (!keywords_.read_text(json, "title", here, found.title) ||
        !keywords_.read_text(json, "description", here, found.description)) {
        return false;
    }
    if (draft_ >= Draft::draft7 && (!keywords_.read_flag(json, "readOnly", here, ignored) ||
                                    !keywords_.read_flag(json, "writeOnly", here, ignored))) {
        return false;
    }
    if (!is_modern(draft_)) {
        found.id = json.find(documents_.id_keyword());
    }
    found.default_value = json.find("default");
    if (found.default_value != nullptr && is_modern(draft_) &&
        found.default_value->kind == JsonKind::null) {
        found.default_value = nullptr;
    }
    const JsonNode* connect = json.find("connect.type");
    found.connect_bytes =
        connect != nullptr && connect->kind == JsonKind::string && connect->text == "bytes";
    if (model.kind == ModelKind::reference) {
        return true;  // Parity: what stands beside a lone `$ref` is lost
    }
    if (found.id != nullptr || found.title != nullptr || found.description != nullptr ||
        found.default_value != nullptr || found.connect_bytes) {
        model.annotations = keywords_.make(found);
    }
    return true;
}

Model* Loader::new_model(ModelKind kind, const JsonNode& json) {
    auto* model = new (memory_.allocate(sizeof(Model), alignof(Model))) Model;
    model->kind = kind;
    model->index = model_count_++;
    model->source = &json;
    return model;
}

// The same for texts that differ in the order of members alone.
std::uint64_t Loader::hash_of(const JsonNode& json) {
    if (const auto known = hashes_.find(&json); known != hashes_.end()) {
        return known->second;
    }
    std::uint64_t hash = mix(static_cast<std::uint64_t>(json.kind), json.boolean ? 1 : 2);
    hash = mix(hash, std::hash<std::string_view>{}(json.text));
    std::uint64_t members = 0;
    for (const JsonNode* child = json.first; child != nullptr; child = child->next) {
        if (json.kind == JsonKind::object) {
            members += mix(std::hash<std::string_view>{}(child->key), hash_of(*child));
        } else {
            hash = mix(hash, hash_of(*child));
        }
    }
    hash = mix(hash, members);
    if (json.first != nullptr) {
        hashes_.emplace(&json, hash);
    }
    return hash;
}

}  // namespace symbolon::compat::json
