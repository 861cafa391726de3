// Two small Protobuf schemas made from the input, mostly alike; the engine and the naive checker
// must find the same differences.
#include "compat/compat.hpp"
#include "compat/protobuf/proto_check.hpp"
#include "compat/protobuf/proto_schema.hpp"
#include "core/limits.hpp"
#include "tests/support/naive_proto_check.hpp"
#include "tests/support/proto_schema_maker.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace symbolon;
using namespace symbolon::compat;
using protobuf::ProtoSchema;

SchemaPtr parse(const tests::MadeProto& made) {
    const auto schema =
        parse_schema(SchemaType::protobuf, made.text, made.references, Strictness::lenient);
    if (!schema) {
        std::cerr << made.text << schema.error().message << '\n';
        std::abort();
    }
    return *schema;
}

std::vector<std::string> sorted_lines(const std::vector<protobuf::ProtoDifference>& differences) {
    std::vector<std::string> lines;
    for (const auto& difference : differences) {
        lines.push_back(std::string(to_string(difference.change)) + " " + difference.path);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
}

void compare(const ParsedSchema& original, const ParsedSchema& update, const std::string& texts) {
    const auto naive = tests::diff_naively(original, update);
    const auto findings = update.findings_reading(original);
    const auto engine =
        protobuf::diff_schemas(dynamic_cast<const ProtoSchema&>(original),
                               dynamic_cast<const ProtoSchema&>(update), protobuf::Reported::all);
    if (findings && findings->size() > limits::findings_max) {
        std::abort();
    }
    // The first ones will do: each builds both schemas' descriptors.
    for (std::size_t at = 0; findings && at < findings->size() && at < 2; ++at) {
        const auto example = update.find_counter_example((*findings)[at], original);
        if (example && (example->datum.empty() || example->reading.empty())) {
            std::abort();
        }
    }
    if (!naive || !engine || !findings) {
        return;
    }
    const auto lines = sorted_lines(*engine);
    const bool whole = lines.size() < limits::findings_max;
    if (findings->empty() != naive->compatible || (whole && lines != naive->differences)) {
        std::cerr << texts << "\nengine:\n";
        std::for_each(lines.begin(), lines.end(), [](const auto& l) { std::cerr << l << '\n'; });
        std::cerr << "naive:\n";
        std::for_each(naive->differences.begin(), naive->differences.end(),
                      [](const auto& line) { std::cerr << line << '\n'; });
        std::abort();
    }
}

}  // namespace

// The input is one schema, then after 0xFF the changes: pairs of position and byte for the other
// one.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    const std::size_t end = bytes.find('\xff');
    const std::string first(bytes.substr(0, end));
    std::string second = first;
    for (std::size_t at = end; at != std::string_view::npos && at + 2 < bytes.size(); at += 2) {
        const auto position = static_cast<unsigned char>(bytes[at + 1]);
        if (position < second.size()) {
            second[position] = bytes[at + 2];
        }
    }
    const auto original = tests::ProtoSchemaMaker(first).make();
    const auto update = tests::ProtoSchemaMaker(second).make();
    const SchemaPtr writer = parse(original);
    const SchemaPtr reader = parse(update);
    compare(*writer, *reader, original.text + "\n=>\n" + update.text);
    compare(*reader, *writer, update.text + "\n=>\n" + original.text);
    compare(*reader, *reader, update.text);
    return 0;
}
