// How names are written.
//
// Example:  style_of("order_id") == NameStyle::snake
// Threads:  immutable
// Tested by tests/unit/gate/lint/lint_tree_test.cpp
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string_view>

namespace symbolon::gate {

enum class NameStyle {
    plain,        ///< "id": snake and camel at once
    snake,        ///< "order_id"
    camel,        ///< "orderId"
    upper_camel,  ///< "OrderId"
    kebab,        ///< "order-id"
    other,
};
NameStyle style_of(std::string_view name);
/// "snake_case"
std::string_view to_string(NameStyle style);

bool is_upper_camel(std::string_view name);
bool is_upper_snake(std::string_view name);
/// Parts in lower case with dots between.
bool is_lower_dotted(std::string_view name);
/// One of the words in the name is one for money.
bool speaks_of_money(std::string_view name);

/// Which style the names of one file are in: the one that most have.
class StyleCount {
public:
    void add(NameStyle style) { ++counts_[static_cast<std::size_t>(style)]; }
    /// nullopt: no name shows any. Of equals the earlier in the list of styles.
    std::optional<NameStyle> usual() const;

private:
    std::array<std::size_t, 6> counts_{};
};

}  // namespace symbolon::gate
