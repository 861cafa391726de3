#include "compat/json_schema/json_formats.hpp"

#include "compat/json_schema/json_ecma.hpp"
#include "compat/json_schema/json_format_net.hpp"

#include <algorithm>
#include <array>

namespace symbolon::compat::json {

namespace {

struct FormatRow {
    std::string_view name;
    Format format;
};
constexpr std::array format_rows{
    FormatRow{"date", Format::date},
    FormatRow{"time", Format::time},
    FormatRow{"date-time", Format::date_time},
    FormatRow{"duration", Format::duration},
    FormatRow{"email", Format::email},
    FormatRow{"idn-email", Format::idn_email},
    FormatRow{"hostname", Format::hostname},
    FormatRow{"idn-hostname", Format::idn_hostname},
    FormatRow{"ipv4", Format::ipv4},
    FormatRow{"ipv6", Format::ipv6},
    FormatRow{"uri", Format::uri},
    FormatRow{"uri-reference", Format::uri_reference},
    FormatRow{"iri", Format::iri},
    FormatRow{"iri-reference", Format::iri_reference},
    FormatRow{"uri-template", Format::uri_template},
    FormatRow{"json-pointer", Format::json_pointer},
    FormatRow{"relative-json-pointer", Format::relative_json_pointer},
    FormatRow{"regex", Format::regex},
    FormatRow{"uuid", Format::uuid},
};

bool is_decimal_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

/// Takes what it is asked for from the front of a text; fails once and for all.
class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text) {}

    bool done() const { return good_ && text_.empty(); }
    char peek() const { return text_.empty() ? '\0' : text_.front(); }
    bool take(std::string_view letters) {
        const bool found = !text_.empty() && letters.find(text_.front()) != std::string_view::npos;
        text_.remove_prefix(found ? 1 : 0);
        return found;
    }
    void need(std::string_view letters) { good_ = take(letters) && good_; }
    int number(std::size_t digits) {
        int value = 0;
        for (; digits > 0; --digits) {
            value = value * 10 + (is_decimal_digit(peek()) ? peek() - '0' : 0);
            need("0123456789");
        }
        return value;
    }
    std::size_t skip_digits() {
        const std::size_t all = std::min(text_.find_first_not_of("0123456789"), text_.size());
        text_.remove_prefix(all);
        return all;
    }
    void expect(bool good) { good_ = good_ && good; }
    std::string_view rest() const { return text_; }

private:
    std::string_view text_;
    bool good_ = true;
};

void scan_date(Scanner& scan) {
    constexpr std::array days{31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int year = scan.number(4);
    scan.need("-");
    const int month = scan.number(2);
    scan.need("-");
    const int day = scan.number(2);
    scan.expect(month >= 1 && month <= 12);
    const bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    const int last = month == 2 && !is_leap ? 28 : days[static_cast<std::size_t>(month + 11) % 12];
    scan.expect(day >= 1 && day <= last);
}

void scan_time(Scanner& scan) {
    constexpr int day_minutes = 24 * 60;
    const int hour = scan.number(2);
    scan.need(":");
    const int minute = scan.number(2);
    scan.need(":");
    const int second = scan.number(2);
    scan.expect(hour <= 23 && minute <= 59 && second <= 60);
    if (scan.take(".")) {
        scan.expect(scan.skip_digits() > 0);
    }
    int offset = 0;
    if (!scan.take("Zz")) {
        const int sign = scan.peek() == '-' ? -1 : 1;
        scan.need("+-");
        const int offset_hour = scan.number(2);
        scan.need(":");
        const int offset_minute = scan.number(2);
        scan.expect(offset_hour <= 23 && offset_minute <= 59);
        offset = sign * (offset_hour * 60 + offset_minute);
    }
    // Leap seconds come at the end of a day of UTC.
    const int utc = (hour * 60 + minute - offset + 2 * day_minutes) % day_minutes;
    scan.expect(second < 60 || utc == day_minutes - 1);
}

// Units in their order, none left out between the first and the last; false when there is none.
bool scan_units(Scanner& scan, std::string_view units) {
    std::size_t next = std::string_view::npos;
    bool any = false;
    while (is_decimal_digit(scan.peek())) {
        scan.skip_digits();
        const std::size_t unit =
            scan.peek() == '\0' ? std::string_view::npos : units.find(scan.peek());
        scan.expect(unit != std::string_view::npos &&
                    (next == std::string_view::npos || unit == next));
        if (!scan.take(units)) {
            return false;
        }
        next = unit + 1;
        any = true;
    }
    return any;
}

// Spec: RFC 3339, appendix A.
bool is_duration(std::string_view text) {
    Scanner scan(text);
    scan.need("P");
    if (text.ends_with('W')) {
        scan.expect(scan.skip_digits() > 0);
        scan.need("W");
        return scan.done();
    }
    const bool has_days = scan_units(scan, "YMD");
    if (scan.take("T")) {
        scan.expect(scan_units(scan, "HMS"));
    } else {
        scan.expect(has_days);
    }
    return scan.done();
}

bool is_json_pointer(std::string_view text) {
    if (!text.empty() && text[0] != '/') {
        return false;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '~' &&
            (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1'))) {
            return false;
        }
    }
    return true;
}

bool is_relative_pointer(std::string_view text) {
    Scanner scan(text);
    const bool leading_zero = scan.peek() == '0';
    const std::size_t digits = scan.skip_digits();
    if (digits == 0 || (leading_zero && digits > 1)) {
        return false;
    }
    return scan.rest() == "#" || is_json_pointer(scan.rest());
}

bool is_uuid(std::string_view text) {
    constexpr std::size_t length = 36;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool is_mark = at == 8 || at == 13 || at == 18 || at == 23;
        const char lower = static_cast<char>(text[at] | 0x20);
        const bool is_digit = is_decimal_digit(text[at]) || (lower >= 'a' && lower <= 'f');
        if (is_mark ? text[at] != '-' : !is_digit) {
            return false;
        }
    }
    return text.size() == length;
}

bool is_moment(Format format, std::string_view text) {
    Scanner scan(text);
    if (format != Format::time) {
        scan_date(scan);
    }
    if (format == Format::date_time) {
        scan.need("Tt");
    }
    if (format != Format::date) {
        scan_time(scan);
    }
    return scan.done();
}

}  // namespace

std::optional<Format> find_format(std::string_view name) {
    const auto* const row =
        std::find_if(format_rows.begin(), format_rows.end(),
                     [name](const FormatRow& each) { return each.name == name; });
    return row == format_rows.end() ? std::nullopt : std::optional(row->format);
}

bool matches_format(Format format, std::string_view text) {
    switch (format) {
        case Format::date:
        case Format::time:
        case Format::date_time:
            return is_moment(format, text);
        case Format::duration:
            return is_duration(text);
        case Format::email:
            return is_email(text, Letters::ascii);
        case Format::idn_email:
            return is_email(text, Letters::any);
        case Format::hostname:
            return is_hostname(text, Letters::ascii);
        case Format::idn_hostname:
            return is_hostname(text, Letters::any);
        case Format::ipv4:
            return is_ipv4(text);
        case Format::ipv6:
            return is_ipv6(text);
        case Format::uri:
            return is_uri_text(text, UriPart::whole, Letters::ascii);
        case Format::uri_reference:
            return is_uri_text(text, UriPart::reference, Letters::ascii);
        case Format::iri:
            return is_uri_text(text, UriPart::whole, Letters::any);
        case Format::iri_reference:
            return is_uri_text(text, UriPart::reference, Letters::any);
        case Format::uri_template:
            return is_uri_template(text);
        case Format::json_pointer:
            return is_json_pointer(text);
        case Format::relative_json_pointer:
            return is_relative_pointer(text);
        case Format::regex:
            return is_ecma_pattern(text);
        case Format::uuid:
            return is_uuid(text);
    }
    return true;
}

}  // namespace symbolon::compat::json
