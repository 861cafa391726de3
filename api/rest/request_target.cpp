#include "api/rest/request_target.hpp"

#include "core/ascii.hpp"
#include "core/hex.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <charconv>
#include <utility>

namespace symbolon::rest {

namespace {

/// Bytes of the well-formed character at the start of `text`; 0 when there is none (RFC 3629).
std::size_t utf8_length(std::string_view text) {
    const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const auto continues = [&](std::size_t at, unsigned char low, unsigned char high) {
        return at < text.size() && byte(at) >= low && byte(at) <= high;
    };
    const unsigned char first = byte(0);
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xC2 && first <= 0xDF) {
        return continues(1, 0x80, 0xBF) ? 2 : 0;
    }
    if (first >= 0xE0 && first <= 0xEF) {
        const unsigned char low = first == 0xE0 ? 0xA0 : 0x80;
        const unsigned char high = first == 0xED ? 0x9F : 0xBF;
        return continues(1, low, high) && continues(2, 0x80, 0xBF) ? 3 : 0;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const unsigned char low = first == 0xF0 ? 0x90 : 0x80;
        const unsigned char high = first == 0xF4 ? 0x8F : 0xBF;
        return continues(1, low, high) && continues(2, 0x80, 0xBF) && continues(3, 0x80, 0xBF) ? 4
                                                                                               : 0;
    }
    return 0;
}

// "http://host/path" is a legal target; only its path matters here.
std::string_view without_authority(std::string_view target) {
    for (const std::string_view scheme :
         {std::string_view("http://"), std::string_view("https://")}) {
        if (equals_in_any_case(target.substr(0, scheme.size()), scheme)) {
            const auto path = target.find_first_of("/?", scheme.size());
            return path == std::string_view::npos ? std::string_view("/") : target.substr(path);
        }
    }
    return target;
}

}  // namespace

bool is_utf8(std::string_view text) {
    const auto is_ascii = [](char letter) { return static_cast<unsigned char>(letter) < 0x80; };
    text.remove_prefix(static_cast<std::size_t>(
        std::find_if_not(text.begin(), text.end(), is_ascii) - text.begin()));
    while (!text.empty()) {
        const std::size_t length = utf8_length(text);
        if (length == 0) {
            return false;
        }
        text.remove_prefix(length);
    }
    return true;
}

std::optional<std::int32_t> find_int32(std::string_view text) {
    if (text.size() > 1 && text.front() == '+' && text[1] != '-') {
        text.remove_prefix(1);
    }
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return std::nullopt;
    }
    return number;
}

Status RequestTarget::parse(std::string_view target) {
    target = without_authority(target);
    target = target.substr(0, target.find('#'));
    const auto question = target.find('?');
    const std::string_view path = target.substr(0, question);
    if (path.empty() || path.front() != '/') {
        return failure(make_error(ErrorCode::malformed_request, "The path must begin with '/'"));
    }
    if (target.find_first_of("%+") != std::string_view::npos) {
        decoded_.reserve(target.size());
    }
    SYMBOLON_CHECK(parse_path(path));
    if (question != std::string_view::npos) {
        SYMBOLON_CHECK(parse_query(target.substr(question + 1)));
    }
    return {};
}

Status RequestTarget::parse_path(std::string_view path) {
    path.remove_prefix(1);
    while (!path.empty()) {
        const auto slash = path.find('/');
        const std::string_view raw = path.substr(0, slash);
        if (raw.empty()) {
            return failure(
                make_error(ErrorCode::malformed_request, "The path has an empty segment"));
        }
        if (segment_count_ == segments_max) {
            return failure(make_error(ErrorCode::route_not_found));
        }
        SYMBOLON_TRY(segments_[segment_count_], decode(raw, Plus::literal));
        ++segment_count_;
        if (slash == std::string_view::npos) {
            return {};
        }
        path.remove_prefix(slash + 1);
        trailing_slash_ = path.empty();
    }
    return {};
}

Status RequestTarget::parse_query(std::string_view query) {
    while (!query.empty()) {
        const auto ampersand = query.find('&');
        const std::string_view pair = query.substr(0, ampersand);
        query =
            ampersand == std::string_view::npos ? std::string_view{} : query.substr(ampersand + 1);
        if (pair.empty()) {
            continue;
        }
        const auto equals = pair.find('=');
        SYMBOLON_TRY(const std::string_view name, decode(pair.substr(0, equals), Plus::space));
        std::string_view value;
        if (equals != std::string_view::npos) {
            SYMBOLON_TRY(value, decode(pair.substr(equals + 1), Plus::space));
        }
        parameters_.push_back({name, value});
    }
    return {};
}

Result<std::string_view> RequestTarget::decode(std::string_view text, Plus plus) {
    std::string_view result = text;
    const std::string_view marks = plus == Plus::space ? "%+" : "%";
    if (text.find_first_of(marks) != std::string_view::npos) {
        const std::size_t start = decoded_.size();
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (text[at] == '+' && plus == Plus::space) {
                decoded_.push_back(' ');
            } else if (text[at] == '%') {
                const auto high =
                    at + 2 < text.size() ? find_hex_digit(text[at + 1]) : std::nullopt;
                const auto low = high ? find_hex_digit(text[at + 2]) : std::nullopt;
                if (!low) {
                    return failure(make_error(ErrorCode::malformed_request,
                                              "'%' must be followed by two hexadecimal digits"));
                }
                decoded_.push_back(static_cast<char>(*high * 16 + *low));
                at += 2;
            } else {
                decoded_.push_back(text[at]);
            }
        }
        result = std::string_view(decoded_).substr(start);
    }
    if (!is_utf8(result)) {
        return failure(make_error(ErrorCode::malformed_request, "The path is not valid UTF-8"));
    }
    return result;
}

void RequestTarget::drop_front(std::size_t count) {
    assert(count <= segment_count_);
    std::move(segments_.begin() + static_cast<std::ptrdiff_t>(count),
              segments_.begin() + static_cast<std::ptrdiff_t>(segment_count_), segments_.begin());
    segment_count_ -= count;
}

std::string_view RequestTarget::own(std::string text) {
    assert(owned_count_ < owned_max);
    std::string& place = owned_[owned_count_++];
    place = std::move(text);
    return place;
}

void RequestTarget::replace_segment(std::size_t at, std::string text) {
    segments_[at] = own(std::move(text));
}

void RequestTarget::append_segment(std::string text) {
    assert(segment_count_ < segments_max);
    segments_[segment_count_++] = own(std::move(text));
}

std::optional<std::string_view> RequestTarget::find(std::string_view name) const {
    for (const Parameter& parameter : parameters_) {
        if (parameter.name == name) {
            return parameter.value;
        }
    }
    return std::nullopt;
}

std::vector<std::string_view> RequestTarget::find_all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (const Parameter& parameter : parameters_) {
        if (parameter.name == name) {
            values.push_back(parameter.value);
        }
    }
    return values;
}

void RequestTarget::set(std::string_view name, std::string value) {
    std::erase_if(parameters_,
                  [name](const Parameter& parameter) { return parameter.name == name; });
    parameters_.push_back({name, own(std::move(value))});
}

bool RequestTarget::flag(std::string_view name) const {
    const auto value = find(name);
    return value && equals_in_any_case(*value, "true");
}

Result<bool> RequestTarget::strict_flag(std::string_view name) const {
    const auto value = find(name);
    if (value && !equals_in_any_case(*value, "true") && !equals_in_any_case(*value, "false")) {
        return failure(make_error(ErrorCode::malformed_request,
                                  fmt::format("{} must be true or false; nothing was done", name)));
    }
    return flag(name);
}

Result<std::int32_t> RequestTarget::number(std::string_view name, std::int32_t fallback) const {
    const auto value = find(name);
    if (!value || value->empty()) {
        return fallback;
    }
    const auto number = find_int32(*value);
    if (!number) {
        return failure(make_error(ErrorCode::route_not_found));
    }
    return *number;
}

}  // namespace symbolon::rest
