#include "gate/lint/lint_names.hpp"
#include "gate/lint/lint_rules.hpp"
#include "gate/lint/lint_sink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

using compat::protobuf::Label;
using compat::protobuf::ProtoEnum;
using compat::protobuf::ProtoField;
using compat::protobuf::ProtoFile;
using compat::protobuf::ProtoGroup;
using compat::protobuf::ProtoMessage;
using compat::protobuf::ProtoOneof;
using compat::protobuf::ProtoReserved;
using compat::protobuf::ProtoService;
using compat::protobuf::Syntax;

/// A range of numbers, both ends in it.
using Numbers = std::pair<std::int32_t, std::int32_t>;

class ProtoLint {
public:
    ProtoLint(Syntax syntax, LintSink& sink) : syntax_(syntax), sink_(sink) {}

    // Messages nest no deeper than protobuf_depth_max.
    void lint_message(const ProtoMessage& message, const std::string& parent) {
        const std::string path = place_below(parent, message.name);
        lint_type("message", message.name, path);
        for (const ProtoField& field : message.fields) {
            lint_field(field, path);
        }
        for (const ProtoOneof& oneof : message.oneofs) {
            for (const ProtoField& field : oneof.fields) {
                lint_field(field, place_below(path, oneof.name));
            }
        }
        for (const ProtoGroup& group : message.groups) {
            lint_message(group.body, path);
        }
        lint_numbers(message, path);
        for (const ProtoMessage& inner : message.messages) {
            lint_message(inner, path);
        }
        for (const ProtoEnum& inner : message.enums) {
            lint_enum(inner, path);
        }
    }

    void lint_enum(const ProtoEnum& one, const std::string& parent) {
        const std::string path = place_below(parent, one.name);
        lint_type("enum", one.name, path);
        for (const auto& constant : one.constants) {
            if (!is_upper_snake(constant.name)) {
                sink_.add(lint_symbol_name, place_below(path, constant.name),
                          fmt::format("Value {} of enum {} is not in UPPER_SNAKE_CASE.",
                                      lint_quote(constant.name), lint_quote(one.name)));
            }
        }
        if (syntax_ != Syntax::proto3 || one.constants.empty()) {
            return;
        }
        const auto& zero = one.constants.front();
        if (zero.number == 0 && zero.name != "UNSPECIFIED" &&
            !zero.name.ends_with("_UNSPECIFIED")) {
            sink_.add(
                lint_enum_zero, place_below(path, zero.name),
                fmt::format("The zero value {} of enum {} means something, and readers see it "
                            "where nothing was written.",
                            lint_quote(zero.name), lint_quote(one.name)));
        }
    }

    void lint_service(const ProtoService& service) {
        // The tree does not keep where a service stands.
        lint_type("service", service.name, "/");
    }

private:
    void lint_type(std::string_view kind, std::string_view name, const std::string& path) {
        if (!is_upper_camel(name)) {
            sink_.add(
                lint_type_name, path,
                fmt::format("{} {} is not written in UpperCamelCase.", kind, lint_quote(name)));
        }
    }

    void lint_field(const ProtoField& field, const std::string& parent) {
        const std::string path = place_below(parent, field.name);
        const NameStyle style = style_of(field.name);
        if (style != NameStyle::plain && style != NameStyle::snake) {
            sink_.add(lint_field_name, path,
                      fmt::format("Field {} is not in snake_case.", lint_quote(field.name)));
        }
        if (field.label == Label::required) {
            sink_.add(lint_proto_required, path,
                      fmt::format("Field {} is required and can never be removed.",
                                  lint_quote(field.name)));
        }
        if ((field.type == "float" || field.type == "double") && speaks_of_money(field.name)) {
            sink_.add(lint_float_money, path,
                      fmt::format("Field {} sounds like money and is a binary floating-point "
                                  "number.",
                                  lint_quote(field.name)));
        }
    }

    void lint_numbers(const ProtoMessage& message, const std::string& path) {
        if (!sink_.wants(lint_number_gap)) {
            return;
        }
        std::vector<Numbers> used;
        const auto use = [&used](const std::vector<ProtoField>& fields,
                                 const std::vector<ProtoGroup>& groups) {
            for (const ProtoField& field : fields) {
                used.emplace_back(field.number, field.number);
            }
            for (const ProtoGroup& group : groups) {
                used.emplace_back(group.field.number, group.field.number);
            }
        };
        use(message.fields, message.groups);
        for (const ProtoOneof& oneof : message.oneofs) {
            use(oneof.fields, oneof.groups);
        }
        if (used.empty()) {
            return;
        }
        const std::int32_t last = std::max_element(used.begin(), used.end())->second;
        for (const ProtoReserved& statement : message.reserved) {
            for (const auto& range : statement.ranges) {
                used.emplace_back(range.first, range.one_number ? range.first : range.last);
            }
        }
        for (const auto& statement : message.extensions) {
            for (const auto& range : statement.ranges) {
                used.emplace_back(range.first, range.one_number ? range.first : range.last);
            }
        }
        // 19000 to 19999 belong to Protocol Buffers.
        used.emplace_back(19'000, 19'999);
        std::sort(used.begin(), used.end());
        std::int32_t next = 1;
        for (const auto& [first, end] : used) {
            if (first > next && next < last) {
                const std::int32_t gap_end = std::min(first, last) - 1;
                sink_.add(lint_number_gap, path,
                          next == gap_end
                              ? fmt::format("Number {} of message {} is neither used nor reserved.",
                                            next, lint_quote(message.name))
                              : fmt::format("Numbers {} to {} of message {} are neither used nor "
                                            "reserved.",
                                            next, gap_end, lint_quote(message.name)));
            }
            next = std::max(next, end < last ? end + 1 : last);
        }
    }

    Syntax syntax_;
    LintSink& sink_;
};

}  // namespace

void lint_proto(const ProtoFile& file, LintSink& sink) {
    if (file.syntax == Syntax::unwritten) {
        sink.add(lint_syntax, "/", "The file does not say its syntax: it is read as proto2.");
    }
    if (file.package.empty()) {
        sink.add(lint_namespace, "/", "The file has no package.");
    } else if (!is_lower_dotted(file.package)) {
        sink.add(lint_package_name, "/package",
                 fmt::format("Package {} is not in lower case.", lint_quote(file.package)));
    }
    ProtoLint lint(file.syntax, sink);
    for (const ProtoMessage& message : file.messages) {
        lint.lint_message(message, "");
    }
    for (const ProtoEnum& one : file.enums) {
        lint.lint_enum(one, "");
    }
    for (const ProtoService& service : file.services) {
        lint.lint_service(service);
    }
}

}  // namespace symbolon::gate
