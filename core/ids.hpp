// The numbers the registry speaks about, as distinct types so that they cannot be mixed up.
//
// Example:  SchemaId id{7}; id.value();
// Units:    schema ids and versions start at 1; Revision 0 means "before the first entry"
// Threads:  immutable
// Source:   docs/glossary.md
// Tested by tests/unit/core/ids_test.cpp
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace symbolon {

template <class Tag, class Number>
class StrongNumber {
public:
    constexpr StrongNumber() = default;
    constexpr explicit StrongNumber(Number value) : value_(value) {}
    constexpr Number value() const { return value_; }
    friend constexpr auto operator<=>(StrongNumber, StrongNumber) = default;

private:
    Number value_{};
};

/// Identifies a schema within one context; handed out once, never reused for other content.
using SchemaId = StrongNumber<struct SchemaIdTag, std::int32_t>;
/// Position of a schema in its subject's history.
using Version = StrongNumber<struct VersionTag, std::int32_t>;
/// The store's counter: every entry that is written gets the next one.
using Revision = StrongNumber<struct RevisionTag, std::int64_t>;

}  // namespace symbolon

template <class Tag, class Number>
struct std::hash<symbolon::StrongNumber<Tag, Number>> {
    std::size_t operator()(symbolon::StrongNumber<Tag, Number> number) const noexcept {
        return std::hash<Number>{}(number.value());
    }
};
