#include "compat/protobuf/proto_schema.hpp"

#include "compat/protobuf/proto_check.hpp"
#include "compat/protobuf/proto_counter_example.hpp"
#include "compat/protobuf/proto_descriptor.hpp"
#include "compat/protobuf/proto_descriptor_write.hpp"
#include "compat/protobuf/proto_normalize.hpp"
#include "compat/protobuf/proto_parse.hpp"
#include "compat/protobuf/proto_print.hpp"
#include "compat/protobuf/proto_strip.hpp"
#include "compat/protobuf/proto_validate.hpp"

#include <algorithm>
#include <utility>

namespace symbolon::compat::protobuf {

namespace {

// The text as .proto, else as a descriptor in base64; the first failure is the one to tell.
Result<ProtoFile> parse_text_or_descriptor(std::string_view text) {
    auto file = parse_proto_text(text);
    if (file) {
        return file;
    }
    auto descriptor = parse_base64_descriptor(text);
    return descriptor ? Result<ProtoFile>(std::move(*descriptor)) : std::move(file);
}

bool declares_field(const ProtoMessage& message, std::string_view name) {
    const auto has_name = [name](const ProtoField& field) { return field.name == name; };
    const auto groups_have = [&](const std::vector<ProtoGroup>& groups) {
        return std::any_of(groups.begin(), groups.end(),
                           [&](const ProtoGroup& group) { return has_name(group.field); });
    };
    return std::any_of(message.fields.begin(), message.fields.end(), has_name) ||
           groups_have(message.groups) ||
           std::any_of(message.oneofs.begin(), message.oneofs.end(), [&](const auto& oneof) {
               return std::any_of(oneof.fields.begin(), oneof.fields.end(), has_name) ||
                      groups_have(oneof.groups);
           });
}

// Their order means nothing, as with the other types.
bool same_targets(const ProtoFiles& left, const ProtoFiles& right) {
    const auto& ours = left.references;
    const auto& theirs = right.references;
    return std::is_permutation(ours.begin(), ours.end(), theirs.begin(), theirs.end(),
                               [](const ProtoReference& a, const ProtoReference& b) {
                                   return a.path == b.path && a.subject == b.subject &&
                                          a.version == b.version;
                               });
}

}  // namespace

const ProtoFile& ProtoFiles::main_file() const {
    const bool only_imports = root.messages.empty() && root.enums.empty() && root.extends.empty() &&
                              root.services.empty() && root.imports.empty();
    if (only_imports && root.public_imports.size() == 1) {
        for (const ProtoReference& reference : references) {
            if (reference.path == root.public_imports.front()) {
                return reference.file;
            }
        }
    }
    return root;
}

Result<std::string> ProtoSchema::canonical_text(Normalize normalize) const {
    if (normalize == Normalize::no) {
        return print_proto(files_->root, OptionOrder::default_last);
    }
    SYMBOLON_TRY(const ProtoFile normalized, normalize_proto(*files_));
    return print_proto(normalized, OptionOrder::as_in_tree);
}

Result<std::string> ProtoSchema::formatted_text(TextFormat format) const {
    switch (format) {
        case TextFormat::stored:
        case TextFormat::resolved:
            break;
        case TextFormat::ignore_extensions:
            return print_proto(without_extensions(files_->root), OptionOrder::default_last);
        case TextFormat::serialized:
            return write_base64_descriptor(*files_);
    }
    return canonical_text(Normalize::no);
}

bool ProtoSchema::equivalent_to(const ParsedSchema& other) const {
    const auto* proto = dynamic_cast<const ProtoSchema*>(&other);
    if (proto == nullptr || !same_targets(*files_, proto->files())) {
        return false;
    }
    const auto ours = canonical_text(Normalize::no);
    const auto theirs = proto->canonical_text(Normalize::no);
    return ours && theirs && *ours == *theirs;
}

bool ProtoSchema::has_top_level_field(std::string_view name) const {
    const ProtoFile& file = files_->main_file();
    return !file.messages.empty() && declares_field(file.messages.front(), name);
}

Status ProtoSchema::check_fields() const {
    return validate_proto(*files_);
}

Result<Findings> ProtoSchema::findings_reading(const ParsedSchema& writer) const {
    // REQUIRES of the interface: the writer is of the same schema type.
    return check_reading(*this, dynamic_cast<const ProtoSchema&>(writer));
}

std::optional<CounterExample> ProtoSchema::find_counter_example(const Finding& finding,
                                                                const ParsedSchema& writer) const {
    return build_counter_example(finding, *files_,
                                 dynamic_cast<const ProtoSchema&>(writer).files());
}

Result<SchemaPtr> parse_protobuf(std::string_view text, std::span<const NamedText> references,
                                 Strictness strictness) {
    auto files = std::make_unique<ProtoFiles>();
    SYMBOLON_TRY(files->root, parse_text_or_descriptor(text));
    files->references.reserve(references.size());
    for (const NamedText& reference : references) {
        SYMBOLON_TRY(ProtoFile file, parse_text_or_descriptor(reference.text));
        files->references.push_back(
            {reference.name, reference.subject, reference.version, std::move(file)});
    }
    SYMBOLON_CHECK(files->names.add_file(files->root, 0));
    for (std::size_t at = 0; at < references.size(); ++at) {
        const ProtoReference& reference = files->references[at];
        SYMBOLON_CHECK(files->names.add_file(reference.file, static_cast<std::uint32_t>(at + 1)));
        files->names.hide_built_in(reference.path);
    }
    if (strictness == Strictness::strict) {
        SYMBOLON_CHECK(normalize_proto(*files));
    }
    return SchemaPtr(std::make_shared<ProtoSchema>(std::move(files)));
}

}  // namespace symbolon::compat::protobuf
