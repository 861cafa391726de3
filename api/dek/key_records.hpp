// The stored forms of keys.
//
//   kek/<name>
//   {"name":…,"kmsType":…,"kmsKeyId":…,"kmsProps":{…},"doc":…,"ts":…,"deleted":false}
//   dek/<kek>/<context>/<subject>/<algorithm>/<version>
//   the parts of the key, {"encryptedKeyMaterial":…,"ts":…,"deleted":false}
//
// Errors:   store_failed, naming the key
// Threads:  any thread
// Source:   docs/stored_format.md
// Tested by tests/unit/api/dek/key_records_test.cpp
#pragma once

#include "api/dek/encryption_key.hpp"
#include "core/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

std::vector<std::string> to_key_parts(const DekKey& key);
/// Nothing when the algorithm or the version is none.
std::optional<DekKey> find_dek_key(const std::vector<std::string>& parts);

std::string kek_value(const Kek& kek);
std::string dek_value(const Dek& dek);
Result<KekPtr> parse_kek_value(std::string_view key_text, const std::vector<std::string>& parts,
                               std::string_view value);
Result<DekPtr> parse_dek_value(std::string_view key_text, const std::vector<std::string>& parts,
                               std::string_view value);

}  // namespace symbolon
