// What each kind of finding is called and says: the rows, kept beside the schema type they are of.
//
// Threads:  immutable
// Source:   REST contract section 5
// Tested by tests/unit/compat/finding_test.cpp
#pragma once

#include "compat/finding.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace symbolon::compat {

/// How the entry is written around its description (REST contract 5.1 to 5.5).
enum class Frame : std::uint8_t {
    bare,      ///< the description alone
    avro,      ///< {errorType:'…', description:'…', additionalInfo:'…'}
    json,      ///< {errorType:"…", description:"…'} with that odd closing quote
    protobuf,  ///< {errorType:"…", description:"…"}
};

// In descriptions %1 and %2 are "new" and "old", the reading schema first; %P is the path and %M
// the message. In hints and sentences %R and %W are the reading and the writing schema, %P and %Q
// the places in them and %r and %w what stands there; %O is what stands in the old schema.
struct FindingRow {
    FindingKind kind;
    Frame frame;
    std::string_view name;
    std::string_view description;
    std::string_view hint;
    /// What happened, in plain words; the description when empty.
    std::string_view sentence{};
    /// The hint when the old schema reads: it cannot be changed any more. `hint` when empty.
    std::string_view forward_hint{};
};

/// The rows of several tables one after the other.
template <std::size_t... Counts>
constexpr auto concat_rows(const std::array<FindingRow, Counts>&... tables) {
    std::array<FindingRow, (Counts + ...)> all{};
    std::size_t at = 0;
    const auto append = [&](const auto& table) {
        for (const FindingRow& row : table) {
            all[at++] = row;
        }
    };
    (append(tables), ...);
    return all;
}

}  // namespace symbolon::compat
