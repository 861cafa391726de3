// A value or the Error that explains why there is none; the return type of everything that may
// fail.
//
// Example:  SYMBOLON_TRY(auto json, parse_json(text));
// Errors:   none of its own
// Threads:  any thread
// Source:   docs/decisions/0003-errors-and-results.md
// Tested by tests/unit/core/result_test.cpp
#pragma once

#include "core/error.hpp"

#include <tl/expected.hpp>

#include <utility>

namespace symbolon {

template <class T>
class [[nodiscard]] Result : public tl::expected<T, Error> {
public:
    using tl::expected<T, Error>::expected;
};

/// Success, or the Error; for functions whose success carries no value.
using Status = Result<void>;

inline tl::unexpected<Error> failure(Error error) {
    return tl::unexpected<Error>(std::move(error));
}

}  // namespace symbolon

#define SYMBOLON_CONCAT_INNER(left, right) left##right
#define SYMBOLON_CONCAT(left, right) SYMBOLON_CONCAT_INNER(left, right)
#define SYMBOLON_TRY_INNER(name, declaration, ...)           \
    auto name = (__VA_ARGS__);                               \
    if (!name) {                                             \
        return ::symbolon::failure(std::move(name).error()); \
    }                                                        \
    declaration = std::move(*name)

/// `SYMBOLON_TRY(auto x, f());` unwraps f()'s value into x or returns its Error from this function.
#define SYMBOLON_TRY(declaration, ...) \
    SYMBOLON_TRY_INNER(SYMBOLON_CONCAT(symbolon_try_, __LINE__), declaration, __VA_ARGS__)

/// `SYMBOLON_CHECK(f());` returns f()'s Error from this function; for results without a value.
#define SYMBOLON_CHECK(...)                                                  \
    do {                                                                     \
        if (auto symbolon_checked = (__VA_ARGS__); !symbolon_checked) {      \
            return ::symbolon::failure(std::move(symbolon_checked).error()); \
        }                                                                    \
    } while (false)
