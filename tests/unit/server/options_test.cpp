#include "server/options.hpp"

#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

namespace symbolon::server {
namespace {

using Variables = std::map<std::string, std::string>;

OptionSources sources_of(const Variables& variables) {
    OptionSources sources;
    sources.environment = [variables](const std::string& name) -> std::optional<std::string> {
        const auto at = variables.find(name);
        return at == variables.end() ? std::nullopt : std::optional(at->second);
    };
    return sources;
}

OptionsRead read_or_fail(const OptionSources& sources) {
    auto read = read_options(sources);
    EXPECT_TRUE(read) << read.error().message;
    return read ? *read : OptionsRead{};
}

std::string message_of(const OptionSources& sources) {
    const auto read = read_options(sources);
    return read ? "no error" : read.error().message;
}

class OptionsFile : public ::testing::Test {
protected:
    OptionSources file(const std::string& text) {
        path_ = dir_.file("symbolon.yaml");
        std::ofstream(path_) << text;
        OptionSources sources;
        sources.config_file = path_;
        return sources;
    }

    symbolon::testing::TempDir dir_;
    std::string path_;
};

TEST(Options, WithoutAnySourceTheDefaultsHold) {
    const auto read = read_or_fail({});
    EXPECT_EQ(read.options.listen.host, "127.0.0.1");
    EXPECT_EQ(read.options.listen.port, 8081);
    EXPECT_EQ(read.options.store, "sqlite:symbolon.db");
    EXPECT_EQ(read.options.listen.body_bytes_max, 1'048'576U);
    EXPECT_TRUE(read.warnings.empty());
}

TEST(Options, EveryDefaultIsAllowedAndEveryNameIsUsedOnce) {
    std::set<std::string_view> names;
    for (const auto& row : option_table()) {
        ServeOptions options;
        EXPECT_TRUE(row.apply(options, row.show({}))) << row.name;
        // A secret is told to be there, and never shown.
        const bool secret = row.show({}) == "none";
        EXPECT_EQ(row.show(options), secret ? "set" : row.show({})) << row.name;
        EXPECT_FALSE(row.apply(options, "")) << row.name;
        EXPECT_TRUE(names.insert(row.name).second) << row.name;
    }
}

TEST(Options, EveryOptionIsInTheOperatorsManual) {
    std::ifstream file(std::string(SYMBOLON_SOURCE_DIR) + "/docs/operations.md");
    std::stringstream manual;
    manual << file.rdbuf();
    for (const auto& row : option_table()) {
        EXPECT_NE(manual.str().find(fmt::format("| `{}` |", row.name)), std::string::npos)
            << row.name;
        EXPECT_NE(manual.str().find(std::string(row.alias)), std::string::npos) << row.alias;
    }
}

TEST(Options, AFlagWinsOverTheEnvironment) {
    auto sources =
        sources_of({{"SYMBOLON_STORE", "sqlite:environment.db"}, {"SYMBOLON_WORKERS", "7"}});
    sources.flags["store"] = "memory:";
    const auto read = read_or_fail(sources);
    EXPECT_EQ(read.options.store, "memory:");
    EXPECT_EQ(read.options.listen.workers, 7U);
}

TEST(Options, OurVariableWinsOverTheAlias) {
    const auto read =
        read_or_fail(sources_of({{"SYMBOLON_DEFAULT_LEVEL", "full"},
                                 {"SCHEMA_REGISTRY_SCHEMA_COMPATIBILITY_LEVEL", "none"}}));
    EXPECT_EQ(read.options.registry.default_level, compat::Level::full);
}

TEST(Options, VariablesOfConfluentsImageAreUnderstood) {
    const auto read = read_or_fail(sources_of({
        {"SCHEMA_REGISTRY_LISTENERS", "http://0.0.0.0:9000"},
        {"SCHEMA_REGISTRY_SCHEMA_COMPATIBILITY_LEVEL", "forward_transitive"},
        {"SCHEMA_REGISTRY_MODE_MUTABILITY", "False"},
        {"SCHEMA_REGISTRY_LOG4J_ROOT_LOGLEVEL", "WARN"},
    }));
    EXPECT_EQ(read.options.listen.host, "0.0.0.0");
    EXPECT_EQ(read.options.listen.port, 9000);
    EXPECT_EQ(read.options.registry.default_level, compat::Level::forward_transitive);
    EXPECT_FALSE(read.options.registry.mode_mutability);
    EXPECT_EQ(read.options.log.level, LogLevel::warning);
}

TEST(Options, AKubernetesServiceLinkIsIgnoredWithAWarning) {
    for (const char* name : {"SCHEMA_REGISTRY_PORT", "SYMBOLON_PORT"}) {
        const auto read = read_or_fail(sources_of({{name, "tcp://10.0.0.7:8081"}}));
        EXPECT_EQ(read.options.listen.port, 8081);
        ASSERT_EQ(read.warnings.size(), 1U);
        EXPECT_NE(read.warnings.front().find(name), std::string::npos);
    }
    const auto port = read_or_fail(sources_of({{"SCHEMA_REGISTRY_PORT", "9001"}}));
    EXPECT_EQ(port.options.listen.port, 9001);
}

TEST(Options, AnEmptyVariableIsNotSet) {
    EXPECT_EQ(read_or_fail(sources_of({{"SYMBOLON_STORE", ""}})).options.store,
              "sqlite:symbolon.db");
}

TEST(Options, ListenWinsOverPort) {
    auto sources = sources_of({{"SCHEMA_REGISTRY_PORT", "9001"}});
    sources.flags["listen"] = "http://127.0.0.1:9002";
    const auto read = read_or_fail(sources);
    EXPECT_EQ(read.options.listen.port, 9002);
    EXPECT_EQ(read.warnings.size(), 1U);
}

TEST(Options, ListenTakesNamesAndBothKindsOfAddresses) {
    const auto listen = [](std::string text) {
        OptionSources sources;
        sources.flags["listen"] = std::move(text);
        const auto read = read_options(sources);
        return read ? url_of(read->options.listen.host, read->options.listen.port)
                    : std::string("refused");
    };
    EXPECT_EQ(listen("http://localhost:0"), "http://localhost:0");
    EXPECT_EQ(listen("http://0.0.0.0:80/"), "http://0.0.0.0:80");
    EXPECT_EQ(listen("http://[::1]:8082"), "http://[::1]:8082");
    EXPECT_EQ(listen("http://[::]"), "http://[::]:8081");
    EXPECT_EQ(listen("http://registry"), "http://registry:8081");
    EXPECT_EQ(listen("http://:9000"), "http://0.0.0.0:9000");
    for (const char* bad : {"127.0.0.1:80", "http://a:b", "http://a:65536", "http://a:1/path",
                            "http://::1:80", "http://a:1,http://b:2", "ftp://a"}) {
        EXPECT_EQ(listen(bad), "refused") << bad;
    }
}

TEST(Options, HttpsSaysThatItComesLater) {
    OptionSources sources;
    sources.flags["listen"] = "https://0.0.0.0:8081";
    EXPECT_NE(message_of(sources).find("TLS proxy"), std::string::npos);
}

TEST(Options, AnErrorNamesThePlaceAndWhatIsAllowed) {
    OptionSources flags;
    flags.flags["body_bytes_max"] = "1MB";
    EXPECT_EQ(message_of(flags),
              "--body-bytes-max: '1MB' is not allowed; allowed: 1024 to 16777216");
    EXPECT_EQ(message_of(sources_of({{"SYMBOLON_MODE_MUTABILITY", "yes"}})),
              "environment variable SYMBOLON_MODE_MUTABILITY: 'yes' is not allowed; allowed: true "
              "or false");
    EXPECT_NE(message_of(sources_of({{"SCHEMA_REGISTRY_SCHEMA_COMPATIBILITY_LEVEL", "SOME"}}))
                  .find("BACKWARD"),
              std::string::npos);
}

TEST_F(OptionsFile, SetsWhatNeitherFlagNorEnvironmentSays) {
    auto sources = file("store: \"memory:\"\nworkers: 3\nbody_timeout_ms: 5\nlog_format: json\n");
    sources.flags["workers"] = "9";
    const auto read = read_or_fail(sources);
    EXPECT_EQ(read.options.store, "memory:");
    EXPECT_EQ(read.options.listen.workers, 9U);
    EXPECT_EQ(read.options.listen.body_timeout.count(), 5);
    EXPECT_EQ(read.options.log.format, LogFormat::json);
}

TEST_F(OptionsFile, MayBeNamedByTheEnvironmentAndMayBeEmpty) {
    file("# nothing\n");
    read_or_fail(sources_of({{"SYMBOLON_CONFIG", path_}}));
    EXPECT_NE(message_of(sources_of({{"SYMBOLON_CONFIG", path_ + ".absent"}})).find("--config"),
              std::string::npos);
}

TEST_F(OptionsFile, AnErrorNamesLineAndColumn) {
    EXPECT_NE(
        message_of(file("store: \"memory:\"\nwrokers: 3\n")).find(":2:1: unknown option 'wrokers'"),
        std::string::npos);
    EXPECT_NE(message_of(file("workers: many\n")).find(":1:1: workers: 'many' is not allowed"),
              std::string::npos);
    EXPECT_NE(message_of(file("workers: [1]\n")).find("must be one value"), std::string::npos);
    EXPECT_NE(message_of(file("- a\n")).find("must be a map"), std::string::npos);
    EXPECT_NE(message_of(file("a: [b\n")).find("not YAML"), std::string::npos);
    EXPECT_NE(message_of(file("store: memory:\n")).find("needs quotes"), std::string::npos);
    EXPECT_NE(message_of(file("workers: 1\nworkers: 2\n")).find("twice"), std::string::npos);
}

}  // namespace
}  // namespace symbolon::server
