#include "compat/json_schema/json_schema.hpp"

#include "compat/json_schema/json_check.hpp"
#include "compat/json_schema/json_counter_example.hpp"
#include "compat/json_schema/json_loader.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace symbolon::compat::json {

namespace {

tl::unexpected<Error> invalid(const std::string& what) {
    return failure(make_error(ErrorCode::invalid_schema, what));
}

/// The word of the reference's message for what stands at the root.
std::string_view root_word(JsonKind kind) {
    switch (kind) {
        case JsonKind::null:
            return "NULL";
        case JsonKind::string:
            return "STRING";
        case JsonKind::array:
            return "ARRAY";
        default:
            return "NUMBER";
    }
}

std::string root_problem(std::string_view word) {
    return fmt::format("Invalid JSON schema: expected an object or boolean at the root, found {}",
                       word);
}

std::string to_text(const LoadProblem& problem) {
    const Document& document = *problem.document;
    const std::string where = place_of(document.text, problem.offset);
    if (document.name.empty()) {
        return fmt::format("Invalid JSON schema: {} ({})", problem.what, where);
    }
    return fmt::format("Invalid JSON schema: Reference \"{}\": {} ({})", document.name,
                       problem.what, where);
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

Status open_documents(JsonTree& tree, std::string_view text,
                      std::span<const NamedText> references) {
    if (text.size() > limits::schema_bytes_max) {
        return invalid(fmt::format("The schema is longer than {} bytes", limits::schema_bytes_max));
    }
    if (is_blank(text)) {
        return invalid(root_problem("MISSING"));
    }
    if (!tree.documents.open_root(text)) {
        const Document& root = tree.documents.root();
        return invalid(to_text({"Not valid JSON: " + root.problem, &root, root.problem_offset}));
    }
    const JsonKind kind = tree.documents.root().root->kind;
    if (kind != JsonKind::object && kind != JsonKind::boolean) {
        return invalid(root_problem(root_word(kind)));
    }
    std::size_t reference_bytes = 0;
    for (const NamedText& reference : references) {
        reference_bytes += reference.text.size();
        if (reference_bytes > limits::reference_bytes_max) {
            return invalid(fmt::format("The references together are longer than {} bytes",
                                       limits::reference_bytes_max));
        }
        tree.documents.add(reference);
    }
    return {};
}

bool same_references(const std::vector<NamedText>& left, const std::vector<NamedText>& right) {
    return std::is_permutation(left.begin(), left.end(), right.begin(), right.end(),
                               [](const NamedText& ours, const NamedText& theirs) {
                                   return ours.name == theirs.name && ours.text == theirs.text;
                               });
}

}  // namespace

Result<SchemaPtr> parse_json_schema(std::string_view text, std::span<const NamedText> references) {
    auto tree = std::make_unique<JsonTree>();
    SYMBOLON_CHECK(open_documents(*tree, text, references));
    Loader loader(tree->documents);
    tree->root = loader.load_root();
    if (tree->root == nullptr) {
        return invalid(to_text(loader.problem()));
    }
    tree->model_count = loader.model_count();
    tree->references.assign(references.begin(), references.end());
    return SchemaPtr(std::make_shared<JsonSchema>(std::move(tree)));
}

Result<std::string> JsonSchema::canonical_text(Normalize normalize) const {
    std::string text;
    append_json(text, json(),
                normalize == Normalize::yes ? MemberOrder::sorted : MemberOrder::as_written);
    return text;
}

// Parity: references of a JSON Schema are not written out.
Result<std::string> JsonSchema::formatted_text(TextFormat /*format*/) const {
    return canonical_text(Normalize::no);
}

bool JsonSchema::equivalent_to(const ParsedSchema& other) const {
    if (other.type() != SchemaType::json) {
        return false;
    }
    const auto& theirs = static_cast<const JsonSchema&>(other);
    return same_references(tree_->references, theirs.tree_->references) &&
           *canonical_text(Normalize::no) == *theirs.canonical_text(Normalize::no);
}

bool JsonSchema::has_top_level_field(std::string_view name) const {
    const JsonNode* properties = json().find("properties");
    return properties != nullptr && properties->find(name) != nullptr;
}

Status JsonSchema::check_fields() const {
    const JsonNode* properties = json().find("properties");
    if (properties == nullptr || properties->kind != JsonKind::object) {
        return {};
    }
    for (const JsonNode* member = properties->first; member != nullptr; member = member->next) {
        if (member->key.starts_with("$$")) {
            const Document& root = tree_->documents.root();
            return invalid(to_text({fmt::format("The property \"{}\" has a name that begins with "
                                                "\"$$\"; such names are reserved",
                                                member->key),
                                    &root, member->offset}));
        }
    }
    return {};
}

Result<std::shared_ptr<const JsonValidator>> JsonSchema::validator(Formats formats) const {
    KeptValidator& kept = validators_[static_cast<std::size_t>(formats)];
    std::call_once(kept.once, [&] {
        kept.result = JsonValidator::compile(json(), tree_->documents.root().text,
                                             tree_->references, tree_, formats);
    });
    return *kept.result;
}

Result<Findings> JsonSchema::findings_under(Policy policy, const ParsedSchema& writer) const {
    const auto& original = static_cast<const JsonSchema&>(writer);
    SYMBOLON_TRY(auto changes, changes_between(original.root(), root(), policy, Wanted::breaking));
    Findings findings;
    findings.reserve(changes.size());
    for (Change& change : changes) {
        findings.push_back({change.kind.finding(), std::move(change.path), std::move(change.name),
                            std::move(change.reader_path), std::move(change.writer_path)});
    }
    return findings;
}

// Formats are annotations to both: whether data is of its format is not compared either.
std::optional<CounterExample> JsonSchema::find_counter_example(const Finding& finding,
                                                               const ParsedSchema& writer) const {
    const auto& original = static_cast<const JsonSchema&>(writer);
    const auto writes = original.validator(Formats::annotate);
    const auto reads = validator(Formats::annotate);
    if (!writes || !reads) {
        return std::nullopt;
    }
    return make_counter_example(finding, {root(), **reads}, {original.root(), **writes});
}

}  // namespace symbolon::compat::json
