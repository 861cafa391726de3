// The bytes of a file, with an Error that says what to do when they cannot be had.
//
// Example:  SYMBOLON_TRY(auto text, read_file(path, shown_path, limits::schema_bytes_max));
// Errors:   cannot_start: cannot be read, is no regular file, or is too large
// Units:    bytes
// Threads:  any thread
// Source:   docs/gate.md
// Tested by tests/unit/gate/tree/load_tree_test.cpp
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <string>

namespace symbolon::gate {

/// All of it; `shown_path` is how messages call it.
Result<std::string> read_file(const std::string& path, const std::string& shown_path,
                              std::size_t bytes_max);
/// What it begins with.
Result<std::string> read_beginning(const std::string& path, const std::string& shown_path,
                                   std::size_t bytes);

/// "schemas/a.avsc cannot be read: Permission denied; …"
Error cannot_read(const std::string& shown_path, const std::string& reason);
/// "schemas/a.avsc is too large: 104857600 bytes, at most 16777216; …"
Error too_large(const std::string& shown_path, std::size_t bytes, std::size_t bytes_max);

}  // namespace symbolon::gate
