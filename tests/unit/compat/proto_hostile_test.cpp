// Protobuf texts that are there to hurt: all end soon, with a clear error or with what was meant.
#include "compat/compat.hpp"
#include "core/limits.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <ctime>
#include <string>

namespace symbolon::compat {

namespace {

const std::string proto3 = "syntax = \"proto3\";\n";

// Empty: the text is a valid schema.
std::string proto_problem_of(const std::string& text,
                             const std::vector<NamedText>& references = {}) {
    const auto schema = parse_schema(SchemaType::protobuf, text, references, Strictness::strict);
    return schema ? "" : schema.error().message;
}

// Seconds that the processor worked; waiting for other programs does not count.
template <class Work>
double proto_seconds_of(const Work& work) {
    const std::clock_t before = std::clock();
    work();
    return static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
}

std::string nested_messages(std::size_t levels) {
    std::string text = proto3;
    for (std::size_t at = 0; at < levels; ++at) {
        text += fmt::format("message M{} {{\n", at);
    }
    return text + std::string(levels, '}');
}

std::string nested_value(std::size_t levels) {
    std::string text = proto3 + "option (o) = ";
    for (std::size_t at = 0; at < levels; ++at) {
        text += at % 2 == 0 ? "{ a: " : "[ ";
    }
    text += "1";
    for (std::size_t at = levels; at-- > 0;) {
        text += at % 2 == 0 ? "}" : "]";
    }
    return text + ";";
}

std::string many_fields(std::size_t count, const std::string& type = "int32") {
    std::string text = proto3 + "message M {\n";
    for (std::size_t at = 1; at <= count; ++at) {
        text += fmt::format("{} f{} = {};\n", type, at, at);
    }
    return text + "}";
}

std::string wide_enum(std::size_t count) {
    std::string text = proto3 + "enum E {\n";
    for (std::size_t at = 0; at < count; ++at) {
        text += fmt::format("C{} = {};\n", at, at);
    }
    return text + "}";
}

}  // namespace

TEST(ProtoHostile, MessagesNestAsDeepAsTheBoundAndNoDeeper) {
    constexpr std::size_t most = limits::protobuf_depth_max;
    EXPECT_EQ(proto_problem_of(nested_messages(most)), "");
    EXPECT_EQ(proto_problem_of(nested_messages(most + 1)),
              fmt::format("Could not parse Protobuf - Syntax error in :{}:{}: nested deeper than "
                          "{} levels",
                          most + 2, 15, most));
    EXPECT_NE(proto_problem_of(nested_messages(200'000)), "");
}

TEST(ProtoHostile, OptionValuesNestAsDeepAsTheBoundAndNoDeeper) {
    constexpr std::size_t most = limits::protobuf_depth_max;
    EXPECT_EQ(proto_problem_of(nested_value(most)), "");
    EXPECT_NE(proto_problem_of(nested_value(most + 1)).find("nested deeper than"),
              std::string::npos);
    EXPECT_NE(proto_problem_of(nested_value(200'000)).find("nested deeper than"),
              std::string::npos);
}

TEST(ProtoHostile, AHundredThousandFieldsAreParsedPrintedAndCompared) {
    constexpr std::size_t many = 100'000;
    const double seconds = proto_seconds_of([&] {
        const auto ours =
            parse_schema(SchemaType::protobuf, many_fields(many), {}, Strictness::strict);
        const auto theirs =
            parse_schema(SchemaType::protobuf, many_fields(many, "int64"), {}, Strictness::lenient);
        ASSERT_TRUE(ours && theirs);
        const auto findings = (*ours)->findings_reading(**theirs);
        ASSERT_TRUE(findings.has_value());
        EXPECT_TRUE(findings->empty());
        EXPECT_TRUE((*ours)->canonical_text(Normalize::no).has_value());
    });
    EXPECT_LT(seconds, 30);
}

TEST(ProtoHostile, DeclarationsAreBounded) {
    // The file's statements, the one in the message, and each number.
    std::string text = proto3 + "message M {\nreserved 1";
    constexpr std::size_t others = 3;
    for (std::size_t at = 1; at < limits::schema_members_max - others; ++at) {
        text += ",1";
    }
    const auto parse = [](const std::string& whole) {
        return parse_schema(SchemaType::protobuf, whole, {}, Strictness::lenient);
    };
    EXPECT_TRUE(parse(text + ";}").has_value());
    const auto refused = parse(text + ",1;}");
    ASSERT_FALSE(refused.has_value());
    const std::string problem = refused.error().message;
    EXPECT_NE(problem.find(fmt::format(": more than {} declarations", limits::schema_members_max)),
              std::string::npos)
        << problem;
    EXPECT_NE(problem.find(":3:"), std::string::npos) << problem;
}

TEST(ProtoHostile, TextsAreBounded) {
    std::string text = proto3;
    text.resize(limits::schema_bytes_max, ' ');
    EXPECT_EQ(proto_problem_of(text), "");
    EXPECT_EQ(proto_problem_of(text + " "), "The schema is too long");
}

TEST(ProtoHostile, WordsAreBounded) {
    const auto with_name = [](std::size_t bytes) {
        return proto_problem_of(proto3 + "message " + std::string(bytes, 'a') + " {}");
    };
    EXPECT_EQ(with_name(limits::name_bytes_max - 1), "");
    EXPECT_EQ(with_name(limits::name_bytes_max), "A full name is longer than 4096 bytes");
    EXPECT_EQ(with_name(limits::name_bytes_max + 1),
              "Could not parse Protobuf - Syntax error in :2:4106: a word is longer than 4096 "
              "bytes");
}

TEST(ProtoHostile, NumbersOutOfRangeAreRefused) {
    const auto with_number = [](const std::string& number) {
        return proto_problem_of(proto3 + "message M { int32 a = " + number + "; }");
    };
    EXPECT_EQ(with_number("2147483647"), "");
    EXPECT_EQ(with_number("2147483648"),
              "Could not parse Protobuf - For input string: \"2147483648\"");
    EXPECT_EQ(with_number("-2147483648"), "");
    EXPECT_NE(with_number("-2147483649"), "");
    EXPECT_NE(with_number(std::string(4'000, '9')), "");
    EXPECT_NE(with_number("0x"), "");
    EXPECT_NE(with_number("1e3"), "");
    EXPECT_NE(with_number("--1"), "");
    // Large numbers in options are kept as they are written, and normalising them stays small.
    const std::string giant = proto3 + "option (o) = 1e999999999;\noption (p) = -0." +
                              std::string(3'000, '1') + ";\nmessage M {}";
    const auto schema = parse_schema(SchemaType::protobuf, giant, {}, Strictness::strict);
    ASSERT_TRUE(schema.has_value());
    const auto normalised = (*schema)->canonical_text(Normalize::yes);
    ASSERT_TRUE(normalised.has_value());
    EXPECT_LT(normalised->size(), 2 * giant.size());
}

TEST(ProtoHostile, WhatDoesNotEndIsRefusedWithItsPlace) {
    EXPECT_EQ(proto_problem_of(proto3 + "message M {\n  string a = 1;\n"),
              "Could not parse Protobuf - Syntax error in :4:1: unexpected end of file");
    EXPECT_EQ(proto_problem_of(proto3 + "/* and so on\n"),
              "Could not parse Protobuf - Syntax error in :3:1: unterminated comment");
    EXPECT_EQ(proto_problem_of(proto3 + "option a = \"and so on\n"),
              "Could not parse Protobuf - Syntax error in :3:1: unterminated string");
    for (const char* text : {"\"",
                             "'\\",
                             "option a = \"\\",
                             "option a = \"\\x",
                             "import",
                             "enum",
                             "message M { map<",
                             "message M { map<string,",
                             "/",
                             "//",
                             "/*",
                             "/**",
                             "option (",
                             "option (a).",
                             "option a = {",
                             "option a = <",
                             "option a",
                             "service S { rpc",
                             "service S { rpc A (",
                             "extend A {",
                             "reserved 1 to",
                             "syntax =",
                             "syntax",
                             "package",
                             "message M { reserved 1 to",
                             "\xFF",
                             "message M { extensions 1 to max [",
                             "message M { oneof o {"}) {
        const std::string problem = proto_problem_of(text);
        EXPECT_TRUE(problem.starts_with("Could not parse Protobuf - Syntax error in :1:") ||
                    std::string(text) == "//")
            << text << ": " << problem;
    }
}

TEST(ProtoHostile, AWideEnumAndAGiantOptionAreRead) {
    const double seconds = proto_seconds_of([&] {
        EXPECT_EQ(proto_problem_of(wide_enum(30'000)), "");
        EXPECT_EQ(proto_problem_of(proto3 + "option a = \"" + std::string(1U << 20U, 'x') + "\";"),
                  "");
        std::string keys = proto3 + "option (a) = {";
        for (int at = 0; at < 20'000; ++at) {
            keys += fmt::format("k{}: {} ", at, at);
        }
        EXPECT_EQ(proto_problem_of(keys + "};"), "");
    });
    EXPECT_LT(seconds, 30);
}

TEST(ProtoHostile, FilesThatImportEachOtherAreNoCircle) {
    const NamedText a{"a.proto", proto3 + "import public \"b.proto\"; message A { B b = 1; }", "a",
                      1};
    const NamedText b{"b.proto", proto3 + "import public \"a.proto\"; message B { A a = 1; }", "b",
                      1};
    const std::string text =
        proto3 +
        "import public \"a.proto\"; import \"self.proto\"; message M { A a = 1; B b = 2; }";
    const std::vector<NamedText> references{a, b, {"self.proto", text + "\n", "self", 1}};
    const auto schema = parse_schema(SchemaType::protobuf, text, references, Strictness::strict);
    ASSERT_TRUE(schema.has_value());
    EXPECT_TRUE((*schema)->findings_reading(**schema)->empty());
    // Either answer will do, in finite time.
    const auto fields = (*schema)->check_fields();
    EXPECT_TRUE(fields || !fields.error().message.empty());
    const auto serialized = (*schema)->formatted_text(TextFormat::serialized);
    EXPECT_TRUE(serialized || !serialized.error().message.empty());
}

// Twice as many messages that lead to each other may take four times as long, and no longer.
TEST(ProtoHostile, AChainThroughFilesCostsNoMoreThanItsSquare) {
    const auto knot = [](int count, int version) {
        std::string text = proto3;
        for (int at = 0; at < count; ++at) {
            text += fmt::format("message K{} {{", at);
            for (int other = 0; other < count; ++other) {
                text += fmt::format(" K{} f{} = {};", other, other, other + 1);
            }
            text += "}\n";
        }
        return NamedText{"knot.proto", text, "knot", version};
    };
    const auto seconds_for = [&](int count) {
        const std::string text = proto3 + "message M { K0 k = 1; }";
        const auto parse = [&](int version) {
            return *parse_schema(SchemaType::protobuf, text, {{knot(count, version)}},
                                 Strictness::lenient);
        };
        const SchemaPtr before = parse(1);
        const SchemaPtr after = parse(2);
        return proto_seconds_of([&] { EXPECT_TRUE(after->findings_reading(*before)->empty()); });
    };
    // Fields: 25 * 25 and 50 * 50, so four times the size.
    EXPECT_LT(seconds_for(50), 16 * seconds_for(25) + 0.2);
}

}  // namespace symbolon::compat
