#include "compat/json_schema/json_validator.hpp"

#include "compat/json_schema/json_compiler.hpp"
#include "compat/json_schema/json_program.hpp"
#include "compat/json_schema/json_run.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

namespace symbolon::compat::json {

namespace {

Result<std::shared_ptr<const Program>> compile_tree(std::shared_ptr<Program> program,
                                                    const JsonNode& root, std::string_view text,
                                                    std::span<const NamedText> references,
                                                    Formats formats) {
    if (root.kind != JsonKind::object && root.kind != JsonKind::boolean) {
        return failure(make_error(
            ErrorCode::invalid_schema,
            "Invalid JSON schema: expected an object or boolean at the root (line 1, column 1)"));
    }
    SYMBOLON_CHECK(program->sites.open_root(root, text, references));
    SYMBOLON_CHECK(Compiler(*program, formats).run());
    return std::shared_ptr<const Program>(std::move(program));
}

}  // namespace

Result<std::shared_ptr<const Program>> compile_program(std::string_view text,
                                                       std::span<const NamedText> references,
                                                       Formats formats) {
    if (text.size() > limits::schema_bytes_max) {
        return failure(make_error(
            ErrorCode::invalid_schema,
            fmt::format("The schema is longer than {} bytes", limits::schema_bytes_max)));
    }
    auto program = std::make_shared<Program>();
    program->text = text;
    JsonReader reader(program->text, program->memory, program->memory, JsonDialect::plain);
    const JsonNode* root = reader.read();
    if (root == nullptr) {
        return failure(
            make_error(ErrorCode::invalid_schema,
                       fmt::format("Invalid JSON schema: Not valid JSON: {} ({})", reader.problem(),
                                   place_of(program->text, reader.problem_offset()))));
    }
    const std::string_view kept = program->text;
    return compile_tree(std::move(program), *root, kept, references, formats);
}

Result<std::shared_ptr<const Program>> compile_program(const JsonNode& root, std::string_view text,
                                                       std::span<const NamedText> references,
                                                       std::shared_ptr<const void> owner,
                                                       Formats formats) {
    auto program = std::make_shared<Program>();
    program->owner = std::move(owner);
    return compile_tree(std::move(program), root, text, references, formats);
}

Result<std::shared_ptr<const JsonValidator>> JsonValidator::compile(
    std::string_view schema_text, std::span<const NamedText> references, Formats formats) {
    SYMBOLON_TRY(auto program, compile_program(schema_text, references, formats));
    return std::make_shared<const JsonValidator>(std::move(program));
}

Result<std::shared_ptr<const JsonValidator>> JsonValidator::compile(
    const JsonNode& root, std::string_view schema_text, std::span<const NamedText> references,
    std::shared_ptr<const void> owner, Formats formats) {
    SYMBOLON_TRY(auto program,
                 compile_program(root, schema_text, references, std::move(owner), formats));
    return std::make_shared<const JsonValidator>(std::move(program));
}

Result<std::vector<ValidationError>> JsonValidator::validate(std::string_view datum) const {
    if (datum.size() > limits::datum_bytes_max) {
        return failure(
            make_error(ErrorCode::check_too_costly,
                       fmt::format("The datum is longer than {} bytes", limits::datum_bytes_max)));
    }
    std::pmr::monotonic_buffer_resource memory;
    JsonReader reader(datum, memory, memory, JsonDialect::strict);
    const JsonNode* root = reader.read();
    if (root == nullptr) {
        return failure(
            make_error(ErrorCode::malformed_json,
                       fmt::format("The datum is not valid JSON: {} ({})", reader.problem(),
                                   place_of(datum, reader.problem_offset()))));
    }
    return validate(*root);
}

Result<std::vector<ValidationError>> JsonValidator::validate(const JsonNode& datum) const {
    Run run(*program_);
    const bool accepted = run.accepts(datum);
    if (run.stopped()) {
        return failure(run.error());
    }
    return accepted ? std::vector<ValidationError>() : run.explain(datum);
}

Result<bool> JsonValidator::accepts(const JsonNode& datum) const {
    Run run(*program_);
    const bool accepted = run.accepts(datum);
    if (run.stopped()) {
        return failure(run.error());
    }
    return accepted;
}

std::size_t JsonValidator::memory_bytes() const {
    return program_->memory_bytes;
}

}  // namespace symbolon::compat::json
