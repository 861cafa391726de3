// Runs the outside vectors for Avro; every line must come out exactly.
#include "compat/avro/avro_fingerprint.hpp"
#include "compat/avro/avro_parse.hpp"
#include "compat/compat.hpp"
#include "tests/support/naive_avro_check.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <map>

namespace symbolon::compat::avro {

namespace {

using Row = nlohmann::ordered_json;

std::vector<NamedText> references_of(const Row& row) {
    std::vector<NamedText> references;
    if (row.contains("refs")) {
        for (const auto& text : row.at("refs")) {
            references.push_back({"ref", text.get<std::string>()});
        }
    }
    return references;
}

std::string text_or(const Result<std::string>& text) {
    return text ? *text : "ERROR " + text.error().message;
}

// The first difference between a line and what we make of it; empty when there is none.
std::string difference_in(const Row& row) {
    const auto references = references_of(row);
    const auto text = row.at("schema").get<std::string>();
    const auto strict = parse_schema(SchemaType::avro, text, references, Strictness::strict);
    const auto lenient = parse_schema(SchemaType::avro, text, references, Strictness::lenient);
    if (strict.has_value() != row.at("valid").get<bool>()) {
        return "strict: " + (strict ? std::string("accepted") : strict.error().message);
    }
    if (lenient.has_value() != row.at("valid_lenient").get<bool>()) {
        return "lenient: " + (lenient ? std::string("accepted") : lenient.error().message);
    }
    if (!lenient) {
        return "";
    }
    for (const SchemaPtr& schema : {strict ? *strict : *lenient, *lenient}) {
        const AvroNode& root = *dynamic_cast<const AvroSchema&>(*schema).tree().root;
        const std::string form = text_or(to_parsing_form(root));
        const std::vector<std::pair<std::string, std::string>> made{
            {"canonical", text_or(schema->canonical_text(Normalize::no))},
            {"resolved", text_or(schema->formatted_text(TextFormat::resolved))},
            {"pcf", form},
            {"crc64", fmt::format("{:016x}", crc64_avro(form))},
            {"md5", md5_hex(form)},
        };
        for (const auto& [key, value] : made) {
            if (row.contains(key) && row.at(key).get<std::string>() != value) {
                return fmt::format("{}\n  want {}\n  have {}", key, row.at(key).get<std::string>(),
                                   value);
            }
        }
        const auto normalized = schema->canonical_text(Normalize::yes);
        const bool wanted = row.at("normalized").is_string();
        if (wanted != normalized.has_value() ||
            (wanted && row.at("normalized").get<std::string>() != *normalized)) {
            return fmt::format("normalized\n  want {}\n  have {}", row.at("normalized").dump(),
                               text_or(normalized));
        }
    }
    return "";
}

SchemaPtr parse_side(const Row& row, const std::string& side) {
    Strictness strictness = Strictness::strict;
    if (row.contains("lenient")) {
        for (const auto& word : row.at("lenient")) {
            strictness = word.get<std::string>() == side ? Strictness::lenient : strictness;
        }
    }
    auto schema = parse_schema(SchemaType::avro, row.at(side).dump(), {}, strictness);
    EXPECT_TRUE(schema.has_value())
        << row.at("id") << " " << side << ": " << (schema ? "" : schema.error().message);
    return schema ? *schema : nullptr;
}

Row to_row(const Findings& findings) {
    Row list = Row::array();
    for (const Finding& finding : findings) {
        list.push_back({{"type", std::string(to_string(finding.kind))},
                        {"location", finding.path},
                        {"message", finding.message}});
    }
    return list;
}

// The difference between a pair's expected findings and ours; empty when there is none.
std::string difference_in_pair(const Row& row, const Findings& findings) {
    if (row.at("compatible").get<bool>() != findings.empty()) {
        return fmt::format("verdict: want {}", row.at("compatible").dump());
    }
    if (row.contains("messages")) {
        Row messages = Row::array();
        for (const Finding& finding : findings) {
            messages.push_back(to_message(finding, Direction::backward));
        }
        if (messages != row.at("messages")) {
            return fmt::format("messages\n  want {}\n  have {}", row.at("messages").dump(),
                               messages.dump());
        }
    }
    if (row.contains("exception")) {
        return findings.size() == 1 && findings[0].kind == FindingKind::check_exception &&
                       findings[0].message == row.at("exception").get<std::string>()
                   ? ""
                   : "exception: want " + row.at("exception").dump();
    }
    if (to_row(findings) != row.at("incompatibilities")) {
        return fmt::format("findings\n  want {}\n  have {}", row.at("incompatibilities").dump(),
                           to_row(findings).dump());
    }
    return "";
}

// Pairs on which the reference's verdict is proved wrong: id and reason.
std::map<std::string, std::string> read_unsound_pairs() {
    std::ifstream in(std::string(SYMBOLON_SOURCE_DIR) +
                     "/tests/unit/compat/avro_unsound_pairs.txt");
    std::map<std::string, std::string> pairs;
    for (std::string line; std::getline(in, line);) {
        if (!line.empty() && line[0] != '#') {
            pairs[line.substr(0, line.find(' '))] = line.substr(line.find(' ') + 1);
        }
    }
    return pairs;
}

void run_pairs(const std::string& file) {
    const auto rows = tests::read_vectors(file);
    if (rows.empty()) {
        GTEST_SKIP() << "no vectors";
    }
    const auto unsound = read_unsound_pairs();
    std::size_t exact = 0;
    std::size_t proved = 0;
    for (const Row& row : rows) {
        const auto id = row.at("id").get<std::string>();
        const SchemaPtr reader = parse_side(row, "reader");
        const SchemaPtr writer = parse_side(row, "writer");
        ASSERT_TRUE(reader && writer) << id;
        const auto findings = reader->findings_reading(*writer);
        ASSERT_TRUE(findings.has_value()) << id;
        const std::string difference = difference_in_pair(row, *findings);
        if (unsound.count(id) == 0) {
            EXPECT_EQ(difference, "") << id;
            exact += difference.empty() ? 1 : 0;
            continue;
        }
        // The reference says readable, we do not, and the checker without memory agrees with us.
        const auto naive = tests::is_readable_naively(*reader, *writer);
        EXPECT_TRUE(row.at("compatible").get<bool>()) << id << " is not a fault";
        EXPECT_FALSE(findings->empty()) << id;
        EXPECT_EQ(naive, std::optional(false)) << id << " is not proved";
        proved += naive == std::optional(false) ? 1 : 0;
    }
    std::cout << "avro pairs " << file << ": " << exact + proved << " of " << rows.size() << " ("
              << proved << " proved unsound)\n";
    EXPECT_EQ(exact + proved, rows.size());
}

}  // namespace

TEST(AvroVectors, EverySchemaTextParsesAndPrintsExactly) {
    const auto rows = tests::read_vectors("avro/parse.jsonl");
    if (rows.empty()) {
        GTEST_SKIP() << "no vectors";
    }
    std::size_t exact = 0;
    for (const Row& row : rows) {
        const std::string difference = difference_in(row);
        EXPECT_EQ(difference, "") << row.at("id") << " " << row.at("note");
        exact += difference.empty() ? 1 : 0;
    }
    std::cout << "avro parse: " << exact << " of " << rows.size() << '\n';
}

TEST(AvroVectors, EveryCuratedPairGivesTheFindingsAndMessages) {
    run_pairs("avro/compat-curated.jsonl");
}

TEST(AvroVectors, EveryRandomPairGivesTheFindings) {
    run_pairs("avro/compat-random.jsonl");
}

}  // namespace symbolon::compat::avro
