#include "compat/json_schema/json_pattern.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>
#include <unicode/uregex.h>
#include <unicode/ustring.h>
#include <unicode/utypes.h>

#include <string>

namespace symbolon::compat::json {

namespace {

struct CloseRegex {
    void operator()(URegularExpression* regex) const { uregex_close(regex); }
};
using RegexPtr = std::unique_ptr<URegularExpression, CloseRegex>;

std::u16string to_utf16(std::string_view text) {
    std::u16string wide(text.size(), u'\0');
    std::int32_t length = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strFromUTF8WithSub(wide.data(), static_cast<std::int32_t>(wide.size()), &length, text.data(),
                         static_cast<std::int32_t>(text.size()), 0xFFFD, nullptr, &status);
    wide.resize(U_SUCCESS(status) ? static_cast<std::size_t>(length) : 0);
    return wide;
}

// A closing brace that closes nothing is a letter to the reference's engine and a fault to ours.
std::u16string with_literal_braces(const std::u16string& pattern) {
    std::u16string out;
    std::size_t open = 0;
    std::size_t in_class = 0;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const char16_t letter = pattern[at];
        if (letter == u'\\' && at + 1 < pattern.size()) {
            out += letter;
            out += pattern[++at];
            continue;
        }
        in_class += letter == u'[' ? 1 : 0;
        in_class -= letter == u']' && in_class > 0 ? 1 : 0;
        const bool closes = open > 0;
        open += letter == u'{' ? 1 : 0;
        if (letter == u'}') {
            out += closes || in_class > 0 ? u"" : u"\\";
            open -= closes ? 1 : 0;
        }
        out += letter;
    }
    return out;
}

class IcuPattern final : public Pattern {
public:
    explicit IcuPattern(RegexPtr regex) : regex_(std::move(regex)) {}

    // A search keeps its state in the expression, so every search has a clone; the compiled program
    // is shared.
    Result<bool> is_found_in(std::string_view text) const override {
        UErrorCode status = U_ZERO_ERROR;
        const RegexPtr search(uregex_clone(regex_.get(), &status));
        const std::u16string wide = to_utf16(text);
        uregex_setText(search.get(), wide.data(), static_cast<std::int32_t>(wide.size()), &status);
        uregex_setTimeLimit(search.get(), limits::pattern_steps_max, &status);
        uregex_setStackLimit(search.get(), limits::pattern_stack_bytes_max, &status);
        const bool found = uregex_find(search.get(), -1, &status) != 0;
        if (U_FAILURE(status)) {
            return failure(make_error(
                ErrorCode::check_too_costly,
                fmt::format("A pattern is too costly to search for ({})", u_errorName(status))));
        }
        return found;
    }

private:
    RegexPtr regex_;
};

}  // namespace

Result<PatternPtr> compile_pattern(std::string_view text) {
    if (text.size() > limits::pattern_bytes_max) {
        return failure(make_error(
            ErrorCode::invalid_schema,
            fmt::format("A pattern is longer than {} bytes", limits::pattern_bytes_max)));
    }
    const std::u16string wide = with_literal_braces(to_utf16(text));
    UErrorCode status = U_ZERO_ERROR;
    UParseError place{};
    RegexPtr regex(
        uregex_open(wide.data(), static_cast<std::int32_t>(wide.size()), 0, &place, &status));
    if (wide.empty()) {  // ICU takes no empty pattern, which is found everywhere
        status = U_ZERO_ERROR;
        regex.reset(uregex_open(u"(?:)", 4, 0, &place, &status));
    }
    if (U_FAILURE(status)) {
        return failure(
            make_error(ErrorCode::invalid_schema,
                       fmt::format("The pattern \"{}\" is wrong near its character {} ({})", text,
                                   place.offset + 1, u_errorName(status))));
    }
    return PatternPtr(std::make_shared<IcuPattern>(std::move(regex)));
}

}  // namespace symbolon::compat::json
