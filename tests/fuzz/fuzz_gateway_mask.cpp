// Masking and mapping on hostile bytes.
//
// The bytes are masked as they are, and as the content of well-formed JSON that is made of them,
// where a marked secret stands in masked fields: the secret must not survive. The same bytes are a
// mapping file and an event to map.
#include "client/gateway/mapping.hpp"
#include "client/gateway/masking.hpp"
#include "core/json.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace symbolon;

constexpr std::string_view secret = "Zq9-Marked";
constexpr std::size_t excerpt_bytes = 256;
constexpr std::size_t depth_max = 30;

/// At most so many bytes, and UTF-8: a JSON writer finds nothing to replace in it.
void check_excerpt(std::string_view body, const client::MaskRules& rules, std::size_t bytes) {
    const auto excerpt = client::masked_excerpt(body, rules, bytes);
    if (excerpt.size() > bytes) {
        std::abort();
    }
    const auto as_json = Json(excerpt).dump(-1, ' ', false, Json::error_handler_t::replace);
    if (Json::parse(as_json).get<std::string>() != excerpt) {
        std::abort();  // it was not UTF-8: the writer had to replace something
    }
}

/// Every value of a masked field becomes the secret, in itself and within what it holds; answers
/// how many there were. Names that are not masked are left alone with what they hold.
std::size_t plant(Json& value, const client::MaskRules& rules, bool is_masked, std::size_t depth) {
    if (depth > depth_max) {
        value = nullptr;
        return 0;
    }
    std::size_t planted = 0;
    if (value.is_object()) {
        for (auto& [name, member] : value.items()) {
            planted += plant(member, rules, is_masked || rules.matches(name), depth + 1);
        }
    } else if (value.is_array()) {
        for (auto& item : value) {
            planted += plant(item, rules, is_masked, depth + 1);
        }
    } else if (is_masked) {
        value = std::string(secret) + (value.is_string() ? value.get<std::string>() : "");
        ++planted;
    }
    return planted;
}

/// JSON that the bytes may be, with secrets in it, must lose them all.
void check_planted(std::string_view bytes, const client::MaskRules& rules) {
    auto event = parse_json(bytes);
    if (!event || bytes.find(secret) != std::string_view::npos) {
        return;
    }
    plant(*event, rules, false, 0);
    const Json wrapped = {{"a", *event}, {"E-Mail", std::string(secret) + std::string(bytes)}};
    for (const int indent : {-1, 1}) {
        for (const bool ascii : {false, true}) {
            const auto text = wrapped.dump(indent, ' ', ascii, Json::error_handler_t::replace);
            for (const std::size_t size : {excerpt_bytes, text.size() * 3 + 16}) {
                const auto excerpt = client::masked_excerpt(text, rules, size);
                if (excerpt.find(secret) != std::string::npos) {
                    std::abort();
                }
            }
            check_excerpt(std::string_view(text).substr(0, text.size() / 2), rules, excerpt_bytes);
        }
    }
}

/// A mapping that parses answers JSON or a reason; one that does not says why.
void check_mapping(std::string_view bytes) {
    const auto mapping = client::Mapping::parse(bytes);
    const auto event = parse_json(bytes);
    if (!mapping) {
        if (mapping.error().message.empty()) {
            std::abort();
        }
        return;
    }
    const auto record = mapping->apply(event ? *event : Json(), {});
    if (record && !parse_json(*record)) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    static const client::MaskRules rules;
    check_excerpt(bytes, rules, excerpt_bytes);
    check_excerpt(bytes, rules, size * 3 + 16);
    check_planted(bytes, rules);
    check_mapping(bytes);
    return 0;
}
