#include "compat/protobuf/proto_parse.hpp"

#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>

namespace symbolon::compat::protobuf {

namespace {

// A key that comes again makes a list of its values.
void add_to_list(OptionValue& earlier, OptionValue value) {
    if (earlier.kind != OptionValue::Kind::list) {
        OptionValue list;
        list.kind = OptionValue::Kind::list;
        list.entries.push_back({{}, std::move(earlier)});
        earlier = std::move(list);
    }
    if (value.kind == OptionValue::Kind::list) {
        for (OptionEntry& entry : value.entries) {
            earlier.entries.push_back(std::move(entry));
        }
    } else {
        earlier.entries.push_back({{}, std::move(value)});
    }
}

}  // namespace

ProtoOption ProtoParser::parse_option_statement() {
    ProtoOption option = parse_option();
    reader_.expect(';');
    return option;
}

ProtoOption ProtoParser::parse_option() {
    count_member();
    ProtoOption option;
    char opening = '\0';
    option.name = reader_.name(opening);
    option.custom = opening == '(';
    if (opening == '[') {
        reader_.fail(reader_.place(), "expected the name of an option");
    }
    // `(a).b`, `(a).b.(c).d`: words hold dots.
    for (char next = reader_.peek();
         option.custom && (next == '.' || (next == '(' && option.sub_path.ends_with('.')));
         next = reader_.peek()) {
        option.sub_path +=
            next == '.' ? std::string(reader_.word()) : "(" + reader_.name(opening) + ")";
    }
    if (option.sub_path.ends_with('.')) {
        reader_.fail(reader_.place(), "expected a word");
    }
    option.sub_path.erase(0, 1);
    reader_.expect('=');
    option.value = parse_value();
    return option;
}

ProtoOptions ProtoParser::parse_bracketed_options() {
    ProtoOptions options;
    reader_.expect('[');
    do {
        options.push_back(parse_option());
    } while (!reader_.failed() && reader_.take(','));
    reader_.expect(']');
    return options;
}

OptionValue ProtoParser::parse_value() {
    count_member();
    OptionValue value;
    const char next = reader_.peek();
    if (next == '"' || next == '\'') {
        value.kind = OptionValue::Kind::text;
        value.text = reader_.quoted();
        return value;
    }
    if (next == '{' || next == '<' || next == '[') {
        if (descend()) {
            reader_.expect(next);
            value = next == '[' ? parse_list() : parse_map(next == '{' ? '}' : '>');
        }
        ascend();
        return value;
    }
    const bool is_number = (next >= '0' && next <= '9') || next == '-' || next == '.';
    value.kind = is_number ? OptionValue::Kind::number : OptionValue::Kind::word;
    value.text = is_number ? reader_.wide_word("+") : reader_.word();
    return value;
}

OptionValue ProtoParser::parse_list() {
    OptionValue list;
    list.kind = OptionValue::Kind::list;
    if (reader_.take(']')) {
        return list;
    }
    do {
        list.entries.push_back({{}, parse_value()});
    } while (!reader_.failed() && reader_.take(','));
    reader_.expect(']');
    return list;
}

OptionValue ProtoParser::parse_map(char closing) {
    OptionValue map;
    map.kind = OptionValue::Kind::map;
    std::unordered_map<std::string, std::size_t> positions;
    while (!reader_.failed() && !reader_.take(closing)) {
        if (reader_.take(',') || reader_.take(';')) {
            continue;
        }
        count_member();
        char opening = '\0';
        std::string key = reader_.name(opening);
        if (opening == '[') {
            key = "[" + key + "]";
        }
        const char next = reader_.peek();
        if (next != '{' && next != '<') {  // only messages may follow without a colon
            reader_.expect(':');
        }
        const auto [found, added] = positions.emplace(key, map.entries.size());
        if (added) {
            map.entries.push_back({std::move(key), parse_value()});
        } else {
            add_to_list(map.entries[found->second].value, parse_value());
        }
    }
    return map;
}

}  // namespace symbolon::compat::protobuf
