// Compatibility levels: their names, and which pairs of schemas each one asks about.
//
// Example:  find_level("backward_transitive") == Level::backward_transitive
// Threads:  immutable
// Source:   REST contract 3.6 (CFG-E3) and 4.15
// Tested by tests/unit/compat/level_test.cpp
#pragma once

#include <optional>
#include <string_view>

namespace symbolon::compat {

enum class Level {
    none,
    backward,
    backward_transitive,
    forward,
    forward_transitive,
    full,
    full_transitive,
};

/// The name on the wire, upper case.
std::string_view to_string(Level level);
/// Accepts any letter case; nullopt for other texts.
std::optional<Level> find_level(std::string_view name);

/// New data must be readable by holders of the new schema's predecessor.
bool checks_forward(Level level);
/// The new schema must read its predecessor's data.
bool checks_backward(Level level);
/// All live versions count, not only the latest.
bool is_transitive(Level level);

}  // namespace symbolon::compat
