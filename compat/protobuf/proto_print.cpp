#include "compat/protobuf/proto_print.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace symbolon::compat::protobuf {

namespace {

/// Bytes of the UTF-8 sequence that `text` begins with; 0 when it is none.
std::size_t proto_utf8_sequence(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    if (lead < 0x80) {
        return 1;
    }
    const std::size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (length == 0 || lead > 0xF4 || text.size() < length) {
        return 0;
    }
    for (std::size_t at = 1; at < length; ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U) {
            return 0;
        }
    }
    const auto second = static_cast<unsigned char>(text[1]);
    const bool too_long = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
    const bool no_character = (lead == 0xED && second >= 0xA0) || (lead == 0xF4 && second >= 0x90);
    return too_long || no_character ? 0 : length;
}

class ProtoPrinter {
public:
    explicit ProtoPrinter(OptionOrder order) : order_(order) {}

    Result<std::string> print(const ProtoFile& file);

private:
    bool full() const { return out_.size() > limits::schema_text_bytes_max; }
    void indent() { out_.append(2 * level_, ' '); }
    void line(std::string_view text) {
        indent();
        out_ += text;
        out_ += '\n';
    }
    // Begins a block's next part. Between parts stands a line with the indentation of the block.
    void part(bool& first) {
        if (!first) {
            out_.append(2 * (level_ - 1), ' ');
            out_ += '\n';
        }
        first = false;
    }
    void open(std::string_view head, bool empty) {
        indent();
        out_ += head;
        out_ += empty ? " {}\n" : " {\n";
        ++level_;
    }
    void close(bool empty) {
        --level_;
        if (!empty) {
            line("}");
        }
    }

    void print_header(const ProtoFile& file);
    void print_message(const ProtoMessage& message);
    void print_members(const ProtoMessage& message);
    void print_enum(const ProtoEnum& enumeration);
    void print_oneof(const ProtoOneof& oneof);
    void print_extend(const ProtoExtend& extend);
    void print_service(const ProtoService& service);
    void print_method(const ProtoMethod& method);
    void print_field(const ProtoField& field);
    void print_group(const ProtoGroup& group);
    void print_reserved(const ProtoReserved& reserved);
    void print_extensions(const ProtoExtensions& extensions);
    void append_ranges(const std::vector<ProtoRange>& ranges);
    void print_option_statements(const ProtoOptions& options);
    void append_bracketed(const ProtoOptions& options);
    void append_option(const ProtoOption& option);
    void append_value(const OptionValue& value);

    const OptionOrder order_;
    std::string out_;
    std::size_t level_ = 0;
};

Result<std::string> ProtoPrinter::print(const ProtoFile& file) {
    print_header(file);
    if (!file.messages.empty() || !file.enums.empty()) {
        out_ += '\n';
        for (const auto& message : file.messages) {
            print_message(message);
        }
        for (const auto& enumeration : file.enums) {
            print_enum(enumeration);
        }
    }
    if (!file.extends.empty()) {
        out_ += '\n';
        for (const auto& extend : file.extends) {
            print_extend(extend);
        }
    }
    if (!file.services.empty()) {
        out_ += '\n';
        for (const auto& service : file.services) {
            print_service(service);
        }
    }
    if (full()) {
        return failure(make_error(ErrorCode::invalid_schema,
                                  fmt::format("The schema written out is longer than {} bytes",
                                              limits::schema_text_bytes_max)));
    }
    return std::move(out_);
}

void ProtoPrinter::print_header(const ProtoFile& file) {
    if (file.syntax != Syntax::unwritten) {
        line(file.syntax == Syntax::proto2 ? "syntax = \"proto2\";" : "syntax = \"proto3\";");
    }
    if (!file.package.empty()) {
        line(fmt::format("package {};", file.package));
    }
    if (!file.imports.empty() || !file.public_imports.empty()) {
        out_ += '\n';
        for (const auto& path : file.imports) {
            line(fmt::format("import {};", quote_proto(path)));
        }
        for (const auto& path : file.public_imports) {
            line(fmt::format("import public {};", quote_proto(path)));
        }
    }
    if (!file.options.empty()) {
        out_ += '\n';
        print_option_statements(file.options);
    }
}

void ProtoPrinter::print_message(const ProtoMessage& message) {
    const bool empty = message.reserved.empty() && message.options.empty() &&
                       message.fields.empty() && message.oneofs.empty() && message.groups.empty() &&
                       message.extensions.empty() && message.extends.empty() &&
                       message.messages.empty() && message.enums.empty();
    open("message " + message.name, empty);
    print_members(message);
    close(empty);
}

void ProtoPrinter::print_members(const ProtoMessage& message) {
    bool first = true;
    const auto print_part = [&](const auto& items, auto print_one) {
        if (!items.empty()) {
            part(first);
        }
        for (const auto& item : items) {
            if (full()) {
                return;
            }
            (this->*print_one)(item);
        }
    };
    print_part(message.reserved, &ProtoPrinter::print_reserved);
    if (!message.options.empty()) {
        part(first);
        print_option_statements(message.options);
    }
    print_part(message.fields, &ProtoPrinter::print_field);
    print_part(message.oneofs, &ProtoPrinter::print_oneof);
    print_part(message.groups, &ProtoPrinter::print_group);
    print_part(message.extensions, &ProtoPrinter::print_extensions);
    print_part(message.extends, &ProtoPrinter::print_extend);
    if (!message.messages.empty() || !message.enums.empty()) {
        part(first);
        first = true;  // enums follow without a line between
    }
    print_part(message.messages, &ProtoPrinter::print_message);
    first = true;
    print_part(message.enums, &ProtoPrinter::print_enum);
}

void ProtoPrinter::print_enum(const ProtoEnum& enumeration) {
    const bool empty = enumeration.reserved.empty() && enumeration.options.empty() &&
                       enumeration.constants.empty();
    open("enum " + enumeration.name, empty);
    for (const auto& reserved : enumeration.reserved) {
        print_reserved(reserved);
    }
    print_option_statements(enumeration.options);
    for (const auto& constant : enumeration.constants) {
        if (full()) {
            break;
        }
        indent();
        out_ += fmt::format("{} = {}", constant.name, constant.number);
        append_bracketed(constant.options);
        out_ += ";\n";
    }
    close(empty);
}

void ProtoPrinter::print_oneof(const ProtoOneof& oneof) {
    if (oneof.name.empty()) {
        return;  // dropped by the normaliser; the line before it stays
    }
    const bool empty = oneof.options.empty() && oneof.fields.empty() && oneof.groups.empty();
    open("oneof " + oneof.name, empty);
    bool first = true;
    if (!oneof.options.empty()) {
        part(first);
        print_option_statements(oneof.options);
    }
    if (!oneof.fields.empty()) {
        part(first);
    }
    for (const auto& field : oneof.fields) {
        print_field(field);
    }
    if (!oneof.groups.empty()) {
        part(first);
    }
    for (const auto& group : oneof.groups) {
        print_group(group);
    }
    close(empty);
}

void ProtoPrinter::print_extend(const ProtoExtend& extend) {
    const bool empty = extend.fields.empty() && extend.groups.empty();
    open("extend " + extend.type, empty);
    for (const auto& field : extend.fields) {
        print_field(field);
    }
    for (const auto& group : extend.groups) {
        print_group(group);
    }
    close(empty);
}

void ProtoPrinter::print_service(const ProtoService& service) {
    const bool empty = service.options.empty() && service.methods.empty();
    open("service " + service.name, empty);
    bool first = true;
    if (!service.options.empty()) {
        part(first);
        print_option_statements(service.options);
    }
    if (!service.methods.empty()) {
        part(first);
    }
    for (const auto& method : service.methods) {
        print_method(method);
    }
    close(empty);
}

void ProtoPrinter::print_method(const ProtoMethod& method) {
    const std::string head = fmt::format("rpc {} ({}{}) returns ({}{})", method.name,
                                         method.streams_request ? "stream " : "", method.request,
                                         method.streams_response ? "stream " : "", method.response);
    if (method.options.empty()) {
        return line(head + ";");
    }
    line(head + " {");
    ++level_;
    print_option_statements(method.options);
    --level_;
    line("};");
}

void ProtoPrinter::print_field(const ProtoField& field) {
    indent();
    out_ +=
        fmt::format("{}{} {} = {}", label_word(field.label), field.type, field.name, field.number);
    append_bracketed(field.options);
    out_ += ";\n";
}

void ProtoPrinter::print_group(const ProtoGroup& group) {
    const ProtoField& field = group.field;
    indent();
    out_ += fmt::format("{}group {} = {}", label_word(field.label), field.name, field.number);
    append_bracketed(field.options);
    out_ += " {\n";
    ++level_;
    print_members(group.body);
    --level_;
    line("}");
}

void ProtoPrinter::append_ranges(const std::vector<ProtoRange>& ranges) {
    for (std::size_t at = 0; at < ranges.size(); ++at) {
        const ProtoRange& range = ranges[at];
        out_ += at == 0 ? "" : ", ";
        out_ += std::to_string(range.first);
        if (!range.one_number) {
            out_ += range.last >= max_field_number ? " to max" : fmt::format(" to {}", range.last);
        }
    }
}

void ProtoPrinter::print_reserved(const ProtoReserved& reserved) {
    indent();
    out_ += "reserved ";
    append_ranges(reserved.ranges);
    for (std::size_t at = 0; at < reserved.names.size(); ++at) {
        out_ += at == 0 && reserved.ranges.empty() ? "" : ", ";
        out_ += quote_proto(reserved.names[at]);
    }
    out_ += ";\n";
}

void ProtoPrinter::print_extensions(const ProtoExtensions& extensions) {
    indent();
    out_ += "extensions ";
    append_ranges(extensions.ranges);
    append_bracketed(extensions.options);
    out_ += ";\n";
}

void ProtoPrinter::print_option_statements(const ProtoOptions& options) {
    for (const auto& option : options) {
        indent();
        out_ += "option ";
        append_option(option);
        out_ += ";\n";
    }
}

void ProtoPrinter::append_bracketed(const ProtoOptions& options) {
    if (options.empty() || full()) {
        return;
    }
    std::vector<const ProtoOption*> ordered;
    const auto rank = [this](const ProtoOption& option) {
        const bool plain = !option.custom && order_ == OptionOrder::default_last;
        return plain && option.name == "default" ? 1 : plain && option.name == "json_name" ? 2 : 0;
    };
    for (int wanted = 0; wanted <= 2; ++wanted) {
        for (const auto& option : options) {
            if (rank(option) == wanted) {
                ordered.push_back(&option);
            }
        }
    }
    out_ += " [";
    if (ordered.size() == 1) {
        append_option(*ordered.front());
    } else {
        ++level_;
        for (std::size_t at = 0; at < ordered.size(); ++at) {
            out_ += at == 0 ? "\n" : ",\n";
            indent();
            append_option(*ordered[at]);
        }
        --level_;
        out_ += '\n';
        indent();
    }
    out_ += ']';
}

void ProtoPrinter::append_option(const ProtoOption& option) {
    out_ += option.custom ? "(" + option.name + ")" : option.name;
    if (!option.sub_path.empty()) {
        out_ += "." + option.sub_path;
    }
    out_ += " = ";
    append_value(option.value);
}

void ProtoPrinter::append_value(const OptionValue& value) {
    if (value.kind == OptionValue::Kind::text) {
        out_ += quote_proto(value.text);
        return;
    }
    const bool is_map = value.kind == OptionValue::Kind::map;
    if (!is_map && value.kind != OptionValue::Kind::list) {
        out_ += value.text;
        return;
    }
    out_ += is_map ? "{\n" : "[\n";
    ++level_;
    for (std::size_t at = 0; at < value.entries.size() && !full(); ++at) {
        indent();
        if (is_map) {
            out_ += value.entries[at].key + ": ";
        }
        append_value(value.entries[at].value);
        out_ += at + 1 < value.entries.size() ? ",\n" : "\n";
    }
    --level_;
    indent();
    out_ += is_map ? '}' : ']';
}

}  // namespace

std::string quote_proto(std::string_view text) {
    constexpr std::string_view meanings = "\a\b\f\n\r\t\v\\'\"";
    constexpr std::string_view letters = "abfnrtv\\'\"";
    constexpr unsigned char first_printable = 0x20;
    constexpr unsigned char last_control = 0x7F;
    std::string out = "\"";
    while (!text.empty()) {
        const std::size_t escape = meanings.find(text[0]);
        const std::size_t length = proto_utf8_sequence(text);
        const auto byte = static_cast<unsigned char>(text[0]);
        if (escape != std::string_view::npos) {
            out += '\\';
            out += letters[escape];
        } else if (length == 0 || byte < first_printable || byte == last_control) {
            out += fmt::format("\\{:03o}", byte);
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out + '"';
}

Result<std::string> print_proto(const ProtoFile& file, OptionOrder order) {
    return ProtoPrinter(order).print(file);
}

}  // namespace symbolon::compat::protobuf
