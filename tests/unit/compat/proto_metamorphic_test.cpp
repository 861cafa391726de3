// Properties that every Protobuf schema and every pair has, tried on made ones and on all vectors.
#include "compat/protobuf/proto_check.hpp"
#include "compat/protobuf/proto_parse.hpp"
#include "compat/protobuf/proto_print.hpp"
#include "compat/protobuf/proto_schema.hpp"
#include "tests/support/naive_proto_check.hpp"
#include "tests/support/proto_schema_maker.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <random>
#include <set>

namespace symbolon::compat::protobuf {

namespace {

using tests::MadeNames;
using tests::MadeProto;
using tests::ProtoSchemaMaker;

SchemaPtr parse_made(const MadeProto& made, Strictness strictness = Strictness::lenient) {
    const auto schema = parse_schema(SchemaType::protobuf, made.text, made.references, strictness);
    EXPECT_TRUE(schema.has_value()) << made.text << (schema ? "" : schema.error().message);
    return schema ? *schema : nullptr;
}

struct MadePair {
    MadeProto original;
    MadeProto update;

    std::string texts() const { return original.text + "\n=>\n" + update.text; }
};

class ProtoPairs {
public:
    // Two schemas that differ in a few declarations.
    MadePair pair(MadeNames names) {
        std::string bytes(ProtoSchemaMaker::bytes_used, '\0');
        for (char& byte : bytes) {
            byte = static_cast<char>(random_());
        }
        const MadeProto original = ProtoSchemaMaker(bytes, names).make();
        for (unsigned change = 0; change < 1 + random_() % 12; ++change) {
            bytes[random_() % bytes.size()] = static_cast<char>(random_());
        }
        return {original, ProtoSchemaMaker(bytes, names).make()};
    }

    // The same declarations in another order; the first message stays, since it names the schema.
    MadeProto shuffled(const MadeProto& made) {
        auto file = parse_proto_text(made.text);
        EXPECT_TRUE(file.has_value()) << made.text;
        shuffle(file->imports);
        shuffle(file->public_imports);
        shuffle(file->options);
        shuffle(file->extends);
        shuffle(file->services);
        shuffle_types(file->messages, file->enums);
        return {*print_proto(*file, OptionOrder::as_in_tree), made.references};
    }

private:
    template <class Item>
    void shuffle(std::vector<Item>& items) {
        std::shuffle(items.begin(), items.end(), random_);
    }

    void shuffle_types(std::vector<ProtoMessage>& messages, std::vector<ProtoEnum>& enums) {
        shuffle(messages);
        shuffle(enums);
        for (ProtoEnum& enumeration : enums) {
            shuffle(enumeration.constants);
            shuffle(enumeration.options);
        }
        for (ProtoMessage& message : messages) {
            shuffle(message.reserved);
            shuffle(message.options);
            shuffle(message.fields);
            shuffle(message.oneofs);
            shuffle(message.groups);
            shuffle(message.extends);
            for (ProtoField& field : message.fields) {
                shuffle(field.options);
            }
            for (ProtoOneof& oneof : message.oneofs) {
                shuffle(oneof.fields);
            }
            shuffle_types(message.messages, message.enums);
        }
    }

    std::mt19937 random_{29};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same every time
};

std::vector<std::string> sorted_lines(std::vector<std::string> lines) {
    std::sort(lines.begin(), lines.end());
    return lines;
}

// Kinds and places of what keeps `update` from reading data of `original`, sorted.
std::vector<std::string> findings_between(const MadeProto& original, const MadeProto& update) {
    const auto findings = parse_made(update)->findings_reading(*parse_made(original));
    EXPECT_TRUE(findings.has_value());
    std::vector<std::string> lines;
    for (const Finding& finding : findings.value_or(Findings())) {
        lines.push_back(std::string(to_string(finding.kind)) + " " + finding.path);
    }
    return sorted_lines(std::move(lines));
}

std::vector<std::string> differences_between(const ParsedSchema& original,
                                             const ParsedSchema& update) {
    const auto differences = diff_schemas(dynamic_cast<const ProtoSchema&>(original),
                                          dynamic_cast<const ProtoSchema&>(update), Reported::all);
    EXPECT_TRUE(differences.has_value());
    std::vector<std::string> lines;
    for (const auto& difference : differences.value_or(std::vector<ProtoDifference>())) {
        lines.push_back(std::string(to_string(difference.change)) + " " + difference.path);
    }
    return sorted_lines(std::move(lines));
}

MadeProto side_of(const nlohmann::ordered_json& row, const std::string& side) {
    MadeProto made{row.at(side).get<std::string>(), {}};
    if (row.contains(side + "_references")) {
        for (const auto& reference : row.at(side + "_references")) {
            made.references.push_back(
                {reference.at("name").get<std::string>(), reference.at("schema").get<std::string>(),
                 reference.value("subject", std::string()), reference.value("version", 0)});
        }
    }
    return made;
}

// Pairs of the vectors; none, with a line that says so, where the vectors are not.
std::vector<MadePair> vector_pairs() {
    std::vector<MadePair> pairs;
    for (const auto& row : tests::read_vectors("protobuf/compat.jsonl")) {
        pairs.push_back({side_of(row, "original"), side_of(row, "update")});
    }
    return pairs;
}

std::vector<MadePair> made_pairs(int count, MadeNames names) {
    ProtoPairs maker;
    std::vector<MadePair> pairs;
    for (int at = 0; at < count; ++at) {
        pairs.push_back(maker.pair(names));
    }
    return pairs;
}

std::vector<MadePair> all_pairs(int made, MadeNames names) {
    auto pairs = vector_pairs();
    for (MadePair& pair : made_pairs(made, names)) {
        pairs.push_back(std::move(pair));
    }
    return pairs;
}

MadeProto normalised(const MadeProto& made) {
    return {*parse_made(made)->canonical_text(Normalize::yes), made.references};
}

}  // namespace

TEST(ProtoMetamorphic, TheNaiveCheckerFindsTheSameDifferencesInMadePairs) {
    constexpr int rounds = 2'000;
    int compatible = 0;
    int decided = 0;
    std::set<std::string> kinds;
    const auto check = [&](const SchemaPtr& original, const SchemaPtr& update, const auto& texts) {
        const auto naive = tests::diff_naively(*original, *update);
        if (!naive) {
            return;
        }
        ++decided;
        compatible += naive->compatible ? 1 : 0;
        for (const std::string& line : naive->differences) {
            kinds.insert(line.substr(0, line.find(' ')));
        }
        ASSERT_EQ(differences_between(*original, *update), naive->differences) << texts;
        ASSERT_EQ(update->findings_reading(*original)->empty(), naive->compatible) << texts;
    };
    for (const MadePair& pair : made_pairs(rounds / 2, MadeNames::some_do_not)) {
        const SchemaPtr original = parse_made(pair.original);
        const SchemaPtr update = parse_made(pair.update);
        check(original, update, pair.texts());
        check(update, original, pair.texts());
    }
    std::cout << "protobuf pairs: " << decided << " of " << rounds << " decided naively, "
              << compatible << " compatible, " << kinds.size() << " of 26 kinds of difference\n";
    // Else the pairs would say little.
    EXPECT_GT(decided, rounds * 9 / 10);
    EXPECT_GT(compatible, rounds / 5);
    EXPECT_LT(compatible, rounds - rounds / 5);
    EXPECT_EQ(kinds.size(), 26U);
}

TEST(ProtoMetamorphic, TheNaiveCheckerFindsTheSameDifferencesInTheVectors) {
    for (const MadePair& pair : vector_pairs()) {
        const SchemaPtr original = parse_made(pair.original);
        const SchemaPtr update = parse_made(pair.update);
        const auto naive = tests::diff_naively(*original, *update);
        ASSERT_TRUE(naive.has_value()) << pair.texts();
        EXPECT_EQ(differences_between(*original, *update), naive->differences) << pair.texts();
    }
}

TEST(ProtoMetamorphic, OrderChangesNoFinding) {
    ProtoPairs maker;
    for (const MadePair& pair : all_pairs(100, MadeNames::some_do_not)) {
        EXPECT_EQ(findings_between(pair.original, pair.update),
                  findings_between(maker.shuffled(pair.original), maker.shuffled(pair.update)))
            << pair.texts();
    }
}

TEST(ProtoMetamorphic, EverySchemaReadsItself) {
    for (const MadePair& pair : all_pairs(100, MadeNames::some_do_not)) {
        EXPECT_TRUE(findings_between(pair.update, pair.update).empty()) << pair.update.text;
    }
}

TEST(ProtoMetamorphic, NormalisingChangesNoFinding) {
    std::size_t compared = 0;
    for (const MadePair& pair : all_pairs(100, MadeNames::all_exist)) {
        if (!parse_made(pair.original)->canonical_text(Normalize::yes) ||
            !parse_made(pair.update)->canonical_text(Normalize::yes)) {
            continue;  // some vectors have names that do not resolve
        }
        ++compared;
        EXPECT_EQ(findings_between(pair.original, pair.update),
                  findings_between(normalised(pair.original), normalised(pair.update)))
            << pair.texts();
    }
    EXPECT_GT(compared, 50U);
}

TEST(ProtoMetamorphic, ACanonicalTextIsTheSameSchema) {
    for (const MadePair& pair : all_pairs(100, MadeNames::some_do_not)) {
        const SchemaPtr schema = parse_made(pair.update);
        const std::string canonical = *schema->canonical_text(Normalize::no);
        const SchemaPtr again = parse_made({canonical, pair.update.references});
        EXPECT_EQ(*again->canonical_text(Normalize::no), canonical);
        EXPECT_TRUE(again->equivalent_to(*schema)) << canonical;
        EXPECT_TRUE(differences_between(*schema, *again).empty()) << canonical;
    }
}

TEST(ProtoMetamorphic, FullIsBackwardAndForward) {
    for (const MadePair& pair : all_pairs(100, MadeNames::some_do_not)) {
        const SchemaPtr candidate = parse_made(pair.update);
        const std::vector<HistoryEntry> history{
            {Version{1}, parse_made(pair.original), pair.original.text}};
        const std::vector<HistoryEntry> swapped_history{{Version{1}, candidate, pair.update.text}};
        const auto check = [&](Level level) { return *check_level(level, *candidate, history); };
        const Outcome backward = check(Level::backward);
        const Outcome forward = check(Level::forward);
        const Outcome full = check(Level::full);
        EXPECT_EQ(full.compatible(), backward.compatible() && forward.compatible());
        EXPECT_EQ(full.findings.size(), backward.findings.size() + forward.findings.size());
        const Outcome swapped =
            *check_level(Level::backward, *parse_made(pair.original), swapped_history);
        ASSERT_EQ(swapped.findings.size(), forward.findings.size()) << pair.texts();
        for (std::size_t at = 0; at < forward.findings.size(); ++at) {
            EXPECT_EQ(to_message(swapped.findings[at].finding, Direction::backward),
                      to_message(forward.findings[at].finding, Direction::backward));
        }
    }
}

}  // namespace symbolon::compat::protobuf
