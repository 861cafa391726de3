// How fast JSON Schemas are parsed and compared, and how the cost grows with their size.
//
// Rows whose name ends in _growth are for complexity: time over N, with the fitted order.
#include "compat/compat.hpp"
#include "compat/json_schema/json_validator.hpp"
#include "tests/support/json_families.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace symbolon;
using namespace symbolon::compat;
using tests::shared_unions;
using tests::wide_union;
using tests::wide_union_downwards;
using tests::WrittenUnions;

// An object of so many properties: numbers, texts, nested objects, arrays and references, in turn.
std::string object_text(std::size_t properties) {
    constexpr std::string_view types[] = {
        R"({"type":"integer","minimum":0})",
        R"({"type":"string","maxLength":80})",
        R"({"type":["string","null"],"description":"as the sender wrote it"})",
        R"({"type":"array","items":{"type":"number"}})",
        R"({"$ref":"#/definitions/money"})",
    };
    std::string text = R"({"$schema":"http://json-schema.org/draft-07/schema#","type":"object",)"
                       R"("additionalProperties":false,"definitions":{"money":{"properties":)"
                       R"({"amount":{"type":"number"},"currency":{"type":"string"}}}},)"
                       R"("properties":{)";
    for (std::size_t at = 0; at < properties; ++at) {
        text += at == 0 ? "\"" : ",\"";
        text += "field_" + std::to_string(at) + "\":";
        text += types[at % std::size(types)];
    }
    return text + "}}";
}

SchemaPtr parse_ours(const std::string& text) {
    auto schema = parse_schema(SchemaType::json, text, {}, Strictness::strict);
    if (!schema) {
        std::abort();
    }
    return *schema;
}

void compare(benchmark::State& state, const std::string& original, const std::string& update) {
    const SchemaPtr writer = parse_ours(original);
    const SchemaPtr reader = parse_ours(update);
    for (auto _ : state) {
        const auto findings = reader->findings_reading(*writer);
        if (!findings || !findings->empty()) {
            std::abort();
        }
    }
    state.SetItemsProcessed(state.iterations());
    state.SetComplexityN(state.range(0));
}

std::size_t size_of(const benchmark::State& state) {
    return static_cast<std::size_t>(state.range(0));
}

void json_parse(benchmark::State& state) {
    const std::string text = object_text(size_of(state));
    for (auto _ : state) {
        benchmark::DoNotOptimize(parse_ours(text));
    }
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void json_pair(benchmark::State& state) {
    compare(state, object_text(size_of(state)), object_text(size_of(state) + 1));
}

void json_pair_nested_unions(benchmark::State& state) {
    compare(state, shared_unions(size_of(state), R"({"type":"integer"})"),
            shared_unions(size_of(state), R"({"type":"number"})"));
}

// Grows with the levels, so that the size of the text is what the cost is measured against.
void compare_written(benchmark::State& state, WrittenUnions writer, WrittenUnions reader) {
    writer.levels = size_of(state);
    reader.levels = size_of(state);
    const std::string text = writer.text();
    compare(state, text, reader.text());
    state.SetComplexityN(static_cast<std::int64_t>(text.size()));
}

void json_pair_written_unions(benchmark::State& state) {
    compare_written(state, {}, {.leaf = R"({"type":"number"})"});
}

// Each alternative fits several, and they stand in another order.
void json_pair_overlapping_unions(benchmark::State& state) {
    compare_written(state, {.told = WrittenUnions::Told::by_limits},
                    {.leaf = R"({"type":"number"})",
                     .told = WrittenUnions::Told::by_limits,
                     .order = WrittenUnions::Order::downwards});
}

void json_pair_wide_union(benchmark::State& state) {
    compare(state, wide_union(size_of(state)), wide_union(size_of(state)));
}

void json_pair_unordered_union(benchmark::State& state) {
    compare(state, wide_union(size_of(state)), wide_union_downwards(size_of(state)));
}

// What object_text() of so many properties accepts, with every property.
std::string object_datum(std::size_t properties) {
    constexpr std::string_view values[] = {
        "12345",
        R"("as it is sent")",
        "null",
        "[1, 2.5, -3e2]",
        R"({"amount": 12.50, "currency": "CHF"})",
    };
    std::string text = "{";
    for (std::size_t at = 0; at < properties; ++at) {
        text += fmt::format(R"({}"field_{}":{})", at == 0 ? "" : ",", at,
                            values[at % std::size(values)]);
    }
    return text + "}";
}

void json_validate(benchmark::State& state) {
    const auto validator =
        json::JsonValidator::compile(object_text(size_of(state)), {}, json::Formats::annotate);
    const std::string datum = object_datum(size_of(state));
    for (auto _ : state) {
        const auto errors = (*validator)->validate(datum);
        if (!errors || !errors->empty()) {
            std::abort();
        }
    }
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(datum.size()));
}

BENCHMARK(json_validate)->Arg(10)->Arg(500);
BENCHMARK(json_parse)->Arg(10)->Arg(500);
BENCHMARK(json_pair)->Arg(10)->Arg(500);
BENCHMARK(json_pair_nested_unions)->Arg(5);
BENCHMARK(json_pair_written_unions)->Arg(5);
BENCHMARK(json_pair_overlapping_unions)->Arg(5);
BENCHMARK(json_pair_wide_union)->Arg(12);
BENCHMARK(json_pair)->Name("json_pair_growth")->Range(64, 4'096)->Complexity();
BENCHMARK(json_pair_nested_unions)
    ->Name("json_pair_nested_unions_growth")
    ->Range(2, 128)
    ->Complexity();
BENCHMARK(json_pair_written_unions)
    ->Name("json_pair_written_unions_growth")
    ->DenseRange(1, 5)
    ->Complexity();
BENCHMARK(json_pair_overlapping_unions)
    ->Name("json_pair_overlapping_unions_growth")
    ->DenseRange(1, 5)
    ->Complexity();
BENCHMARK(json_pair_wide_union)->Name("json_pair_wide_union_growth")->Range(8, 1'024)->Complexity();
BENCHMARK(json_pair_unordered_union)
    ->Name("json_pair_unordered_union_growth")
    ->Range(8, 1'024)
    ->Complexity();

}  // namespace
