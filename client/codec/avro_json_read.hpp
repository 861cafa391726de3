// Reads one JSON value as an Avro value; what avro_json.hpp promises is done here.
//
// Errors:   problem() of the first value that does not fit, with its place
// Threads:  one at a time
// Limits:   datum_json_steps_max, datum_cells_max, datum_depth_max
// Source:   avro_json.hpp
// Tested by tests/unit/client/codec/avro_json_test.cpp
#pragma once

#include "client/codec/avro_json.hpp"
#include "compat/json_text/json_text.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

class AvroJsonReader {
public:
    AvroJsonReader(const AvroJsonOptions& options, AvroValue& out);

    /// Appends the value, or says what is wrong.
    bool read(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    const std::string& problem() const { return problem_; }
    /// The JSON Pointer of what does not fit.
    const std::string& place() const { return place_; }

private:
    /// A member's name or an item's position, on the way to the value that is read.
    struct Step {
        std::string_view name;
        std::size_t index;
    };

    bool fail(const compat::JsonNode& json, std::string_view expected);
    bool fail_with(std::string_view what);
    bool give_up(std::string_view what);
    bool spend(std::size_t steps);
    bool spend_text(std::size_t bytes);

    bool read_kind(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool read_integer(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool read_real(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool read_bytes(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool read_text(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool read_symbol(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool read_record(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool place_members(const compat::avro::AvroNode& node, const compat::JsonNode& json,
                       std::size_t base);
    bool read_fields(const compat::avro::AvroNode& node, const compat::JsonNode& json,
                     std::size_t base);
    bool read_default(const compat::avro::AvroField& field);
    bool read_items(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool read_entries(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool read_union(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool read_tagged(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool read_bare(const compat::avro::AvroNode& node, const compat::JsonNode& json);
    bool read_branch(const compat::avro::AvroNode& node, std::size_t branch,
                     const compat::JsonNode& json);
    bool try_branch(const compat::avro::AvroNode& node, std::size_t branch,
                    const compat::JsonNode& json);
    bool read_readable(const compat::avro::AvroNode& node, const compat::JsonNode& json,
                       bool& is_done);
    /// Branches in the order in which they are tried.
    std::vector<std::size_t> order_branches(const compat::avro::AvroNode& node,
                                            const compat::JsonNode& json, std::size_t& exact);
    std::vector<std::size_t> rank_records(const compat::avro::AvroNode& node,
                                          const compat::JsonNode& json);

    const AvroJsonOptions& options_;
    AvroValue& out_;
    const bool is_plain_;
    std::vector<Step> path_;
    /// The members of the records that are being read, by field; a stack.
    std::vector<const compat::JsonNode*> members_;
    std::size_t steps_ = 0;
    std::size_t depth_ = 0;
    bool is_trying_ = false;  ///< nobody wants to know what is wrong
    bool gave_up_ = false;
    std::string problem_;
    std::string place_;
};

}  // namespace symbolon::client
