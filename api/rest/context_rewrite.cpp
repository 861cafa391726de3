#include "api/rest/context_rewrite.hpp"

#include "api/subject_name.hpp"

#include <cstddef>

namespace symbolon::rest {

namespace {

bool is_qualified(std::string_view text) {
    return text.substr(0, 2) == ":." || text.substr(0, 3) == ":*:";
}

void qualify_segment(RequestTarget& target, std::size_t at, const std::string& prefix) {
    if (!prefix.empty() && at < target.size() && !is_qualified(target.segment(at))) {
        target.replace_segment(at, prefix + std::string(target.segment(at)));
    }
}

void qualify_parameter(RequestTarget& target, std::string_view name, const std::string& prefix) {
    const std::string_view given = target.find(name).value_or(std::string_view{});
    if (!is_qualified(given)) {
        target.set(name, prefix + std::string(given));
    }
}

// Positional on purpose: a subject, a namespace or a topic may itself be called "subjects".
void qualify_subject_segments(RequestTarget& target, const std::string& prefix) {
    const std::string_view root = target.segment(0);
    if (root == "subjects") {
        qualify_segment(target, 1, prefix);
    } else if (root == "dek-registry") {  // v1/keks/{name}/deks/{subject}
        qualify_parameter(target, "subjectPrefix", prefix);
        if (target.size() > 5 && target.segment(4) == "deks") {
            qualify_segment(target, 5, prefix);
        }
    } else if (root == "compatibility" || root == "associations" || root == "usage" ||
               root == "validate") {
        if (target.size() > 1 && target.segment(1) == "subjects") {
            qualify_segment(target, 2, prefix);
        }
    }
}

}  // namespace

Result<std::string> parse_context_name(std::string_view text) {
    std::string_view name = text;
    if (!name.empty() && name.front() == ':') {
        name.remove_prefix(1);
    }
    if (!name.empty() && name.back() == ':') {
        name.remove_suffix(1);
    }
    if (name.find(':') != std::string_view::npos) {
        return failure(make_error(ErrorCode::malformed_request,
                                  fmt::format("Context name '{}' cannot contain a colon", name)));
    }
    std::string context(name);
    if (context.empty() || context.front() != '.') {
        context.insert(context.begin(), '.');
    }
    return context;
}

Status rewrite_context_path(Method method, RequestTarget& target) {
    if (target.size() < 2 || target.segment(0) != "contexts") {
        return {};
    }
    // "/contexts/.dev/" is the root below a base URL; only a DELETE of it means the context.
    const bool means_root = target.has_trailing_slash() && method != Method::del;
    if (target.size() == 2 && !means_root) {
        return {};
    }
    SYMBOLON_TRY(const std::string context, parse_context_name(target.segment(1)));
    const std::string prefix = context_prefix(context);
    target.drop_front(2);
    if (target.size() == 0) {
        return {};
    }
    const std::string_view root = target.segment(0);
    if (root == "config" || root == "mode") {
        if (target.size() == 1) {
            target.append_segment(prefix.empty() ? ":.:" : prefix);
        } else if (target.size() == 2) {
            qualify_segment(target, 1, prefix);
        }
    } else if (root == "retention" ||
               (target.size() == 1 && (root == "subjects" || root == "schemas" ||
                                       root == "changes" || root == "deleted"))) {
        qualify_parameter(target, "subjectPrefix", prefix);
    } else if (target.size() == 2 && root == "catalog" && target.segment(1) == "subjects") {
        qualify_parameter(target, "subjectPrefix", prefix);
    } else if (target.size() >= 3 && (root == "usage" || root == "validate") &&
               target.segment(1) == "schemas") {
        qualify_parameter(target, "subject", prefix);
    } else if ((target.size() > 2 && root == "schemas" && target.segment(1) == "ids") ||
               root == "bundles" || root == "plans") {
        qualify_parameter(target, "subject", prefix);
    } else if (target.size() > 3 && root == "schemas" && target.segment(2) == "versions") {
        qualify_segment(target, 1, prefix);
    } else {
        qualify_subject_segments(target, prefix);
    }
    const bool writes = method == Method::post || method == Method::put;
    if (writes && root.starts_with("associations")) {
        qualify_parameter(target, "context", prefix);
    }
    return {};
}

}  // namespace symbolon::rest
