// Data made up at the edges of two schemas: what one of them just takes and the other may not.
//
// The models leave keywords out, so what is made here is a guess; who uses it validates it.
//
// Example:  Sampler sampler;
//           for (const std::string& datum : sampler.samples({&writer, &reader}, 8)) {
// Threads:  one at a time
// Limits:   sample_steps_max, sample_depth_max, made_text_bytes_max
// Source:   json-schema-compat.md 3
// Tested by tests/unit/compat/json_samples_test.cpp
#pragma once

#include "compat/json_schema/json_model.hpp"
#include "compat/json_schema/json_pattern.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory_resource>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::json {

/// The schemas that one place of the data has to do with; either may be nullptr.
struct Sides {
    const Model* writer = nullptr;  ///< takes the data
    const Model* reader = nullptr;  ///< is only looked at for its edges
};

using Texts = std::vector<std::string>;
/// Properties of an object in the making, by name, as JSON texts.
using Properties = std::map<std::string, std::string>;

class Sampler {
public:
    /// At most so many JSON texts, simple ones first, each of which the writer seems to take.
    Texts samples(const Sides& sides, std::size_t most) { return samples(sides, most, 0); }
    /// Objects that have a property `name`, and one that has not where `may_lack` it.
    Texts objects_with(const Sides& sides, std::string_view name, const Texts& values);
    /// Arrays that have one of the values at `position`.
    Texts arrays_with(const Sides& sides, std::size_t position, const Texts& values);
    /// The schemas for a property, declared or not.
    Sides property_of(const Sides& sides, std::string_view name);
    /// The schemas for an item.
    Sides item_of(const Sides& sides, std::size_t position);
    /// A name that neither schema declares.
    std::string other_name(const Sides& sides);
    /// Whether the model seems to take the value.
    bool takes(const Model& model, const JsonNode& value, int depth = 0);

private:
    using Models = std::vector<const Model*>;
    /// Keeps what the writer takes, each once, until there is enough.
    struct Collector {
        Sampler& sampler;
        const Model* writer;
        std::size_t most;
        Texts texts{};
        std::set<std::string> seen{};

        bool is_full() const;
        void add(std::string text);
        void add(double number);
    };

    Texts samples(const Sides& sides, std::size_t most, int depth);
    void add_plain(Collector& out, const Models& models);
    void add_numbers(Collector& out, const NumberPart& part);
    void add_strings(Collector& out, const StringPart& part);
    void add_objects(Collector& out, const Sides& sides, int depth);
    void add_arrays(Collector& out, const Sides& sides, int depth);
    void add_longer_arrays(Collector& out, const Sides& sides, int depth);
    Properties base_object(const Models& shape, const Sides& sides, int depth);
    Texts base_array(const Models& shape, const Sides& sides, std::size_t count, int depth);
    std::set<std::string> names_of(const Models& models) const;
    Models atoms_of(const Model* model) const;
    void add_atoms(Models& out, const Model& model, int depth) const;
    const Model* property_in(const Model* model, std::string_view name);
    const Model* item_in(const Model* model, std::size_t position) const;
    bool matches(std::string_view pattern, std::string_view text);

    // Whether a model takes a value, by its class.
    bool takes_type(const Model& model, const JsonNode& value) const;
    bool takes_number(const NumberPart& part, const JsonNode& value) const;
    bool takes_string(const StringPart& part, const JsonNode& value);
    bool takes_array(const ArrayPart& part, const JsonNode& value, int depth);
    bool takes_object(const ObjectPart& part, const JsonNode& value, int depth);
    bool takes_dependencies(const ObjectPart& part, const JsonNode& value, int depth);
    bool takes_members(const Model& model, const JsonNode& value, int depth);

    std::pmr::monotonic_buffer_resource memory_;
    std::map<std::string, PatternPtr, std::less<>> patterns_;
    std::uint64_t steps_ = 0;
};

std::string to_json_text(const Properties& properties);
std::string to_json_text(const Texts& items);

}  // namespace symbolon::compat::json
