// Which schemas are written alike, so that what was found out about one holds for all of them.
//
// Only hard comparisons need it: a union that is nested five deep and written out has hundreds of
// thousands of schemas, most of them equal.
//
// Threads:  one at a time; the models must outlive it
// Source:   json-schema-compat.md 6
// Tested by tests/unit/compat/json_budget_test.cpp
#pragma once

#include "compat/json_schema/json_model.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

namespace symbolon::compat::json {

class ModelClasses {
public:
    /// The first model that was asked for of all that compare as `model` does.
    const Model& representative(const Model& model);
    /// What has been done so far, in steps of a check.
    std::uint64_t steps() const { return steps_; }

private:
    void add_content(std::string& key, const Model& model);
    void add_object(std::string& key, const ObjectPart& part);
    void add_array(std::string& key, const ArrayPart& part);
    void add_model(std::string& key, const Model* model);
    void add_named(std::string& key, std::span<const NamedModel> models);
    void add_annotations(std::string& key, const Annotations& annotations);

    std::unordered_map<const Model*, const Model*> representatives_;
    std::unordered_map<std::string, const Model*> by_content_;
    std::uint64_t steps_ = 0;
};

}  // namespace symbolon::compat::json
