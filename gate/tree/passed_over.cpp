#include "gate/tree/passed_over.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

namespace symbolon::gate {

namespace {

constexpr std::size_t shown_paths_max = 5;

}  // namespace

void PassedOver::add(Group& group, std::string path) {
    ++group.count;
    if (group.first.size() < shown_paths_max) {
        group.first.push_back(std::move(path));
    }
}

std::string PassedOver::list(const Group& group) {
    return fmt::format("{}{}", fmt::join(group.first, ", "),
                       group.count > group.first.size() ? ", …" : "");
}

void PassedOver::append_notes(std::vector<std::string>& notes) const {
    if (json_.count > 0) {
        notes.push_back(fmt::format(
            "{} .json file{} passed over, having no \"$schema\" of json-schema.org: {}; name what "
            "is a schema under \"schemas\" in symbolon.yaml",
            json_.count, json_.count == 1 ? "" : "s", list(json_)));
    }
    if (links_.count > 0) {
        notes.push_back(fmt::format("{} link{} out of the tree not followed: {}", links_.count,
                                    links_.count == 1 ? "" : "s", list(links_)));
    }
    if (configs_.count > 0) {
        notes.push_back(fmt::format("not read, since one symbolon.yaml speaks for the tree: {}",
                                    list(configs_)));
    }
}

Error PassedOver::nothing_found(const std::string& tree_name) const {
    return make_error(
        ErrorCode::cannot_start,
        fmt::format("there is no schema file in {}: looked for .avsc, .proto, and .json with a "
                    "\"$schema\" of json-schema.org; passed over {} other .json, {} other files, "
                    "and {} files and folders that symbolon.yaml excludes. Name the folder that "
                    "has schemas, or the files under \"schemas\" in symbolon.yaml",
                    tree_name, json_.count, others_, excluded_));
}

}  // namespace symbolon::gate
