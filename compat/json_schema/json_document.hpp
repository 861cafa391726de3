// The texts that a schema is made of, and how a `$ref` finds its way through them. No network.
//
// Errors:   find() answers nullopt when nothing here is called so
// Threads:  one at a time while loading; immutable afterwards
// Limits:   uri_bytes_max, reference_bytes_max
// Source:   json-schema-compat.md 5; RFC 6901
// Tested by tests/unit/compat/json_reference_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "compat/json_schema/json_model.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory_resource>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symbolon::compat::json {

/// One text. It is read when something refers to it.
struct Document {
    std::string name;       ///< of the reference; empty for the schema itself
    std::string_view uri;   ///< the base of what stands in it, before its own `$id`
    std::string_view text;  ///< kept by the tree
    const JsonNode* root = nullptr;
    std::string problem;  ///< why there is no root
    std::size_t problem_offset = 0;
};

/// A place in a document, and the base URI in force there.
struct Place {
    Document* document = nullptr;
    const JsonNode* node = nullptr;
    std::string_view base;  ///< kept by the documents
};

class Documents {
public:
    /// `memory` outlives the documents' nodes.
    explicit Documents(std::pmr::memory_resource& memory) : memory_(memory) {}

    /// The schema itself; decides the draft. False, with a problem in it, when it is no JSON.
    bool open_root(std::string_view text);
    /// A text that `$ref`s may name. REQUIRES: open_root() succeeded.
    void add(const NamedText& reference);
    Document& root() { return documents_.front(); }
    Draft draft() const { return draft_; }

    /// What `reference` means at `from`. The document that it lies in may turn out to be broken.
    std::optional<Place> find(std::string_view reference, const Place& from);
    /// The base URI inside an object at `from` that may have an `$id` of its own.
    std::string_view base_inside(const JsonNode& object, std::string_view base);
    /// The word that `$id` is called in this draft.
    std::string_view id_keyword() const { return draft_ == Draft::draft4 ? "id" : "$id"; }
    std::pmr::memory_resource& memory() { return memory_; }
    /// The member called `name`, quickly even where there are many and each is asked for.
    const JsonNode* find_member(const JsonNode& object, std::string_view name);

private:
    struct Index {
        /// By `$id` as it is written in the older drafts; in the newer resolved, and with anchors.
        std::map<std::string, Place, std::less<>> places;
        std::map<std::string, Place, std::less<>> resolved_ids;  ///< in the older drafts
    };

    bool read(Document& document);
    std::string_view keep(std::string_view text);
    const Index& index_of(Document& document);
    void index_below(Index& index, const Place& place);
    void index_object(Index& index, const Place& place, std::string_view inner);
    std::optional<Place> find_classic(std::string_view reference, const Place& from);
    std::optional<Place> find_embedded(Document& document, std::string_view full);
    std::optional<Place> find_modern(std::string_view reference, const Place& from);
    std::optional<Place> find_inside(Document& document, std::string_view full);
    std::optional<Place> find_document(std::string_view uri, std::string_view reference);
    std::optional<Place> find_meta_schema(std::string_view uri);
    std::optional<Place> follow(Place place, std::string_view pointer);
    const JsonNode* step(const Place& from, std::string_view& pointer);
    const std::vector<const JsonNode*>& children_of(const JsonNode& node);
    std::string_view keep_uri(std::string uri) { return *uris_.insert(std::move(uri)).first; }

    std::pmr::memory_resource& memory_;
    Draft draft_ = Draft::draft7;
    std::deque<Document> documents_;
    std::map<std::string, Document*, std::less<>> by_uri_;
    std::map<std::string, Document*, std::less<>> by_name_;
    std::map<const Document*, Index> indexes_;
    std::set<std::string> uris_;
    /// Children of large nodes that were looked into: members by name, items in order.
    std::unordered_map<const JsonNode*, std::vector<const JsonNode*>> children_;
};

/// The draft whose meta-schema has this URI, with or without an empty fragment.
std::optional<Draft> find_exact_draft(std::string_view uri);
/// The draft that a `$schema` text names; draft-07 for unknown ones.
Draft find_draft(std::string_view schema_uri);

}  // namespace symbolon::compat::json
