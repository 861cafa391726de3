#include "api/decide_bundle.hpp"
#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"

#include <string>
#include <utility>
#include <vector>

namespace symbolon::rest {

namespace {

tl::unexpected<Error> wrong_bundle(const std::string& what) {
    return failure(make_error(ErrorCode::malformed_json, what));
}

Result<BundleMember> parse_member(const Json& json, std::size_t index, const std::string& context) {
    if (!json.is_object()) {
        return wrong_bundle(fmt::format("at /schemas/{}: expected an object", index));
    }
    const auto subject = json.find("subject");
    if (subject == json.end() || !subject->is_string()) {
        return wrong_bundle(fmt::format("at /schemas/{}/subject: expected a string", index));
    }
    const auto& name = subject->get_ref<const std::string&>();
    auto request = parse_schema_request(json);
    if (!request) {
        return failure(name_member(std::move(request).error(), index, name));
    }
    const auto normalize = json.find("normalize");
    if (normalize != json.end() && !normalize->is_boolean() && !normalize->is_null()) {
        return wrong_bundle(fmt::format("at /schemas/{}/normalize: expected a boolean", index));
    }
    return BundleMember{parse_subject_in(name, context), *std::move(request),
                        normalize != json.end() && *normalize == true};
}

// In a context's path the parameter holds that context.
std::string context_of(const RequestTarget& target) {
    return parse_subject(target.find("subject").value_or(std::string_view())).context;
}

Result<std::vector<BundleMember>> parse_bundle(const Call& call) {
    SYMBOLON_TRY(const Json json, parse_body(call.request.body, "registerBundle.request"));
    const auto schemas = json.find("schemas");
    if (schemas == json.end() || !schemas->is_array()) {
        return wrong_bundle("at /schemas: expected an array");
    }
    const std::string context = context_of(call.target);
    std::vector<BundleMember> members;
    for (const Json& item : *schemas) {
        SYMBOLON_TRY(auto member, parse_member(item, members.size(), context));
        members.push_back(std::move(member));
    }
    call.registry.read([&](const Catalog& catalog) {
        for (BundleMember& member : members) {
            member.subject = resolve_alias(catalog, member.subject);
        }
    });
    return members;
}

void append_answer(std::string& out, const BundleAnswer& answer) {
    append_schema(out, answer.version, {answer.version.content->text});
    out.pop_back();  // the object goes on
    out += answer.is_new ? R"(,"created":true})" : R"(,"created":false})";
}

}  // namespace

Result<Response> post_bundle(const Call& call) {
    SYMBOLON_TRY(const auto members, parse_bundle(call));
    SYMBOLON_TRY(const bool dry_run, call.target.strict_flag("dryRun"));
    const RegisterOptions options{call.target.flag("normalize"), call.target.flag("force"), dry_run,
                                  call.target.flag("verbose")};
    SYMBOLON_TRY(const auto answers, call.registry.register_bundle(members, options));
    std::string body = "[";
    for (const BundleAnswer& answer : answers) {
        body += body.size() > 1 ? "," : "";
        append_answer(body, answer);
    }
    body += ']';
    return call.answer(std::move(body));
}

}  // namespace symbolon::rest
