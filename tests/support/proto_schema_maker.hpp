// Small .proto texts made from bytes, for fuzzing and for properties that all schemas have.
//
// Every declaration takes its own bytes, so two runs of bytes that differ in one place make two
// texts that differ in one place. Few names and many references, so that recursion is common.
//
// Example:  const MadeProto made = ProtoSchemaMaker(bytes).make();
// Threads:  one at a time
// Tested by tests/unit/compat/proto_metamorphic_test.cpp
#pragma once

#include "compat/compat.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::tests {

/// A text with what it refers to: one file directly, and that one's own.
struct MadeProto {
    std::string text;
    std::vector<compat::NamedText> references;
};

/// Whether all types of a made text exist; some texts are to have names that do not resolve.
enum class MadeNames { all_exist, some_do_not };

class ProtoSchemaMaker {
public:
    /// As many bytes as are ever looked at.
    static constexpr std::size_t bytes_used = 250;

    explicit ProtoSchemaMaker(std::string_view bytes, MadeNames names = MadeNames::some_do_not)
        : bytes_(bytes), names_(names) {}

    MadeProto make() {
        const unsigned how = next();
        const unsigned references = next();
        MadeProto made;
        made.text = root_text(how, next());
        constexpr const char* packages[] = {"r", "p", "r.q", ""};
        made.references.push_back(
            {"deep.proto",
             file_text("syntax = \"proto3\";\n", packages[references / 16 % 4], {"Y"}), "", 0});
        made.references.push_back(
            {"near.proto", file_text("", packages[references % 4], {"X", "C"}) + enum_text("F", 2),
             "near", 1 + static_cast<std::int32_t>(references / 4 % 2)});
        return made;
    }

private:
    unsigned next() {
        if (bytes_.empty()) {
            return 0;
        }
        const auto byte = static_cast<unsigned char>(bytes_.front());
        bytes_.remove_prefix(1);
        return byte;
    }

    std::string root_text(unsigned how, unsigned extras) {
        constexpr const char* syntaxes[] = {"syntax = \"proto3\";\n", "syntax = \"proto2\";\n", "",
                                            "syntax = \"proto3\";\n"};
        std::string head = syntaxes[how % 4];
        is_proto3_ = how % 2 == 0 && how % 4 != 2;
        head += "import \"near.proto\";\nimport \"google/protobuf/timestamp.proto\";\n";
        head += extras % 2 == 0 ? "" : "import public \"google/protobuf/any.proto\";\n";
        head += extras % 4 < 2 ? "" : "option java_package = \"a.b\";\noption (own).b.c = -1.50;\n";
        constexpr const char* packages[] = {"p", "p.q", "", "p"};
        std::string text = file_text(head, packages[how / 4 % 4], {"A", "B", "C", "D"});
        text += enum_text("E", 3);
        text += extras % 8 < 4 ? "" : "extend A { optional int32 more = 400; }\n";
        text += extras % 16 < 8 ? ""
                                : "service S { option deprecated = true; rpc Do (A) returns "
                                  "(stream A) { option idempotency_level = NO_SIDE_EFFECTS; } }\n";
        return text;
    }

    // The first message is always there; of the others a byte each says so.
    std::string file_text(std::string head, std::string_view package,
                          const std::vector<std::string>& names) {
        is_proto3_ = head.find("proto3") != std::string::npos;
        if (!package.empty()) {
            head += "package " + std::string(package) + ";\n";
        }
        std::vector<std::string> messages;
        for (const std::string& name : names) {
            const bool absent = next() % 8 == 7 && name != names.front();
            const std::string text = message_text(name, 0);
            messages.push_back(absent ? "" : text);
        }
        if (next() % 8 == 7) {
            std::reverse(messages.begin(), messages.end());
        }
        for (const std::string& message : messages) {
            head += message;
        }
        return head;
    }

    std::string message_text(const std::string& name, int depth) {
        std::string fields;
        std::string oneofs[2];
        const unsigned shape = next();
        constexpr unsigned fields_max = 5;
        for (unsigned at = 0; at < fields_max; ++at) {
            const unsigned where = next();
            const std::string text = field_text(at, where % 8 < 2);
            if (at < shape % (fields_max + 1)) {
                (where % 8 < 2 ? oneofs[where % 2] : fields) += text;
            }
        }
        std::string text = "message " + name + " {\n" + fields;
        for (const unsigned at : {0U, 1U}) {
            const bool other_name = shape / 32 % 4 == 3;
            text += oneofs[at].empty()
                        ? ""
                        : std::string("oneof ") + (other_name ? "z" : "o") +
                              static_cast<char>('1' + at) + " {\n" + oneofs[at] + "}\n";
        }
        text += extras_text(next());
        text += depth == 0 ? nested_text() : "";
        return text + "}\n";
    }

    std::string nested_text() {
        const unsigned how = next();
        std::string text;
        if (how % 2 == 0) {
            text += "message N {\n" + field_text(0, false) + field_text(1, false) + "}\n";
        }
        text += how % 4 < 2 ? "" : enum_text("G", 2);
        text += how % 8 < 4 ? ""
                            : "message PairsEntry { option map_entry = true; " + label("optional") +
                                  "string key = 1; " + label("optional") +
                                  "int32 value = 2; }\nrepeated PairsEntry pairs = 60;\n";
        return text;
    }

    static std::string extras_text(unsigned how) {
        std::string text;
        text += how % 16 < 12 ? "" : "reserved 100 to 110, 120;\nreserved \"gone\", 'old';\n";
        text +=
            how / 16 % 4 < 3 ? "" : "option deprecated = true;\noption (own) = { a: [1, 2] };\n";
        return text;
    }

    std::string field_text(unsigned at, bool in_oneof) {
        const unsigned type = next();
        const unsigned how = next();
        const std::string type_name = type_text(type);
        const bool is_map = type_name.starts_with("map<");
        if (is_map && in_oneof) {
            return "";
        }
        constexpr unsigned number_step = 10;
        std::string text;
        if (!is_map && !in_oneof) {
            constexpr const char* labels[] = {"", "optional ", "repeated ", "required "};
            text = is_proto3_ && how % 4 == 3 ? "" : label(labels[how % 4]);
        }
        text += type_name + " f" + (how / 4 % 8 == 7 ? "x" : "") + std::to_string(at) + " = " +
                std::to_string(at + 1 + (how / 32 % 4 == 3 ? number_step : 0));
        if (how / 128 == 1) {
            text += at % 2 == 0 ? " [json_name = \"J\\\"\", deprecated = true]"
                                : " [(own.o).b = { x: \"y\" z { a: 1.0 } }]";
        }
        return text + ";\n";
    }

    // proto2 wants a label before every field.
    std::string label(std::string_view wanted) const {
        std::string text(wanted);
        text += text.empty() || text.ends_with(' ') ? "" : " ";
        if (is_proto3_) {
            return wanted == "optional" ? "" : text;
        }
        return text.empty() ? "optional " : text;
    }

    std::string type_text(unsigned choice) const {
        constexpr const char* types[] = {"int32",
                                         "int64",
                                         "uint32",
                                         "uint64",
                                         "bool",
                                         "sint32",
                                         "sint64",
                                         "string",
                                         "bytes",
                                         "fixed32",
                                         "fixed64",
                                         "sfixed32",
                                         "sfixed64",
                                         "float",
                                         "double",
                                         "A",
                                         "B",
                                         "C",
                                         "D",
                                         "A.N",
                                         "N",
                                         "X",
                                         "r.X",
                                         "p.A",
                                         ".p.B",
                                         "E",
                                         "r.F",
                                         "Y",
                                         "r.Y",
                                         "r.q.X",
                                         "A",
                                         "X",
                                         "google.protobuf.Timestamp",
                                         "google.protobuf.Struct",
                                         "map<string, int32>",
                                         "map<string, int64>",
                                         "map<int32, A>",
                                         "map<string, X>",
                                         "map<uint64, E>",
                                         "map<string, string>"};
        constexpr std::size_t scalars = 15;
        const std::string type = types[choice % std::size(types)];
        const bool always_there = choice % std::size(types) < scalars || type == "A" ||
                                  type == "E" || type.starts_with("google") ||
                                  type.find("nt") != std::string::npos;
        return names_ == MadeNames::some_do_not || always_there ? type : "A";
    }

    std::string enum_text(const std::string& name, unsigned constants) {
        std::string text = "enum " + name + " {\n";
        for (unsigned at = 0; at < constants; ++at) {
            const unsigned how = next();
            const bool absent = at > 0 && how % 8 == 7;
            text += absent ? ""
                           : name + (how % 8 == 6 ? "_V" : "_C") + std::to_string(at) + " = " +
                                 std::to_string(at * (how % 8 == 5 ? 2 : 1)) + ";\n";
        }
        return text + "}\n";
    }

    std::string_view bytes_;
    MadeNames names_;
    bool is_proto3_ = false;
};

}  // namespace symbolon::tests
