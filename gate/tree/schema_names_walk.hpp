// The walks through JSON texts that find names: Avro's and JSON Schema's own rules.
//
// Threads:  one at a time
// Limits:   schema_text_bytes_max
// Source:   as schema_names.hpp
// Tested by tests/unit/gate/tree/schema_names_test.cpp
#pragma once

#include "compat/json_text/json_text.hpp"
#include "core/limits.hpp"
#include "gate/tree/schema_names.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

/// Names with the offsets of their first use, which become lines and columns at the end.
class UseList {
public:
    explicit UseList(std::string_view text) : text_(text) {}

    void add(std::string name, std::string other, std::size_t offset);
    std::vector<NameUse> take();

private:
    struct Found {
        NameUse use;
        std::size_t offset = 0;
    };
    std::string_view text_;
    std::vector<Found> uses_;
    std::set<std::string> seen_;
};

/// Why: a short name in a long namespace, or a short `$id` below a long one, stands for a long
/// text, so that a text's names together can be much longer than the text.
class NameBudget {
public:
    /// False: enough has been written, and what is left stays unknown.
    bool take(std::size_t bytes) {
        left_ -= bytes < left_ ? bytes : left_;
        return left_ > 0;
    }

private:
    std::size_t left_ = limits::schema_text_bytes_max;
};

SchemaNames read_avro_names(const compat::JsonNode& root, std::string_view text);
SchemaNames read_json_names(const compat::JsonNode& root, std::string_view text);

}  // namespace symbolon::gate
