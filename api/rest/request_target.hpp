// The path and query of a request, split first and decoded afterwards.
//
// A path without escapes is not copied: segments are views into the request's target.
//
// Example:  RequestTarget target; target.parse("/subjects/a%2Fb/versions?deleted=True");
//           target.segment(1) == "a/b"; target.flag("deleted") == true
// Errors:   malformed_request (escapes, UTF-8, empty segments), route_not_found (numbers, too long)
// Units:    segments count from 0
// Threads:  one at a time; the parsed text must outlive it
// Source:   REST contract 1.3, 1.7, PROTO-11
// Tested by tests/unit/api/rest/request_target_test.cpp
#pragma once

#include "core/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::rest {

bool is_utf8(std::string_view text);

/// The decimal number that `text` is, with an optional sign; nullopt otherwise or beyond 32 bits.
std::optional<std::int32_t> find_int32(std::string_view text);

class RequestTarget {
public:
    RequestTarget() = default;
    RequestTarget(const RequestTarget&) = delete;  // its views may point into itself
    RequestTarget& operator=(const RequestTarget&) = delete;
    RequestTarget(RequestTarget&&) = delete;
    RequestTarget& operator=(RequestTarget&&) = delete;
    ~RequestTarget() = default;

    Status parse(std::string_view target);

    std::size_t size() const { return segment_count_; }
    std::string_view segment(std::size_t at) const { return segments_[at]; }
    /// True when the path ended in "/" behind a segment.
    bool has_trailing_slash() const { return trailing_slash_; }
    /// REQUIRES: size() >= count.
    void drop_front(std::size_t count);
    void replace_segment(std::size_t at, std::string text);
    /// REQUIRES: a segment was dropped before.
    void append_segment(std::string text);

    /// The first value under `name`; an absent parameter differs from an empty one.
    std::optional<std::string_view> find(std::string_view name) const;
    std::vector<std::string_view> find_all(std::string_view name) const;
    /// Replaces every value under `name`. REQUIRES: `name` outlives the target.
    void set(std::string_view name, std::string value);

    /// True for the text "true" in any letter case.
    bool flag(std::string_view name) const;
    /// The same, but malformed_request for anything that is neither true nor false: for flags
    /// whose misreading would change what nobody wanted to change.
    Result<bool> strict_flag(std::string_view name) const;
    /// `fallback` when absent or empty.
    Result<std::int32_t> number(std::string_view name, std::int32_t fallback) const;

private:
    struct Parameter {
        std::string_view name;
        std::string_view value;
    };
    enum class Plus { literal, space };

    Status parse_path(std::string_view path);
    Status parse_query(std::string_view query);
    Result<std::string_view> decode(std::string_view text, Plus plus);
    std::string_view own(std::string text);

    static constexpr std::size_t segments_max = 12;
    static constexpr std::size_t owned_max = 8;  ///< more than all rewrites of one request

    std::array<std::string_view, segments_max> segments_{};
    std::size_t segment_count_ = 0;
    bool trailing_slash_ = false;
    std::vector<Parameter> parameters_;
    std::string decoded_;  ///< reserved once, so that views into it stay
    std::array<std::string, owned_max> owned_;
    std::size_t owned_count_ = 0;
};

}  // namespace symbolon::rest
