// Files that users name on the command line, read and written whole.
//
// Example:  SYMBOLON_TRY(const auto text, read_whole_file(path, limits::schema_bytes_max));
// Errors:   cannot_start (cannot be read or written), body_too_large
// Units:    bytes
// Threads:  any thread
// Tested by tests/unit/cli/text_file_test.cpp
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace symbolon::cli {

/// "-": standard input.
Result<std::string> read_whole_file(const std::string& path, std::size_t bytes_max);

/// Over what was there.
Status write_whole_file(const std::string& path, std::string_view text);

}  // namespace symbolon::cli
