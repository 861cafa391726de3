// Two small Avro schemas made from the input, mostly alike; the checker and the naive one must
// agree, and what is built to show a finding must be refused, while nothing refutes a readable
// pair.
//
// Few names and many references to them, so that recursion through unions is common.
#include "compat/avro/avro_datum.hpp"
#include "compat/compat.hpp"
#include "tests/support/naive_avro_check.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace symbolon;
using namespace symbolon::compat;

class SchemaMaker {
public:
    explicit SchemaMaker(std::string_view bytes) : bytes_(bytes) {}

    std::string type() {
        const unsigned choice = next() % 12;
        if (depth_ > 5 || bytes_.empty()) {
            return choice % 2 == 0 ? R"("int")" : R"("null")";
        }
        ++depth_;
        std::string text;
        switch (choice) {
            case 0:
            case 1:
            case 2:
                text = record();
                break;
            case 3:
            case 4:
                text = reference();
                break;
            case 5:
            case 6:
                text = union_of();
                break;
            case 7:
                text = R"({"type":"array","items":)" + type() + "}";
                break;
            case 8:
                text = R"({"type":"map","values":)" + type() + "}";
                break;
            case 9:
                text = next() % 2 == 0 ? R"("int")" : R"("long")";
                break;
            case 10:
                text = R"("string")";
                break;
            default:
                text = enumeration();
        }
        --depth_;
        return text;
    }

private:
    unsigned next() {
        if (bytes_.empty()) {
            return 0;
        }
        const auto byte = static_cast<unsigned char>(bytes_.front());
        bytes_.remove_prefix(1);
        return byte;
    }

    std::string name() { return std::string(1, static_cast<char>('A' + next() % 4)); }

    std::string reference() { return "\"" + name() + "\""; }

    std::string union_of() {
        std::string text = "[\"null\"";
        for (unsigned count = next() % 3; count > 0; --count) {
            text += "," + (next() % 2 == 0 ? reference() : record());
        }
        return text + "]";
    }

    std::string record() {
        std::string text = R"({"type":"record","name":")" + name() + "\"";
        if (next() % 4 == 0) {
            text += R"(,"aliases":[)" + reference() + "]";
        }
        text += R"(,"fields":[)";
        const unsigned count = next() % 4;
        for (unsigned at = 0; at < count; ++at) {
            const unsigned how = next();
            const auto field = static_cast<char>('a' + at + how % 2 * 4);
            text += at == 0 ? "" : ",";
            text += R"({"name":")" + std::string(1, field) + R"(","type":)" + type();
            text += how % 8 == 7 ? R"(,"default":null})" : "}";
        }
        return text + "]}";
    }

    std::string enumeration() {
        const unsigned how = next();
        return R"({"type":"enum","name":"E)" + std::to_string(how % 2) + R"(","symbols":["x")" +
               (how % 4 < 2 ? R"(,"y")" : "") + "]" + (how % 8 == 0 ? R"(,"default":"x")" : "") +
               "}";
    }

    std::string_view bytes_;
    std::size_t depth_ = 0;
};

void demand(bool holds) {
    if (!holds) {
        std::abort();
    }
}

void use_data(const ParsedSchema& reader, const ParsedSchema& writer, const Findings& findings) {
    for (const Finding& finding : findings) {
        const auto example = reader.find_counter_example(finding, writer);
        demand(!example || (!example->datum.empty() && example->reading.ends_with('.')));
    }
    const auto& written = dynamic_cast<const avro::AvroSchema&>(writer).tree();
    const auto datum = avro::DatumMaker(written).smallest(*written.root);
    if (findings.empty() && datum) {
        const auto& read = dynamic_cast<const avro::AvroSchema&>(reader).tree();
        demand(!avro::read_datum(*read.root, *datum).refused());
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
    const auto parse = [](const std::string& seed) {
        return parse_schema(SchemaType::avro, SchemaMaker(seed).type(), {}, Strictness::lenient);
    };
    const auto reader = parse(first);
    const auto writer = parse(second);
    if (!reader || !writer) {
        return 0;
    }
    const auto findings = (*reader)->findings_reading(**writer);
    if (findings) {
        use_data(**reader, **writer, *findings);
    }
    const auto naive = tests::is_readable_naively(**reader, **writer, 1'000'000);
    if (!findings || !naive) {
        return 0;
    }
    const bool ambiguous =
        !findings->empty() && findings->front().kind == FindingKind::check_exception;
    demand(ambiguous || findings->empty() == *naive);
    return 0;
}
