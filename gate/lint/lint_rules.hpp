// The rules of lint: their names, what each asks, and how much breaking one matters.
//
// Example:  for (const LintRule& rule : lint_rules) …
// Threads:  immutable
// Source:   docs/gate.md
// Tested by tests/unit/gate/lint/lint_tree_test.cpp
#pragma once

#include "gate/model/report.hpp"

#include <array>
#include <string_view>

namespace symbolon::gate {

inline constexpr std::string_view lint_type_name = "LINT_TYPE_NAME";
inline constexpr std::string_view lint_field_name = "LINT_FIELD_NAME";
inline constexpr std::string_view lint_symbol_name = "LINT_SYMBOL_NAME";
inline constexpr std::string_view lint_package_name = "LINT_PACKAGE_NAME";
inline constexpr std::string_view lint_type_doc = "LINT_TYPE_DOC";
inline constexpr std::string_view lint_field_doc = "LINT_FIELD_DOC";
inline constexpr std::string_view lint_nullable_default = "LINT_NULLABLE_WITHOUT_DEFAULT";
inline constexpr std::string_view lint_namespace = "LINT_NAMESPACE_MISSING";
inline constexpr std::string_view lint_id = "LINT_ID_MISSING";
inline constexpr std::string_view lint_dialect = "LINT_DIALECT_MISSING";
inline constexpr std::string_view lint_enum_default = "LINT_ENUM_WITHOUT_DEFAULT";
inline constexpr std::string_view lint_enum_zero = "LINT_ENUM_ZERO_VALUE";
inline constexpr std::string_view lint_open_content = "LINT_OPEN_CONTENT_MODEL";
inline constexpr std::string_view lint_untyped = "LINT_UNTYPED_PROPERTY";
inline constexpr std::string_view lint_undeclared = "LINT_REQUIRED_UNDECLARED";
inline constexpr std::string_view lint_float_money = "LINT_FLOAT_MONEY";
inline constexpr std::string_view lint_proto_required = "LINT_PROTO_REQUIRED";
inline constexpr std::string_view lint_syntax = "LINT_SYNTAX_MISSING";
inline constexpr std::string_view lint_number_gap = "LINT_NUMBER_GAP";

struct LintRule {
    std::string_view name;
    Severity severity;
    std::string_view summary;  ///< a sentence
    std::string_view help;     ///< what to do about it
};

inline constexpr std::array lint_rules{
    LintRule{lint_type_name, Severity::warning,
             "The name of a record, enum, fixed, message or service is not in UpperCamelCase.",
             "Write it like OrderLine; code generators make class names of it."},
    LintRule{lint_field_name, Severity::warning,
             "A field's name is not written as the others of its file: snake_case or camelCase in "
             "Avro, snake_case in Protobuf, one way throughout in JSON Schema.",
             "Name new fields in one way; a registered field keeps its name, or takes an alias."},
    LintRule{lint_symbol_name, Severity::warning, "An enum's symbol is not in UPPER_SNAKE_CASE.",
             "Write it like IN_PROGRESS; a registered symbol keeps its name."},
    LintRule{lint_package_name, Severity::warning,
             "A namespace or package is not in lower case, parts divided by dots.",
             "Write it like com.acme.orders."},
    LintRule{lint_type_doc, Severity::warning,
             "A type says nothing about what it is: no doc, title or description. Comments of "
             "Protobuf are not looked at.",
             "Add a sentence; a registry's readers see nothing else."},
    LintRule{lint_field_doc, Severity::warning,
             "A field says nothing about what it is: no doc, title or description. Comments of "
             "Protobuf are not looked at.",
             "Add a sentence: the unit, the range, what null means."},
    LintRule{lint_nullable_default, Severity::warning,
             "An Avro field may be null and has no default, so it can neither be added nor removed "
             "without breaking readers.",
             "Put \"null\" first in the union and add \"default\": null."},
    LintRule{lint_namespace, Severity::warning,
             "A named Avro type has no namespace, or a .proto file no package, so its name meets "
             "those of others.",
             "Add a namespace such as com.acme.orders."},
    LintRule{lint_id, Severity::warning,
             "A JSON Schema has no $id, so that other schemas cannot refer to it by name.",
             "Add \"$id\" with a URI."},
    LintRule{lint_dialect, Severity::warning,
             "A JSON Schema does not say which draft it is written in; readers guess differently.",
             "Add \"$schema\", such as \"https://json-schema.org/draft/2020-12/schema\"."},
    LintRule{lint_enum_default, Severity::warning,
             "An Avro enum has no default, so that each new symbol breaks readers of old schemas.",
             "Add \"default\" with a symbol such as UNKNOWN."},
    LintRule{lint_enum_zero, Severity::warning,
             "The zero value of a proto3 enum is not called …_UNSPECIFIED, although it is what "
             "readers see where nothing was written.",
             "Begin the enum with a value such as STATUS_UNSPECIFIED = 0."},
    LintRule{lint_open_content, Severity::warning,
             "An object does not say whether it takes members beyond its properties. It does; so "
             "that a property that is added later may meet data of another type, and adding one is "
             "not compatible.",
             "Say \"additionalProperties\": false, or give the schema of further members."},
    LintRule{lint_untyped, Severity::warning,
             "A property takes values of any type, since nothing in its schema says which.",
             "Add \"type\", \"enum\", \"const\" or \"$ref\"."},
    LintRule{lint_undeclared, Severity::error,
             "An object requires a member that it does not allow, so that no object is valid.",
             "Declare the property, or take it out of \"required\"."},
    LintRule{lint_float_money, Severity::warning,
             "An amount of money is a binary floating-point number, which cannot hold 0.10.",
             "Use a decimal (Avro: logicalType decimal), or an integer of the smallest unit."},
    LintRule{lint_proto_required, Severity::warning,
             "A proto2 field is required, so that it can never be removed.",
             "Make it optional, and check for it in the program."},
    LintRule{lint_syntax, Severity::warning,
             "A .proto file does not say its syntax, so that it is read as proto2.",
             "Begin it with syntax = \"proto3\"; or syntax = \"proto2\";"},
    LintRule{lint_number_gap, Severity::note,
             "A message skips field numbers and reserves none of them; if they were used once, a "
             "new field may take the number of an old one.",
             "Name the numbers that were used in a reserved statement."},
};

}  // namespace symbolon::gate
