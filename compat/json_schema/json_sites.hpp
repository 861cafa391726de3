// Where every schema of a schema stands: its texts, the resources (`$id`) in them, and what a
// `$ref` finds. As the specification has it; json_document.hpp is as the reference has it.
//
// Errors:   invalid_schema, with what is wrong and where
// Threads:  one at a time while compiling; immutable afterwards
// Limits:   uri_bytes_max, validate_nodes_max, reference_bytes_max
// Source:   JSON Schema core, "Base URI, Anchors, and Dereferencing"; RFC 6901
// Tested by tests/unit/compat/json_validator_suite_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "compat/json_schema/json_model.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory_resource>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace symbolon::compat::json {

using SiteId = std::uint32_t;
inline constexpr std::uint32_t none_here = 0xFFFFFFFF;

/// Which keywords mean something: the draft's, less the vocabularies that a meta-schema leaves out.
struct Dialect {
    Draft draft = Draft::draft7;
    bool applicator = true;
    bool unevaluated = true;
    bool validation = true;
    bool asserts_formats = false;
};

/// A schema in a text. Its path is made of its parents' steps.
struct Site {
    const JsonNode* json = nullptr;
    SiteId parent = none_here;
    std::uint32_t source = 0;
    std::uint32_t resource = 0;
    std::string_view word{};  ///< the keyword it stands under; or a pointer, with its "/"
    std::string_view name{};  ///< the member of the keyword
    std::uint32_t position = none_here;  ///< the item of the keyword
    bool named = false;                  ///< `name` is a step, though it may be empty
};

/// What an `$id` names, and the anchors in it.
struct Resource {
    std::string uri;
    Dialect dialect;
    SiteId root = none_here;
    std::map<std::string, SiteId, std::less<>> anchors{};
    /// `$dynamicAnchor`s; the empty name stands for `$recursiveAnchor`.
    std::map<std::string, SiteId, std::less<>> dynamic_anchors{};
};

/// One text.
struct Source {
    std::string name;  ///< of the reference; empty for the schema itself
    std::string_view text;
    const JsonNode* root = nullptr;
    SiteId site = none_here;
    bool opened = false;
    bool failed = false;
};

class Sites {
public:
    explicit Sites(std::pmr::memory_resource& memory) : memory_(memory) {}

    /// `text` and `root` outlive this.
    Status open_root(const JsonNode& root, std::string_view text,
                     std::span<const NamedText> references);
    SiteId root() const { return sources_.front().site; }

    /// What `reference`, a text in the schema at `from`, refers to.
    Result<SiteId> find(const JsonNode& reference, SiteId from);
    /// The schema that is written there, which the walk over the schemas has met; or none_here.
    SiteId site_of(const JsonNode& json) const;

    const Site& operator[](SiteId id) const { return sites_[id]; }
    const Resource& resource_of(SiteId id) const { return resources_[sites_[id].resource]; }
    const Resource& resource(std::uint32_t id) const { return resources_[id]; }
    std::size_t resource_count() const { return resources_.size(); }
    std::size_t size() const { return sites_.size(); }
    /// The place in its text as a JSON Pointer, "<name>#" before it for another text.
    std::string path_of(SiteId id) const;
    tl::unexpected<Error> fail(SiteId id, const JsonNode& json, const std::string& what) const;

private:
    SiteId add_site(Site site);
    std::uint32_t add_resource(std::string uri, const Dialect& dialect, SiteId root);
    Status open(Source& source, std::uint32_t index, const Dialect& dialect);
    /// Adds the schemas at and below a site that has been added.
    void walk(SiteId id);
    void walk_identifiers(SiteId id);
    void walk_value(SiteId parent, std::string_view word, const JsonNode& value,
                    std::uint8_t shapes);
    void walk_child(SiteId parent, Site child);
    Dialect dialect_of(const JsonNode& schema, const Dialect& inherited, int depth);
    void read_vocabularies(const JsonNode& vocabularies, Dialect& dialect);

    std::optional<std::uint32_t> find_resource(std::string_view uri, std::string_view reference);
    std::optional<std::uint32_t> find_source(std::string_view uri, std::string_view reference);
    SiteId follow(SiteId root, std::string_view pointer);
    const JsonNode* child_of(const JsonNode& json, std::string_view token);
    std::string_view keep_text(std::string_view text);

    std::pmr::memory_resource& memory_;
    std::deque<Source> sources_;
    std::deque<Resource> resources_;
    std::vector<Site> sites_;
    std::unordered_map<const JsonNode*, SiteId> by_json_;
    std::map<std::string, std::uint32_t, std::less<>> resource_by_uri_;
    std::map<std::string, std::uint32_t, std::less<>> source_by_uri_;
    std::map<std::string, std::uint32_t, std::less<>> source_by_name_;
    std::unordered_map<const JsonNode*, std::vector<const JsonNode*>> children_;
    std::string problem_;  ///< of the text that was opened last
};

/// Appends a step to a JSON Pointer.
void append_step(std::string& path, std::string_view step);

}  // namespace symbolon::compat::json
