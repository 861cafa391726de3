#include "api/rest/router.hpp"

#include "api/lookups.hpp"
#include "api/rest/context_rewrite.hpp"
#include "api/rest/error_body.hpp"
#include "api/rest/media_type.hpp"
#include "api/rest/request_id.hpp"
#include "api/rest/response_cache.hpp"
#include "api/rest/routes.hpp"
#include "core/guid.hpp"

#include <exception>
#include <optional>
#include <utility>

namespace symbolon::rest {

namespace {

std::string_view name_of(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::put:
            return "PUT";
        case Method::del:
            return "DELETE";
        case Method::options:
            return "OPTIONS";
        case Method::other:
            break;
    }
    return "";
}

bool is_read(Method method) {
    return method == Method::get || method == Method::head;
}

/// Every GET route answers HEAD, too; the transport leaves the body out.
Method routed_method(Method method) {
    return method == Method::head ? Method::get : method;
}

/// A text in another format is made by parsing the schema, and so are its tags found; such an
/// answer is neither quick nor kept, since what is kept must stay quick when it has to be made
/// anew.
bool may_parse(const RequestTarget& target) {
    return target.find("format").has_value() || target.find("findTags").has_value();
}

struct Match {
    const Route* route = nullptr;  ///< nothing: no row, or none for this method
    bool is_known_path = false;
};

Match find_route(Method method, const RequestTarget& target) {
    Match match;
    for (const Route& route : route_table()) {
        if (route.matches(target)) {
            match.is_known_path = true;
            if (route.method == routed_method(method)) {
                match.route = &route;
                break;
            }
        }
    }
    return match;
}

std::string allowed_methods(const RequestTarget& target) {
    std::string allowed;
    for (const Route& route : route_table()) {
        if (route.matches(target)) {
            allowed += allowed.empty() ? "" : ", ";
            allowed += name_of(route.method);
            allowed += route.method == Method::get ? ", HEAD" : "";
        }
    }
    return allowed;
}

}  // namespace

class Router::Impl {
public:
    Impl(Registry& registry, RouterSettings settings)
        : registry_(registry), settings_(std::move(settings)) {}

    Response handle(const Request& request, std::string_view* operation_id) {
        const auto media_type = choose_media_type(request);
        std::string_view operation;
        Response response;
        if (!is_read(request.method) || !media_type ||
            !find_kept(request, *media_type, operation, response)) {
            response = route(request, media_type, operation);
        }
        if (operation_id != nullptr) {
            *operation_id = operation;
        }
        response.headers.push_back({"X-Request-ID", request_id_of(request)});
        return response;
    }

    bool is_quick(const Request& request) const {
        if (is_read(request.method) && cache_.contains(request.target)) {
            return true;
        }
        RequestTarget target;
        if (!target.parse(request.target) || !rewrite_context_path(request.method, target)) {
            return true;
        }
        const Match match = find_route(request.method, target);
        if (match.route == nullptr) {
            return true;
        }
        if (match.route->pace == Pace::following) {
            return registry_.remembers(position_of(request, target));
        }
        return match.route->pace != Pace::slow && !may_parse(target);
    }

    Response refuse(const Error& error) const {
        Response response = to_response(error, default_media_type, settings_);
        response.headers.push_back({"X-Request-ID", make_guid()});
        return response;
    }

private:
    Revision revision() const {
        return registry_.read([](const Catalog& catalog) { return revision_of(catalog); });
    }

    bool find_kept(const Request& request, std::string_view media_type, std::string_view& operation,
                   Response& response) const {
        auto kept = cache_.find(request.target);
        if (!kept || kept->revision != revision()) {
            return false;
        }
        count_read(request, kept->usage.get());
        operation = kept->operation_id;
        response.content_type = media_type;
        response.shared_body = std::move(kept->body);
        return true;
    }

    void count_read(const Request& request, UsageCounter* counter) const {
        if (counter != nullptr && request.method == Method::get) {
            const std::string* const agent = request.find_header("User-Agent");
            registry_.usage().count(*counter, agent == nullptr ? std::string_view() : *agent,
                                    registry_.settings().now());
        }
    }

    /// The order of refusals is the contract's: path, method, body's type, answer's type.
    Response route(const Request& request, std::optional<std::string_view> media_type,
                   std::string_view& operation) {
        const std::string_view error_type = media_type.value_or(default_media_type);
        const auto refused = [&](const Error& error) {
            return to_response(error, error_type, settings_);
        };
        RequestTarget target;
        if (const Status parsed = target.parse(request.target); !parsed) {
            return refused(parsed.error());
        }
        if (const Status rewritten = rewrite_context_path(request.method, target); !rewritten) {
            return refused(rewritten.error());
        }
        const Match match = find_route(request.method, target);
        if (!match.is_known_path) {
            return refused(make_error(ErrorCode::route_not_found));
        }
        if (match.route == nullptr) {
            Response response = refused(make_error(ErrorCode::method_not_allowed));
            response.headers.push_back({"Allow", allowed_methods(target)});
            return response;
        }
        operation = match.route->operation_id;
        const bool has_body = request.method == Method::post || request.method == Method::put;
        if (has_body && !is_body_readable(request)) {
            return refused(make_error(ErrorCode::unsupported_media_type));
        }
        if (!media_type && match.route->media_types == MediaTypes::of_contract) {
            return refused(make_error(ErrorCode::not_acceptable));
        }
        ServedSchema served;
        return run(Call{registry_, settings_, request, target, *match.route, error_type, served});
    }

    Response run(const Call& call) {
        const bool keep = call.route.pace == Pace::hot && !may_parse(call.target);
        const Revision before = keep ? revision() : Revision{};
        auto answered = guarded(call);
        if (!answered) {
            return to_response(answered.error(), call.media_type, settings_);
        }
        Response response = *std::move(answered);
        UsageCounterPtr usage =
            call.served ? registry_.usage().counter(*call.served) : UsageCounterPtr();
        count_read(call.request, usage.get());
        if (keep) {
            auto body = std::make_shared<const std::string>(std::move(response.body));
            response.shared_body = body;
            // The answer was read from this revision only if no write came in between.
            if (revision() == before) {
                cache_.keep(call.request.target,
                            {before, call.route.operation_id, std::move(body), std::move(usage)});
            }
        }
        return response;
    }

    // Results are values here, so an exception is a bug or exhausted memory; it ends at this door.
    static Result<Response> guarded(const Call& call) {
        try {
            return call.route.function(call);
        } catch (const std::exception&) {
            return failure(make_error(ErrorCode::internal_error));
        }
    }

    // Set once.
    Registry& registry_;
    const RouterSettings settings_;
    // Locks by itself.
    ResponseCache cache_;
};

Router::Router(Registry& registry, RouterSettings settings)
    : impl_(std::make_unique<Impl>(registry, std::move(settings))) {}

Router::~Router() = default;

Response Router::handle(const Request& request, std::string_view* operation_id) const {
    return impl_->handle(request, operation_id);
}

bool Router::is_quick(const Request& request) const {
    return impl_->is_quick(request);
}

Response Router::refuse(const Error& error) const {
    return impl_->refuse(error);
}

std::vector<RouteName> Router::route_names() {
    std::vector<RouteName> names;
    for (const Route& route : route_table()) {
        names.push_back({name_of(route.method), route.path, route.operation_id});
    }
    return names;
}

}  // namespace symbolon::rest
