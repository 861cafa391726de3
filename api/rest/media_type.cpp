#include "api/rest/media_type.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace symbolon::rest {

namespace {

struct OfferedType {
    std::string_view name;
    int quality;  ///< thousandths
};
constexpr std::array offered_types{
    OfferedType{default_media_type, 1'000},
    OfferedType{"application/vnd.schemaregistry+json", 900},
    OfferedType{"application/json", 500},
};

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Cuts `text` at the first `mark`: what stands before it; `text` keeps what follows.
std::string_view take_until(std::string_view& text, char mark) {
    const auto at = text.find(mark);
    const auto head = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
    return trimmed(head);
}

// Old clients write ".2"; whatever cannot be read counts as full quality.
int parse_quality(std::string_view text) {
    if (text.empty()) {
        return 1'000;
    }
    int thousandths = 0;
    int weight = 1'000;
    bool after_point = false;
    for (const char digit : text) {
        if (digit == '.' && !after_point) {
            after_point = true;
        } else if (digit >= '0' && digit <= '9') {
            if (after_point) {
                weight /= 10;
            }
            thousandths = std::min(thousandths + (digit - '0') * weight, 1'000);
        } else {
            return 1'000;
        }
    }
    return thousandths;
}

/// 3 for the very type, 2 for its family, 1 for everything, 0 for another type.
int specificity(std::string_view accepted, std::string_view offered) {
    if (equals_in_any_case(accepted, offered)) {
        return 3;
    }
    if (equals_in_any_case(accepted, "application/*")) {
        return 2;
    }
    return accepted == "*/*" || accepted == "*" ? 1 : 0;
}

struct AcceptedQuality {
    int specificity = 0;
    int quality = 0;
};
using AcceptedQualities = std::array<AcceptedQuality, offered_types.size()>;

void add_accept_header(std::string_view value, AcceptedQualities& qualities) {
    while (!value.empty()) {
        std::string_view element = take_until(value, ',');
        const std::string_view type = take_until(element, ';');
        int quality = 1'000;
        while (!element.empty()) {
            std::string_view parameter = take_until(element, ';');
            if (equals_in_any_case(take_until(parameter, '='), "q")) {
                quality = parse_quality(trimmed(parameter));
            }
        }
        for (std::size_t at = 0; at < offered_types.size(); ++at) {
            const int matched = specificity(type, offered_types[at].name);
            AcceptedQuality& best = qualities[at];
            if (matched > best.specificity) {
                best = {matched, quality};
            } else if (matched > 0 && matched == best.specificity) {
                best.quality = std::max(best.quality, quality);
            }
        }
    }
}

}  // namespace

std::optional<std::string_view> choose_media_type(const Request& request) {
    AcceptedQualities qualities{};
    bool asked = false;
    for (const Header& header : request.headers) {
        if (equals_in_any_case(header.name, "Accept") && !trimmed(header.value).empty()) {
            asked = true;
            add_accept_header(header.value, qualities);
        }
    }
    if (!asked) {
        return default_media_type;
    }
    std::optional<std::string_view> best;
    int best_score = 0;
    for (std::size_t at = 0; at < offered_types.size(); ++at) {
        const int score = qualities[at].quality * offered_types[at].quality;
        if (score > best_score) {
            best = offered_types[at].name;
            best_score = score;
        }
    }
    return best;
}

bool is_asked_for(const Request& request, std::string_view type) {
    for (const Header& header : request.headers) {
        if (!equals_in_any_case(header.name, "Accept")) {
            continue;
        }
        std::string_view value = header.value;
        while (!value.empty()) {
            std::string_view element = take_until(value, ',');
            if (equals_in_any_case(take_until(element, ';'), type)) {
                return true;
            }
        }
    }
    return false;
}

bool is_body_readable(const Request& request) {
    if (const std::string* encoding = request.find_header("Content-Encoding")) {
        if (!trimmed(*encoding).empty() && !equals_in_any_case(trimmed(*encoding), "identity")) {
            return false;
        }
    }
    const std::string* header = request.find_header("Content-Type");
    if (header == nullptr) {
        return true;
    }
    std::string_view value = *header;
    const std::string_view type = take_until(value, ';');
    return type.empty() || equals_in_any_case(type, "application/octet-stream") ||
           std::any_of(offered_types.begin(), offered_types.end(),
                       [type](const OfferedType& offered) {
                           return equals_in_any_case(type, offered.name);
                       });
}

}  // namespace symbolon::rest
