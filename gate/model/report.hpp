// What a gate found: a value that every output format prints.
//
// Units:    lines and columns start at 1
// Threads:  values
// Source:   docs/gate.md
// Tested by tests/unit/gate/report/model_test.cpp
#pragma once

#include "compat/finding.hpp"
#include "compat/level.hpp"
#include "core/schema_type.hpp"
#include "gate/model/schema_tree.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

enum class Verdict { unchanged, added, compatible, incompatible, invalid, undecided };
enum class Severity { error, warning, note };

/// One of the two schemas that a finding is about.
struct Side {
    std::string name{};  ///< "schemas/orders.avsc", "orders-value version 3"
    std::string path{};  ///< where in it: as compat::Finding
    std::optional<std::size_t> line{};
    std::optional<std::size_t> column{};
    std::shared_ptr<const std::string> text{};  ///< all of it, for an excerpt
    std::string file{};  ///< as it is printed, when it is a file that stands there; else empty
};

struct GateFinding {
    std::string rule{};  ///< of rule_table() in gate/model/rule.hpp
    Severity severity = Severity::error;
    std::string message{};  ///< a sentence
    std::string hint{};     ///< what would make it pass; may be empty
    /// Where in the tree: a file as it is printed.
    std::string file{};
    std::size_t line = 1;
    std::size_t column = 1;
    std::shared_ptr<const std::string> text{};  ///< of that file, for an excerpt
    std::string path{};                         ///< the place in it, for waivers
    std::optional<compat::Direction> direction{};
    std::optional<Side> reader{};  ///< who reads the data
    std::optional<Side> writer{};  ///< who wrote it
    std::optional<compat::CounterExample> counter_example{};
    std::optional<Waiver> waiver{};  ///< covers it: it does not count
};

struct SubjectReport {
    std::string subject{};  ///< empty: the findings are of the tree's configuration
    std::string file{};     ///< as it is printed
    SchemaType type = SchemaType::avro;
    std::optional<Verdict> verdict{};      ///< nullopt: was not compared (lint)
    std::optional<compat::Level> level{};  ///< that was checked
    std::vector<std::string> compared{};   ///< what with: BaseVersion::name
    std::vector<GateFinding> findings{};
    std::vector<std::string> notes{};
    std::optional<bool> server_compatible{};  ///< what the server said itself
};

struct GateReport {
    std::string command = "check";
    std::string tree{};                     ///< SchemaTree::name
    std::string against{};                  ///< Baseline::name; empty: nothing (lint)
    std::vector<SubjectReport> subjects{};  ///< in the order of the tree's files
    std::vector<std::string> notes{};
};

struct GateCounts {
    std::size_t subjects = 0;
    std::size_t unchanged = 0;
    std::size_t added = 0;
    std::size_t compatible = 0;
    std::size_t incompatible = 0;
    std::size_t invalid = 0;
    std::size_t undecided = 0;
    std::size_t errors = 0;  ///< findings that count
    std::size_t warnings = 0;
    std::size_t waived = 0;
};
GateCounts count(const GateReport& report);
/// The gate fails: there is a finding of severity error that no waiver covers.
bool fails(const GateReport& report);

std::string_view to_string(Verdict verdict);    ///< "unchanged"
std::string_view to_string(Severity severity);  ///< "error"

}  // namespace symbolon::gate
