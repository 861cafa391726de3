// The flags of `symbolon check`, and where its reports go.
//
// Example:  add_check_flags(*command, flags);  …  SYMBOLON_TRY(const auto outputs,
//                                                              to_report_outputs(flags));
// Errors:   malformed_request: called wrongly
// Threads:  one at a time
// Source:   docs/gate.md
// Tested by tests/e2e/check.py
#pragma once

#include "cli/gate_command.hpp"
#include "cli/kafka_flags.hpp"
#include "cli/registry_options.hpp"
#include "compat/level.hpp"
#include "core/result.hpp"

#include <CLI/CLI.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace symbolon::cli {

struct CheckFlags {
    std::vector<std::string> paths{};
    std::string against{};
    std::string level{};
    std::vector<std::string> formats{};  ///< NAME or NAME=FILE
    std::string output_file{};
    std::string summary_file{};
    std::string config_file{};
    std::vector<std::string> messages{};  ///< FILE or SUBJECT=FILE
    KafkaFlags kafka{};                   ///< of a topic among them, which names its broker itself
    std::size_t messages_max = 100'000;
    std::size_t jobs = 8;
    bool print_ignores = false;
    bool verbose = false;
    RegistryFlags registry{};
};

/// `flags` outlives the parsing.
void add_check_flags(CLI::App& command, CheckFlags& flags);

/// At most one of them goes to standard output, and none twice to the same file. Where all go to
/// files by --format NAME=FILE, the text is printed as well.
Result<std::vector<ReportOutput>> to_report_outputs(const CheckFlags& flags);

Result<std::optional<compat::Level>> to_check_level(const CheckFlags& flags);

}  // namespace symbolon::cli
