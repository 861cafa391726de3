// The input as a schema, a line "%%" and a datum.
//
// What is said twice must be the same; a schema in an `allOf` of its own, or denied twice, must
// accept what it accepts by itself.
#include "compat/json_schema/json_validator.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace symbolon;
using namespace symbolon::compat;
using namespace symbolon::compat::json;

void demand(bool good) {
    if (!good) {
        std::abort();
    }
}

bool is_json(std::string_view text) {
    std::pmr::monotonic_buffer_resource memory;
    return JsonReader(text, memory, memory, JsonDialect::strict).read() != nullptr;
}

/// Whether the datum is accepted; nullopt when that is not decided.
std::optional<bool> verdict(std::string_view schema, std::string_view datum, Formats formats) {
    const auto validator = JsonValidator::compile(schema, {}, formats);
    if (!validator) {
        return std::nullopt;
    }
    const auto errors = (*validator)->validate(datum);
    const auto again = (*validator)->validate(datum);
    if (!errors || !again) {
        return std::nullopt;  // what a pattern costs is told by the clock
    }
    demand(*errors == *again);
    for (const ValidationError& error : *errors) {
        demand(error.message.ends_with('.'));
        demand(error.instance_path.empty() || error.instance_path[0] == '/');
    }
    return errors->empty();
}

void check_wrapped(std::string_view schema, std::string_view datum, std::optional<bool> bare) {
    // A reference or an own name means something else one level down.
    const bool has_names = schema.find('$') != std::string_view::npos ||
                           schema.find("\\u0024") != std::string_view::npos;
    if (!bare || has_names || !is_json(schema)) {
        return;
    }
    const std::string text(schema);
    for (const std::string& wrapped :
         {"{\"allOf\":[" + text + "]}", "{\"not\":{\"not\":" + text + "}}"}) {
        const auto other = verdict(wrapped, datum, Formats::annotate);
        demand(!other || *other == *bare);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    constexpr std::string_view mark = "\n%%\n";
    const std::size_t found = bytes.find(mark);
    const bool is_split = found != std::string_view::npos;
    const std::string_view schema = bytes.substr(0, is_split ? found : bytes.size() / 2);
    const std::string_view datum = bytes.substr(is_split ? found + mark.size() : bytes.size() / 2);
    const auto bare = verdict(schema, datum, Formats::annotate);
    verdict(schema, datum, Formats::assert_them);
    check_wrapped(schema, datum, bare);
    return 0;
}
