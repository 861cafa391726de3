// Keywords whose values are plain: texts, numbers, flags, lists of names. Also keeps what is wrong.
//
// Errors:   false, and problem() says what and where
// Threads:  one at a time
// Limits:   patterns_max, pattern_bytes_max
// Source:   json-schema-compat.md 3, "Keyword checks"
// Tested by tests/unit/compat/json_parse_test.cpp
#pragma once

#include "compat/json_schema/json_document.hpp"
#include "compat/json_schema/json_model.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::json {

struct LoadProblem {
    std::string what;
    const Document* document = nullptr;
    std::size_t offset = 0;
};

class Keywords {
public:
    explicit Keywords(std::pmr::memory_resource& memory) : memory_(memory) {}

    std::nullptr_t fail(const Place& here, const JsonNode& json, std::string what);
    /// True when `good`; otherwise the keyword's value should have been `wanted`.
    bool expect(bool good, const Place& here, const JsonNode& json, std::string_view wanted);
    const LoadProblem& problem() const { return problem_; }

    /// Each leaves `out` as it is when the keyword is not there.
    bool read_text(const JsonNode& json, std::string_view word, const Place& here,
                   const JsonNode*& out);
    bool read_flag(const JsonNode& json, std::string_view word, const Place& here, bool& out);
    bool read_bound(const JsonNode& json, std::string_view word, const Place& here, Bound32& out);
    bool read_limit(const JsonNode& json, std::string_view word, const Place& here,
                    std::optional<double>& out);
    bool read_factor(const JsonNode& json, std::string_view word, const Place& here,
                     const JsonNode*& out);
    /// The texts of an array, sorted and each once.
    bool read_names(const JsonNode& json, const Place& here,
                    std::span<const std::string_view>& out);
    bool check_pattern(std::string_view pattern, const JsonNode& json, const Place& here);
    bool check_uri(const JsonNode& json, const Place& here);

    template <class T>
    const T* make(T value) {
        return new (memory_.allocate(sizeof(T), alignof(T))) T(std::move(value));
    }
    template <class T>
    std::span<const T> keep(const std::vector<T>& values) {
        // NOLINTNEXTLINE(bugprone-sizeof-expression): T may well be a pointer
        T* first = static_cast<T*>(memory_.allocate(values.size() * sizeof(T), alignof(T)));
        std::uninitialized_copy(values.begin(), values.end(), first);
        return {first, values.size()};
    }

private:
    std::pmr::memory_resource& memory_;
    LoadProblem problem_;
    std::size_t pattern_count_ = 0;
};

bool is_number(const JsonNode& json);
/// The value as a double; integers of any length.
double to_double(const JsonNode& number);

}  // namespace symbolon::compat::json
