// A Protobuf schema with the files that it refers to, as the registry sees it.
//
// Example:  SYMBOLON_TRY(auto schema, parse_protobuf(text, references, Strictness::strict));
// Errors:   invalid_schema, check_too_costly
// Threads:  immutable; any thread
// Limits:   those of the parser, schema_names_max, check_steps_max
// Source:   protobuf-compat.md
// Tested by tests/unit/compat/proto_vectors_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "compat/protobuf/proto_names.hpp"
#include "compat/protobuf/proto_tree.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::protobuf {

/// A referenced file. Without a subject it is a reference of a reference.
struct ProtoReference {
    std::string path;
    std::string subject;
    std::int32_t version = 0;
    ProtoFile file;

    bool is_direct() const { return !subject.empty(); }
};

/// A file, those it refers to, and the names in all of them. Does not move, since names point into
/// it.
struct ProtoFiles {
    ProtoFile root;
    std::vector<ProtoReference> references;
    ProtoNames names;

    /// The file whose types are the schema's: the root, or the one that it does nothing but import.
    const ProtoFile& main_file() const;
};

class ProtoSchema final : public ParsedSchema {
public:
    explicit ProtoSchema(std::unique_ptr<const ProtoFiles> files) : files_(std::move(files)) {}

    SchemaType type() const override { return SchemaType::protobuf; }
    Result<std::string> canonical_text(Normalize normalize) const override;
    Result<std::string> formatted_text(TextFormat format) const override;
    bool equivalent_to(const ParsedSchema& other) const override;
    bool has_top_level_field(std::string_view name) const override;
    Status check_fields() const override;
    Result<Findings> findings_reading(const ParsedSchema& writer) const override;
    std::optional<CounterExample> find_counter_example(const Finding& finding,
                                                       const ParsedSchema& writer) const override;

    const ProtoFiles& files() const { return *files_; }

private:
    std::unique_ptr<const ProtoFiles> files_;
};

/// Strict: every name must resolve. Lenient: syntax is enough.
Result<SchemaPtr> parse_protobuf(std::string_view text, std::span<const NamedText> references,
                                 Strictness strictness);

}  // namespace symbolon::compat::protobuf
