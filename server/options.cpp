#include "server/options.hpp"

#include "core/ascii.hpp"
#include "core/limits.hpp"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <sstream>

namespace symbolon::server {
namespace {

struct Given {
    std::string text;
    std::string place;  ///< for messages
};
using GivenByName = std::map<std::string, Given, std::less<>>;

tl::unexpected<Error> cannot_start(std::string message) {
    return failure(Error{ErrorCode::cannot_start, std::move(message)});
}

const OptionRow* find_row(std::string_view name) {
    const auto rows = option_table();
    const auto at = std::ranges::find(rows, name, &OptionRow::name);
    return at == rows.end() ? nullptr : &*at;
}

std::string known_names() {
    std::string names;
    for (const auto& row : option_table()) {
        names += names.empty() ? "" : ", ";
        names += row.name;
    }
    return names;
}

Result<std::string> read_config_text(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text(limits::server_config_bytes_max + 1, '\0');
    if (!file || !file.read(text.data(), static_cast<std::streamsize>(text.size())).eof()) {
        return cannot_start(fmt::format(
            "{}: cannot be read as a configuration file; name an existing file with --config",
            path));
    }
    text.resize(static_cast<std::size_t>(file.gcount()));
    return text;
}

std::string place_of(const std::string& path, const YAML::Mark& mark) {
    return fmt::format("{}:{}:{}", path, mark.line + 1, mark.column + 1);
}

Result<GivenByName> from_nodes(const std::string& path, const YAML::Node& root) {
    GivenByName given;
    if (root.IsNull()) {
        return given;
    }
    if (!root.IsMap()) {
        return cannot_start(fmt::format("{}: must be a map of options to values; options: {}",
                                        place_of(path, root.Mark()), known_names()));
    }
    for (const auto& pair : root) {
        const auto place = place_of(path, pair.first.Mark());
        const auto name = pair.first.IsScalar() ? pair.first.Scalar() : std::string("(not a text)");
        const auto* const row = find_row(name);
        if (row == nullptr) {
            return cannot_start(
                fmt::format("{}: unknown option '{}'; options: {}", place, name, known_names()));
        }
        if (!pair.second.IsScalar()) {
            return cannot_start(
                fmt::format("{}: {} must be one value: {}", place, name, row->values));
        }
        if (!given.emplace(name, Given{pair.second.Scalar(), place + ": " + name}).second) {
            return cannot_start(fmt::format("{}: {} is set twice", place, name));
        }
    }
    return given;
}

Result<GivenByName> from_file(const std::string& path) {
    if (path.empty()) {
        return GivenByName{};
    }
    SYMBOLON_TRY(const auto text, read_config_text(path));
    try {
        return from_nodes(path, YAML::Load(text));
    } catch (const YAML::Exception& error) {
        return cannot_start(
            fmt::format("{}: not YAML: {} (a text that ends in a colon needs quotes)",
                        place_of(path, error.mark), error.msg));
    }
}

std::optional<Given> from_environment(const OptionSources& sources, const OptionRow& row,
                                      std::vector<std::string>& warnings) {
    if (!sources.environment) {
        return std::nullopt;
    }
    for (const auto& name : {environment_of(row), std::string(row.alias)}) {
        auto value = name.empty() ? std::nullopt : sources.environment(name);
        if (!value || value->empty()) {
            continue;
        }
        if (row.name == "port" && value->find("://") != std::string::npos) {
            // Parity: Kubernetes sets such a variable for every service of this name.
            warnings.push_back(fmt::format(
                "environment variable {} is ignored: '{}' is a Kubernetes service link, not a port",
                name, *value));
            continue;
        }
        return Given{std::move(*value), "environment variable " + name};
    }
    return std::nullopt;
}

std::string config_path(const OptionSources& sources) {
    if (!sources.config_file.empty() || !sources.environment) {
        return sources.config_file;
    }
    return sources.environment("SYMBOLON_CONFIG").value_or("");
}

Status apply(ServeOptions& options, const OptionRow& row, const Given& given) {
    if (row.apply(options, given.text)) {
        return {};
    }
    if (row.name == "listen" && given.text.starts_with("https://")) {
        return cannot_start(fmt::format(
            "{}: https is not there yet; listen on http:// and put a TLS proxy in front",
            given.place));
    }
    return cannot_start(
        fmt::format("{}: '{}' is not allowed; allowed: {}", given.place, given.text, row.values));
}

}  // namespace

std::string flag_of(const OptionRow& row) {
    std::string flag = "--" + std::string(row.name);
    std::ranges::replace(flag, '_', '-');
    return flag;
}

std::string environment_of(const OptionRow& row) {
    return "SYMBOLON_" + to_upper_ascii(row.name);
}

Result<OptionsRead> read_options(const OptionSources& sources) {
    OptionsRead read;
    SYMBOLON_TRY(auto given, from_file(config_path(sources)));
    for (const auto& row : option_table()) {
        if (auto found = from_environment(sources, row, read.warnings)) {
            given.insert_or_assign(std::string(row.name), std::move(*found));
        }
    }
    for (const auto& [name, text] : sources.flags) {
        const auto* const row = find_row(name);
        if (row == nullptr) {
            return cannot_start(fmt::format("unknown option '{}'", name));
        }
        given.insert_or_assign(name, Given{text, flag_of(*row)});
    }
    if (given.contains("listen") && given.contains("port")) {
        read.warnings.push_back(fmt::format("{} is ignored: {} says where to listen",
                                            given.find("port")->second.place,
                                            given.find("listen")->second.place));
        given.erase("port");
    }
    for (const auto& row : option_table()) {
        if (const auto at = given.find(row.name); at != given.end()) {
            SYMBOLON_CHECK(apply(read.options, row, at->second));
        }
    }
    return read;
}

}  // namespace symbolon::server
