// Finds the test vectors, which live beside the repository and are not part of it.
//
// Example:  for (const auto& row : read_vectors("avro/parse.jsonl")) …
// Threads:  any thread
// Tested by tests/unit/compat/avro_vectors_test.cpp
#pragma once

#include "core/json.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace symbolon::tests {

/// Where the vectors are: $SYMBOLON_VECTORS, or ../shared/vectors of the checkout.
inline std::string vectors_path() {
    const char* given = std::getenv("SYMBOLON_VECTORS");
    return given != nullptr ? given : std::string(SYMBOLON_SOURCE_DIR) + "/../shared/vectors";
}

/// The rows of a JSON Lines file there. Empty, with a line that says so, when there is none: skip
/// then.
inline std::vector<nlohmann::ordered_json> read_vectors(const std::string& file) {
    const std::string root = vectors_path();
    std::ifstream in(root + "/" + file);
    std::vector<nlohmann::ordered_json> rows;
    for (std::string line; std::getline(in, line);) {
        rows.push_back(nlohmann::ordered_json::parse(line));
    }
    if (rows.empty()) {
        std::cout << "SKIPPED: no vectors in " << root << "/" << file << '\n';
    }
    return rows;
}

}  // namespace symbolon::tests
