// The names of a writer's types and fields as a reader sees them: its aliases are applied to the
// writer's schema before the two are compared.
//
// Example:  SYMBOLON_TRY(auto names, AliasedNames::apply(writer.tree(), reader.tree()));
// Errors:   invalid_schema when aliases make two fields or branches one; check_too_costly
// Threads:  immutable; any thread
// Limits:   schema_depth_max
// Source:   Avro 1.12 specification, "Aliases"; as the reference does it
// Tested by tests/unit/client/codec/avro_decode_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace symbolon::client {

class AliasedNames {
public:
    static Result<AliasedNames> apply(const compat::avro::AvroTree& writer,
                                      const compat::avro::AvroTree& reader);

    /// Of a record, enum or fixed of the writer.
    compat::avro::AvroName name(const compat::avro::AvroNode& writer) const;
    /// Of a field of a record of the writer.
    std::string_view field(const compat::avro::AvroNode& record, std::size_t at) const;
    std::optional<std::size_t> find(const compat::avro::AvroNode& record, std::string_view name,
                                    std::size_t guess) const;

private:
    using FieldNames = std::map<std::string_view, std::string_view>;
    struct Renamed {
        std::vector<std::string_view> names;
        std::unordered_map<std::string_view, std::size_t> positions;
    };

    bool collect(const compat::avro::AvroNode& reader, std::unordered_set<std::uint32_t>& seen,
                 std::size_t depth);
    Status rename(const compat::avro::AvroNode& writer);
    Status rename_fields(const compat::avro::AvroNode& record);
    Status check_branches(const compat::avro::AvroNode& union_of) const;

    std::map<compat::avro::AvroName, compat::avro::AvroName> types_;  ///< alias to name
    std::vector<FieldNames> field_names_;                             ///< alias to name
    std::map<compat::avro::AvroName, std::size_t> fields_of_;         ///< in field_names_
    std::unordered_map<std::uint32_t, Renamed> renamed_;  ///< by node, those with other names
};

}  // namespace symbolon::client
