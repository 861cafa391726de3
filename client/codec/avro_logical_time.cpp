#include "client/codec/avro_logical_time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <optional>
#include <system_error>

namespace symbolon::client {

namespace {

constexpr std::int64_t seconds_per_day = 86'400;

struct UnitRow {
    std::int64_t per_second;
    int digits;
    std::string_view name;
};
constexpr std::array unit_rows{
    UnitRow{1'000, 3, "milliseconds"},
    UnitRow{1'000'000, 6, "microseconds"},
    UnitRow{1'000'000'000, 9, "nanoseconds"},
};
constexpr const UnitRow& row_of_unit(TimeUnit unit) {
    return unit_rows[static_cast<std::size_t>(unit)];
}

constexpr std::int64_t floor_divide(std::int64_t left, std::int64_t right) {
    return left / right - (left % right < 0 ? 1 : 0);
}

struct CivilDay {
    std::int64_t year;
    int month;
    int day;
};

// Years begin in March here, so that a leap day is the last; eras of 400 years are all alike.
constexpr std::int64_t days_per_era = 146'097;
constexpr std::int64_t days_before_1970 = 719'468;

constexpr CivilDay civil_of(std::int64_t days) {
    days += days_before_1970;
    const std::int64_t era = floor_divide(days, days_per_era);
    const std::int64_t day_of_era = days - era * days_per_era;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t march_month = (5 * day_of_year + 2) / 153;
    const auto day = static_cast<int>(day_of_year - (153 * march_month + 2) / 5 + 1);
    const auto month = static_cast<int>(march_month < 10 ? march_month + 3 : march_month - 9);
    return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

constexpr std::int64_t days_of(const CivilDay& civil) {
    const std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
    const std::int64_t era = floor_divide(year, 400);
    const std::int64_t year_of_era = year - era * 400;
    const int march_month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
    const std::int64_t day_of_year = (153 * march_month + 2) / 5 + civil.day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * days_per_era + day_of_era - days_before_1970;
}
static_assert(days_of({1970, 1, 1}) == 0 && days_of({2000, 2, 29}) == 11'016);
static_assert(civil_of(-1).year == 1969 && civil_of(-1).month == 12 && civil_of(-1).day == 31);

void append_clock(std::string& out, std::int64_t seconds, std::int64_t fraction,
                  const UnitRow& unit) {
    fmt::format_to(std::back_inserter(out), "{:02}:{:02}:{:02}.{:0{}}", seconds / 3'600,
                   seconds / 60 % 60, seconds % 60, fraction, unit.digits);
}

/// Reads from the front of a text.
class TimeScanner {
public:
    explicit TimeScanner(std::string_view text) : rest_(text) {}

    bool at_end() const { return rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }
    bool skip(char letter) {
        const bool is_there = peek() == letter;
        rest_.remove_prefix(is_there ? 1 : 0);
        return is_there;
    }
    std::size_t count_digits() const {
        const std::size_t end = rest_.find_first_not_of("0123456789");
        return end == std::string_view::npos ? rest_.size() : end;
    }
    std::string_view take(std::size_t size) {
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(taken.size());
        return taken;
    }
    std::optional<int> two_digits() {
        if (count_digits() < 2) {
            return std::nullopt;
        }
        const std::string_view digits = take(2);
        return (digits[0] - '0') * 10 + (digits[1] - '0');
    }

private:
    std::string_view rest_;
};

int days_in(std::int64_t year, int month) {
    constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leaps = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && leaps ? 1 : 0);
}

std::string scan_date(TimeScanner& from, std::int64_t& days) {
    constexpr std::string_view form = "is no date like 2026-03-01";
    constexpr std::size_t year_digits_max = 9;
    const bool negative = from.peek() == '-';
    const bool has_sign = from.skip('-') || from.skip('+');
    const std::size_t digits = from.count_digits();
    if (digits < 4 || digits > (has_sign ? year_digits_max : 4)) {
        return std::string(form);
    }
    CivilDay civil{};
    const std::string_view year = from.take(digits);
    std::from_chars(year.data(), year.data() + year.size(), civil.year);
    civil.year = negative ? -civil.year : civil.year;
    const auto month = from.skip('-') ? from.two_digits() : std::nullopt;
    const auto day = month && from.skip('-') ? from.two_digits() : std::nullopt;
    if (!day) {
        return std::string(form);
    }
    civil.month = *month;
    civil.day = *day;
    if (civil.month < 1 || civil.month > 12 || civil.day < 1 ||
        civil.day > days_in(civil.year, civil.month)) {
        return "is a date that there is not";
    }
    days = days_of(civil);
    return "";
}

struct TimeOfDay {
    std::int64_t seconds = 0;
    std::int64_t fraction = 0;
};

std::string scan_fraction(TimeScanner& from, const UnitRow& unit, std::int64_t& fraction) {
    const std::string_view digits = from.take(from.count_digits());
    if (digits.empty()) {
        return "has no digit after its point";
    }
    const auto kept = static_cast<std::size_t>(unit.digits);
    for (std::size_t at = 0; at < kept; ++at) {
        fraction = fraction * 10 + (at < digits.size() ? digits[at] - '0' : 0);
    }
    const bool is_exact = digits.find_first_not_of('0', kept) == std::string_view::npos;
    return is_exact ? "" : fmt::format("is finer than {}", unit.name);
}

std::string scan_clock(TimeScanner& from, const UnitRow& unit, TimeOfDay& time) {
    const auto hours = from.two_digits();
    const auto minutes = hours && from.skip(':') ? from.two_digits() : std::nullopt;
    if (!minutes) {
        return "has no time of day like 13:05:00.25";
    }
    int seconds = 0;
    if (from.skip(':')) {
        const auto read = from.two_digits();
        if (!read) {
            return "has no time of day like 13:05:00.25";
        }
        seconds = *read;
    }
    if (*hours > 23 || *minutes > 59 || seconds > 59) {
        return "has a time of day that there is not";
    }
    time.seconds = *hours * 3'600 + *minutes * 60 + seconds;
    return from.skip('.') ? scan_fraction(from, unit, time.fraction) : "";
}

// Seconds that a zone is ahead of UTC.
std::string scan_zone(TimeScanner& from, std::int64_t& ahead) {
    if (from.skip('Z') || from.skip('z')) {
        ahead = 0;
        return "";
    }
    const bool west = from.peek() == '-';
    if (!from.skip('-') && !from.skip('+')) {
        return "has no time zone; add Z or one like +02:00";
    }
    const auto hours = from.two_digits();
    from.skip(':');
    const auto minutes = hours ? from.two_digits() : std::nullopt;
    if (!minutes || *hours > 23 || *minutes > 59) {
        return "has no time zone like Z or +02:00";
    }
    const std::int64_t seconds = *hours * 3'600 + *minutes * 60;
    ahead = west ? -seconds : seconds;
    return "";
}

// Rounding up towards zero first keeps the product within what the sum is within.
bool join_time(std::int64_t seconds, std::int64_t fraction, std::int64_t per_second,
               std::int64_t& time) {
    if (seconds < 0 && fraction > 0) {
        ++seconds;
        fraction -= per_second;
    }
    return !__builtin_mul_overflow(seconds, per_second, &time) &&
           !__builtin_add_overflow(time, fraction, &time);
}

}  // namespace

void append_date(std::string& out, std::int64_t days) {
    const CivilDay civil = civil_of(days);
    const auto to = std::back_inserter(out);
    if (civil.year > 9'999) {
        fmt::format_to(to, "+{}", civil.year);
    } else if (civil.year < 0) {
        fmt::format_to(to, "-{:04}", -civil.year);
    } else {
        fmt::format_to(to, "{:04}", civil.year);
    }
    fmt::format_to(to, "-{:02}-{:02}", civil.month, civil.day);
}

bool append_time_of_day(std::string& out, std::int64_t time, TimeUnit unit) {
    const UnitRow& row = row_of_unit(unit);
    if (time < 0 || time >= seconds_per_day * row.per_second) {
        return false;
    }
    append_clock(out, time / row.per_second, time % row.per_second, row);
    return true;
}

void append_time_stamp(std::string& out, std::int64_t time, TimeUnit unit, Zone zone) {
    const UnitRow& row = row_of_unit(unit);
    const std::int64_t seconds = floor_divide(time, row.per_second);
    const std::int64_t days = floor_divide(seconds, seconds_per_day);
    // The product of the floor may be less than 64 bits hold; the remainder is not.
    const std::int64_t rest = time % row.per_second;
    append_date(out, days);
    out += 'T';
    append_clock(out, seconds - days * seconds_per_day, rest < 0 ? rest + row.per_second : rest,
                 row);
    out += zone == Zone::utc ? "Z" : "";
}

std::string parse_date(std::string_view text, std::int64_t& days) {
    TimeScanner from(text);
    std::string problem = scan_date(from, days);
    return problem.empty() && !from.at_end() ? "goes on after its date" : problem;
}

std::string parse_time_of_day(std::string_view text, TimeUnit unit, std::int64_t& time) {
    const UnitRow& row = row_of_unit(unit);
    TimeScanner from(text);
    TimeOfDay clock;
    std::string problem = scan_clock(from, row, clock);
    time = clock.seconds * row.per_second + clock.fraction;
    return problem.empty() && !from.at_end() ? "goes on after its time of day" : problem;
}

std::string parse_time_stamp(std::string_view text, TimeUnit unit, Zone zone, std::int64_t& time) {
    const UnitRow& row = row_of_unit(unit);
    TimeScanner from(text);
    std::int64_t days = 0;
    if (std::string problem = scan_date(from, days); !problem.empty()) {
        return problem;
    }
    if (!from.skip('T') && !from.skip('t') && !from.skip(' ')) {
        return "has no T after its date";
    }
    TimeOfDay clock;
    if (std::string problem = scan_clock(from, row, clock); !problem.empty()) {
        return problem;
    }
    std::int64_t ahead = 0;
    if (zone == Zone::utc) {
        if (std::string problem = scan_zone(from, ahead); !problem.empty()) {
            return problem;
        }
    }
    if (!from.at_end()) {
        return zone == Zone::local ? "goes on after a local time, which has no zone"
                                   : "goes on after its zone";
    }
    return join_time(days * seconds_per_day + clock.seconds - ahead, clock.fraction, row.per_second,
                     time)
               ? ""
               : fmt::format("is further from 1970 than 64 bits of {} reach", row.name);
}

}  // namespace symbolon::client
