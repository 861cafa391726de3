// The error of a comparison that has spent its budget: which bound, and what to do.
//
// Errors:   check_too_costly
// Threads:  any thread
// Limits:   check_steps_max
// Source:   docs/decisions/0021-check-budgets.md
// Tested by tests/unit/compat/avro_hostile_test.cpp
#pragma once

#include "core/error.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <string_view>

namespace symbolon::compat {

/// `another_bound` is told behind the number of levels, such as " or …".
inline Error too_costly_to_compare(std::size_t levels_max, std::string_view another_bound = {}) {
    return make_error(
        ErrorCode::check_too_costly,
        fmt::format("The schemas are too large or too deep to compare: more than {} steps or {} "
                    "levels{}. Make them simpler, or give parts that repeat a name and refer to it",
                    limits::check_steps_max, levels_max, another_bound));
}

}  // namespace symbolon::compat
