// How long one record of twenty fields takes to be decoded and encoded, beside Avro C's generic
// values in the same run.
//
// The records are an event with an agent and a queue in it: nullable texts, an enum, a map of
// texts, numbers and times. "Resolving" reads them as a schema that lacks two fields, has two
// others in another order and widens an int and a float; Avro C knows no defaults and no aliases,
// so there are none. Texts are borrowed from the input by us and copied by Avro C, which is how
// each is used. `--write-data=DIRECTORY` leaves the same data to other programs
// (bench/codec/bench.py).
#include "client/codec/avro_bytes.hpp"
#include "client/codec/avro_decode.hpp"
#include "client/codec/avro_encode.hpp"
#include "compat/compat.hpp"

#include <benchmark/benchmark.h>

#include <avro.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace symbolon;
using namespace symbolon::client;

constexpr std::size_t records = 1'000;

constexpr std::string_view writer_text = R"({
  "type": "record", "name": "Interaction", "namespace": "com.acme.events", "fields": [
    {"name": "event_id", "type": "string"},
    {"name": "timestamp", "type": {"type": "long", "logicalType": "timestamp-millis"}},
    {"name": "event_type", "type": {"type": "enum", "name": "EventType",
      "symbols": ["CREATED", "QUEUED", "ANSWERED", "TRANSFERRED", "ENDED"]}},
    {"name": "interaction_id", "type": "string"},
    {"name": "contact_center_id", "type": ["null", "string"], "default": null},
    {"name": "agent", "type": ["null", {"type": "record", "name": "AgentInfo", "fields": [
      {"name": "id", "type": "string"},
      {"name": "display_name", "type": ["null", "string"], "default": null},
      {"name": "status", "type": ["null", "string"], "default": null},
      {"name": "level", "type": "int"}]}], "default": null},
    {"name": "queue", "type": {"type": "record", "name": "QueueInfo", "fields": [
      {"name": "id", "type": "string"},
      {"name": "name", "type": ["null", "string"], "default": null},
      {"name": "position", "type": "int"},
      {"name": "wait_seconds", "type": "double"}]}},
    {"name": "answered", "type": "boolean"},
    {"name": "duration_ms", "type": "int"},
    {"name": "score", "type": "float"},
    {"name": "attributes", "type": {"type": "map", "values": "string"}},
    {"name": "data", "type": ["null", "bytes"], "default": null}
  ]})";

constexpr std::string_view reader_text = R"({
  "type": "record", "name": "Interaction", "namespace": "com.acme.events", "fields": [
    {"name": "event_id", "type": "string"},
    {"name": "event_type", "type": {"type": "enum", "name": "EventType",
      "symbols": ["CREATED", "QUEUED", "ANSWERED", "TRANSFERRED", "ENDED"]}},
    {"name": "timestamp", "type": {"type": "long", "logicalType": "timestamp-millis"}},
    {"name": "interaction_id", "type": "string"},
    {"name": "queue", "type": {"type": "record", "name": "QueueInfo", "fields": [
      {"name": "id", "type": "string"},
      {"name": "name", "type": ["null", "string"], "default": null},
      {"name": "position", "type": "long"},
      {"name": "wait_seconds", "type": "double"}]}},
    {"name": "agent", "type": ["null", {"type": "record", "name": "AgentInfo", "fields": [
      {"name": "id", "type": "string"},
      {"name": "display_name", "type": ["null", "string"], "default": null},
      {"name": "status", "type": ["null", "string"], "default": null},
      {"name": "level", "type": "int"}]}], "default": null},
    {"name": "answered", "type": "boolean"},
    {"name": "duration_ms", "type": "long"},
    {"name": "score", "type": "double"},
    {"name": "attributes", "type": {"type": "map", "values": "string"}}
  ]})";

[[noreturn]] void stop(std::string_view why) {
    std::cerr << "bench_avro_codec: " << why << '\n';
    std::exit(1);
}

/// Records made up from a fixed seed.
class EventMaker {
public:
    std::string encoded() {
        for (std::size_t at = 0; at < records; ++at) {
            event();
        }
        return bytes_;
    }

private:
    std::uint64_t pick(std::uint64_t below) { return random_() % below; }
    void number(std::int64_t value) {
        char digits[varint_bytes_max];
        bytes_.append(digits, write_varint(digits, to_zigzag(value)));
    }
    void text(std::size_t size) {
        number(static_cast<std::int64_t>(size));
        for (std::size_t at = 0; at < size; ++at) {
            bytes_ += static_cast<char>('a' + pick(26));
        }
    }
    bool branch(std::uint64_t nulls_of_ten) {
        const bool is_there = pick(10) >= nulls_of_ten;
        number(is_there ? 1 : 0);
        return is_there;
    }
    template <class Real>
    void real(Real value) {
        char place[sizeof(Real)];
        std::memcpy(place, &value, sizeof(Real));
        bytes_.append(place, sizeof(Real));
    }
    void nullable_text(std::size_t size) {
        if (branch(2)) {
            text(size);
        }
    }
    void event() {
        text(36);
        number(1'767'225'600'000 + static_cast<std::int64_t>(pick(1'000'000'000)));
        number(static_cast<std::int64_t>(pick(5)));
        text(36);
        nullable_text(12);
        if (branch(3)) {
            text(24);
            nullable_text(8 + pick(16));
            nullable_text(9);
            number(static_cast<std::int64_t>(pick(6)));
        }
        text(24);
        nullable_text(4 + pick(20));
        number(static_cast<std::int64_t>(pick(200)));
        real(static_cast<double>(pick(100'000)) / 7);
        bytes_ += static_cast<char>(pick(2));
        number(static_cast<std::int64_t>(pick(3'600'000)));
        real(static_cast<float>(pick(100)) / 3);
        if (const std::uint64_t attributes = pick(4); attributes > 0) {
            number(static_cast<std::int64_t>(attributes));
            for (std::uint64_t at = 0; at < attributes; ++at) {
                text(6 + pick(8));
                text(4 + pick(28));
            }
        }
        number(0);
        if (branch(7)) {
            text(32);
        }
    }

    std::mt19937_64 random_{20'260'101};
    std::string bytes_;
};

const std::string& data() {
    static const std::string bytes = EventMaker().encoded();
    return bytes;
}

compat::SchemaPtr schema_of(std::string_view text) {
    auto schema = compat::parse_schema(SchemaType::avro, text, {}, compat::Strictness::strict);
    if (!schema) {
        stop(schema.error().message);
    }
    return *schema;
}

void decode_all(benchmark::State& state, const Result<std::shared_ptr<const AvroReadPlan>>& plan) {
    if (!plan) {
        stop(plan.error().message);
    }
    AvroValue value;
    for (auto step : state) {
        std::string_view rest = data();
        while (!rest.empty()) {
            const auto used = (*plan)->decode(rest, value);
            if (!used) {
                stop(used.error().message);
            }
            rest.remove_prefix(*used);
            benchmark::DoNotOptimize(value.root().count());
        }
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(records));
}

void decode(benchmark::State& state) {
    decode_all(state, AvroReadPlan::compile(schema_of(writer_text)));
}
BENCHMARK(decode);

void decode_resolving(benchmark::State& state) {
    decode_all(state, AvroReadPlan::compile(schema_of(writer_text), schema_of(reader_text)));
}
BENCHMARK(decode_resolving);

void encode(benchmark::State& state) {
    const auto reading = AvroReadPlan::compile(schema_of(writer_text));
    const auto writing = AvroWritePlan::compile(schema_of(writer_text));
    std::vector<AvroValue> values(records);
    std::string_view rest = data();
    for (AvroValue& value : values) {
        rest.remove_prefix((*reading)->decode(rest, value).value_or(0));
    }
    std::string out;
    for (auto step : state) {
        out.clear();
        for (const AvroValue& value : values) {
            if (!(*writing)->encode(value.root(), out)) {
                stop("encoding failed");
            }
        }
        benchmark::DoNotOptimize(out.data());
    }
    if (out != data()) {
        stop("what was encoded is not what was decoded");
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(records));
}
BENCHMARK(encode);

// --- Avro C

void demand(int result) {
    if (result != 0) {
        stop(avro_strerror());
    }
}

struct AvroCSchema {
    explicit AvroCSchema(std::string_view text) {
        demand(avro_schema_from_json_length(text.data(), text.size(), &schema));
        kind = avro_generic_class_from_schema(schema);
    }
    ~AvroCSchema() {
        avro_value_iface_decref(kind);
        avro_schema_decref(schema);
    }
    AvroCSchema(const AvroCSchema&) = delete;
    AvroCSchema& operator=(const AvroCSchema&) = delete;
    AvroCSchema(AvroCSchema&&) = delete;
    AvroCSchema& operator=(AvroCSchema&&) = delete;

    avro_schema_t schema = nullptr;
    avro_value_iface_t* kind = nullptr;
};

void read_all(avro_value_t& target, avro_value_t& value) {
    const avro_reader_t reader =
        avro_reader_memory(data().data(), static_cast<std::int64_t>(data().size()));
    for (std::size_t at = 0; at < records; ++at) {
        demand(avro_value_reset(&value));
        demand(avro_value_read(reader, &target));
    }
    avro_reader_free(reader);
}

void avro_c_decode(benchmark::State& state) {
    const AvroCSchema schema(writer_text);
    avro_value_t value;
    demand(avro_generic_value_new(schema.kind, &value));
    for (auto step : state) {
        read_all(value, value);
    }
    avro_value_decref(&value);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(records));
}
BENCHMARK(avro_c_decode);

void avro_c_decode_resolving(benchmark::State& state) {
    const AvroCSchema written(writer_text);
    const AvroCSchema read(reader_text);
    avro_value_iface_t* const resolver = avro_resolved_writer_new(written.schema, read.schema);
    if (resolver == nullptr) {
        stop(avro_strerror());
    }
    avro_value_t value;
    avro_value_t resolved;
    demand(avro_generic_value_new(read.kind, &value));
    demand(avro_resolved_writer_new_value(resolver, &resolved));
    avro_resolved_writer_set_dest(&resolved, &value);
    for (auto step : state) {
        read_all(resolved, value);
    }
    avro_value_decref(&resolved);
    avro_value_decref(&value);
    avro_value_iface_decref(resolver);
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(records));
}
BENCHMARK(avro_c_decode_resolving);

void avro_c_encode(benchmark::State& state) {
    const AvroCSchema schema(writer_text);
    std::vector<avro_value_t> values(records);
    const avro_reader_t reader =
        avro_reader_memory(data().data(), static_cast<std::int64_t>(data().size()));
    for (avro_value_t& value : values) {
        demand(avro_generic_value_new(schema.kind, &value));
        demand(avro_value_read(reader, &value));
    }
    avro_reader_free(reader);
    std::string out(data().size() + 64, '\0');
    const avro_writer_t writer =
        avro_writer_memory(out.data(), static_cast<std::int64_t>(out.size()));
    for (auto step : state) {
        avro_writer_reset(writer);
        for (avro_value_t& value : values) {
            demand(avro_value_write(writer, &value));
        }
    }
    avro_writer_free(writer);
    for (avro_value_t& value : values) {
        avro_value_decref(&value);
    }
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(records));
}
BENCHMARK(avro_c_encode);

void write_file(const std::string& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary);
    file.write(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file.flush()) {
        stop("cannot write " + path);
    }
}

}  // namespace

int main(int argc, char** argv) {
    constexpr std::string_view option = "--write-data=";
    if (argc == 2 && std::string_view(argv[1]).starts_with(option)) {
        const std::string directory(std::string_view(argv[1]).substr(option.size()));
        write_file(directory + "/writer.avsc", writer_text);
        write_file(directory + "/reader.avsc", reader_text);
        write_file(directory + "/records.bin", data());
        return 0;
    }
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
        return 2;
    }
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}
