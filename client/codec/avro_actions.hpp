// What is to be done with each type of a writer so that a reader gets its own: schema resolution,
// before it becomes instructions.
//
// Pairs of records are resolved once and refer to one another by number, so recursive types are
// circles in the list. An error is an action like the others: it matters when a datum meets it.
//
// Example:  SYMBOLON_TRY(const AvroActions actions, resolve_schemas(writer.tree(), reader.tree()));
// Errors:   invalid_schema, check_too_costly
// Threads:  any thread
// Limits:   check_steps_max, schema_depth_max, plan_steps_max
// Source:   Avro 1.12 specification, "Schema Resolution"; where it is silent, the reference's way
// Tested by tests/unit/client/codec/avro_decode_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace symbolon::client {

enum class ActionKind : std::uint8_t {
    copy,          ///< a primitive type or fixed, as it is
    promote,       ///< a primitive type as a wider one
    enumeration,   ///< symbols by their names
    array,         ///< parts: the item
    map,           ///< parts: the value
    record,        ///< parts: one for each field of the writer
    writer_union,  ///< parts: one for each branch of the writer
    into_union,    ///< parts: the value, as a branch of the reader's union
    error,         ///< cannot be read
};

struct ActionPart {
    static constexpr std::uint32_t none = 0xFFFF'FFFF;
    std::uint32_t action = none;  ///< none: a field that the reader does not have
    std::uint32_t field = none;   ///< record: its position in the reader
};

struct AvroAction {
    ActionKind kind = ActionKind::error;
    bool same_union = false;   ///< writer_union: the reader's has the same branches in this order
    std::uint32_t branch = 0;  ///< into_union: which of the reader's
    const compat::avro::AvroNode* writer = nullptr;
    const compat::avro::AvroNode* reader = nullptr;
    std::vector<ActionPart> parts{};
    std::string problem{};  ///< error: half a sentence
};

struct AvroActions {
    std::deque<AvroAction> list;
    std::uint32_t root = 0;
};

Result<AvroActions> resolve_schemas(const compat::avro::AvroTree& writer,
                                    const compat::avro::AvroTree& reader);

}  // namespace symbolon::client
