// Schema texts to models, and all that can be wrong with a schema.
//
// Example:  Loader loader(documents);  const Model* root = loader.load_root();
// Errors:   nullptr or false, and problem() says what and where
// Threads:  one at a time
// Limits:   json_depth_max, uri_bytes_max, patterns_max, pattern_bytes_max
// Source:   json-schema-compat.md 3 and 4
// Tested by tests/unit/compat/json_parse_test.cpp
#pragma once

#include "compat/json_schema/json_document.hpp"
#include "compat/json_schema/json_keywords.hpp"
#include "compat/json_schema/json_model.hpp"

#include <deque>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symbolon::compat::json {

/// The classes of keywords that become parts of their own.
enum class Group : std::uint8_t { array, object, number, string };

class Loader {
public:
    explicit Loader(Documents& documents)
        : documents_(documents),
          memory_(documents.memory()),
          draft_(documents.draft()),
          keywords_(documents.memory()) {}

    /// The model of the documents' root, with everything that it refers to.
    const Model* load_root();
    const LoadProblem& problem() const { return keywords_.problem(); }
    std::uint32_t model_count() const { return model_count_; }

private:
    using Parts = std::vector<Model*>;
    using Models = std::vector<const Model*>;
    struct Wanted {
        Model* reference;
        const JsonNode* text;
        Place from;
    };

    const Model* load(const JsonNode& json, const Place& from);
    Model* load_object(const JsonNode& json, const Place& from);
    bool load_parts(const JsonNode& json, const Place& here, Parts& parts);
    bool load_values(const JsonNode& json, const Place& here, Parts& parts);
    bool load_combinations(const JsonNode& json, const Place& here, Parts& parts);
    bool load_conditional(const JsonNode& json, const Place& here, Parts& parts);
    bool load_unused(const JsonNode& json, const Place& here);
    bool load_references(const JsonNode& json, const Place& here, Parts& parts);
    Model* load_reference(const JsonNode& text, const JsonNode& json, const Place& here);
    bool load_wanted(const Wanted& wanted);

    // json_loader_types.cpp
    bool load_types(const JsonNode& json, const Place& here, Parts& parts);
    bool load_type_list(const JsonNode& types, const JsonNode& json, const Place& here,
                        Parts& parts);
    Model* load_type(const JsonNode& type, const JsonNode* keywords, const Place& here);
    Model* load_group(Group group, const JsonNode* keywords, const Place& here);
    Model* load_string_part(const JsonNode* json, const Place& here);
    Model* load_number_part(const JsonNode* json, const Place& here);
    bool read_exclusive(const JsonNode& json, std::string_view word, const Place& here,
                        std::optional<double>& out);
    Model* load_array_part(const JsonNode* json, const Place& here);
    bool load_items(const JsonNode& json, const Place& here, ArrayPart& part);
    bool load_item_list(const JsonNode& items, const Place& here, ArrayPart& part);
    bool load_contains(const JsonNode& json, const Place& here, ArrayPart& part);
    Model* load_object_part(const JsonNode* json, const Place& here);
    bool load_patterns(const JsonNode& json, const Place& here, ObjectPart& part);
    bool load_dependencies(const JsonNode& json, const Place& here, ObjectPart& part);
    bool load_additional(const JsonNode& json, std::string_view word, const Place& here,
                         Additional& out);
    bool has_group(Group group, const JsonNode& json) const;

    bool load_optional(const JsonNode& json, std::string_view word, const Place& here,
                       const Model*& out);
    bool load_named(const JsonNode& json, const Place& here, std::vector<NamedModel>& out);
    Model* load_combined(const JsonNode& array, Criterion criterion, const Place& here);
    bool annotate(Model& model, const JsonNode& json, const Place& here);
    Model* combine(Criterion criterion, const Models& members, const JsonNode& json);
    Model* new_model(ModelKind kind, const JsonNode& json);
    std::uint64_t hash_of(const JsonNode& json);

    Documents& documents_;
    std::pmr::memory_resource& memory_;
    Draft draft_;
    Keywords keywords_;
    std::uint32_t model_count_ = 0;
    std::unordered_map<const JsonNode*, const Model*> loaded_;  ///< one model for each place
    std::unordered_map<const JsonNode*, std::uint64_t> hashes_;
    std::deque<Wanted> wanted_;
};

}  // namespace symbolon::compat::json
