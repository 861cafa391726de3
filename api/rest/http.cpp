#include "api/rest/http.hpp"

#include "core/ascii.hpp"

namespace symbolon::rest {

const std::string* Request::find_header(std::string_view name) const {
    for (const Header& header : headers) {
        if (equals_in_any_case(header.name, name)) {
            return &header.value;
        }
    }
    return nullptr;
}

}  // namespace symbolon::rest
