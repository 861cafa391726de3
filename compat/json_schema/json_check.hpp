// What has changed from one JSON Schema to another, as the reference finds it.
//
// Example:  SYMBOLON_TRY(auto changes, changes_between(original, update, Policy::strict));
// Errors:   check_too_costly
// Units:    paths begin with "#/" and are not escaped
// Threads:  any thread
// Limits:   check_steps_max, check_depth_max, findings_max, findings_bytes_max
// Source:   json-schema-compat.md 6 to 9
// Tested by tests/unit/compat/json_check_test.cpp
#pragma once

#include "compat/json_schema/json_change.hpp"
#include "compat/json_schema/json_model.hpp"

#include <string>
#include <vector>

namespace symbolon::compat::json {

struct Change {
    ChangeKind kind;
    std::string path;
    std::string reader_path;  ///< in the text of the update, a JSON Pointer; "/" for all of it
    std::string writer_path;  ///< in the text of the original
    std::string name;         ///< of the property or the number of the item that it is about
};

/// Which changes are wanted. All of them are for tests and tools; a check wants those that break.
enum class Wanted { all, breaking };

/// The changes from `original`, which wrote the data, to `update`, which reads it.
Result<std::vector<Change>> changes_between(const Model& original, const Model& update,
                                            Policy policy, Wanted wanted);

}  // namespace symbolon::compat::json
