#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace symbolon::rest {

namespace {

Result<Response> answer_schema(const Call& call, const SubjectVersion& version) {
    SYMBOLON_TRY(const auto formatted,
                 call.formatted_text(*version.content, version.subject.context));
    std::string body;
    append_schema(body, version, {formatted ? *formatted : version.content->text});
    return call.answer(std::move(body));
}

}  // namespace

Result<Response> get_subjects(const Call& call) {
    SYMBOLON_TRY(const Page page, call.page());
    const auto given = call.target.find("subjectPrefix");
    SubjectQuery query;
    query.prefix = parse_subject_prefix(given ? std::optional<std::string>(*given) : std::nullopt);
    query.view = call.view();
    query.offset = static_cast<std::size_t>(std::max<std::int64_t>(page.offset, 0));
    query.limit = page.limit > 0 ? static_cast<std::size_t>(page.limit)
                                 : std::numeric_limits<std::size_t>::max();
    return call.answer(to_array_body(call.registry.list_subject_names(query)));
}

Result<Response> post_subject(const Call& call) {
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "lookUpSchema.request"));
    SYMBOLON_TRY(const SchemaRequest request, parse_schema_request(json));
    const LookUpOptions options{call.target.flag("normalize"), call.target.flag("deleted")};
    SYMBOLON_TRY(const SubjectVersion found,
                 call.registry.look_up_schema(call.subject(), request, options));
    return answer_schema(call, found);
}

Result<Response> delete_subject(const Call& call) {
    SYMBOLON_TRY(const std::vector<Version> versions,
                 call.registry.delete_subject(call.subject(), call.target.flag("permanent"),
                                              retention_of(call)));
    std::vector<std::int32_t> numbers;
    numbers.reserve(versions.size());
    for (const Version version : versions) {
        numbers.push_back(version.value());
    }
    return call.answer(to_array_body(numbers));
}

Result<Response> get_subject_metadata(const Call& call) {
    const auto keys = call.target.find_all("key");
    const auto values = call.target.find_all("value");
    std::vector<std::pair<std::string, std::string>> pairs;
    for (std::size_t at = 0; at < std::min(keys.size(), values.size()); ++at) {
        pairs.emplace_back(keys[at], values[at]);
    }
    const View view = call.target.flag("deleted") ? View::with_deleted : View::live;
    SYMBOLON_TRY(const SubjectVersion found, call.registry.read([&](const Catalog& catalog) {
        return get_version_with_metadata(catalog, call.subject(catalog), pairs, view);
    }));
    call.serves(found);
    return answer_schema(call, found);
}

}  // namespace symbolon::rest
