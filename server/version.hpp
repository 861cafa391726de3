// Which release this is.
//
// Threads:  immutable
// Tested by tests/unit/server/metrics_test.cpp
#pragma once

#include <string_view>

namespace symbolon::server {

/// As in CMakeLists.txt: "0.1.0".
constexpr std::string_view program_version() {
    return SYMBOLON_VERSION;
}

}  // namespace symbolon::server
