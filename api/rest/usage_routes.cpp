// Who reads what, and what a deletion would therefore mean.

#include "api/catalog.hpp"
#include "api/deletion_preview.hpp"
#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"
#include "core/limits.hpp"

#include <set>
#include <utility>

namespace symbolon::rest {

namespace {

std::string to_agents_body(const std::vector<AgentUse>& agents) {
    std::string body = "[";
    for (const AgentUse& use : agents) {
        body += body.size() > 1 ? "," : "";
        ObjectText object(body);
        object.text("userAgent", use.agent);
        object.number("reads", static_cast<std::int64_t>(use.reads));
        object.number("lastRead", use.last_read);
        object.close();
    }
    return body + "]";
}

/// reads, lastRead (when there was a read) and agents, as members of `object`.
void add_usage_members(ObjectText& object, const UsageRecord& usage) {
    object.number("reads", static_cast<std::int64_t>(usage.reads));
    if (usage.reads > 0) {
        object.number("lastRead", usage.last_read);
    }
    object.raw("agents", to_agents_body(usage.agents));
}

std::string to_usage_body(const UsageRecord& usage) {
    std::string body;
    ObjectText object(body);
    add_usage_members(object, usage);
    object.close();
    return body;
}

struct IdToLookUp {
    std::string context;
    SchemaId id;
    std::optional<std::string> subject;
};

Result<IdToLookUp> find_used_id(const Call& call) {
    const auto number = find_int32(call.parameter("id"));
    if (!number) {
        return failure(make_error(ErrorCode::route_not_found));
    }
    return call.registry.read([&](const Catalog& catalog) -> Result<IdToLookUp> {
        const auto scope = call.subject_filter(catalog);
        IdToLookUp found{scope ? scope->context : std::string(default_context), SchemaId(*number),
                         std::nullopt};
        if (scope && !scope->name.empty()) {
            found.subject = scope->name;
        }
        const auto ids_context = SubjectName{found.context, {}};
        SYMBOLON_TRY(const FoundSchema schema, get_schema_by_id(catalog, found.id, ids_context));
        found.id = schema.id;
        return found;
    });
}

/// One version of a subject: reads that named the subject, and reads of its id alone.
void append_version_usage(std::string& body, const Call& call, const SubjectVersion& version) {
    UsageBook& book = call.registry.usage();
    ObjectText object(body);
    object.number("version", version.version.value());
    object.number("id", version.id.value());
    object.flag("deleted", version.deleted);
    add_usage_members(object,
                      book.find({version.subject.context, version.id, version.subject.name}));
    object.raw("byId", to_usage_body(book.find({version.subject.context, version.id, {}})));
    object.close();
}

void append_previewed(std::string& body, const Call& call, const PreviewedVersion& preview) {
    UsageBook& book = call.registry.usage();
    const SubjectVersion& version = preview.version;
    std::string referrers = "[";
    for (const SubjectVersion& referrer : preview.referrers) {
        referrers += referrers.size() > 1 ? "," : "";
        ObjectText object(referrers);
        object.text("subject", to_text(referrer.subject));
        object.number("version", referrer.version.value());
        object.number("id", referrer.id.value());
        object.flag("deleted", referrer.deleted);
        object.close();
    }
    ObjectText object(body);
    object.number("version", version.version.value());
    object.number("id", version.id.value());
    object.flag("deleted", version.deleted);
    object.number("referrerCount", static_cast<std::int64_t>(preview.referrer_count));
    object.raw("referrers", referrers + "]");
    object.raw(
        "usage",
        to_usage_body(book.find({version.subject.context, version.id, version.subject.name})));
    object.raw("usageById", to_usage_body(book.find({version.subject.context, version.id, {}})));
    object.close();
}

}  // namespace

Result<Response> get_usage_of_schema(const Call& call) {
    SYMBOLON_TRY(const IdToLookUp asked, find_used_id(call));
    UsageRecord total;
    UsageRecord by_id;
    std::string subjects = "[";
    for (const auto& [name, usage] : call.registry.usage().find_all(asked.context, asked.id)) {
        if (asked.subject && *asked.subject != name) {
            continue;
        }
        add_usage(total, usage);
        if (name.empty()) {
            by_id = usage;
            continue;
        }
        subjects += subjects.size() > 1 ? "," : "";
        ObjectText object(subjects);
        object.text("subject", to_text(SubjectName{asked.context, name}));
        add_usage_members(object, usage);
        object.close();
    }
    std::string body;
    ObjectText object(body);
    object.text("context", asked.context);
    object.number("id", asked.id.value());
    add_usage_members(object, total);
    object.raw("byId", to_usage_body(by_id));
    object.raw("subjects", subjects + "]");
    object.close();
    return call.answer(std::move(body));
}

Result<Response> get_usage_of_subject(const Call& call) {
    SYMBOLON_TRY(const Page page, call.page());
    struct Found {
        SubjectName subject;
        std::vector<SubjectVersion> versions;
    };
    SYMBOLON_TRY(const Found found,
                 call.registry.read([&](const Catalog& catalog) -> Result<Found> {
                     const SubjectName subject = call.subject(catalog);
                     const VersionRows* rows = catalog.find_versions(subject);
                     if (rows == nullptr) {
                         return failure(make_error(ErrorCode::subject_not_found, to_text(subject)));
                     }
                     Found result{subject, {}};
                     for (const VersionRow& row : *rows) {
                         result.versions.push_back(to_subject_version(subject, row));
                     }
                     return result;
                 }));
    // The total is over all versions, whatever the page shows.
    UsageRecord total;
    std::set<SchemaId> ids;
    for (const SubjectVersion& version : found.versions) {
        if (ids.insert(version.id).second) {
            add_usage(total, call.registry.usage().find(
                                 {found.subject.context, version.id, found.subject.name}));
        }
    }
    std::string versions = "[";
    for (const SubjectVersion& version : take_page(found.versions, page, limits::page_items_max)) {
        versions += versions.size() > 1 ? "," : "";
        append_version_usage(versions, call, version);
    }
    std::string body;
    ObjectText object(body);
    object.text("subject", to_text(found.subject));
    add_usage_members(object, total);
    object.raw("versions", versions + "]");
    object.close();
    return call.answer(std::move(body));
}

Result<Response> get_deletion_preview(const Call& call) {
    SYMBOLON_TRY(const Page page, call.page());
    std::optional<VersionChoice> choice;
    if (const auto text = call.target.find("version"); text && !text->empty()) {
        SYMBOLON_TRY(choice, parse_version_choice(*text));
    }
    const bool permanent = call.target.flag("permanent");
    const RegistrySettings& settings = call.registry.settings();
    const DeletionTerms terms{permanent ? Deletion::permanent : Deletion::soft, retention_of(call),
                              settings, settings.now()};
    const SubjectName subject = call.subject();
    SYMBOLON_TRY(const DeletionPreview preview, call.registry.read([&](const Catalog& catalog) {
        return preview_deletion(catalog, subject, choice, terms, page);
    }));
    std::string versions = "[";
    for (const PreviewedVersion& version : preview.versions) {
        versions += versions.size() > 1 ? "," : "";
        append_previewed(versions, call, version);
    }
    std::string body;
    ObjectText object(body);
    object.text("subject", to_text(subject));
    object.flag("permanent", permanent);
    object.flag("allowed", !preview.refusal.has_value());
    if (preview.refusal) {
        std::string refusal;
        ObjectText reason(refusal);
        reason.number("error_code", row_of(preview.refusal->code).wire_code);
        reason.text("message", preview.refusal->message);
        reason.close();
        object.raw("refusal", refusal);
    }
    object.number("total", static_cast<std::int64_t>(preview.total));
    object.raw("versions", versions + "]");
    object.close();
    return call.answer(std::move(body));
}

}  // namespace symbolon::rest
