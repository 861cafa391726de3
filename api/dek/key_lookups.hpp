// Questions about keys: pure reads, like those of api/lookups.hpp.
//
// Errors:   key_not_found, naming the KEK or the subject
// Threads:  under Registry::read
// Source:   REST contract appendix A, ALIAS-5
// Tested by tests/unit/api/dek/key_rules_test.cpp
#pragma once

#include "api/dek/encryption_key.hpp"
#include "api/lookups.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

/// Names, sorted. With prefixes, in the language of SUBJ-1, only keks with a dek of such a subject.
std::vector<std::string> list_keks(const Catalog& catalog, const std::vector<std::string>& prefixes,
                                   View view);
Result<KekPtr> get_kek(const Catalog& catalog, std::string_view name, View view);
/// Subjects as texts, sorted.
Result<std::vector<std::string>> list_dek_subjects(const Catalog& catalog,
                                                   std::string_view kek_name,
                                                   const std::vector<std::string>& prefixes,
                                                   View view);
/// Ascending.
Result<std::vector<std::int32_t>> list_dek_versions(const Catalog& catalog, const DekName& name,
                                                    View view);
/// "latest" is the highest visible one.
Result<DekPtr> get_dek(const Catalog& catalog, const DekName& name, VersionChoice choice,
                       View view);
/// ALIAS-5: the subject whose data keys `subject` uses.
SubjectName resolve_dek_alias(const Catalog& catalog, const SubjectName& subject);

}  // namespace symbolon
