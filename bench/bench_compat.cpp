// How fast Avro schemas are parsed and compared, beside Avro C in the same run.
//
// The schemas have as many fields as the argument says: numbers, texts, nullable fields with
// defaults, arrays and an enum, in turn. In a pair the reader has one field more, with a default.
// What is nasty: records that refer to all before them and to themselves, and unions of twelve
// records whose fields are such unions, five deep. Growth is measured against the bytes of a text.
#include "compat/compat.hpp"

#include <benchmark/benchmark.h>

#include <avro.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace symbolon;
using namespace symbolon::compat;

std::string schema_text(std::size_t fields) {
    constexpr std::string_view types[] = {
        R"("long")",
        R"("string")",
        R"(["null","string"],"default":null)",
        R"({"type":"array","items":"double"})",
        R"("boolean")",
    };
    std::string text = R"({"type":"record","name":"Order","namespace":"com.acme","fields":[)"
                       R"({"name":"state","type":{"type":"enum","name":"State",)"
                       R"("symbols":["NEW","PAID","SENT"]}})";
    for (std::size_t at = 1; at < fields; ++at) {
        text += R"(,{"name":"field_)" + std::to_string(at) + R"(","type":)";
        text += types[at % std::size(types)];
        text += "}";
    }
    return text + "]}";
}

std::string with_another_field(const std::string& text) {
    return text.substr(0, text.size() - 2) + R"(,{"name":"added","type":"int","default":0}]})";
}

std::string text_of_bytes(std::size_t bytes) {
    std::size_t fields = 1;
    while (schema_text(fields).size() < bytes) {
        ++fields;
    }
    return schema_text(fields);
}

std::string knot_text(std::size_t records, std::string_view leaf) {
    std::string text = R"({"type":"record","name":"Knot","fields":[)";
    for (std::size_t at = 0; at < records; ++at) {
        const std::string number = std::to_string(at);
        text += (at == 0 ? R"({"name":"r)" : R"(,{"name":"r)") + number +
                R"(","type":{"type":"record","name":"R)" + number +
                R"(","fields":[{"name":"leaf","type":")" + std::string(leaf) + "\"}";
        for (std::size_t to = 0; to <= at; ++to) {
            text += R"(,{"name":"f)" + std::to_string(to) + R"(","type":["null","R)" +
                    std::to_string(to) + R"("]})";
        }
        text += "]}}";
    }
    return text + "]}";
}

// The records are defined where they are met first, and named elsewhere.
std::string union_text(std::size_t levels, std::string_view leaf) {
    constexpr std::size_t ways = 12;
    std::string type = "\"" + std::string(leaf) + "\"";
    std::string names = type;
    for (std::size_t level = 0; level < levels; ++level) {
        std::string all = "[";
        std::string all_names = "[";
        for (std::size_t way = 0; way < ways; ++way) {
            const std::string name = "N" + std::to_string(level) + "_" + std::to_string(way);
            const std::string comma = way == 0 ? "" : ",";
            all += comma + R"({"type":"record","name":")" + name +
                   R"(","fields":[{"name":"next","type":)" + (way == 0 ? type : names) + "}]}";
            all_names += comma + "\"" + name + "\"";
        }
        type = all + "]";
        names = all_names + "]";
    }
    return type;
}

SchemaPtr parse_ours(const std::string& text) {
    auto schema = parse_schema(SchemaType::avro, text, {}, Strictness::strict);
    if (!schema) {
        std::abort();
    }
    return *schema;
}

avro_schema_t parse_theirs(const std::string& text) {
    avro_schema_t schema = nullptr;
    if (avro_schema_from_json_length(text.data(), text.size(), &schema) != 0) {
        std::abort();
    }
    return schema;
}

void parse(benchmark::State& state) {
    const std::string text = schema_text(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        benchmark::DoNotOptimize(parse_ours(text));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void parse_avro_c(benchmark::State& state) {
    const std::string text = schema_text(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        avro_schema_decref(parse_theirs(text));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void parse_bytes(benchmark::State& state) {
    const std::string text = text_of_bytes(static_cast<std::size_t>(state.range(0)));
    for (auto _ : state) {
        benchmark::DoNotOptimize(parse_ours(text));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void canonical(benchmark::State& state) {
    const SchemaPtr schema = parse_ours(schema_text(static_cast<std::size_t>(state.range(0))));
    for (auto _ : state) {
        benchmark::DoNotOptimize(schema->canonical_text(Normalize::no));
    }
}

void pair(benchmark::State& state) {
    const std::string text = schema_text(static_cast<std::size_t>(state.range(0)));
    const SchemaPtr writer = parse_ours(text);
    const SchemaPtr reader = parse_ours(with_another_field(text));
    for (auto _ : state) {
        const auto findings = reader->findings_reading(*writer);
        if (!findings || !findings->empty()) {
            std::abort();
        }
    }
}

void check_readable(benchmark::State& state, const std::string& reader_text,
                    const std::string& writer_text) {
    const SchemaPtr reader = parse_ours(reader_text);
    const SchemaPtr writer = parse_ours(writer_text);
    for (auto _ : state) {
        const auto findings = reader->findings_reading(*writer);
        if (!findings || !findings->empty()) {
            std::abort();
        }
    }
    state.SetItemsProcessed(state.iterations());
    state.SetComplexityN(static_cast<std::int64_t>(writer_text.size()));
}

void pair_growth(benchmark::State& state) {
    const std::string text = schema_text(static_cast<std::size_t>(state.range(0)));
    check_readable(state, with_another_field(text), text);
}

void pair_knot_growth(benchmark::State& state) {
    const auto records = static_cast<std::size_t>(state.range(0));
    check_readable(state, knot_text(records, "long"), knot_text(records, "int"));
}

void pair_nested_unions_growth(benchmark::State& state) {
    const auto levels = static_cast<std::size_t>(state.range(0));
    check_readable(state, union_text(levels, "long"), union_text(levels, "int"));
}

// Avro C knows no defaults, so it gets the pair without the added field: less work, if anything.
void pair_avro_c(benchmark::State& state) {
    const std::string text = schema_text(static_cast<std::size_t>(state.range(0)));
    const avro_schema_t writer = parse_theirs(text);
    const avro_schema_t reader = parse_theirs(text);
    for (auto _ : state) {
        if (avro_schema_match(writer, reader) == 0) {
            std::abort();
        }
    }
    avro_schema_decref(reader);
    avro_schema_decref(writer);
}

void transitive(benchmark::State& state) {
    const std::string text = schema_text(50);
    std::vector<HistoryEntry> history;
    for (auto version = static_cast<std::int32_t>(state.range(0)); version > 0; --version) {
        history.push_back({Version{version}, parse_ours(text), text});
    }
    const SchemaPtr candidate = parse_ours(with_another_field(text));
    for (auto _ : state) {
        const auto outcome = check_level(Level::backward_transitive, *candidate, history);
        if (!outcome || !outcome->compatible()) {
            std::abort();
        }
    }
}

BENCHMARK(parse)->Arg(10)->Arg(500);
BENCHMARK(parse_avro_c)->Arg(10)->Arg(500);
BENCHMARK(parse_bytes)->Arg(1'024);
BENCHMARK(canonical)->Arg(10)->Arg(500);
BENCHMARK(pair)->Arg(10)->Arg(500);
BENCHMARK(pair_avro_c)->Arg(10)->Arg(500);
BENCHMARK(transitive)->Arg(100);
BENCHMARK(pair_growth)->Arg(64)->Arg(512)->Arg(4'096)->Complexity();
BENCHMARK(pair_knot_growth)->Arg(16)->Arg(64)->Arg(256)->Complexity();
BENCHMARK(pair_nested_unions_growth)->Arg(1)->Arg(5)->Arg(20)->Complexity();

}  // namespace
