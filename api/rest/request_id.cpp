#include "api/rest/request_id.hpp"

#include "core/ascii.hpp"
#include "core/guid.hpp"

#include <algorithm>

namespace symbolon::rest {

namespace {

// A value is printed into a header again, so nothing that could end the line is repeated.
bool is_repeatable(const std::string& value) {
    const auto is_blank = [](char letter) { return letter == ' ' || letter == '\t'; };
    const auto is_control = [](char letter) {
        const auto byte = static_cast<unsigned char>(letter);
        return (byte < 0x20 && byte != '\t') || byte == 0x7F;
    };
    return !std::all_of(value.begin(), value.end(), is_blank) &&
           std::none_of(value.begin(), value.end(), is_control);
}

}  // namespace

std::string request_id_of(const Request& request) {
    const std::string* sent = nullptr;
    for (const Header& header : request.headers) {
        if (equals_in_any_case(header.name, "X-Request-ID")) {
            if (sent != nullptr) {
                return make_guid();
            }
            sent = &header.value;
        }
    }
    return sent != nullptr && is_repeatable(*sent) ? *sent : make_guid();
}

}  // namespace symbolon::rest
