// What --against names, opened as the baseline of a gate.
//
//   http://… https://…    a registry; credentials come from the registry's flags
//   registry              the registry of those flags
//   git#REF[:PATH]        the schema files of a revision
//   FOLDER                the schema files of another folder
//   FILE                  a registry's store file, such as a backup; a running server's, too
//
// Example:  SYMBOLON_TRY(auto against, Against::open("git#main", flags, {"schemas/"}, ""));
//           gate::check_tree(tree, against->baseline(), options);
// Errors:   malformed_request: called wrongly (exit 1, as all of the gate's); those of the source
// Threads:  open: one at a time; the baseline: any thread
// Source:   docs/gate.md
// Tested by tests/unit/cli/against_test.cpp
#pragma once

#include "cli/registry_options.hpp"
#include "client/registry_client/registry_admin.hpp"
#include "core/result.hpp"
#include "gate/model/baseline.hpp"

#include <memory>
#include <string>
#include <vector>

namespace symbolon::cli {

class Against {
public:
    /// `candidate_paths` and `config_file` (empty: found as load_tree does) are the candidate
    /// tree's: near them a revision is looked for, and by its configuration a tree without one is
    /// read.
    static Result<std::unique_ptr<Against>> open(const std::string& what,
                                                 const RegistryFlags& flags,
                                                 const std::vector<std::string>& candidate_paths,
                                                 const std::string& config_file);

    gate::Baseline& baseline() { return *baseline_; }

private:
    Against() = default;

    static Result<std::unique_ptr<Against>> open_registry(const RegistryFlags& flags);
    static Result<std::unique_ptr<Against>> open_store_file(const std::string& file);

    // In the order in which they need one another.
    client::SystemClock clock_{};
    std::unique_ptr<RegistryConnection> connection_{};
    std::unique_ptr<client::HttpSender> store_file_{};
    std::unique_ptr<client::RegistryAdmin> admin_{};
    std::unique_ptr<gate::Baseline> baseline_{};
};

}  // namespace symbolon::cli
