#include "compat/level.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>

namespace symbolon::compat {

namespace {

struct LevelRow {
    Level level;
    std::string_view name;
    bool forward;
    bool backward;
    bool transitive;
};

constexpr std::array level_table{
    LevelRow{Level::none, "NONE", false, false, false},
    LevelRow{Level::backward, "BACKWARD", false, true, false},
    LevelRow{Level::backward_transitive, "BACKWARD_TRANSITIVE", false, true, true},
    LevelRow{Level::forward, "FORWARD", true, false, false},
    LevelRow{Level::forward_transitive, "FORWARD_TRANSITIVE", true, false, true},
    LevelRow{Level::full, "FULL", true, true, false},
    LevelRow{Level::full_transitive, "FULL_TRANSITIVE", true, true, true},
};

constexpr bool level_rows_match_enum() {
    for (std::size_t at = 0; at < level_table.size(); ++at) {
        if (level_table[at].level != static_cast<Level>(at)) {
            return false;
        }
    }
    return level_table.size() == static_cast<std::size_t>(Level::full_transitive) + 1;
}
static_assert(level_rows_match_enum(), "one row per Level, in enum order");

constexpr const LevelRow& row_of(Level level) {
    return level_table[static_cast<std::size_t>(level)];
}

}  // namespace

std::string_view to_string(Level level) {
    return row_of(level).name;
}

std::optional<Level> find_level(std::string_view name) {
    for (const LevelRow& row : level_table) {
        const bool same =
            std::equal(name.begin(), name.end(), row.name.begin(), row.name.end(),
                       [](char given, char known) { return to_upper_ascii(given) == known; });
        if (same) {
            return row.level;
        }
    }
    return std::nullopt;
}

bool checks_forward(Level level) {
    return row_of(level).forward;
}

bool checks_backward(Level level) {
    return row_of(level).backward;
}

bool is_transitive(Level level) {
    return row_of(level).transitive;
}

}  // namespace symbolon::compat
