#include "cli/profiles.hpp"

#include "cli/called_wrongly.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace symbolon::cli {
namespace {

/// A key of a profile whose value is one text.
struct TextKey {
    std::string_view name;
    std::string ServerLayer::*member;
    enum class Holds { words, secret, file, secret_file } holds = Holds::words;
};
using Holds = TextKey::Holds;
constexpr std::array text_keys{
    TextKey{"user", &ServerLayer::user},
    TextKey{"password", &ServerLayer::password, Holds::secret},
    TextKey{"password-file", &ServerLayer::password_file, Holds::secret_file},
    TextKey{"token", &ServerLayer::token, Holds::secret},
    TextKey{"token-file", &ServerLayer::token_file, Holds::secret_file},
    TextKey{"oauth-token-url", &ServerLayer::oauth_token_url},
    TextKey{"oauth-client-id", &ServerLayer::oauth_client_id},
    TextKey{"oauth-client-secret", &ServerLayer::oauth_client_secret, Holds::secret},
    TextKey{"oauth-client-secret-file", &ServerLayer::oauth_client_secret_file, Holds::secret_file},
    TextKey{"ca-file", &ServerLayer::ca_file, Holds::file},
    TextKey{"cert", &ServerLayer::certificate_file, Holds::file},
    TextKey{"key", &ServerLayer::key_file, Holds::secret_file},
};

/// Reads one file; remembers where it is.
class ProfilesReader {
public:
    explicit ProfilesReader(Profiles& profiles) : profiles_(profiles) {}

    Status read(const YAML::Node& root) {
        if (root.IsNull()) {
            return {};
        }
        SYMBOLON_CHECK(check_map(root, "the file"));
        for (const auto& pair : root) {
            SYMBOLON_TRY(const auto key, text_of(pair.first, "a key"));
            if (key == "default") {
                SYMBOLON_TRY(profiles_.default_name, text_of(pair.second, key));
            } else if (key == "profiles") {
                SYMBOLON_CHECK(read_profiles(pair.second));
            } else {
                return called_wrongly(
                    fmt::format("{}: '{}' is not known; there are: default, "
                                "profiles",
                                place_of(pair.first), key));
            }
        }
        if (!profiles_.default_name.empty() &&
            !profiles_.by_name.contains(profiles_.default_name)) {
            return called_wrongly(fmt::format("{}: default: there is no profile '{}'",
                                              profiles_.file, profiles_.default_name));
        }
        return {};
    }

private:
    std::string place_of(const YAML::Node& node) const {
        const auto mark = node.Mark();
        return fmt::format("{}:{}:{}", profiles_.file, mark.line + 1, mark.column + 1);
    }
    /// A map that says nothing twice.
    Status check_map(const YAML::Node& node, std::string_view what) const {
        if (!node.IsMap()) {
            return called_wrongly(
                fmt::format("{}: {} must be a map of keys to values", place_of(node), what));
        }
        if (node.size() > limits::profiles_max) {
            return called_wrongly(fmt::format("{}: {} has more than {} keys", place_of(node), what,
                                              limits::profiles_max));
        }
        std::vector<std::string> keys;
        for (const auto& pair : node) {
            SYMBOLON_TRY(auto key, text_of(pair.first, "a key"));
            if (std::find(keys.begin(), keys.end(), key) != keys.end()) {
                return called_wrongly(
                    fmt::format("{}: '{}' is there twice", place_of(pair.first), key));
            }
            keys.push_back(std::move(key));
        }
        return {};
    }
    Result<std::string> text_of(const YAML::Node& node, std::string_view what) const {
        if (!node.IsScalar() || node.Scalar().empty()) {
            return called_wrongly(fmt::format("{}: {} must be a text", place_of(node), what));
        }
        return node.Scalar();
    }

    Status read_profiles(const YAML::Node& node) {
        SYMBOLON_CHECK(check_map(node, "profiles"));
        for (const auto& pair : node) {
            SYMBOLON_TRY(const auto name, text_of(pair.first, "a name"));
            auto& layer = profiles_.by_name[name];
            layer.origin = fmt::format("profile {} of {}", name, profiles_.file);
            SYMBOLON_CHECK(check_map(pair.second, name));
            for (const auto& setting : pair.second) {
                SYMBOLON_CHECK(read_setting(name, layer, setting.first, setting.second));
            }
            if (!layer.url_password.empty()) {
                warn_of(name, profiles_.file);
            }
        }
        return {};
    }

    Status read_setting(const std::string& name, ServerLayer& layer, const YAML::Node& key_node,
                        const YAML::Node& value) {
        const auto& key = key_node.Scalar();
        const auto* const row = std::find_if(text_keys.begin(), text_keys.end(),
                                             [&](const auto& each) { return each.name == key; });
        if (row != text_keys.end()) {
            return read_text(name, layer, *row, value);
        }
        if (key == "registry") {
            return read_urls(layer, value);
        }
        if (key == "oauth-scope") {
            SYMBOLON_TRY(layer.oauth_scopes, texts_of(value, key));
            return {};
        }
        if (key == "oauth-secret-in-body") {
            SYMBOLON_TRY(const auto text, text_of(value, key));
            if (text != "true" && text != "false") {
                return called_wrongly(fmt::format("{}: {} is true or false", place_of(value), key));
            }
            layer.oauth_secret_in_body = text == "true";
            return {};
        }
        if (key == "timeout-ms") {
            return read_timeout(layer, value);
        }
        return called_wrongly(fmt::format(
            "{}: '{}' is not known; there are: registry, {}, oauth-scope, oauth-secret-in-body, "
            "timeout-ms",
            place_of(key_node), key, known_keys()));
    }

    Status read_text(const std::string& name, ServerLayer& layer, const TextKey& row,
                     const YAML::Node& value) {
        SYMBOLON_TRY(auto text, text_of(value, row.name));
        const bool is_file = row.holds == Holds::file || row.holds == Holds::secret_file;
        if (is_file && !text.starts_with('/')) {
            text = (std::filesystem::path(profiles_.file).parent_path() / text).string();
        }
        if (row.holds == Holds::secret) {
            warn_of(name, profiles_.file);
        } else if (row.holds == Holds::secret_file) {
            warn_of(name, text);
        }
        layer.*row.member = std::move(text);
        return {};
    }

    Status read_urls(ServerLayer& layer, const YAML::Node& value) {
        SYMBOLON_TRY(const auto texts, texts_of(value, "registry"));
        for (const auto& text : texts) {
            if (const auto added = add_urls(layer, text); !added) {
                return called_wrongly(
                    fmt::format("{}: {}", place_of(value), added.error().message));
            }
        }
        return {};
    }

    Status read_timeout(ServerLayer& layer, const YAML::Node& value) {
        SYMBOLON_TRY(const auto text, text_of(value, "timeout-ms"));
        std::int64_t ms = 0;
        const auto* const end = text.data() + text.size();
        const auto read = std::from_chars(text.data(), end, ms);
        if (read.ec != std::errc() || read.ptr != end || ms < 1 || ms > limits::flag_time_ms_max) {
            return called_wrongly(
                fmt::format("{}: timeout-ms is a number from 1 to 3600000", place_of(value)));
        }
        layer.timeout_ms = ms;
        return {};
    }

    /// One text, or a list of them.
    Result<std::vector<std::string>> texts_of(const YAML::Node& node, std::string_view what) const {
        std::vector<std::string> texts;
        if (!node.IsSequence()) {
            SYMBOLON_TRY(auto text, text_of(node, what));
            texts.push_back(std::move(text));
            return texts;
        }
        if (node.size() > limits::profiles_max) {
            return called_wrongly(fmt::format("{}: {} has more than {} entries", place_of(node),
                                              what, limits::profiles_max));
        }
        for (const auto& each : node) {
            SYMBOLON_TRY(auto text, text_of(each, what));
            texts.push_back(std::move(text));
        }
        return texts;
    }

    static std::string known_keys() {
        std::vector<std::string_view> names;
        for (const auto& row : text_keys) {
            names.push_back(row.name);
        }
        return fmt::format("{}", fmt::join(names, ", "));
    }

    /// Says so when a file with a secret in it can be read by others than its owner.
    void warn_of(const std::string& name, const std::string& file) {
        struct stat about {};
        if (::stat(file.c_str(), &about) != 0 || (about.st_mode & (S_IRGRP | S_IROTH)) == 0) {
            return;
        }
        auto& warnings = profiles_.warnings[name];
        auto words = fmt::format("{} holds a secret and can be read by others; chmod 600 it", file);
        if (std::find(warnings.begin(), warnings.end(), words) == warnings.end()) {
            warnings.push_back(std::move(words));
        }
    }

    Profiles& profiles_;
};

Result<std::string> read_profiles_text(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string text(limits::profiles_bytes_max + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!stream.is_open() || stream.bad() || std::filesystem::is_directory(file)) {
        return failure(Error{ErrorCode::cannot_start,
                             fmt::format("{} cannot be read; it holds the profiles", file)});
    }
    if (static_cast<std::size_t>(stream.gcount()) > limits::profiles_bytes_max) {
        return called_wrongly(
            fmt::format("{} has more than {} bytes", file, limits::profiles_bytes_max));
    }
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return text;
}

}  // namespace

std::string profiles_file() {
    const char* const config = std::getenv("XDG_CONFIG_HOME");
    if (config != nullptr && *config == '/') {  // Spec: a relative one is to be passed over
        return std::string(config) + "/symbolon/config.yaml";
    }
    const char* const home = std::getenv("HOME");
    return home == nullptr || *home == '\0' ? ""
                                            : std::string(home) + "/.config/symbolon/config.yaml";
}

Result<Profiles> load_profiles(const std::string& file) {
    Profiles profiles;
    profiles.file = file;
    std::error_code ignored;
    if (file.empty() || !std::filesystem::exists(file, ignored)) {
        return profiles;
    }
    SYMBOLON_TRY(const auto text, read_profiles_text(file));
    try {
        SYMBOLON_CHECK(ProfilesReader(profiles).read(YAML::Load(text)));
    } catch (const YAML::Exception& error) {
        return called_wrongly(fmt::format("{}:{}:{}: not YAML: {}", file, error.mark.line + 1,
                                          error.mark.column + 1, error.msg));
    }
    return profiles;
}

Result<ServerLayer> find_profile(const Profiles& profiles, const std::string& name) {
    const auto at = profiles.by_name.find(name);
    if (at != profiles.by_name.end()) {
        return at->second;
    }
    std::vector<std::string> names;
    for (const auto& [each, layer] : profiles.by_name) {
        names.push_back(each);
    }
    return called_wrongly(fmt::format(
        "there is no profile '{}' in {}{}", name,
        profiles.file.empty() ? "$XDG_CONFIG_HOME/symbolon/config.yaml" : profiles.file,
        names.empty() ? "; it has none" : fmt::format("; there are: {}", fmt::join(names, ", "))));
}

}  // namespace symbolon::cli
