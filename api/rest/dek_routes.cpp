#include "api/dek/dek_registry.hpp"
#include "api/dek/key_lookups.hpp"
#include "api/rest/body_fields.hpp"
#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"

#include <utility>

namespace symbolon::rest {

namespace {

std::string to_kek_body(const Kek& kek) {
    std::string out;
    ObjectText object(out);
    object.text("name", kek.name);
    object.text("kmsType", kek.kms_type);
    object.text("kmsKeyId", kek.kms_key_id);
    object.raw("kmsProps", symbolon::to_text(Json(kek.kms_props)));
    if (kek.doc) {
        object.text("doc", *kek.doc);
    }
    object.flag("shared", false);
    object.number("ts", kek.ts);
    if (kek.deleted) {
        object.flag("deleted", true);
    }
    object.close();
    return out;
}

std::string to_dek_body(const Dek& dek) {
    std::string out;
    ObjectText object(out);
    object.text("kekName", dek.key.name.kek_name);
    object.text("subject", to_text(dek.key.name.subject));
    object.number("version", dek.key.version.value());
    object.text("algorithm", to_string(dek.key.name.algorithm));
    object.text("encryptedKeyMaterial", dek.encrypted_key_material);
    object.number("ts", dek.ts);
    if (dek.deleted) {
        object.flag("deleted", true);
    }
    object.close();
    return out;
}

tl::unexpected<Error> invalid_key_field(std::string_view field) {
    return failure(make_error(ErrorCode::invalid_key, field));
}

Result<std::map<std::string, std::string>> parse_kms_props(const Json& json) {
    std::map<std::string, std::string> props;
    if (!json.is_object()) {
        return invalid_key_field("kmsProps");
    }
    for (const auto& [name, value] : json.items()) {
        if (!value.is_string()) {
            return invalid_key_field("kmsProps");
        }
        props[name] = value.get<std::string>();
    }
    return props;
}

Result<KekRequest> parse_kek_request(const Json& json) {
    SYMBOLON_TRY(const BodyFields fields, BodyFields::open(json, ""));
    KekRequest request;
    SYMBOLON_TRY(request.kek.name, fields.text_or_empty("name"));
    SYMBOLON_TRY(request.kek.kms_type, fields.text_or_empty("kmsType"));
    SYMBOLON_TRY(request.kek.kms_key_id, fields.text_or_empty("kmsKeyId"));
    if (const Json* props = fields.find("kmsProps")) {
        SYMBOLON_TRY(request.kek.kms_props, parse_kms_props(*props));
    }
    SYMBOLON_TRY(request.kek.doc, fields.text("doc"));
    SYMBOLON_TRY(const auto shared, fields.flag("shared"));
    SYMBOLON_TRY(const auto deleted, fields.flag("deleted"));
    request.shared = shared.value_or(false);
    request.kek.deleted = deleted.value_or(false);
    return request;
}

// Absent keeps, null clears.
Result<KekUpdate> parse_kek_update(const Json& json) {
    SYMBOLON_TRY(const BodyFields fields, BodyFields::open(json, ""));
    KekUpdate update;
    if (json.contains("kmsProps")) {
        update.kms_props.emplace();
        if (const Json* props = fields.find("kmsProps")) {
            SYMBOLON_TRY(update.kms_props, parse_kms_props(*props));
        }
    }
    if (json.contains("doc")) {
        SYMBOLON_TRY(update.doc, fields.text("doc"));
    }
    SYMBOLON_TRY(const auto shared, fields.flag("shared"));
    update.shared = shared.value_or(false);
    return update;
}

/// `subject` is that of the path; the body's counts only where the path has none.
Result<DekRequest> parse_dek_request(const Json& json, const Call& call,
                                     std::optional<SubjectName> subject) {
    SYMBOLON_TRY(const BodyFields fields, BodyFields::open(json, ""));
    DekRequest request;
    request.name.kek_name = call.parameter("name");
    if (!subject) {
        SYMBOLON_TRY(const auto text, fields.text("subject"));
        if (!text || text->empty()) {
            return invalid_key_field("subject");
        }
        // Below "/contexts/.ctx" the prefix names the context; a body cannot be rewritten.
        const auto prefix = call.target.find("subjectPrefix").value_or(std::string_view());
        subject = parse_subject_in(*text, parse_subject(prefix).context);
    }
    request.name.subject = *std::move(subject);
    SYMBOLON_TRY(const auto version, fields.number("version"));
    request.version = version.value_or(1);
    SYMBOLON_TRY(const std::string algorithm, fields.text_or_empty("algorithm"));
    if (!algorithm.empty()) {
        const auto known = find_dek_algorithm(algorithm);
        if (!known) {
            return invalid_key_field("algorithm");
        }
        request.name.algorithm = *known;
    }
    SYMBOLON_TRY(request.encrypted_key_material, fields.text_or_empty("encryptedKeyMaterial"));
    SYMBOLON_TRY(const auto deleted, fields.flag("deleted"));
    request.deleted = deleted.value_or(false);
    request.rewrap = call.target.flag("rewrap");
    return request;
}

View key_view(const Call& call) {
    return call.target.flag("deleted") ? View::with_deleted : View::live;
}

Deletion key_deletion(const Call& call) {
    return call.target.flag("permanent") ? Deletion::permanent : Deletion::soft;
}

std::vector<std::string> subject_prefixes(const Call& call) {
    std::vector<std::string> prefixes;
    for (const std::string_view each : call.target.find_all("subjectPrefix")) {
        if (!each.empty()) {
            prefixes.emplace_back(each);
        }
    }
    return prefixes;
}

std::string kek_name_of(const Call& call) {
    return std::string(call.parameter("name"));
}

SubjectName dek_subject_of(const Call& call) {
    return call.registry.read(
        [&](const Catalog& catalog) { return resolve_dek_alias(catalog, call.scope()); });
}

Result<DekName> dek_name_of(const Call& call) {
    DekName name{kek_name_of(call), dek_subject_of(call), default_dek_algorithm};
    const auto text = call.target.find("algorithm").value_or(std::string_view());
    if (!text.empty()) {
        const auto algorithm = find_dek_algorithm(text);
        if (!algorithm) {
            return failure(make_error(ErrorCode::route_not_found));
        }
        name.algorithm = *algorithm;
    }
    return name;
}

Result<Response> answer_dek(const Call& call, VersionChoice choice) {
    SYMBOLON_TRY(const DekName name, dek_name_of(call));
    SYMBOLON_TRY(const DekPtr dek, call.registry.read([&](const Catalog& catalog) {
        return get_dek(catalog, name, choice, key_view(call));
    }));
    return call.answer(to_dek_body(*dek));
}

Result<Response> create_dek(const Call& call, std::optional<SubjectName> subject) {
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "createDek.request"));
    SYMBOLON_TRY(const DekRequest request, parse_dek_request(json, call, std::move(subject)));
    SYMBOLON_TRY(const DekPtr dek, DekRegistry(call.registry).create_dek(request));
    return call.answer(to_dek_body(*dek));
}

Result<Response> answer_done(const Status& done) {
    if (!done) {
        return failure(done.error());
    }
    Response response;
    response.status = 204;
    return response;
}

}  // namespace

Result<Response> get_keks(const Call& call) {
    SYMBOLON_TRY(const Page page, call.page());
    auto names = call.registry.read([&](const Catalog& catalog) {
        return list_keks(catalog, subject_prefixes(call), key_view(call));
    });
    return call.answer(to_array_body(take_page(std::move(names), page, 0)));
}

Result<Response> post_kek(const Call& call) {
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "createKek.request"));
    SYMBOLON_TRY(const KekRequest request, parse_kek_request(json));
    SYMBOLON_TRY(const KekPtr kek, DekRegistry(call.registry).create_kek(request));
    return call.answer(to_kek_body(*kek));
}

Result<Response> get_kek_by_name(const Call& call) {
    SYMBOLON_TRY(const KekPtr kek, call.registry.read([&](const Catalog& catalog) {
        return get_kek(catalog, call.parameter("name"), key_view(call));
    }));
    return call.answer(to_kek_body(*kek));
}

Result<Response> put_kek(const Call& call) {
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "updateKek.request"));
    SYMBOLON_TRY(const KekUpdate update, parse_kek_update(json));
    SYMBOLON_TRY(const KekPtr kek,
                 DekRegistry(call.registry).update_kek(kek_name_of(call), update));
    return call.answer(to_kek_body(*kek));
}

Result<Response> delete_kek(const Call& call) {
    return answer_done(
        DekRegistry(call.registry).delete_kek(kek_name_of(call), key_deletion(call)));
}

Result<Response> undelete_kek(const Call& call) {
    return answer_done(DekRegistry(call.registry).undelete_kek(kek_name_of(call)));
}

Result<Response> post_kek_test(const Call& call) {
    SYMBOLON_CHECK(call.registry.read([&](const Catalog& catalog) {
        return get_kek(catalog, call.parameter("name"), View::live);
    }));
    return no_key_management();
}

Result<Response> get_dek_subjects(const Call& call) {
    SYMBOLON_TRY(const Page page, call.page());
    SYMBOLON_TRY(auto subjects, call.registry.read([&](const Catalog& catalog) {
        return list_dek_subjects(catalog, call.parameter("name"), subject_prefixes(call),
                                 key_view(call));
    }));
    return call.answer(to_array_body(take_page(std::move(subjects), page, 0)));
}

Result<Response> post_dek_by_body(const Call& call) {
    return create_dek(call, std::nullopt);
}

Result<Response> post_dek(const Call& call) {
    return create_dek(call, dek_subject_of(call));
}

Result<Response> get_first_dek(const Call& call) {
    return answer_dek(call, {Version(1)});
}

Result<Response> get_dek_versions(const Call& call) {
    SYMBOLON_TRY(const Page page, call.page());
    SYMBOLON_TRY(const DekName name, dek_name_of(call));
    SYMBOLON_TRY(auto versions, call.registry.read([&](const Catalog& catalog) {
        return list_dek_versions(catalog, name, key_view(call));
    }));
    return call.answer(to_array_body(take_page(std::move(versions), page, 0)));
}

Result<Response> get_dek_version(const Call& call) {
    SYMBOLON_TRY(const VersionChoice choice, call.version());
    return answer_dek(call, choice);
}

Result<Response> delete_deks(const Call& call) {
    SYMBOLON_TRY(const DekName name, dek_name_of(call));
    return answer_done(
        DekRegistry(call.registry).delete_deks({name, std::nullopt}, key_deletion(call)));
}

Result<Response> delete_dek_version(const Call& call) {
    SYMBOLON_TRY(const VersionChoice choice, call.version());
    SYMBOLON_TRY(const DekName name, dek_name_of(call));
    return answer_done(DekRegistry(call.registry).delete_deks({name, choice}, key_deletion(call)));
}

Result<Response> undelete_deks(const Call& call) {
    SYMBOLON_TRY(const DekName name, dek_name_of(call));
    return answer_done(DekRegistry(call.registry).undelete_deks({name, std::nullopt}));
}

Result<Response> undelete_dek_version(const Call& call) {
    SYMBOLON_TRY(const VersionChoice choice, call.version());
    SYMBOLON_TRY(const DekName name, dek_name_of(call));
    return answer_done(DekRegistry(call.registry).undelete_deks({name, choice}));
}

}  // namespace symbolon::rest
