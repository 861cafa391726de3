#include "cli/kafka_flags.hpp"

#include "cli/text_file.hpp"
#include "core/limits.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace symbolon::cli {

namespace {

using Property = std::pair<std::string, std::string>;

constexpr const char* password_variable = "SYMBOLON_KAFKA_PASSWORD";

/// librdkafka's properties that hold a secret itself, and not the place of one.
constexpr std::array<std::string_view, 6> secret_properties{
    "sasl.password",         "ssl.key.password",        "ssl.key.pem",
    "ssl.keystore.password", "sasl.oauthbearer.config", "sasl.oauthbearer.client.secret",
};

bool is_secret(std::string_view name) {
    return std::find(secret_properties.begin(), secret_properties.end(), name) !=
           secret_properties.end();
}

std::string trim_property(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const auto begin = std::min(text.find_first_not_of(blanks), text.size());
    text.remove_prefix(begin);
    return std::string(text.substr(0, text.find_last_not_of(blanks) + 1));
}

std::optional<Property> parse_property(std::string_view text) {
    const auto equals = text.find('=');
    auto name = trim_property(text.substr(0, equals));
    if (equals == std::string_view::npos || name.empty()) {
        return std::nullopt;
    }
    return Property(std::move(name), text.substr(equals + 1));
}

/// Lines of NAME=VALUE; blanks around either, empty lines and lines that begin with # do not count.
Status read_kafka_config(const std::string& file, std::map<std::string, std::string>& properties) {
    SYMBOLON_TRY(const auto text, read_whole_file(file, limits::secret_file_bytes_max));
    std::size_t number = 0;
    for (std::size_t at = 0; at < text.size(); ++number) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = trim_property(std::string_view(text).substr(at, end - at));
        at = end + 1;
        if (line.empty() || line.front() == '#') {
            continue;
        }
        auto property = parse_property(line);
        if (!property) {
            return failure(make_error(
                ErrorCode::malformed_request,
                fmt::format("{}, line {}: write NAME=VALUE, a property of librdkafka, such as "
                            "security.protocol=SASL_SSL",
                            file, number + 1)));
        }
        properties[property->first] = trim_property(property->second);
    }
    return {};
}

}  // namespace

void add_kafka_property_flags(CLI::App& command, KafkaFlags& flags, const std::string& group) {
    command
        .add_option("--kafka-config", flags.config_file,
                    "A file of NAME=VALUE lines for librdkafka, such as sasl.password=...; that "
                    "one may\n  stand in SYMBOLON_KAFKA_PASSWORD instead.")
        ->envname("SYMBOLON_KAFKA_CONFIG")
        ->type_name("FILE")
        ->group(group);
    command
        .add_option("--kafka-property", flags.properties,
                    "A property of librdkafka, as security.protocol=SASL_SSL. Repeatable; wins "
                    "over the\n  file. Not for passwords: every user of the machine sees a "
                    "command line.")
        ->type_name("NAME=VALUE")
        ->allow_extra_args(false)
        ->group(group);
}

void add_kafka_flags(CLI::App& command, KafkaFlags& flags, const std::string& group) {
    command.add_option("--brokers", flags.brokers, "Kafka's brokers, for whatever is kafka:TOPIC.")
        ->envname("SYMBOLON_BROKERS")
        ->type_name("HOST:PORT,...")
        ->group(group);
    add_kafka_property_flags(command, flags, group);
}

Result<client::KafkaOptions> to_kafka_options(const KafkaFlags& flags) {
    client::KafkaOptions options{.brokers = flags.brokers};
    if (!flags.config_file.empty()) {
        SYMBOLON_CHECK(read_kafka_config(flags.config_file, options.properties));
    }
    for (const auto& text : flags.properties) {
        auto property = parse_property(text);
        if (!property) {
            return failure(make_error(ErrorCode::malformed_request,
                                      "--kafka-property is not NAME=VALUE; write it as in "
                                      "--kafka-property security.protocol=SASL_SSL"));
        }
        if (is_secret(property->first)) {
            print_to(stderr,
                     "symbolon: warning: {} stands on the command line, which every user of the "
                     "machine sees; --kafka-config FILE keeps it\n",
                     property->first);
        }
        options.properties.insert_or_assign(std::move(property->first),
                                            std::move(property->second));
    }
    const char* const password = std::getenv(password_variable);
    if (password != nullptr && *password != '\0') {
        options.properties.try_emplace("sasl.password", password);
    }
    return options;
}

}  // namespace symbolon::cli
