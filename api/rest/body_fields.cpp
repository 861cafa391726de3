#include "api/rest/body_fields.hpp"

#include "api/rest/request_target.hpp"

#include <limits>

namespace symbolon::rest {

namespace {

tl::unexpected<Error> unexpected_type(std::string_view place, std::string_view expected,
                                      const Json& found) {
    return failure(
        make_error(ErrorCode::malformed_json,
                   fmt::format("at {}: expected {}, found {}", place.empty() ? "the start" : place,
                               expected, found.type_name())));
}

}  // namespace

Result<BodyFields> BodyFields::open(const Json& json, std::string place) {
    if (!json.is_object()) {
        return unexpected_type(place, "an object", json);
    }
    return BodyFields(json, std::move(place));
}

const Json* BodyFields::find(const char* name) const {
    const auto found = json_->find(name);
    return found == json_->end() || found->is_null() ? nullptr : &*found;
}

Result<std::optional<std::string>> BodyFields::text(const char* name) const {
    const Json* member = find(name);
    if (member == nullptr) {
        return std::nullopt;
    }
    if (!member->is_string()) {
        return unexpected_type(place_of(name), "a string", *member);
    }
    return member->get<std::string>();
}

Result<std::string> BodyFields::text_or_empty(const char* name) const {
    SYMBOLON_TRY(auto found, text(name));
    return std::move(found).value_or(std::string());
}

Result<std::optional<bool>> BodyFields::flag(const char* name) const {
    const Json* member = find(name);
    if (member == nullptr) {
        return std::nullopt;
    }
    if (!member->is_boolean()) {
        return unexpected_type(place_of(name), "true or false", *member);
    }
    return member->get<bool>();
}

Result<std::optional<std::int32_t>> BodyFields::number(const char* name) const {
    const Json* member = find(name);
    if (member == nullptr) {
        return std::nullopt;
    }
    std::optional<std::int32_t> found;
    if (member->is_string()) {
        found = find_int32(member->get_ref<const std::string&>());
    } else if (member->is_number_integer()) {
        // Why: as text, so that a number beyond 64 bits is out of range, not another number.
        found = find_int32(member->dump());
    }
    if (!found) {
        return unexpected_type(place_of(name), "a 32-bit integer", *member);
    }
    return found;
}

Result<std::vector<std::string>> BodyFields::texts(const char* name) const {
    SYMBOLON_TRY(const auto members, items(name));
    std::vector<std::string> found;
    for (const auto& [member, place] : members) {
        if (!member->is_string()) {
            return unexpected_type(place, "a string", *member);
        }
        found.push_back(member->get<std::string>());
    }
    return found;
}

Result<std::vector<std::pair<const Json*, std::string>>> BodyFields::items(const char* name) const {
    std::vector<std::pair<const Json*, std::string>> found;
    const Json* array = find(name);
    if (array == nullptr) {
        return found;
    }
    if (!array->is_array()) {
        return unexpected_type(place_of(name), "an array", *array);
    }
    for (const Json& item : *array) {
        found.emplace_back(&item, fmt::format("{}/{}", place_of(name), found.size()));
    }
    return found;
}

}  // namespace symbolon::rest
