#include "gate/model/place_below.hpp"

#include "core/limits.hpp"

namespace symbolon::gate {

std::string place_below(std::string_view path, std::string_view token) {
    std::string longer(path);
    if (path.size() + token.size() > limits::error_path_bytes_max) {
        return longer;
    }
    longer += '/';
    for (const char letter : token) {
        if (letter == '~') {
            longer += "~0";
        } else if (letter == '/') {
            longer += "~1";
        } else {
            longer += letter;
        }
    }
    return longer;
}

}  // namespace symbolon::gate
