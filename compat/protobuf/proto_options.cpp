#include "compat/protobuf/proto_options.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>
#include <vector>

namespace symbolon::compat::protobuf {

namespace {

using Kind = OptionValue::Kind;

std::string_view scope_around(std::string_view full_name) {
    const std::size_t dot = full_name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : full_name.substr(0, dot);
}

const ProtoField* find_member(const ProtoMessage& message, std::string_view name) {
    const auto search = [name](const std::vector<ProtoField>& fields) -> const ProtoField* {
        const auto found = std::find_if(fields.begin(), fields.end(),
                                        [name](const auto& field) { return field.name == name; });
        return found == fields.end() ? nullptr : &*found;
    };
    const ProtoField* found = search(message.fields);
    for (const auto& oneof : message.oneofs) {
        found = found != nullptr ? found : search(oneof.fields);
    }
    return found;
}

bool holds_many(const ProtoField& field) {
    return field.label == Label::repeated || find_map_types(field.type).has_value();
}

/// Puts the values of options into one, as far as their types are known.
class OptionMerger {
public:
    OptionMerger(const ProtoNames& names, std::uint64_t& steps) : names_(names), steps_(steps) {}

    // The type of `field`, declared in `scope`; nothing when it is no message.
    std::optional<FoundName> message_of(const ProtoField& field, std::string_view scope) {
        auto found = names_.find(scope, field.type, ProtoNames::Wanted::type, steps_);
        return found && found->what.message != nullptr ? std::move(found) : std::nullopt;
    }

    // `value` of a field of type `type` comes after `into`.
    void merge(OptionValue& into, OptionValue value, const ProtoField* field,
               std::string_view scope) {
        ++steps_;
        if (field != nullptr && holds_many(*field)) {
            append(into, std::move(value));
            return;
        }
        if (into.kind != Kind::map || value.kind != Kind::map) {
            into = std::move(value);
            return;
        }
        const auto type = field == nullptr ? std::nullopt : message_of(*field, scope);
        for (OptionEntry& entry : value.entries) {
            merge_entry(into, std::move(entry), type);
        }
    }

private:
    void merge_entry(OptionValue& into, OptionEntry entry, const std::optional<FoundName>& type) {
        steps_ += into.entries.size() / 8 + 1;
        const auto found = std::find_if(into.entries.begin(), into.entries.end(),
                                        [&](const auto& have) { return have.key == entry.key; });
        if (found == into.entries.end()) {
            into.entries.push_back(std::move(entry));
            return;
        }
        const ProtoField* member = type ? find_member(*type->what.message, entry.key) : nullptr;
        merge(found->value, std::move(entry.value), member,
              type ? std::string_view(type->full_name) : std::string_view());
    }

    static void append(OptionValue& into, OptionValue value) {
        if (into.kind != Kind::list) {
            OptionValue list;
            list.kind = Kind::list;
            list.entries.push_back({{}, std::move(into)});
            into = std::move(list);
        }
        if (value.kind != Kind::list) {
            into.entries.push_back({{}, std::move(value)});
            return;
        }
        for (OptionEntry& entry : value.entries) {
            into.entries.push_back(std::move(entry));
        }
    }

    const ProtoNames& names_;
    std::uint64_t& steps_;
};

// `(opt).a.b = v` says the same as `(opt) = { a: { b: v } }`.
void nest_sub_path(ProtoOption& option) {
    if (option.sub_path.find('(') != std::string::npos) {
        return;  // extensions of an option's own type stay as they are written
    }
    while (!option.sub_path.empty()) {
        const std::size_t dot = option.sub_path.rfind('.');
        const std::size_t from = dot == std::string::npos ? 0 : dot + 1;
        OptionValue map;
        map.kind = Kind::map;
        map.entries.push_back({option.sub_path.substr(from), std::move(option.value)});
        option.value = std::move(map);
        option.sub_path.resize(dot == std::string::npos ? 0 : dot);
    }
}

void tidy_value(OptionValue& value) {
    if (value.kind == Kind::number) {
        value.text = plain_number(value.text);
    }
    for (OptionEntry& entry : value.entries) {
        tidy_value(entry.value);
    }
    if (value.kind == Kind::map) {
        std::erase_if(value.entries, [](const OptionEntry& entry) {
            return entry.value.kind == Kind::list && entry.value.entries.empty();
        });
        std::stable_sort(
            value.entries.begin(), value.entries.end(),
            [](const OptionEntry& left, const OptionEntry& right) { return left.key < right.key; });
    }
    if (value.kind == Kind::list && value.entries.size() == 1) {
        OptionValue only = std::move(value.entries.front().value);
        value = std::move(only);
    }
}

/// A custom option's declaration, where it is known.
struct Declared {
    const ProtoField* field = nullptr;
    std::string scope;
};

Declared declare(ProtoOption& option, std::string_view scope, const ProtoNames& names,
                 std::uint64_t& steps) {
    Declared declared;
    if (!option.custom) {
        return declared;
    }
    if (const auto found = names.find(scope, option.name, ProtoNames::Wanted::extension, steps)) {
        option.name = found->full_name;
        declared.field = found->what.extension;
        declared.scope = scope_around(found->full_name);
    }
    return declared;
}

bool only_digits_of(std::string_view text, int base) {
    return std::all_of(text.begin(), text.end(), [base](char byte) {
        return (byte >= '0' && byte < '0' + std::min(base, 10)) ||
               (base == 16 && ((byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F')));
    });
}

// Hexadecimal and octal integers in decimal; empty when it is none, or too large.
std::string decimal_of(std::string_view digits) {
    int base = 0;
    if (digits.starts_with("0x") || digits.starts_with("0X")) {
        base = 16;
        digits.remove_prefix(2);
    } else if (digits.size() > 1 && digits.starts_with('0') && only_digits_of(digits, 8)) {
        base = 8;
    }
    std::uint64_t value = 0;
    const auto read =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, base == 0 ? 10 : base);
    const bool whole = read.ec == std::errc() && read.ptr == digits.data() + digits.size();
    return base != 0 && whole ? std::to_string(value) : std::string();
}

// Digits with their decimal point moved right by `exponent`, no zeros more than needed.
std::string move_point(std::string_view whole, std::string_view fraction, int exponent) {
    std::string digits(whole);
    digits += fraction;
    const auto point = static_cast<std::ptrdiff_t>(whole.size()) + exponent;
    if (point <= 0) {
        digits.insert(0, static_cast<std::size_t>(1 - point), '0');
    }
    const auto at = static_cast<std::size_t>(std::max<std::ptrdiff_t>(point, 1));
    if (digits.size() < at) {
        digits.append(at - digits.size(), '0');
    }
    std::string before = digits.substr(0, at);
    std::string after = digits.substr(at);
    before.erase(0, std::min(before.find_first_not_of('0'), before.size() - 1));
    after.resize(after.find_last_not_of('0') + 1);
    return after.empty() ? before : before + "." + after;
}

}  // namespace

std::string plain_number(std::string_view text) {
    constexpr int exponent_max = 400;  // more than a double can hold
    const bool negative = text.starts_with('-');
    std::string_view rest = text.substr(negative ? 1 : 0);
    const std::string sign = negative ? "-" : "";
    if (const std::string decimal = decimal_of(rest); !decimal.empty()) {
        return decimal == "0" ? decimal : sign + decimal;
    }
    int exponent = 0;
    if (const std::size_t at = rest.find_first_of("eE"); at != std::string_view::npos) {
        std::string_view power = rest.substr(at + 1);
        power.remove_prefix(power.starts_with('+') ? 1 : 0);
        const auto read = std::from_chars(power.data(), power.data() + power.size(), exponent);
        if (read.ec != std::errc() || read.ptr != power.data() + power.size() ||
            exponent > exponent_max || exponent < -exponent_max) {
            return std::string(text);
        }
        rest = rest.substr(0, at);
    }
    const std::size_t dot = rest.find('.');
    const std::string_view whole = rest.substr(0, dot);
    const std::string_view fraction =
        dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
    if (whole.size() + fraction.size() == 0 || !only_digits_of(whole, 10) ||
        !only_digits_of(fraction, 10)) {
        return std::string(text);
    }
    const std::string moved = move_point(whole, fraction, exponent);
    return moved == "0" ? moved : sign + moved;
}

void normalize_options(ProtoOptions& options, std::string_view scope, const ProtoNames& names,
                       std::uint64_t& steps) {
    OptionMerger merger(names, steps);
    ProtoOptions merged;
    for (ProtoOption& option : options) {
        const Declared declared = declare(option, scope, names, steps);
        const bool single = declared.field != nullptr && !holds_many(*declared.field);
        if (single) {
            nest_sub_path(option);
        }
        steps += merged.size() / 8;
        const auto earlier = std::find_if(merged.begin(), merged.end(), [&](const auto& have) {
            return have.custom == option.custom && have.name == option.name;
        });
        if (single && earlier != merged.end()) {
            merger.merge(earlier->value, std::move(option.value), declared.field, declared.scope);
        } else {
            merged.push_back(std::move(option));
        }
    }
    // A path may name one member of a list several times, so lists are tidied at the end.
    for (ProtoOption& option : merged) {
        tidy_value(option.value);
    }
    std::stable_sort(merged.begin(), merged.end(),
                     [](const auto& left, const auto& right) { return left.name < right.name; });
    options = std::move(merged);
}

}  // namespace symbolon::compat::protobuf
