#include "compat/json_schema/json_uri.hpp"

#include "core/hex.hpp"

#include <algorithm>

namespace symbolon::compat::json {

namespace {

bool is_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

/// The five components of RFC 3986; the query keeps its "?" and the authority its "//".
struct UriParts {
    std::string_view scheme;  ///< with its ":"
    std::string_view authority;
    std::string_view path;
    std::string_view query;
    std::string_view fragment;  ///< with its "#"
};

std::size_t scheme_length(std::string_view uri) {
    if (uri.empty() || !is_letter(uri[0])) {
        return 0;
    }
    std::size_t at = 1;
    while (at < uri.size() && (is_letter(uri[at]) || (uri[at] >= '0' && uri[at] <= '9') ||
                               uri[at] == '+' || uri[at] == '-' || uri[at] == '.')) {
        ++at;
    }
    return at < uri.size() && uri[at] == ':' ? at + 1 : 0;
}

UriParts split_uri(std::string_view uri) {
    UriParts parts;
    const auto cut = [&uri](std::size_t length) {
        const std::string_view head = uri.substr(0, length);
        uri.remove_prefix(head.size());
        return head;
    };
    parts.scheme = cut(scheme_length(uri));
    if (uri.substr(0, 2) == "//") {
        parts.authority = cut(std::min(uri.find_first_of("/?#", 2), uri.size()));
    }
    parts.path = cut(std::min(uri.find_first_of("?#"), uri.size()));
    parts.query = cut(std::min(uri.find('#'), uri.size()));
    parts.fragment = uri;
    return parts;
}

// Spec: RFC 3986, 5.2.4.
std::string remove_dot_segments(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        if (path.starts_with("../")) {
            path.remove_prefix(3);
        } else if (path.starts_with("./") || path.starts_with("/./")) {
            path.remove_prefix(2);
        } else if (path == "/.") {
            path = "/";
        } else if (path.starts_with("/../") || path == "/..") {
            path = path.size() == 3 ? std::string_view("/") : path.substr(3);
            const std::size_t slash = out.rfind('/');
            out.resize(slash == std::string::npos ? 0 : slash);
        } else if (path == "." || path == "..") {
            path = {};
        } else {
            const std::size_t end = std::min(path.find('/', 1), path.size());
            out += path.substr(0, end);
            path.remove_prefix(end);
        }
    }
    return out;
}

std::string merge_paths(const UriParts& base, std::string_view path) {
    if (!base.authority.empty() && base.path.empty()) {
        return "/" + std::string(path);
    }
    const std::size_t slash = base.path.rfind('/');
    return std::string(base.path.substr(0, slash == std::string_view::npos ? 0 : slash + 1)) +
           std::string(path);
}

}  // namespace

bool is_uri_reference(std::string_view text) {
    bool in_fragment = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte <= ' ' || byte == 0x7F ||
            std::string_view("\"<>\\^`{|}").find(text[at]) != std::string_view::npos) {
            return false;
        }
        if (text[at] == '%' &&
            (at + 2 >= text.size() || !is_hex_digit(text[at + 1]) || !is_hex_digit(text[at + 2]))) {
            return false;
        }
        if (text[at] == '#' && std::exchange(in_fragment, true)) {
            return false;
        }
    }
    return true;
}

std::string resolve_uri(std::string_view base, std::string_view reference) {
    const UriParts to = split_uri(reference);
    if (base.empty() || !to.scheme.empty()) {
        return std::string(reference);
    }
    const UriParts from = split_uri(base);
    std::string out(from.scheme);
    if (!to.authority.empty()) {
        out += to.authority;
        out += remove_dot_segments(to.path);
        out += to.query;
    } else if (to.path.empty()) {
        out += from.authority;
        out += from.path;
        out += to.query.empty() ? from.query : to.query;
    } else {
        out += from.authority;
        out += to.path[0] == '/' ? remove_dot_segments(to.path)
                                 : remove_dot_segments(merge_paths(from, to.path));
        out += to.query;
    }
    return out += to.fragment;
}

std::pair<std::string_view, std::string_view> split_fragment(std::string_view uri) {
    const std::size_t mark = uri.find('#');
    if (mark == std::string_view::npos) {
        return {uri, {}};
    }
    return {uri.substr(0, mark), uri.substr(mark + 1)};
}

std::string undo_percent(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte =
            text[at] == '%' ? decode_hex(text.substr(at + 1, 2)) : std::optional<std::string>();
        if (byte && byte->size() == 1) {
            out += *byte;
            at += 2;
        } else {
            out += text[at];
        }
    }
    return out;
}

}  // namespace symbolon::compat::json
