#include "compat/protobuf/proto_print.hpp"
#include "gate/diff/diff_walks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::gate {

namespace {

using namespace compat::protobuf;  // NOLINT(google-build-using-namespace): the tree's many names

std::string option_value_text(const OptionValue& value) {
    switch (value.kind) {
        case OptionValue::Kind::text:
            return quote_proto(value.text);
        case OptionValue::Kind::number:
        case OptionValue::Kind::word:
            return value.text;
        case OptionValue::Kind::map:
        case OptionValue::Kind::list:
            break;
    }
    const bool is_map = value.kind == OptionValue::Kind::map;
    std::string text;
    for (const OptionEntry& entry : value.entries) {
        text += text.empty() ? "" : ", ";
        text += is_map ? entry.key + ": " : "";
        text += option_value_text(entry.value);
    }
    return (is_map ? "{" : "[") + text + (is_map ? "}" : "]");
}

std::string option_name(const ProtoOption& option) {
    if (!option.custom) {
        return option.name;
    }
    return option.sub_path.empty() ? fmt::format("({})", option.name)
                                   : fmt::format("({}).{}", option.name, option.sub_path);
}

/// A field with the oneof that it is in.
struct FieldSeen {
    const ProtoField* field = nullptr;
    std::string oneof;
    const ProtoMessage* group = nullptr;
};
using FieldsSeen = std::map<std::int32_t, FieldSeen>;

void add_members(FieldsSeen& out, const std::vector<ProtoField>& fields,
                 const std::vector<ProtoGroup>& groups, const std::string& oneof) {
    for (const ProtoField& field : fields) {
        out[field.number] = {&field, oneof, nullptr};
    }
    for (const ProtoGroup& group : groups) {
        out[group.field.number] = {&group.field, oneof, &group.body};
    }
}

FieldsSeen fields_of(const ProtoMessage& message) {
    FieldsSeen fields;
    add_members(fields, message.fields, message.groups, {});
    for (const ProtoOneof& oneof : message.oneofs) {
        add_members(fields, oneof.fields, oneof.groups, oneof.name);
    }
    return fields;
}

std::string range_text(const ProtoRange& range) {
    if (range.one_number || range.first == range.last) {
        return fmt::format("{}", range.first);
    }
    return range.last >= max_field_number ? fmt::format("{} to max", range.first)
                                          : fmt::format("{} to {}", range.first, range.last);
}

std::vector<std::string> reserved_texts(const std::vector<ProtoReserved>& reserved) {
    std::vector<std::string> texts;
    for (const ProtoReserved& statement : reserved) {
        for (const ProtoRange& range : statement.ranges) {
            texts.push_back(range_text(range));
        }
        for (const std::string& name : statement.names) {
            texts.push_back(quote_proto(name));
        }
    }
    return texts;
}

std::vector<std::string> extension_texts(const std::vector<ProtoExtensions>& extensions) {
    std::vector<std::string> texts;
    for (const ProtoExtensions& statement : extensions) {
        for (const ProtoRange& range : statement.ranges) {
            texts.push_back(range_text(range));
        }
    }
    return texts;
}

std::string method_text(const ProtoMethod& method) {
    return fmt::format("({}{}) returns ({}{})", method.streams_request ? "stream " : "",
                       method.request, method.streams_response ? "stream " : "", method.response);
}

std::string_view syntax_word(Syntax syntax) {
    return syntax == Syntax::proto3 ? "proto3" : "proto2";
}

std::string field_path(std::string_view path, const FieldSeen& seen) {
    const std::string in = seen.oneof.empty() ? std::string(path) : place_below(path, seen.oneof);
    return place_below(in, seen.field->name);
}

std::string describe_proto_field(const FieldSeen& seen, std::string_view place) {
    return fmt::format(
        "field {} ({}{}, number {}{})", shorten(place), label_word(seen.field->label),
        seen.group != nullptr ? "group" : shorten(seen.field->type), seen.field->number,
        seen.oneof.empty() ? "" : fmt::format(", in oneof {}", shorten(seen.oneof)));
}

template <class Things>
auto by_name(const Things& before, const Things& after) {
    using Thing = typename Things::value_type;
    std::map<std::string_view, std::pair<const Thing*, const Thing*>> both;
    for (const Thing& thing : before) {
        both[thing.name].first = &thing;
    }
    for (const Thing& thing : after) {
        both[thing.name].second = &thing;
    }
    return both;
}

class ProtoDiff {
public:
    explicit ProtoDiff(ChangeList& list) : list_(list) {}

    void compare_files(const ProtoFile& before, const ProtoFile& after) {
        const DiffSpot spot{"file", "", "", ""};
        if (syntax_word(before.syntax) != syntax_word(after.syntax)) {
            list_.change("syntax", spot, syntax_word(before.syntax), syntax_word(after.syntax));
        }
        if (before.package != after.package) {
            list_.change("package", spot.inside("/package", "/package"), before.package,
                         after.package);
        }
        list_.compare_lists("import", spot, before.imports, after.imports,
                            ChangeList::Order::is_nothing, ChangeEffect::documentation);
        list_.compare_lists("public import", spot, before.public_imports, after.public_imports,
                            ChangeList::Order::is_nothing, ChangeEffect::documentation);
        compare_options(before.options, after.options, spot);
        compare_messages(before.messages, after.messages, spot);
        compare_enums(before.enums, after.enums, spot);
        compare_extends(before.extends, after.extends, spot);
        compare_services(before.services, after.services, spot);
    }

private:
    /// The thing that only one side has; calls `both` where there are two. Depth is bounded by the
    /// parser: protobuf_depth_max.
    template <class Things, class Both>
    void compare_named(std::string_view about, const Things& before, const Things& after,
                       const DiffSpot& spot, const Both& both) {
        for (const auto& [name, pair] : by_name(before, after)) {
            if (!list_.step(1 + spot.place.size() / 32)) {
                return;
            }
            DiffSpot inner = spot;
            inner.place = place_below(spot.place, name);
            if (pair.first != nullptr && pair.second != nullptr) {
                inner = spot.down(name);
                inner.group = fmt::format("{} {}", about, inner.place.substr(1));
                both(*pair.first, *pair.second, inner);
            } else {
                const bool added = pair.first == nullptr;
                (added ? inner.new_path : inner.old_path) = inner.place;
                list_.add(added ? ChangeKind::added : ChangeKind::removed, about, inner,
                          fmt::format("{} {}", about, shorten(inner.place)));
            }
        }
    }

    void compare_messages(const std::vector<ProtoMessage>& before,
                          const std::vector<ProtoMessage>& after, const DiffSpot& spot) {
        compare_named("message", before, after, spot,
                      [this](const ProtoMessage& was, const ProtoMessage& is,
                             const DiffSpot& inner) { compare_message(was, is, inner); });
    }

    void compare_enums(const std::vector<ProtoEnum>& before, const std::vector<ProtoEnum>& after,
                       const DiffSpot& spot) {
        compare_named("enum", before, after, spot,
                      [this](const ProtoEnum& was, const ProtoEnum& is, const DiffSpot& inner) {
                          compare_enum(was, is, inner);
                      });
    }

    void compare_message(const ProtoMessage& before, const ProtoMessage& after,
                         const DiffSpot& spot) {
        compare_options(before.options, after.options, spot);
        list_.compare_lists("reserved", spot, reserved_texts(before.reserved),
                            reserved_texts(after.reserved), ChangeList::Order::is_nothing);
        list_.compare_lists("extension range", spot, extension_texts(before.extensions),
                            extension_texts(after.extensions), ChangeList::Order::is_nothing);
        compare_fields(fields_of(before), fields_of(after), spot);
        compare_named("oneof", before.oneofs, after.oneofs, spot,
                      [this](const ProtoOneof& was, const ProtoOneof& is, const DiffSpot& inner) {
                          compare_options(was.options, is.options, inner);
                      });
        compare_extends(before.extends, after.extends, spot);
        compare_messages(before.messages, after.messages, spot);
        compare_enums(before.enums, after.enums, spot);
    }

    void compare_fields(const FieldsSeen& before, const FieldsSeen& after, const DiffSpot& spot) {
        for (const auto& [number, was] : before) {
            if (!list_.step(1 + spot.place.size() / 32)) {
                return;
            }
            const auto found = after.find(number);
            if (found != after.end()) {
                compare_field(was, found->second, spot);
                continue;
            }
            DiffSpot gone = spot;
            gone.old_path = field_path(spot.old_path, was);
            gone.place = gone.old_path;
            list_.add(ChangeKind::removed, "field", gone, describe_proto_field(was, gone.place));
        }
        for (const auto& [number, is] : after) {
            if (before.contains(number)) {
                continue;
            }
            DiffSpot fresh = spot;
            fresh.new_path = field_path(spot.new_path, is);
            fresh.place = fresh.new_path;
            list_.add(ChangeKind::added, "field", fresh, describe_proto_field(is, fresh.place));
        }
    }

    void compare_field(const FieldSeen& was, const FieldSeen& is, const DiffSpot& parent) {
        DiffSpot spot = parent;
        spot.old_path = field_path(parent.old_path, was);
        spot.new_path = field_path(parent.new_path, is);
        spot.place = spot.new_path;
        const ProtoField& before = *was.field;
        const ProtoField& after = *is.field;
        if (before.name != after.name) {
            list_.change("name", spot, before.name, after.name);
            if (!list_.ended()) {
                list_.reword(fmt::format("field {} renamed: {} → {}", before.number,
                                         shorten(before.name), shorten(after.name)));
            }
        }
        if (before.type != after.type || (was.group == nullptr) != (is.group == nullptr)) {
            list_.change("type", spot, before.type, after.type);
        }
        if (before.label != after.label) {
            const auto word = [](Label label) {
                const std::string_view text = label_word(label);
                return text.empty() ? std::string("singular")
                                    : std::string(text.substr(0, text.size() - 1));
            };
            list_.change("label", spot, word(before.label), word(after.label));
        }
        if (was.oneof != is.oneof) {
            list_.change("oneof", spot, was.oneof, is.oneof);
        }
        compare_options(before.options, after.options, spot);
        if (was.group != nullptr && is.group != nullptr) {
            compare_message(*was.group, *is.group, spot);
        }
    }

    void compare_enum(const ProtoEnum& before, const ProtoEnum& after, const DiffSpot& spot) {
        compare_options(before.options, after.options, spot);
        list_.compare_lists("reserved", spot, reserved_texts(before.reserved),
                            reserved_texts(after.reserved), ChangeList::Order::is_nothing);
        for (const auto& [name, pair] : by_name(before.constants, after.constants)) {
            if (!list_.step()) {
                return;
            }
            DiffSpot inner = spot;
            const auto* one = pair.first == nullptr ? pair.second : pair.first;
            if (pair.first == nullptr || pair.second == nullptr) {
                const bool added = pair.first == nullptr;
                (added ? inner.new_path : inner.old_path) = place_below(spot.old_path, name);
                list_.add(added ? ChangeKind::added : ChangeKind::removed, "enum value", inner,
                          fmt::format("enum value {} = {} of {}", shorten(name), one->number,
                                      shorten(spot.place)));
                continue;
            }
            inner = spot.down(name);
            if (pair.first->number != pair.second->number) {
                list_.change("number", inner, fmt::format("{}", pair.first->number),
                             fmt::format("{}", pair.second->number));
            }
            compare_options(pair.first->options, pair.second->options, inner);
        }
    }

    void compare_extends(const std::vector<ProtoExtend>& before,
                         const std::vector<ProtoExtend>& after, const DiffSpot& spot) {
        std::map<std::string_view, std::pair<FieldsSeen, FieldsSeen>> both;
        for (const ProtoExtend& extend : before) {
            add_members(both[extend.type].first, extend.fields, extend.groups, {});
        }
        for (const ProtoExtend& extend : after) {
            add_members(both[extend.type].second, extend.fields, extend.groups, {});
        }
        for (const auto& [type, fields] : both) {
            DiffSpot inner = spot;
            inner.group = fmt::format("extensions of {}", type);
            compare_fields(fields.first, fields.second, inner);
        }
    }

    void compare_services(const std::vector<ProtoService>& before,
                          const std::vector<ProtoService>& after, const DiffSpot& spot) {
        compare_named(
            "service", before, after, spot,
            [this](const ProtoService& was, const ProtoService& is, const DiffSpot& inner) {
                compare_options(was.options, is.options, inner);
                compare_named(
                    "method", was.methods, is.methods, inner,
                    [this, &inner](const ProtoMethod& old_method, const ProtoMethod& new_method,
                                   const DiffSpot& deeper) {
                        DiffSpot place = deeper;
                        place.group = inner.group;
                        const std::string old_text = method_text(old_method);
                        const std::string new_text = method_text(new_method);
                        if (old_text != new_text) {
                            list_.change("signature", place, old_text, new_text);
                        }
                        compare_options(old_method.options, new_method.options, place);
                    });
            });
    }

    void compare_options(const ProtoOptions& before, const ProtoOptions& after,
                         const DiffSpot& spot) {
        if (before.empty() && after.empty()) {
            return;
        }
        std::map<std::string, std::pair<std::string, std::string>> both;
        for (const ProtoOption& option : before) {
            auto& text = both[option_name(option)].first;
            text += (text.empty() ? "" : ", ") + option_value_text(option.value);
        }
        for (const ProtoOption& option : after) {
            auto& text = both[option_name(option)].second;
            text += (text.empty() ? "" : ", ") + option_value_text(option.value);
        }
        for (const auto& [name, values] : both) {
            if (list_.step() && values.first != values.second) {
                const bool on_wire = name == "packed" || name == "default" || name == "json_name" ||
                                     name == "message_set_wire_format" || name == "map_entry";
                list_.change(fmt::format("option {}", shorten(name)), spot, values.first,
                             values.second,
                             on_wire ? ChangeEffect::data : ChangeEffect::documentation);
            }
        }
    }

    ChangeList& list_;
};

}  // namespace

void diff_proto(const ProtoFile& old_file, const ProtoFile& new_file, ChangeList& list) {
    ProtoDiff(list).compare_files(old_file, new_file);
}

}  // namespace symbolon::gate
