// Two small Avro schemas made from the input, mostly alike, and bytes read with both; the decoder
// and the naive one must agree, and what was read is written and read again.
//
// The input: a byte with the length of what the writer's schema is made of, a byte with the number
// of changes that make the reader's, the changes as pairs of position and byte, then the rest:
// bytes as they are when the first byte is even, else what a good datum is made of.
#include "compat/compat.hpp"
#include "tests/support/avro_differential.hpp"
#include "tests/support/avro_pair_maker.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace symbolon;

compat::SchemaPtr made_schema(const std::string& seed) {
    const auto schema = compat::parse_schema(SchemaType::avro, tests::AvroSchemaMaker(seed).type(),
                                             {}, compat::Strictness::lenient);
    return schema ? *schema : nullptr;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest(reinterpret_cast<const char*>(data), size);
    if (size < 2) {
        return 0;
    }
    const auto length = static_cast<unsigned char>(rest[0]);
    const unsigned changes = static_cast<unsigned char>(rest[1]) % 8;
    rest.remove_prefix(2);
    const std::string first(rest.substr(0, length / 2));
    rest.remove_prefix(first.size());
    std::string second = first;
    for (unsigned at = 0; at < changes && rest.size() >= 2; ++at) {
        if (!second.empty()) {
            second[static_cast<unsigned char>(rest[0]) % second.size()] = rest[1];
        }
        rest.remove_prefix(2);
    }
    const compat::SchemaPtr writer = made_schema(first);
    const compat::SchemaPtr reader = made_schema(second);
    if (!writer || !reader) {
        return 0;
    }
    std::string bytes(rest);
    if (length % 2 == 1) {
        bytes.clear();
        const auto& tree = dynamic_cast<const compat::avro::AvroSchema&>(*writer).tree();
        tests::AvroDatumMaker(rest, bytes).write(*tree.root);
    }
    if (const std::string problem = tests::find_disagreement(writer, reader, bytes);
        !problem.empty()) {
        std::fprintf(stderr, "%s\nwriter %s\nreader %s\n", problem.c_str(),
                     writer->canonical_text(compat::Normalize::no).value_or("?").c_str(),
                     reader->canonical_text(compat::Normalize::no).value_or("?").c_str());
        std::abort();
    }
    return 0;
}
