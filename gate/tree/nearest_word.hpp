// The known word that somebody may have meant.
//
// Example:  nearest_word("levle", {"level", "subject"}) == "level"
// Errors:   nullopt: none is near
// Threads:  any thread
// Source:   docs/gate.md
// Tested by tests/unit/gate/tree/tree_config_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace symbolon::gate {

/// The one that the fewest changed letters lead to, at most a third of them; case is no change.
std::optional<std::string_view> nearest_word(std::string_view text,
                                             std::span<const std::string_view> words);
/// " (did you mean x?)", or nothing.
std::string did_you_mean(std::string_view text, std::span<const std::string_view> words);

}  // namespace symbolon::gate
