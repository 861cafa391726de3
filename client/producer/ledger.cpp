#include "client/producer/ledger.hpp"

#include "core/json.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace symbolon::client {

namespace {

Result<std::uint64_t> read_number(const Json& object, const char* name) {
    const auto member = object.find(name);
    if (member == object.end() || !member->is_number_unsigned()) {
        return failure(make_error(ErrorCode::malformed_datum,
                                  fmt::format("\"{}\" should be a count, from 0", name)));
    }
    return member->get<std::uint64_t>();
}

// Pairs [begin, end], each after `last`.
Result<std::map<std::uint64_t, std::uint64_t>> read_intervals(const Json& pairs, const char* name,
                                                              std::uint64_t last) {
    std::map<std::uint64_t, std::uint64_t> intervals;
    for (const auto& pair : pairs) {
        if (!pair.is_array() || pair.size() != 2 || !pair[0].is_number_unsigned() ||
            !pair[1].is_number_unsigned() || pair[0].get<std::uint64_t>() < last ||
            pair[1].get<std::uint64_t>() <= pair[0].get<std::uint64_t>()) {
            return failure(
                make_error(ErrorCode::malformed_datum,
                           fmt::format("\"{}\" should be rising pairs [begin, end]", name)));
        }
        last = pair[1].get<std::uint64_t>();
        intervals.emplace(pair[0].get<std::uint64_t>(), last);
    }
    return intervals;
}

Json to_pairs(const std::map<std::uint64_t, std::uint64_t>& intervals) {
    Json pairs = Json::array();
    for (const auto& [begin, end] : intervals) {
        pairs.push_back(Json::array({begin, end}));
    }
    return pairs;
}

std::string read_text(const Json& object, const char* name) {
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>()
                                                         : std::string();
}

}  // namespace

Result<Ledger> Ledger::parse(std::string_view text) {
    SYMBOLON_TRY(const auto json, parse_json(text));
    if (!json.is_object() || !json.contains("beyond") || !json["beyond"].is_array()) {
        return failure(
            make_error(ErrorCode::malformed_datum, "it should be an object with \"beyond\""));
    }
    Ledger ledger;
    ledger.run_ = read_text(json, "run");
    ledger.input_ = read_text(json, "input");
    SYMBOLON_TRY(ledger.low_water_, read_number(json, "events"));
    SYMBOLON_TRY(ledger.tally_.sent, read_number(json, "sent"));
    SYMBOLON_TRY(ledger.tally_.rejected, read_number(json, "rejected"));
    SYMBOLON_TRY(ledger.tally_.duplicates, read_number(json, "duplicates"));
    SYMBOLON_TRY(ledger.tally_.spooled, read_number(json, "spooled"));
    SYMBOLON_TRY(ledger.beyond_, read_intervals(json["beyond"], "beyond", ledger.low_water_));
    if (json.contains("refused") && json["refused"].is_array()) {
        SYMBOLON_TRY(ledger.refused_, read_intervals(json["refused"], "refused", 0));
    }
    std::uint64_t settled = ledger.low_water_;
    for (const auto& [begin, end] : ledger.beyond_) {
        settled += end - begin;
    }
    if (ledger.run_.empty() || settled != ledger.tally_.sum()) {
        return failure(make_error(
            ErrorCode::malformed_datum,
            fmt::format("it settles {} events and counts {}", settled, ledger.tally_.sum())));
    }
    return ledger;
}

std::string Ledger::to_text() const {
    Json json{{"run", run_},
              {"input", input_},
              {"events", low_water_},
              {"beyond", to_pairs(beyond_)},
              {"sent", tally_.sent},
              {"rejected", tally_.rejected},
              {"duplicates", tally_.duplicates},
              {"spooled", tally_.spooled}};
    if (!refused_.empty()) {
        json["refused"] = to_pairs(refused_);
    }
    return symbolon::to_text(json);
}

void Ledger::settle(std::uint64_t begin, std::uint64_t end, const Tally& tally) {
    tally_ += tally;
    auto place = beyond_.lower_bound(begin);
    if (place != beyond_.begin() && std::prev(place)->second == begin) {
        --place;
        place->second = end;
    } else {
        place = beyond_.emplace_hint(place, begin, end);
    }
    if (const auto after = std::next(place); after != beyond_.end() && after->first == end) {
        place->second = after->second;
        beyond_.erase(after);
    }
    if (place->first == low_water_) {
        low_water_ = place->second;
        beyond_.erase(place);
    }
}

void Ledger::settle_spooled(const Tally& tally) {
    tally_.spooled -= std::min(tally_.spooled, tally.sent + tally.rejected);
    tally_ += tally;
}

bool Ledger::is_settled(std::uint64_t index) const {
    if (index < low_water_) {
        return true;
    }
    return holds(beyond_, index);
}

bool Ledger::holds(const Intervals& intervals, std::uint64_t index) {
    const auto after = intervals.upper_bound(index);
    return after != intervals.begin() && std::prev(after)->second > index;
}

void Ledger::note_refused(std::uint64_t begin, std::uint64_t end, std::uint64_t kept) {
    refused_.emplace(begin, end);
    while (!refused_.empty() && refused_.begin()->second + kept < low_water_) {
        refused_.erase(refused_.begin());
    }
}

bool Ledger::is_refused(std::uint64_t index) const {
    return holds(refused_, index);
}

}  // namespace symbolon::client
