// A subject's full name: its context and its name within it, and the text forms clients send.
//
// Example:  parse_subject(":.dev:orders-value") == SubjectName{".dev", "orders-value"}
//           to_text(SubjectName{".", "orders-value"}) == "orders-value"
// Units:    context "." is the default one; ".__GLOBAL" exists for config and mode only
// Threads:  immutable
// Source:   REST contract 4.9 and 4.14
// Tested by tests/unit/api/subject_name_test.cpp
#pragma once

#include "core/result.hpp"

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon {

inline constexpr std::string_view default_context = ".";
inline constexpr std::string_view global_context = ".__GLOBAL";

struct SubjectName {
    std::string context{default_context};
    std::string name;  ///< empty for ":.ctx:", the context itself

    friend auto operator<=>(const SubjectName&, const SubjectName&) = default;
};

/// Splits ":.ctx:name"; any other text is a name in the default context (CTX-1, CTX-6).
SubjectName parse_subject(std::string_view text);
/// As parse_subject, but an unqualified text belongs to `context` (REF-2, ALIAS-3).
SubjectName parse_subject_in(std::string_view text, std::string_view context);
/// "name" in the default context, ":.ctx:name" elsewhere.
std::string to_text(const SubjectName& subject);
/// ":.ctx:" or, for the default context, the empty text: how messages print a context (2.6).
std::string context_prefix(std::string_view context);

/// SUBJ-1: which contexts, and how names begin there.
struct SubjectPrefix {
    std::optional<std::string> context;  ///< nothing: every context
    std::string name;

    bool matches(const SubjectName& subject) const {
        return (!context || *context == subject.context) && subject.name.starts_with(name);
    }
};
/// ":*:" stands for every context, as does nothing at all.
SubjectPrefix parse_subject_prefix(const std::optional<std::string>& text);

/// ok when new things may be stored under this subject (SUB-1, SUB-2); invalid_subject otherwise.
Status check_subject(const SubjectName& subject);
/// The same for the scope of a config or a mode, where the context ".__GLOBAL" exists too (CTX-4).
Status check_scope_name(const SubjectName& scope);

}  // namespace symbolon
