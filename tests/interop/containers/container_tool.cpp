// Container files to JSON lines and back, for tests that compare us with other programs.
//
//   to_json FILE                        Avro's JSON encoding, one record a line
//   to_text FILE                        plain JSON with readable logical types
//   from_json SCHEMA CODEC BYTES FILE   the same from standard input; BYTES: of a block
//   make_large FILE CODEC BYTES         a file of contact-centre events, as long as that
//   measure FILE                        decodes all and prints how many records there were
#include "client/codec/avro_container.hpp"
#include "client/codec/avro_decode.hpp"
#include "client/codec/avro_encode.hpp"
#include "client/codec/avro_json.hpp"
#include "compat/compat.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

namespace {

using namespace symbolon;
using namespace symbolon::client;

constexpr AvroJsonOptions tagged{.form = AvroJsonForm::avro_encoding};
constexpr AvroJsonOptions readable{.logical = LogicalForm::readable};

Status print(const std::string& path, const AvroJsonOptions& options) {
    SYMBOLON_TRY(auto source, open_file_source(path));
    SYMBOLON_TRY(auto reader, ContainerReader::open(std::move(source)));
    SYMBOLON_TRY(const auto plan, AvroReadPlan::compile(reader.schema()));
    AvroValue value;
    std::string line;
    while (true) {
        SYMBOLON_TRY(const bool more, reader.next(*plan, value));
        if (!more) {
            return {};
        }
        line.clear();
        append_json(line, plan->schema(), value.root(), options);
        std::cout << line << '\n';
    }
}

Status measure(const std::string& path) {
    SYMBOLON_TRY(auto source, open_file_source(path));
    SYMBOLON_TRY(auto reader, ContainerReader::open(std::move(source)));
    SYMBOLON_TRY(const auto plan, AvroReadPlan::compile(reader.schema()));
    AvroValue value;
    std::string line;
    std::uint64_t text_bytes = 0;
    while (true) {
        SYMBOLON_TRY(const bool more, reader.next(*plan, value));
        if (!more) {
            break;
        }
        line.clear();
        append_json(line, plan->schema(), value.root(), readable);
        text_bytes += line.size();
    }
    std::cout << fmt::format("{{\"records\":{},\"json_bytes\":{}}}\n", reader.records(),
                             text_bytes);
    return {};
}

std::size_t to_number(const std::string& text) {
    std::size_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Result<ContainerWriterOptions> options_of(const std::string& codec, std::size_t block_bytes) {
    const auto found = find_container_codec(codec);
    if (!found) {
        return failure(make_error(ErrorCode::cannot_start, "no codec " + codec));
    }
    return ContainerWriterOptions{.codec = *found, .block_bytes = block_bytes};
}

Status convert(const std::string& schema_path, const ContainerWriterOptions& options,
               const std::string& path) {
    std::ifstream in(schema_path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    SYMBOLON_TRY(const auto schema,
                 compat::parse_schema(SchemaType::avro, text, {}, compat::Strictness::lenient));
    SYMBOLON_TRY(const auto plan, AvroWritePlan::compile(schema));
    SYMBOLON_TRY(auto writer, ContainerWriter::open_file(path, text, options));
    AvroValue value;
    std::string bytes;
    for (std::string line; std::getline(std::cin, line);) {
        SYMBOLON_CHECK(read_json(plan->schema(), line, tagged, value));
        bytes.clear();
        SYMBOLON_CHECK(plan->encode(value.root(), bytes));
        SYMBOLON_CHECK(writer.append(bytes));
    }
    return writer.close();
}

constexpr std::string_view event_schema = R"({"type":"record","name":"Event","fields":[
    {"name":"event_id","type":["null","string"],"default":null},
    {"name":"timestamp","type":{"type":"long","logicalType":"timestamp-millis"}},
    {"name":"agent","type":["null",{"type":"record","name":"Agent","fields":[
        {"name":"id","type":["null","string"]},{"name":"status","type":["null","string"]}]}]},
    {"name":"attributes","type":{"type":"map","values":"string"}},
    {"name":"data","type":["null","bytes"],"default":null}]})";

Status make_large(const std::string& path, const ContainerWriterOptions& options,
                  std::size_t bytes_wanted) {
    std::remove(path.c_str());
    SYMBOLON_TRY(const auto schema, compat::parse_schema(SchemaType::avro, event_schema, {},
                                                         compat::Strictness::strict));
    SYMBOLON_TRY(const auto plan, AvroWritePlan::compile(schema));
    SYMBOLON_TRY(auto writer, ContainerWriter::open_file(path, event_schema, options));
    AvroValue value;
    std::vector<std::string> events(1'000);
    for (std::size_t at = 0; at < events.size(); ++at) {
        const std::string json = fmt::format(
            R"({{"event_id":"e-{}","timestamp":{},"agent":{{"id":"a-{}","status":"ON_QUEUE"}},)"
            R"("attributes":{{"queue":"q-{}","skill":"billing"}},"data":null}})",
            at, 1'772'370'300'000 + at, at % 97, at % 31);
        SYMBOLON_CHECK(read_json(plan->schema(), json, {}, value));
        SYMBOLON_CHECK(plan->encode(value.root(), events[at]));
    }
    std::size_t written = 0;
    for (std::size_t at = 0; written < bytes_wanted; at = (at + 1) % events.size()) {
        SYMBOLON_CHECK(writer.append(events[at]));
        written += events[at].size();
    }
    return writer.close();
}

Status run(const std::vector<std::string>& words) {
    if (words.size() == 2 && words[0] == "to_json") {
        return print(words[1], tagged);
    }
    if (words.size() == 2 && words[0] == "to_text") {
        return print(words[1], readable);
    }
    if (words.size() == 2 && words[0] == "measure") {
        return measure(words[1]);
    }
    if (words.size() == 5 && words[0] == "from_json") {
        SYMBOLON_TRY(const auto options, options_of(words[2], to_number(words[3])));
        return convert(words[1], options, words[4]);
    }
    if (words.size() == 4 && words[0] == "make_large") {
        SYMBOLON_TRY(const auto options, options_of(words[2], 64U << 10U));
        return make_large(words[1], options, to_number(words[3]));
    }
    return failure(make_error(ErrorCode::cannot_start, "usage: see container_tool.cpp"));
}

}  // namespace

int main(int count, char** arguments) {
    std::ios::sync_with_stdio(false);
    const auto status = run({arguments + 1, arguments + count});
    if (!status) {
        std::cerr << status.error().message << '\n';
        return 1;
    }
    return 0;
}
