// JSON Schemas that grow, for benches and for tests of what a comparison may cost.
//
// Example:  json_schema(WrittenUnions{.levels = 5, .ways = 12}.text())
// Threads:  any thread
// Tested by tests/unit/compat/json_budget_test.cpp
#pragma once

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace symbolon::tests {

inline std::string reference_to(std::size_t level) {
    return fmt::format(R"({{"$ref":"#/definitions/{}"}})", level);
}

/// One definition a level; each is a oneOf of twelve that lead on to the next level and to itself.
inline std::string shared_unions(std::size_t levels, std::string_view leaf) {
    constexpr int ways = 12;
    std::string text = R"({"$ref":"#/definitions/0","definitions":{)";
    for (std::size_t level = 0; level < levels; ++level) {
        text += fmt::format(R"("{}":{{"oneOf":[)", level);
        for (int way = 0; way < ways; ++way) {
            text += way == 0 ? "" : ",";
            text += fmt::format(R"({{"properties":{{"kind":{{"const":{}}},"next":{},"same":{}}}}})",
                                way, reference_to(level + 1), reference_to(level));
        }
        text += "]},";
    }
    return text + fmt::format(R"("{}":{}}}}})", levels, leaf);
}

/// A oneOf in every alternative of a oneOf, written out: ways to the power of levels leaves.
struct WrittenUnions {
    std::size_t levels = 5;
    std::size_t ways = 12;
    std::string_view leaf = R"({"type":"integer"})";
    /// By what alternatives can be told apart without looking into them.
    /// By limits: each fits every one that is higher, so that no order of them is the right one.
    enum class Told { by_constant, by_limits } told = Told::by_constant;
    enum class Order { upwards, downwards } order = Order::upwards;
    std::string text() const {
        std::string out;
        append(out, levels);
        return out;
    }

private:
    void append(std::string& out, std::size_t level) const {
        if (level == 0) {
            out += leaf;
            return;
        }
        out += R"({"oneOf":[)";
        for (std::size_t at = 0; at < ways; ++at) {
            const std::size_t way = order == Order::upwards ? at : ways - 1 - at;
            out += at == 0 ? "{" : ",{";
            out += told == Told::by_limits ? fmt::format(R"("maxProperties":{},)", way) : "";
            out += R"("properties":{)";
            out += told == Told::by_constant ? fmt::format(R"("k":{{"const":{}}},)", way) : "";
            out += R"("n":)";
            append(out, level - 1);
            out += "}}";
        }
        out += "]}";
    }
};

/// An anyOf of so many alternatives, every one of which fits every one behind it.
inline std::string wide_union(std::size_t ways) {
    std::string text = R"({"anyOf":[)";
    for (std::size_t way = 0; way < ways; ++way) {
        text += way == 0 ? "" : ",";
        text += fmt::format(R"({{"maxLength":{}}})", way);
    }
    return text + "]}";
}

/// The same the other way round: nothing but a full search finds who fits whom.
inline std::string wide_union_downwards(std::size_t ways) {
    std::string text = R"({"anyOf":[)";
    for (std::size_t way = ways; way > 0; --way) {
        text += way == ways ? "" : ",";
        text += fmt::format(R"({{"maxLength":{}}})", way - 1);
    }
    return text + "]}";
}

}  // namespace symbolon::tests
