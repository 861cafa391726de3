#include "api/rest/dto.hpp"
#include "api/rest/routes.hpp"

#include <utility>

namespace symbolon::rest {

Result<Response> get_cluster_id(const Call& call) {
    return call.answer(to_text(Json{{"scope",
                                     {{"path", Json::array()},
                                      {"clusters",
                                       {{"kafka-cluster", call.settings.cluster_id},
                                        {"schema-registry-cluster", call.settings.group_id}}}}}}));
}

Result<Response> get_server_version(const Call& call) {
    return call.answer(
        to_text(Json{{"version", call.settings.version}, {"commitId", call.settings.commit_id}}));
}

Result<Response> get_deployment(const Call& call) {
    return call.answer(R"({"attributes":[]})");
}

Result<Response> answer_root(const Call& call) {
    return call.answer("{}");
}

Result<Response> get_liveness(const Call& call) {
    return call.answer(R"({"status":"live"})");
}

Result<Response> get_readiness(const Call& call) {
    const Status ready = call.registry.ready();
    if (!ready) {
        return failure(
            make_error(ErrorCode::overloaded, fmt::format("Not ready: {}", ready.error().message)));
    }
    return call.answer(R"({"status":"ready"})");
}

}  // namespace symbolon::rest
