// What a deletion would do: the same rule that a deletion follows, asked without writing.
//
// Errors:   subject_not_found, version_not_found
// Threads:  under Registry::read
// Limits:   page_items_max, preview_referrers_max
// Source:   REST contract 4.8; docs/decisions/0016-usage.md
// Tested by tests/unit/api/deletion_preview_test.cpp
#pragma once

#include "api/decide.hpp"
#include "core/error.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <optional>
#include <vector>

namespace symbolon {

struct PreviewedVersion {
    SubjectVersion version;
    std::vector<SubjectVersion> referrers;  ///< the first of them, live or softly deleted
    std::size_t referrer_count = 0;
};

struct DeletionPreview {
    std::optional<Error> refusal;  ///< why it would not happen
    std::vector<PreviewedVersion> versions;
    std::size_t total = 0;  ///< versions on all pages
};

/// `choice` nothing: the whole subject. Of a deletion that would be refused, the versions it is
/// about.
Result<DeletionPreview> preview_deletion(const Catalog& catalog, const SubjectName& subject,
                                         const std::optional<VersionChoice>& choice,
                                         const DeletionTerms& terms, Page page);

}  // namespace symbolon
