#include "compat/protobuf/proto_names.hpp"

#include "compat/protobuf/proto_built_in.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace symbolon::compat::protobuf {

namespace {

// What finding a name in a table costs, in steps of a check.
constexpr std::uint64_t steps_of_lookup = 8;

// The first part of a dotted name; the name goes on behind it.
std::string_view take_name_part(std::string_view& name) {
    const std::size_t dot = name.find('.');
    const std::string_view part = name.substr(0, dot);
    name = dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
    return part;
}

std::string_view outer_scope(std::string_view scope) {
    const std::size_t dot = scope.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : scope.substr(0, dot);
}

}  // namespace

std::string join_names(std::string_view scope, std::string_view name) {
    std::string full(scope);
    full += scope.empty() ? "" : ".";
    full += name;
    return full;
}

ProtoNames::ProtoNames() : nodes_(1) {}

Status ProtoNames::add_file(const ProtoFile& file, std::uint32_t number) {
    packages_.resize(std::max<std::size_t>(packages_.size(), number + 1));
    packages_[number] = file.package;
    const std::uint32_t parent = scope_node(file.package);
    for (const auto& message : file.messages) {
        add_message(message, parent, number);
    }
    for (const auto& enumeration : file.enums) {
        add_name(parent, enumeration.name, {nullptr, &enumeration, nullptr, number});
    }
    add_extends(file.extends, parent, number);
    if (too_long_) {
        return failure(
            make_error(ErrorCode::invalid_schema,
                       fmt::format("A full name is longer than {} bytes", limits::name_bytes_max)));
    }
    if (nodes_.size() > limits::schema_names_max) {
        return failure(make_error(ErrorCode::invalid_schema,
                                  fmt::format("More than {} names", limits::schema_names_max)));
    }
    return {};
}

void ProtoNames::add_message(const ProtoMessage& message, std::uint32_t parent,
                             std::uint32_t file) {
    add_name(parent, message.name, {&message, nullptr, nullptr, file});
    add_members(message, child(parent, message.name), file);
}

void ProtoNames::add_members(const ProtoMessage& message, std::uint32_t node, std::uint32_t file) {
    for (const auto& nested : message.messages) {
        add_message(nested, node, file);
    }
    for (const auto& nested : message.enums) {
        add_name(node, nested.name, {nullptr, &nested, nullptr, file});
    }
    for (const auto& group : message.groups) {
        add_message(group.body, node, file);
    }
    for (const auto& oneof : message.oneofs) {
        for (const auto& group : oneof.groups) {
            add_message(group.body, node, file);
        }
    }
    add_extends(message.extends, node, file);
}

void ProtoNames::add_extends(const std::vector<ProtoExtend>& extends, std::uint32_t parent,
                             std::uint32_t file) {
    for (const auto& extend : extends) {
        for (const auto& field : extend.fields) {
            add_name(parent, field.name, {nullptr, nullptr, &field, file});
        }
        for (const auto& group : extend.groups) {
            add_message(group.body, parent, file);
        }
    }
}

void ProtoNames::add_name(std::uint32_t parent, std::string_view part, ProtoName name) {
    nodes_[child(parent, part)].names.push_back(name);
}

std::uint32_t ProtoNames::child(std::uint32_t parent, std::string_view part) {
    const auto [found, added] =
        children_.emplace(Step{parent, part}, static_cast<std::uint32_t>(nodes_.size()));
    if (added) {
        const std::size_t bytes = nodes_[parent].bytes + part.size() + 1;
        too_long_ = too_long_ || bytes > limits::name_bytes_max;
        nodes_.push_back({parent, part, bytes, {}});
    }
    return found->second;
}

std::uint32_t ProtoNames::scope_node(std::string_view scope) {
    std::uint32_t node = 0;
    while (!scope.empty()) {
        node = child(node, take_name_part(scope));
    }
    return node;
}

std::optional<std::uint32_t> ProtoNames::find_node(std::uint32_t from, std::string_view name,
                                                   std::uint64_t& steps) const {
    std::uint32_t node = from;
    while (!name.empty()) {
        steps += steps_of_lookup;
        const auto found = children_.find({node, take_name_part(name)});
        if (found == children_.end()) {
            return std::nullopt;
        }
        node = found->second;
    }
    return node;
}

std::string ProtoNames::full_name_of(std::uint32_t node) const {
    std::vector<std::string_view> parts;
    for (; node != 0; node = nodes_[node].parent) {
        parts.push_back(nodes_[node].part);
    }
    return fmt::format("{}", fmt::join(parts.rbegin(), parts.rend(), "."));
}

bool ProtoNames::fits(const ProtoName& name, Wanted wanted) {
    return (name.extension != nullptr) == (wanted == Wanted::extension);
}

std::optional<FoundName> ProtoNames::find_built_in(const std::string& full_name,
                                                   Wanted wanted) const {
    const BuiltInName* found = find_built_in_name(full_name);
    if (found == nullptr || !fits(found->what, wanted) ||
        std::find(hidden_.begin(), hidden_.end(), found->path) != hidden_.end()) {
        return std::nullopt;
    }
    return FoundName{found->what, full_name, found->package.size()};
}

std::optional<FoundName> ProtoNames::find(std::string_view scope, std::string_view name,
                                          Wanted wanted, std::uint64_t& steps) const {
    if (name.starts_with('.')) {
        name.remove_prefix(1);
        scope = {};
    }
    if (name.empty()) {
        return std::nullopt;
    }
    // Where the scope itself ends in the tree; parts of it that no file has are passed over.
    std::vector<std::optional<std::uint32_t>> levels{0};
    for (std::string_view rest = scope; !rest.empty();) {
        const std::string_view part = take_name_part(rest);
        levels.push_back(levels.back() ? find_node(*levels.back(), part, steps) : std::nullopt);
    }
    for (std::size_t level = levels.size(); level-- > 0; scope = outer_scope(scope)) {
        const auto node = levels[level] ? find_node(*levels[level], name, steps) : std::nullopt;
        if (node) {
            for (const ProtoName& found : nodes_[*node].names) {
                if (fits(found, wanted)) {
                    return FoundName{found, full_name_of(*node), packages_[found.file].size()};
                }
            }
        }
        const std::string_view head = scope.empty() ? name : scope;
        if (may_be_built_in(head)) {
            steps += steps_of_lookup;
            if (auto found = find_built_in(join_names(scope, name), wanted)) {
                return found;
            }
        }
    }
    return std::nullopt;
}

}  // namespace symbolon::compat::protobuf
