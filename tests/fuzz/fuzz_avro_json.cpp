// A schema and, after a byte 0x1E, any bytes as JSON of it, in every form: what is read comes back
// from bytes and from its own text.
#include "client/codec/avro_decode.hpp"
#include "client/codec/avro_encode.hpp"
#include "client/codec/avro_json.hpp"
#include "compat/compat.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace symbolon;
using namespace symbolon::client;

void demand(bool holds) {
    if (!holds) {
        std::abort();
    }
}

class RoundTrip {
public:
    RoundTrip(const AvroReadPlan& read_plan, const AvroWritePlan& write_plan)
        : read_plan_(read_plan), write_plan_(write_plan) {}

    void run(std::string_view text, const AvroJsonOptions& options) {
        AvroValue value;
        const auto status = read_json(write_plan_.schema(), text, options, value);
        if (!status) {
            demand(status.error().code == ErrorCode::malformed_datum);
            return;
        }
        const std::string shown = to_text(value, options);
        std::string bytes;
        if (!write_plan_.encode(value.root(), bytes)) {
            return;  // deeper than data may be
        }
        AvroValue decoded;
        const auto used = read_plan_.decode(bytes, decoded);
        demand(used && *used == bytes.size());
        demand(to_text(decoded, options) == shown);
        // A plain text may belong to another branch, and costs more to read than one with names; a
        // decimal may have more digits than its schema allows.
        AvroValue again;
        const bool reads_back = read_json(write_plan_.schema(), shown, options, again).has_value();
        const bool is_tagged = options.form == AvroJsonForm::avro_encoding;
        demand(reads_back || !is_tagged);
        demand(!is_tagged || to_text(again, options) == shown);
    }

private:
    std::string to_text(const AvroValue& value, const AvroJsonOptions& options) const {
        std::string text;
        append_json(text, write_plan_.schema(), value.root(), options);
        return text;
    }
    const AvroReadPlan& read_plan_;
    const AvroWritePlan& write_plan_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t split = input.find('\x1e');
    if (split == std::string_view::npos) {
        return 0;
    }
    const auto schema = compat::parse_schema(SchemaType::avro, input.substr(0, split), {},
                                             compat::Strictness::lenient);
    if (!schema) {
        return 0;
    }
    const auto read_plan = AvroReadPlan::compile(*schema);
    const auto write_plan = AvroWritePlan::compile(*schema);
    if (!read_plan || !write_plan) {
        return 0;
    }
    RoundTrip trip(**read_plan, **write_plan);
    const std::string_view text = input.substr(split + 1);
    trip.run(text, {.form = AvroJsonForm::avro_encoding});
    trip.run(text, {});
    trip.run(text, {.bytes = BytesForm::avro_text,
                    .logical = LogicalForm::readable,
                    .unknown = UnknownFields::ignored});
    return 0;
}
