#include "compat/protobuf/proto_built_in.hpp"

#include "compat/protobuf/proto_parse.hpp"
#include "compat/protobuf/proto_print.hpp"
#include "compat/protobuf/proto_schema.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace symbolon::compat::protobuf {

namespace {

void drop_options(ProtoMessage& message) {
    message.options.clear();
    for (auto& field : message.fields) {
        field.options.clear();
    }
    for (auto& nested : message.messages) {
        drop_options(nested);
    }
}

// The normalised text without options.
std::string bare_text(std::string_view text) {
    const auto schema = parse_schema(SchemaType::protobuf, text, {}, Strictness::strict);
    EXPECT_TRUE(schema.has_value()) << (schema ? "" : schema.error().message);
    auto file = parse_proto_text((*schema)->canonical_text(Normalize::yes).value_or(""));
    file->options.clear();
    for (auto& message : file->messages) {
        drop_options(message);
    }
    return print_proto(*file, OptionOrder::as_in_tree).value_or("");
}

// Every field, constant and extension as "full.name = number type".
void list_message(const std::string& scope, const ProtoMessage& message,
                  std::set<std::string>& out) {
    const std::string full = join_names(scope, message.name);
    const auto list = [&](const std::vector<ProtoField>& fields) {
        for (const auto& field : fields) {
            out.insert(full + "." + field.name + " = " + std::to_string(field.number) + " " +
                       field.type);
        }
    };
    list(message.fields);
    for (const auto& oneof : message.oneofs) {
        list(oneof.fields);
    }
    for (const auto& nested : message.messages) {
        list_message(full, nested, out);
    }
    for (const auto& nested : message.enums) {
        for (const auto& constant : nested.constants) {
            out.insert(full + "." + constant.name + " = " + std::to_string(constant.number));
        }
    }
}

}  // namespace

TEST(ProtoBuiltIn, TheFilesWrittenHereAreThoseThatTheReferenceKnows) {
    const auto rows = tests::read_vectors("protobuf/wellknown.jsonl");
    if (rows.empty()) {
        GTEST_SKIP() << "no vectors";
    }
    std::map<std::string, std::string> wanted;
    for (const auto& row : rows) {
        wanted[row.at("name").get<std::string>()] = row.at("text").get<std::string>();
    }
    EXPECT_EQ(built_in_files().size(), wanted.size());
    for (const auto& [path, text] : built_in_texts()) {
        ASSERT_EQ(wanted.count(std::string(path)), 1U) << path;
        EXPECT_EQ(bare_text(text), bare_text(wanted[std::string(path)])) << path;
    }
}

TEST(ProtoBuiltIn, TheFilesOfLibprotobufHoldWhatNewerOnesHoldToo) {
    const auto rows = tests::read_vectors("protobuf/wellknown.jsonl");
    if (rows.empty()) {
        GTEST_SKIP() << "no vectors";
    }
    std::set<std::string> wanted;
    for (const auto& row : rows) {
        const auto file = parse_proto_text(row.at("text").get<std::string>());
        ASSERT_TRUE(file.has_value());
        for (const auto& message : file->messages) {
            list_message(file->package, message, wanted);
        }
    }
    std::size_t fields = 0;
    for (const auto& [path, file] : built_in_files()) {
        if (!path.starts_with("google/protobuf/")) {
            continue;
        }
        std::set<std::string> have;
        for (const auto& message : file.messages) {
            list_message(file.package, message, have);
        }
        for (const std::string& line : have) {
            // Maps are written map<…> there, and one option has been taken back since.
            const bool gone = line.find("Entry") != std::string::npos ||
                              line.find(".php_generic_services") != std::string::npos;
            EXPECT_TRUE(gone || wanted.count(line) == 1) << path << ": " << line;
        }
        fields += have.size();
    }
    EXPECT_GT(fields, 150U);
}

}  // namespace symbolon::compat::protobuf
