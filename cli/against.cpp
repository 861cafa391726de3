#include "cli/against.hpp"

#include "cli/in_process_registry.hpp"
#include "client/http/credentials.hpp"
#include "client/http/header_text.hpp"
#include "gate/baseline/registry_baseline.hpp"
#include "gate/baseline/tree_baseline.hpp"
#include "gate/tree/load_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace symbolon::cli {

namespace {

constexpr std::string_view git_prefix = "git#";

constexpr std::string_view known_forms =
    "It is one of: a registry's URL (http:// or https://), or `registry` for the one of "
    "--registry; a folder; git#REF or git#REF:PATH; a registry's store file.";

/// "localhost:8081", "registry.example:80/path".
bool looks_like_host(std::string_view what) {
    const auto colon = what.find(':');
    return colon != std::string_view::npos && colon > 0 && colon + 1 < what.size() &&
           what[colon + 1] >= '0' && what[colon + 1] <= '9';
}

bool looks_like_path(std::string_view what) {
    return what.starts_with('/') || what.starts_with('.') || what.ends_with('/') ||
           what.find(".db") != std::string_view::npos || what.starts_with('~');
}

/// What was probably meant; empty: no idea.
std::string likely_meaning(const std::string& what) {
    if (what.starts_with("git:") || what.starts_with("git@")) {
        return fmt::format("A revision is written git#{}.", what.substr(4));
    }
    if (what.starts_with("sqlite:")) {
        return fmt::format("A store file is named by its path: {}.", what.substr(7));
    }
    if (what.find("://") != std::string::npos) {
        return "A registry is asked over http:// or https://.";
    }
    if (looks_like_host(what)) {
        return fmt::format("For a registry write http://{}.", what);
    }
    if (looks_like_path(what)) {
        return "There is no such folder or file.";
    }
    return fmt::format(
        "There is no folder or file of that name; for a branch, tag or commit "
        "write git#{}.",
        what);
}

tl::unexpected<Error> not_understood(const std::string& what) {
    // A URL that is none may hold a password all the same.
    const auto shown = client::without_secrets(what);
    return failure(make_error(ErrorCode::malformed_request,
                              what.empty() ? fmt::format("--against names nothing. {}", known_forms)
                                           : fmt::format("--against {}: {} {}", shown,
                                                         likely_meaning(shown), known_forms)));
}

/// The settings by which a tree without its own is read.
Result<std::string> config_of_candidates(const std::vector<std::string>& paths,
                                         const std::string& config_file) {
    return gate::find_config_file(paths, {.config_file = config_file});
}

Result<gate::SchemaTree> load_revision(std::string_view revision,
                                       const std::vector<std::string>& candidate_paths,
                                       const std::string& config_file) {
    const auto colon = revision.find(':');
    gate::GitTreeOptions options;
    options.revision = std::string(revision.substr(0, colon));
    options.path =
        colon == std::string_view::npos ? std::string() : std::string(revision.substr(colon + 1));
    options.named = candidate_paths;
    if (candidate_paths.size() == 1) {
        options.near = candidate_paths.front();
    } else if (!candidate_paths.empty()) {
        SYMBOLON_TRY(options.near, gate::folder_around(candidate_paths));
    }
    if (options.revision.empty()) {
        return failure(make_error(ErrorCode::malformed_request,
                                  "--against git# lacks the revision, as in git#main"));
    }
    options.config_file = config_file;
    SYMBOLON_TRY(options.fallback_config_file, config_of_candidates(candidate_paths, config_file));
    return gate::load_git_tree(options);
}

Result<gate::SchemaTree> load_folder(const std::string& folder,
                                     const std::vector<std::string>& candidate_paths,
                                     const std::string& config_file) {
    std::error_code ignored;
    // Why: a configuration that the user named maps both sides, or no subject would meet its own.
    if (config_file.empty() &&
        std::filesystem::exists(std::filesystem::path(folder) / "symbolon.yaml", ignored)) {
        return gate::load_tree({folder}, {});
    }
    SYMBOLON_TRY(const auto config, config_of_candidates(candidate_paths, config_file));
    return gate::load_tree({folder}, {.config_file = config});
}

}  // namespace

Result<std::unique_ptr<Against>> Against::open(const std::string& what, const RegistryFlags& flags,
                                               const std::vector<std::string>& candidate_paths,
                                               const std::string& config_file) {
    if (what.starts_with("http://") || what.starts_with("https://")) {
        RegistryFlags named = flags;
        named.urls = {what};
        return open_registry(named);
    }
    if (what == "registry" || what == "registry:") {
        return open_registry(flags);
    }
    std::optional<gate::SchemaTree> tree;
    auto place = gate::TreePlace::folder;
    std::error_code ignored;
    if (what.starts_with(git_prefix)) {
        place = gate::TreePlace::revision;
        SYMBOLON_TRY(tree, load_revision(std::string_view(what).substr(git_prefix.size()),
                                         candidate_paths, config_file));
    } else if (std::filesystem::is_directory(what, ignored)) {
        SYMBOLON_TRY(tree, load_folder(what, candidate_paths, config_file));
    } else if (std::filesystem::exists(what, ignored)) {
        return open_store_file(what);
    } else {
        return not_understood(what);
    }
    auto against = std::unique_ptr<Against>(new Against());
    against->baseline_ = gate::make_tree_baseline(*std::move(tree), place);
    return against;
}

Result<std::unique_ptr<Against>> Against::open_registry(const RegistryFlags& flags) {
    auto against = std::unique_ptr<Against>(new Against());
    SYMBOLON_TRY(against->connection_, connect_registry(flags));
    against->baseline_ = gate::make_registry_baseline(
        *against->connection_->admin,
        {.name = client::without_secrets(against->connection_->base_urls.front()),
         .server = gate::RegistryBaselineOptions::Server::asked});
    return against;
}

Result<std::unique_ptr<Against>> Against::open_store_file(const std::string& file) {
    auto against = std::unique_ptr<Against>(new Against());
    SYMBOLON_TRY(against->store_file_, open_in_process_registry(file));
    client::RegistryClientOptions options;
    options.base_urls = {std::string(in_process_url)};
    against->admin_ = std::make_unique<client::RegistryAdmin>(
        std::move(options), *against->store_file_, client::no_credentials(), against->clock_);
    against->baseline_ = gate::make_registry_baseline(
        *against->admin_, {.name = file, .server = gate::RegistryBaselineOptions::Server::silent});
    return against;
}

}  // namespace symbolon::cli
