// How fast Avro schemas are parsed and compared, beside Avro C in the same run.
//
// The schemas have as many fields as the argument says: numbers, texts, nullable fields with
// defaults, arrays and an enum, in turn. In a pair the reader has one field more, with a default.
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

}  // namespace
