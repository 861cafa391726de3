// Collects the texts of all that a schema refers to, each before those that need it, as a registry
// does: a name counts once, and a schema that reaches itself stops there.
//
// Example:  ReferenceWalk walk(find);  SYMBOLON_CHECK(walk.visit(document, document.subject));
// Errors:   invalid_schema (beyond a bound, or of another type), those of `find`
// Threads:  one at a time
// Limits:   references_max, reference_depth_max, reference_bytes_max
// Source:   REST contract 4.7
// Tested by tests/unit/client/registry_client/registry_client_test.cpp
#pragma once

#include "client/registry_client/schema_document.hpp"
#include "compat/compat.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::client {

using DocumentPtr = std::shared_ptr<const SchemaDocument>;

class ReferenceWalk {
public:
    /// Answers a version of a subject; 0 and -1 mean the latest.
    using FindDocument = std::function<Result<DocumentPtr>(const std::string&, std::int32_t)>;

    explicit ReferenceWalk(FindDocument find) : find_(std::move(find)) {}

    /// `subject` is the document's, in whose context its references are.
    Status visit(const SchemaDocument& document, std::string_view subject);
    std::vector<compat::NamedText> take() { return std::move(texts_); }

private:
    Status visit_at(const SchemaDocument& document, std::string_view subject, std::size_t depth);

    const FindDocument find_;
    std::set<std::string> names_;
    std::size_t bytes_ = 0;
    std::vector<compat::NamedText> texts_;
};

}  // namespace symbolon::client
