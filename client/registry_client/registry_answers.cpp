#include "client/registry_client/registry_answers.hpp"

#include "core/limits.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

namespace symbolon::client {

Error strange_answer(std::string_view what) {
    return make_error(
        ErrorCode::unavailable,
        fmt::format("The registry's answer is {}; is the base URL a registry's?", what));
}

namespace {

/// The name without its context.
std::string_view bare_name(std::string_view subject) {
    const auto end = subject.starts_with(":.") ? subject.find(':', 1) : std::string_view::npos;
    return end == std::string_view::npos ? subject : subject.substr(end + 1);
}

}  // namespace

Result<std::string> to_name(const Json& item) {
    if (!item.is_string()) {
        return failure(strange_answer("no list of names"));
    }
    const auto& name = item.get_ref<const std::string&>();
    if (name.size() > limits::name_bytes_max) {
        return failure(
            strange_answer(fmt::format("a name of more than {} bytes", limits::name_bytes_max)));
    }
    return name;
}

Result<std::int32_t> to_number(const Json& item) {
    const bool is_number =
        item.is_number_integer() && item >= 1 && item <= std::numeric_limits<std::int32_t>::max();
    if (!is_number) {
        return failure(strange_answer("no number of a version or id"));
    }
    return item.get<std::int32_t>();
}

Result<std::vector<Version>> to_versions(const Json& json) {
    if (!json.is_array()) {
        return failure(strange_answer("no list of versions"));
    }
    std::vector<Version> versions;
    for (const Json& item : json) {
        SYMBOLON_TRY(const auto number, to_number(item));
        versions.emplace_back(number);
    }
    return versions;
}

Result<SubjectVersion> to_use(const Json& item) {
    const auto subject = item.is_object() ? item.find("subject") : item.end();
    const auto version = item.is_object() ? item.find("version") : item.end();
    if (!item.is_object() || subject == item.end() || version == item.end()) {
        return failure(strange_answer("no list of subjects with versions"));
    }
    SYMBOLON_TRY(auto name, to_name(*subject));
    SYMBOLON_TRY(const auto number, to_number(*version));
    return SubjectVersion{std::move(name), Version(number)};
}

bool has_prefix(std::string_view subject, std::string_view prefix) {
    if (prefix.starts_with(":*:")) {
        return bare_name(subject).starts_with(prefix.substr(3));
    }
    if (prefix.starts_with(":.:")) {
        return bare_name(subject).starts_with(prefix.substr(3));
    }
    return subject.starts_with(prefix) || bare_name(subject).starts_with(prefix);
}

void rename_member(Json& object, const char* from, const char* to) {
    if (const auto found = object.find(from); found != object.end()) {
        Json value = std::move(*found);
        object.erase(from);
        object.emplace(to, std::move(value));
    }
}

Result<ConfigJson> to_config(Json json) {
    if (json.is_string()) {
        return ConfigJson{{"compatibilityLevel", std::move(json)}};
    }
    if (!json.is_object()) {
        return failure(strange_answer("no config"));
    }
    rename_member(json, "compatibility", "compatibilityLevel");
    return json;
}

Result<std::string> to_mode(const Json& json) {
    const auto found = json.find("mode");
    if (found == json.end() || !found->is_string()) {
        return failure(strange_answer("no mode"));
    }
    return found->get<std::string>();
}

}  // namespace symbolon::client
