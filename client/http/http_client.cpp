#include "client/http/http_client.hpp"

#include "core/ascii.hpp"

#include <algorithm>

namespace symbolon::client {

std::optional<std::string_view> HttpResponse::find_header(std::string_view name) const {
    const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& header) {
        return equals_in_any_case(header.first, name);
    });
    return found == headers.end() ? std::nullopt : std::optional<std::string_view>(found->second);
}

}  // namespace symbolon::client
