#include "gate/lint/lint_names.hpp"
#include "gate/lint/lint_rules.hpp"
#include "gate/lint/lint_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace symbolon::gate {

namespace {

using compat::avro::AvroDefinition;
using compat::avro::AvroField;
using compat::avro::AvroKind;
using compat::avro::AvroNode;

bool is_empty_text(const std::optional<std::string_view>& text) {
    return !text || text->find_first_not_of(" \t\r\n") == std::string_view::npos;
}

class AvroLint {
public:
    AvroLint(const compat::avro::AvroTree& tree, LintSink& sink) : sink_(sink) {
        for (std::size_t at = 0; at < tree.reference_definitions; ++at) {
            seen_.insert(tree.definitions[at]->definition);
        }
        // The style of field names is judged by all of the file.
        for (std::size_t at = tree.reference_definitions; at < tree.definitions.size(); ++at) {
            for (const AvroField& field : tree.definitions[at]->definition->fields) {
                const NameStyle style = style_of(field.name);
                if (style == NameStyle::snake || style == NameStyle::camel) {
                    styles_.add(style);
                }
            }
        }
    }

    // A definition comes before all that name it, so that this nests as the text does.
    /// `outer`: the namespace around it; nullopt at the top.
    void walk(const AvroNode& type, const std::string& path,
              std::optional<std::string_view> outer) {
        switch (type.kind) {
            case AvroKind::union_of:
                for (std::size_t at = 0; at < type.branches.size(); ++at) {
                    walk(*type.branches[at], fmt::format("{}/{}", path, at), outer);
                }
                return;
            case AvroKind::array:
                walk(*type.item, path + "/items", outer);
                return;
            case AvroKind::map:
                walk(*type.item, path + "/values", outer);
                return;
            case AvroKind::record:
            case AvroKind::enumeration:
            case AvroKind::fixed:
                if (seen_.insert(type.definition).second) {
                    walk_named(type, path, outer);
                }
                return;
            default:
                return;
        }
    }

private:
    void walk_named(const AvroNode& type, const std::string& path,
                    std::optional<std::string_view> outer) {
        const AvroDefinition& definition = *type.definition;
        const std::string_view kind = to_string(type.kind);
        const std::string name = lint_quote(definition.name.last);
        if (!is_upper_camel(definition.name.last)) {
            sink_.add(lint_type_name, path + "/name",
                      fmt::format("{} {} is not written in UpperCamelCase.", kind, name));
        }
        if (definition.name.space == outer) {
            // It was judged where it was written.
        } else if (definition.name.space.empty()) {
            sink_.add(lint_namespace, path + "/name",
                      fmt::format("{} {} has no namespace.", kind, name));
        } else if (!is_lower_dotted(definition.name.space)) {
            sink_.add(lint_package_name, path + "/namespace",
                      fmt::format("Namespace {} is not in lower case.",
                                  lint_quote(definition.name.space)));
        }
        if (is_empty_text(definition.doc) && type.kind != AvroKind::fixed) {
            sink_.add(lint_type_doc, path, fmt::format("{} {} has no doc.", kind, name));
        }
        if (type.kind == AvroKind::enumeration) {
            lint_enum(definition, path);
        }
        for (std::size_t at = 0; at < definition.fields.size(); ++at) {
            const std::string place = fmt::format("{}/fields/{}", path, at);
            lint_field(definition.fields[at], place);
            walk(*definition.fields[at].type, place + "/type", definition.name.space);
        }
    }

    void lint_enum(const AvroDefinition& definition, const std::string& path) {
        const std::string name = lint_quote(definition.name.last);
        for (std::size_t at = 0; at < definition.symbols.size(); ++at) {
            if (!is_upper_snake(definition.symbols[at])) {
                sink_.add(lint_symbol_name, fmt::format("{}/symbols/{}", path, at),
                          fmt::format("Symbol {} of enum {} is not in UPPER_SNAKE_CASE.",
                                      lint_quote(definition.symbols[at]), name));
            }
        }
        if (!definition.default_symbol) {
            sink_.add(lint_enum_default, path,
                      fmt::format("enum {} has no default: readers with an older schema cannot "
                                  "read a symbol that is added.",
                                  name));
        }
    }

    void lint_field(const AvroField& field, const std::string& path) {
        const std::string name = lint_quote(field.name);
        const NameStyle style = style_of(field.name);
        const auto usual = styles_.usual();
        if (style != NameStyle::plain && style != usual) {
            sink_.add(
                lint_field_name, path + "/name",
                style == NameStyle::snake || style == NameStyle::camel
                    ? fmt::format("Field {} is in {}, most others in {}.", name, to_string(style),
                                  to_string(*usual))
                    : fmt::format("Field {} is neither in snake_case nor in camelCase.", name));
        }
        if (is_empty_text(field.doc)) {
            sink_.add(lint_field_doc, path, fmt::format("Field {} has no doc.", name));
        }
        lint_field_type(field, name, path);
    }

    void lint_field_type(const AvroField& field, const std::string& name, const std::string& path) {
        const AvroNode& type = *field.type;
        const auto& branches = type.branches;
        const bool nullable =
            std::any_of(branches.begin(), branches.end(),
                        [](const AvroNode* branch) { return branch->kind == AvroKind::null; });
        if (nullable && field.default_value == nullptr) {
            const bool first = branches.front()->kind == AvroKind::null;
            sink_.add(lint_nullable_default, path,
                      fmt::format("Field {} may be null and has no default{}.", name,
                                  first ? "" : "; null is not the first of its types"));
        }
        const auto is_float = [](const AvroNode* node) {
            return node->kind == AvroKind::float32 || node->kind == AvroKind::float64;
        };
        if (speaks_of_money(field.name) &&
            (is_float(&type) || std::any_of(branches.begin(), branches.end(), is_float))) {
            sink_.add(lint_float_money, path + "/type",
                      fmt::format("Field {} sounds like money and is a binary floating-point "
                                  "number.",
                                  name));
        }
    }

    LintSink& sink_;
    StyleCount styles_;
    std::set<const AvroDefinition*> seen_;
};

}  // namespace

void lint_avro(const compat::avro::AvroTree& tree, LintSink& sink) {
    AvroLint(tree, sink).walk(*tree.root, "", std::nullopt);
}

}  // namespace symbolon::gate
