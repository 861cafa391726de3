// What a compatibility check comes to, and a refusal that says all of it.
//
// Threads:  values
// Source:   REST contract 3.5 and 5; docs/api_beyond.md
// Tested by tests/unit/api/referrers_test.cpp
#pragma once

#include "api/schema_content.hpp"
#include "compat/finding.hpp"
#include "core/error.hpp"
#include "core/ids.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace symbolon {

/// One difference, and between which two texts it is.
struct ReportedFinding {
    compat::Finding finding;
    compat::Direction direction = compat::Direction::backward;
    std::optional<Version> old_version;  ///< what the new schema was compared with
    ContentPtr new_schema;               ///< its text as it was sent; nullptr where there is none
    ContentPtr old_schema;
    /// The version that would break if it moved its reference to the new one. Then the new schema
    /// is the referrer with the new version in place, and `old_version` one of its own subject.
    std::optional<SubjectVersion> referrer;
};

struct CheckAnswer {
    bool compatible = true;
    std::vector<std::string> messages;  ///< as the contract's section 5 words them
    std::vector<ReportedFinding> findings;
};

/// What an error carries for those who want all: which of several schemas, and what was found.
struct Refusal final : ErrorDetail {
    struct Member {
        std::size_t index = 0;
        std::string subject;
    };
    std::optional<Member> member;
    std::vector<ReportedFinding> findings;
};

}  // namespace symbolon
