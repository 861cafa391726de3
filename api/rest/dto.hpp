// Request and response bodies: JSON to values, and values to JSON text.
//
// Answers that carry schemas are written straight into text: they are most of the traffic, and a
// tree of JSON values for each would cost more than finding the schema.
//
// Errors:   malformed_json (with the place), missing_body, invalid_mode
// Threads:  any thread
// Source:   REST contract 1.5 and 3.1
// Tested by tests/unit/api/rest/dto_test.cpp
#pragma once

#include "api/lookups.hpp"
#include "api/registry.hpp"
#include "core/json.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::rest {

/// Writes one JSON object into a text that only grows; close() ends it.
class ObjectText {
public:
    explicit ObjectText(std::string& out);

    void text(std::string_view name, std::string_view value);
    void number(std::string_view name, std::int64_t value);
    void flag(std::string_view name, bool value);
    /// `json` is JSON already.
    void raw(std::string_view name, std::string_view json);
    void close();

private:
    void begin(std::string_view name);

    std::string& out_;
    bool first_ = true;
};

/// `text` as a JSON string, quotes included. REQUIRES: valid UTF-8.
void append_quoted(std::string& out, std::string_view text);

/// The body as JSON; missing_body, which names `argument`, for an empty body and for `null`.
Result<Json> parse_body(std::string_view body, std::string_view argument);
/// The body of V3, S2, C1 and C2.
Result<SchemaRequest> parse_schema_request(const Json& json);

/// What PUT /mode asks for: the text as sent, and what it means.
struct ModeUpdate {
    std::optional<std::string> sent;  ///< nothing: null, which clears the mode
    std::optional<Mode> mode;
};
Result<ModeUpdate> parse_mode_update(const Json& json);

/// How reference subjects are printed.
enum class ReferenceStyle { as_stored, qualified };

/// What surrounds a schema in an answer.
struct SchemaPrint {
    std::string_view text;  ///< of the schema, in the format asked for
    ReferenceStyle references = ReferenceStyle::as_stored;
    std::string_view context = default_context;  ///< in which the references were written
    std::string_view tags = {};                  ///< as JSON, where they were asked for
};

/// What an ExtendedSchema entity has beyond a Schema entity, as JSON; "": not there.
struct SchemaExtras {
    std::string aliases;
    std::string associations;
};

/// The Schema entity (V2, S2, S4), or the ExtendedSchema entity (H1).
void append_schema(std::string& out, const SubjectVersion& version, const SchemaPrint& print,
                   const SchemaExtras& extras = {});
/// The RegisterSchemaResponse entity (V3).
std::string to_registered_body(const SubjectVersion& version, const SchemaPrint& print);
/// The SchemaString entity (H2, H6).
std::string to_schema_string_body(const FoundSchema& found, const SchemaPrint& print,
                                  std::optional<SchemaId> max_id);

enum class Detail { verdict, verbose };
/// The CompatibilityCheckResponse entity with our findings beside the messages.
std::string to_check_body(const CheckAnswer& answer, Detail detail);

std::string to_array_body(const std::vector<std::string>& texts);
std::string to_array_body(const std::vector<std::int32_t>& numbers);
std::string to_array_body(const std::vector<compat::ValidationError>& errors);

}  // namespace symbolon::rest
