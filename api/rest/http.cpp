#include "api/rest/http.hpp"

#include "api/rest/media_type.hpp"

namespace symbolon::rest {

const std::string* Request::find_header(std::string_view name) const {
    for (const Header& header : headers) {
        if (equal_ignoring_case(header.name, name)) {
            return &header.value;
        }
    }
    return nullptr;
}

}  // namespace symbolon::rest
