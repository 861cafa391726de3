// Recorded messages, read with the schemas of a tree: those that cannot be read are findings.
//
// Example:  const auto recordings = to_recordings({"orders-value=orders.jsonl"}, tree);
//           SYMBOLON_CHECK(replay_messages(*recordings, options, report));
// Errors:   malformed_request (called wrongly, no such file), those of the registry and of Kafka
// Units:    counts
// Threads:  one at a time
// Limits:   event_bytes_max, replay_findings_max
// Source:   docs/gate.md
// Tested by tests/e2e/check.py
#pragma once

#include "client/registry_client/schema_source.hpp"
#include "core/result.hpp"
#include "gate/model/baseline.hpp"
#include "gate/model/report.hpp"
#include "gate/model/schema_tree.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace symbolon::cli {

/// Where messages of a subject are: a file, or kafka://HOST:PORT/TOPIC[?max=N].
struct Recording {
    std::size_t file = 0;  ///< which of SchemaTree::files reads them
    std::string source{};
};

/// From SOURCE or SUBJECT=SOURCE. Without a subject it is the tree's only one, or, of a topic,
/// TOPIC-value.
Result<std::vector<Recording>> to_recordings(const std::vector<std::string>& texts,
                                             const gate::SchemaTree& tree);

struct ReplayTerms {
    const gate::SchemaTree& tree;
    gate::Baseline& baseline;
    client::SchemaSource& writers;  ///< what framed messages were written with
    std::size_t messages_max = 0;   ///< of one recording
    std::string today{};            ///< for the exceptions
    std::map<std::string, std::string> kafka_properties{};
};

/// Adds to the subjects of `report`, which check_tree made for the terms' tree.
Status replay_messages(const std::vector<Recording>& recordings, const ReplayTerms& terms,
                       gate::GateReport& report);

/// Stands where no registry is named: container files bring their schemas along.
client::SchemaSource& no_writers();

}  // namespace symbolon::cli
