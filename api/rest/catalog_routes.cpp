#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"
#include "api/schema_words.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace symbolon::rest {

namespace {

constexpr std::array sort_names{
    std::pair{SubjectSort::name, std::string_view("name")},
    std::pair{SubjectSort::time, std::string_view("time")},
    std::pair{SubjectSort::versions, std::string_view("versions")},
    std::pair{SubjectSort::id, std::string_view("id")},
};
constexpr std::array order_names{
    std::pair{SortOrder::ascending, std::string_view("asc")},
    std::pair{SortOrder::descending, std::string_view("desc")},
};

/// The value that `text` names in `names`; the first one when it is absent or empty.
template <class Value, std::size_t Size>
Result<Value> parse_choice(const std::array<std::pair<Value, std::string_view>, Size>& names,
                           std::string_view parameter, std::optional<std::string_view> text) {
    if (!text || text->empty()) {
        return names.front().first;
    }
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](const auto& entry) { return entry.second == *text; });
    if (found != names.end()) {
        return found->first;
    }
    std::string allowed;
    for (const auto& [value, name] : names) {
        allowed += (allowed.empty() ? "" : ", ") + std::string(name);
    }
    return failure(make_error(ErrorCode::malformed_request,
                              fmt::format("The parameter {} is one of: {}", parameter, allowed)));
}

Result<SubjectQuery> parse_subject_query(const Call& call) {
    const RequestTarget& target = call.target;
    SubjectQuery query;
    SYMBOLON_TRY(query.words, parse_search(target.find("q").value_or(std::string_view{})));
    if (const auto prefix = target.find("subjectPrefix")) {
        query.prefix = parse_subject_prefix(std::string(*prefix));
    }
    if (const auto type = target.find("type"); type && !type->empty()) {
        query.type = find_schema_type(*type);
        if (!query.type) {
            return failure(make_error(ErrorCode::malformed_request,
                                      "The parameter type is one of: AVRO, JSON, PROTOBUF"));
        }
    }
    query.view = call.view();
    SYMBOLON_TRY(query.sort, parse_choice(sort_names, "sort", target.find("sort")));
    SYMBOLON_TRY(query.order, parse_choice(order_names, "order", target.find("order")));
    SYMBOLON_TRY(const Page page, call.page());
    query.offset = static_cast<std::size_t>(std::max<std::int64_t>(page.offset, 0));
    if (page.limit > 0) {
        query.limit = std::min(static_cast<std::size_t>(page.limit), limits::page_items_max);
    }
    return query;
}

void append_listed(std::string& body, const ListedSubject& listed) {
    const SubjectRow& row = listed.row;
    ObjectText object(body);
    object.text("subject", row.subject);
    object.number("version", row.version.value());
    object.number("id", row.id.value());
    object.text("schemaType", to_string(row.type));
    object.text("compatibilityLevel", compat::to_string(listed.level));
    object.text("mode", to_string(listed.mode));
    object.number("liveVersions", row.live_versions);
    object.number("deletedVersions", row.deleted_versions);
    object.number("references", static_cast<std::int64_t>(row.content->references.size()));
    object.number("referrers", static_cast<std::int64_t>(listed.referrers));
    object.number("ts", row.ts);
    object.flag("deleted", row.deleted());
    object.close();
}

}  // namespace

Result<Response> get_catalog_subjects(const Call& call) {
    SYMBOLON_TRY(const SubjectQuery query, parse_subject_query(call));
    const ListedSubjects found = call.registry.find_subjects(query);
    std::string rows = "[";
    for (const ListedSubject& listed : found.subjects) {
        rows += rows.size() > 1 ? "," : "";
        append_listed(rows, listed);
    }
    std::string body;
    ObjectText object(body);
    object.number("total", static_cast<std::int64_t>(found.total));
    object.number("offset", static_cast<std::int64_t>(query.offset));
    object.number("limit", static_cast<std::int64_t>(query.limit));
    object.flag("complete", found.complete);
    object.raw("subjects", rows + "]");
    object.close();
    return call.answer(std::move(body));
}

}  // namespace symbolon::rest
