// Data that show findings about Avro schemas; and made data that show nothing where nothing is
// found.
#include "compat/avro/avro_datum.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"
#include "tests/support/avro_builders.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <random>

namespace symbolon::compat::avro {

namespace {

using tests::avro_schema;
using ExampleRow = nlohmann::ordered_json;

// The datum and what the reader makes of it, for the only finding; empty where there is none.
std::string example_of(std::string_view reader, std::string_view writer) {
    const SchemaPtr ours = avro_schema(reader);
    const SchemaPtr theirs = avro_schema(writer);
    const auto findings = ours->findings_reading(*theirs);
    EXPECT_TRUE(findings && findings->size() == 1);
    const auto example = ours->find_counter_example(findings->front(), *theirs);
    return example ? example->datum + " " + example->reading : "";
}

SchemaPtr lenient_schema(const ExampleRow& schema) {
    const auto parsed = parse_schema(SchemaType::avro, schema.dump(), {}, Strictness::lenient);
    EXPECT_TRUE(parsed.has_value()) << schema.dump();
    return parsed ? *parsed : nullptr;
}

const AvroTree& tree_of(const SchemaPtr& schema) {
    return dynamic_cast<const AvroSchema&>(*schema).tree();
}

class RandomData {
public:
    explicit RandomData(const AvroTree& tree) : maker_(tree) {}

    std::optional<AvroDatum> make(const AvroNode& type, std::size_t depth = 0) {
        constexpr std::size_t depth_max = 6;
        auto datum = maker_.smallest(type);
        if (!datum || depth > depth_max) {
            return datum;
        }
        const auto fill = [&](const AvroNode& part) {
            auto inner = make(part, depth + 1);
            if (!inner) {
                return false;
            }
            datum->parts.push_back(*std::move(inner));
            return true;
        };
        datum->parts.clear();
        if (type.kind == AvroKind::union_of) {
            datum->branch = random_() % type.branches.size();
            return fill(*type.branches[datum->branch]) ? datum : std::nullopt;
        }
        if (type.kind == AvroKind::enumeration) {
            datum->text = type.definition->symbols[random_() % type.definition->symbols.size()];
        }
        for (std::size_t count = type.item == nullptr ? 0 : random_() % 3; count > 0; --count) {
            fill(*type.item);
        }
        bool whole = true;
        if (type.kind == AvroKind::record) {
            for (const AvroField& field : type.definition->fields) {
                whole = whole && fill(*field.type);
            }
        }
        return whole ? datum : std::nullopt;
    }

private:
    DatumMaker maker_;
    std::mt19937 random_{5};  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same every time
};

// Avro's binary encoding, well-formed or nothing.
class BinaryReader {
public:
    explicit BinaryReader(const std::string& hex) {
        for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
            bytes_ += static_cast<char>(std::stoi(hex.substr(at, 2), nullptr, 16));
        }
    }

    bool read_all(const AvroNode& type, AvroDatum& out) { return read(type, out) && at_end(); }

private:
    bool at_end() const { return at_ == bytes_.size(); }

    bool read_long(std::int64_t& out) {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (at_end()) {
                return false;
            }
            const auto byte = static_cast<unsigned char>(bytes_[at_++]);
            value |= static_cast<std::uint64_t>(byte & 0x7FU) << shift;
            if (byte < 0x80) {
                out =
                    static_cast<std::int64_t>(value >> 1U) ^ -static_cast<std::int64_t>(value & 1U);
                return true;
            }
        }
        return false;
    }

    bool read_bytes(std::int64_t count, std::string& out) {
        if (count < 0 || static_cast<std::uint64_t>(count) > bytes_.size() - at_) {
            return false;
        }
        out = bytes_.substr(at_, static_cast<std::size_t>(count));
        at_ += static_cast<std::size_t>(count);
        return true;
    }

    bool read_items(const AvroNode& type, AvroDatum& out) {
        for (std::int64_t count = 0; read_long(count);) {
            std::int64_t size = 0;
            std::string key;
            if (count == 0) {
                return true;
            }
            if ((count < 0 && !read_long(size)) || count > 10'000 || count < -10'000) {
                return false;
            }
            for (count = std::abs(count); count > 0; --count) {
                std::int64_t key_size = 0;
                const bool keyed = type.kind == AvroKind::array ||
                                   (read_long(key_size) && read_bytes(key_size, key));
                if (!keyed || !read(*type.item, out.parts.emplace_back())) {
                    return false;
                }
            }
        }
        return false;
    }

    bool read(const AvroNode& type, AvroDatum& out) {
        out.type = &type;
        std::int64_t number = 0;
        switch (type.kind) {
            case AvroKind::null:
                return true;
            case AvroKind::boolean:
                return read_bytes(1, out.text) && (out.text[0] == 0 || out.text[0] == 1);
            case AvroKind::int32:
            case AvroKind::int64:
                return read_long(number);
            case AvroKind::float32:
                return read_bytes(4, out.text);
            case AvroKind::float64:
                return read_bytes(8, out.text);
            case AvroKind::string:
            case AvroKind::bytes:
                return read_long(number) && read_bytes(number, out.text);
            case AvroKind::fixed:
                return read_bytes(type.definition->size, out.text);
            case AvroKind::enumeration:
                if (!read_long(number) || number < 0 ||
                    static_cast<std::size_t>(number) >= type.definition->symbols.size()) {
                    return false;
                }
                out.text = type.definition->symbols[static_cast<std::size_t>(number)];
                return true;
            case AvroKind::union_of:
                if (!read_long(number) || number < 0 ||
                    static_cast<std::size_t>(number) >= type.branches.size()) {
                    return false;
                }
                out.branch = static_cast<std::size_t>(number);
                return read(*type.branches[out.branch], out.parts.emplace_back());
            case AvroKind::record:
                for (const AvroField& field : type.definition->fields) {
                    if (!read(*field.type, out.parts.emplace_back())) {
                        return false;
                    }
                }
                return true;
            default:
                return read_items(type, out);
        }
    }

    std::string bytes_;
    std::size_t at_ = 0;
};

}  // namespace

TEST(AvroCounterExamples, ARecordWithoutTheFieldShowsThatItHasNoDefault) {
    EXPECT_EQ(
        example_of(R"({"type":"record","name":"R","fields":[{"name":"zip","type":"string"}]})",
                   R"({"type":"record","name":"R","fields":[{"name":"a","type":"int"}]})"),
        R"({"a":12} At /: the reader's field "zip" was not written and has no default.)");
}

TEST(AvroCounterExamples, AValueOfTheWritersTypeShowsThatTypesDiffer) {
    EXPECT_EQ(example_of(R"("int")", R"("string")"),
              R"("text" At /: "text" was written as a string, and the reader takes an int.)");
    EXPECT_EQ(example_of(R"({"type":"array","items":"int"})", R"({"type":"array","items":"long"})"),
              "[12] At /0: 12 was written as a long, and the reader takes an int.");
}

TEST(AvroCounterExamples, TheRemovedSymbolAndTheLackingBranchAreInTheData) {
    EXPECT_EQ(example_of(R"({"type":"enum","name":"n.E","symbols":["B","C"]})",
                         R"({"type":"enum","name":"n.E","symbols":["A","B"]})"),
              R"("A" At /: the reader's enum "n.E" has no symbol "A" and no default.)");
    EXPECT_EQ(example_of(R"(["null","int"])", R"(["null","int","string"])"),
              R"({"string":"text"} At /string: no branch of the reader's union takes a string.)");
}

TEST(AvroCounterExamples, WhatIsBesideThePlaceIsSmallAndRecursionEnds) {
    const std::string text =
        R"({"type":"record","name":"List","fields":[{"name":"tail","type":["List","null"]},)"
        R"({"name":"all","type":{"type":"map","values":"List"}},{"name":"head","type":)";
    EXPECT_EQ(example_of(text + "\"int\"}]}", text + "\"boolean\"}]}"),
              R"({"tail":null,"all":{},"head":true} At /head: true was written as a boolean, )"
              R"(and the reader takes an int.)");
}

TEST(AvroCounterExamples, ATypeWithoutFiniteDataHasNone) {
    const std::string text =
        R"({"type":"record","name":"R","fields":[{"name":"self","type":"R"},{"name":"a","type":)";
    const SchemaPtr reader = avro_schema(text + "\"int\"}]}");
    const SchemaPtr writer = avro_schema(text + "\"string\"}]}");
    const auto findings = reader->findings_reading(*writer);
    ASSERT_TRUE(findings && !findings->empty());
    EXPECT_FALSE(reader->find_counter_example(findings->front(), *writer).has_value());
}

TEST(AvroCounterExamples, DataAreBounded) {
    // Each record holds two of the next: the smallest value doubles with every level.
    const auto doubling = [](std::size_t levels, const std::string& leaf) {
        std::string text = leaf;
        for (std::size_t at = 0; at < levels; ++at) {
            const std::string name = "R" + std::to_string(at);
            text = R"({"type":"record","name":")" + name + R"(","fields":[{"name":"a","type":)" +
                   text + R"(},{"name":"b","type":)" +
                   (at == 0 ? leaf : "\"R" + std::to_string(at - 1) + "\"") + "}]}";
        }
        return avro_schema(text);
    };
    const auto has_example = [&](std::size_t levels) {
        const SchemaPtr reader = doubling(levels, "\"int\"");
        const SchemaPtr writer = doubling(levels, "\"string\"");
        const auto findings = reader->findings_reading(*writer);
        return reader->find_counter_example(findings->front(), *writer).has_value();
    };
    EXPECT_TRUE(has_example(8));
    EXPECT_FALSE(has_example(60));
}

TEST(AvroCounterExamples, FindingsOfTheVectorsAreShownAndCompatiblePairsAreNotRefuted) {
    std::size_t all = 0;
    std::size_t shown = 0;
    std::size_t data = 0;
    for (const char* file : {"avro/compat-curated.jsonl", "avro/compat-random.jsonl"}) {
        for (const auto& row : tests::read_vectors(file)) {
            const SchemaPtr reader = lenient_schema(row.at("reader"));
            const SchemaPtr writer = lenient_schema(row.at("writer"));
            const auto findings = reader->findings_reading(*writer);
            ASSERT_TRUE(findings.has_value());
            for (const Finding& finding : *findings) {
                if (finding.kind == FindingKind::check_exception) {
                    continue;  // it is about the reference's checker, not about data
                }
                ++all;
                const auto example = reader->find_counter_example(finding, *writer);
                shown += example ? 1 : 0;
                EXPECT_TRUE(!example || parse_json(example->datum)) << example->datum;
            }
            RandomData random(tree_of(writer));
            for (int round = 0; findings->empty() && round < 5; ++round) {
                const auto datum = random.make(*tree_of(writer).root);
                const auto reading =
                    datum ? read_datum(*tree_of(reader).root, *datum) : DatumReading();
                data += datum && !reading.gave_up ? 1 : 0;
                ASSERT_FALSE(reading.refused())
                    << row.at("id") << to_json_text(*datum) << reading.problems.front().what;
            }
        }
    }
    std::cout << "avro findings with a counter-example: " << shown << " of " << all
              << "; data that readers of compatible pairs read: " << data << '\n';
    EXPECT_GE(100 * shown, 95 * all);
}

// Real bytes, and what Avro for Java made of them: what we call refused, it refused.
TEST(AvroCounterExamples, WhatWeCallRefusedIsRefused) {
    std::size_t refused = 0;
    std::size_t read = 0;
    std::size_t other_names = 0;
    std::size_t generous = 0;
    for (const auto& row : tests::read_vectors("avro/evolution.jsonl")) {
        const SchemaPtr reader = lenient_schema(row.at("reader"));
        const SchemaPtr writer = lenient_schema(row.at("writer"));
        AvroDatum datum;
        if (!BinaryReader(row.at("hex").get<std::string>())
                 .read_all(*tree_of(writer).root, datum)) {
            continue;
        }
        const auto reading = read_datum(*tree_of(reader).root, datum);
        const bool error = row.value("error", false);
        // Java reads records of other names, which the specification does not allow.
        const bool by_name = std::any_of(
            reading.problems.begin(), reading.problems.end(),
            [](const auto& problem) { return problem.kind == FindingKind::name_mismatch; });
        EXPECT_TRUE(!reading.refused() || error || by_name)
            << row.at("id") << reading.problems.front().what;
        other_names += by_name && !error ? 1 : 0;
        refused += reading.refused() && error ? 1 : 0;
        read += !reading.refused() && !error ? 1 : 0;
        generous += !reading.refused() && error ? 1 : 0;
    }
    std::cout << "avro bytes: " << refused << " refused and " << read << " read as Java does, "
              << other_names << " refused for the name of a record that Java does not look at, "
              << generous << " read that Java refuses\n";
}

}  // namespace symbolon::compat::avro
