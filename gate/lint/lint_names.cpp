#include "gate/lint/lint_names.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <string>

namespace symbolon::gate {

namespace {

bool is_lower(char letter) {
    return letter >= 'a' && letter <= 'z';
}
bool is_upper(char letter) {
    return letter >= 'A' && letter <= 'Z';
}
bool is_number(char letter) {
    return letter >= '0' && letter <= '9';
}

}  // namespace

NameStyle style_of(std::string_view name) {
    // Signs in front mean things of their own: _id, $ref, @type.
    name.remove_prefix(std::min(name.find_first_not_of("_$@"), name.size()));
    const auto all = [name](const auto& fits) {
        return std::all_of(name.begin(), name.end(), fits);
    };
    const auto has = [name](const auto& fits) {
        return std::any_of(name.begin(), name.end(), fits);
    };
    if (name.empty()) {
        return NameStyle::plain;
    }
    if (!all([](char letter) {
            return is_lower(letter) || is_upper(letter) || is_number(letter) || letter == '_' ||
                   letter == '-';
        })) {
        return NameStyle::other;
    }
    const bool upper = has(is_upper);
    const bool line = name.find('_') != std::string_view::npos;
    const bool dash = name.find('-') != std::string_view::npos;
    if (static_cast<int>(upper) + static_cast<int>(line) + static_cast<int>(dash) > 1) {
        return NameStyle::other;
    }
    if (upper) {
        return is_upper(name.front()) ? NameStyle::upper_camel : NameStyle::camel;
    }
    return line ? NameStyle::snake : dash ? NameStyle::kebab : NameStyle::plain;
}

std::string_view to_string(NameStyle style) {
    switch (style) {
        case NameStyle::plain:
            return "lower case";
        case NameStyle::snake:
            return "snake_case";
        case NameStyle::camel:
            return "camelCase";
        case NameStyle::upper_camel:
            return "UpperCamelCase";
        case NameStyle::kebab:
            return "kebab-case";
        case NameStyle::other:
            return "a mixed way";
    }
    return "";
}

bool is_upper_camel(std::string_view name) {
    return !name.empty() && is_upper(name.front()) && style_of(name) == NameStyle::upper_camel;
}

bool is_upper_snake(std::string_view name) {
    return !name.empty() && is_upper(name.front()) &&
           std::all_of(name.begin(), name.end(), [](char letter) {
               return is_upper(letter) || is_number(letter) || letter == '_';
           });
}

bool is_lower_dotted(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char letter) {
        return is_lower(letter) || is_number(letter) || letter == '_' || letter == '.';
    });
}

bool speaks_of_money(std::string_view name) {
    constexpr std::array<std::string_view, 9> words{"amount", "price",   "cost",   "fee",    "tax",
                                                    "money",  "balance", "salary", "payment"};
    std::string word;
    for (std::size_t at = 0; at <= name.size(); ++at) {
        const char letter = at < name.size() ? name[at] : '_';
        if (!is_lower(letter)) {
            if (std::find(words.begin(), words.end(), word) != words.end()) {
                return true;
            }
            word.clear();
        }
        if (is_lower(letter) || is_upper(letter)) {
            word += to_lower_ascii(letter);
        }
    }
    return false;
}

std::optional<NameStyle> StyleCount::usual() const {
    std::optional<NameStyle> best;
    for (std::size_t at = 1; at + 1 < counts_.size(); ++at) {
        if (counts_[at] > (best ? counts_[static_cast<std::size_t>(*best)] : 0)) {
            best = static_cast<NameStyle>(at);
        }
    }
    return best;
}

}  // namespace symbolon::gate
