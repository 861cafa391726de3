// Where the walks of lint put what they find: rules that are not wanted fall through.
//
// Example:  sink.add(lint_type_doc, path, "record Order has no doc");
// Threads:  one at a time
// Limits:   lint_findings_max, error_path_bytes_max
// Tested by tests/unit/gate/lint/lint_tree_test.cpp
#pragma once

#include "compat/avro/avro_schema.hpp"
#include "compat/json_text/json_text.hpp"
#include "compat/protobuf/proto_tree.hpp"
#include "gate/model/place_below.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::gate {

struct LintHit {
    std::string_view rule;
    std::string path;     ///< JSON Pointer, or names in Protobuf
    std::string message;  ///< a sentence
};

class LintSink {
public:
    explicit LintSink(const std::set<std::string_view>& rules) : rules_(rules) {}

    bool wants(std::string_view rule) const { return rules_.contains(rule); }
    void add(std::string_view rule, std::string path, std::string message);

    const std::vector<LintHit>& hits() const { return hits_; }
    std::size_t dropped() const { return dropped_; }  ///< beyond the limit

private:
    const std::set<std::string_view>& rules_;
    std::vector<LintHit> hits_;
    std::size_t dropped_ = 0;
};

/// Types that other files define are judged there.
void lint_avro(const compat::avro::AvroTree& tree, LintSink& sink);
void lint_json(const compat::JsonNode& root, LintSink& sink);
void lint_proto(const compat::protobuf::ProtoFile& file, LintSink& sink);

/// A name from a schema as messages quote it: short.
std::string lint_quote(std::string_view name);

}  // namespace symbolon::gate
