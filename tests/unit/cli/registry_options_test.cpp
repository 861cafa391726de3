#include "cli/registry_options.hpp"

#include "tests/support/scripted_server.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace symbolon::cli {
namespace {

using symbolon::testing::answering;
using symbolon::testing::Peer;
using symbolon::testing::ScriptedServer;
using symbolon::testing::TempDir;

/// A variable of the environment while a test runs.
class Variable {
public:
    Variable(std::string name, const std::string& value) : name_(std::move(name)) {
        ::setenv(name_.c_str(), value.c_str(), 1);
    }
    ~Variable() { ::unsetenv(name_.c_str()); }
    Variable(const Variable&) = delete;
    Variable& operator=(const Variable&) = delete;
    Variable(Variable&&) = delete;
    Variable& operator=(Variable&&) = delete;

private:
    const std::string name_;
};

class RegistryOptions : public ::testing::Test {
protected:
    RegistryOptions() {
        ::setenv("no_proxy", "127.0.0.1,localhost", 1);
        ::setenv("XDG_CONFIG_HOME", folder.file("config").c_str(), 1);  // not the developer's own
        app.require_subcommand(1);
        auto* const command = app.add_subcommand("do", "");
        add_registry_flags(*command, flags);
        add_platform_flags(*command, platform);
        command->add_option("FILE", file);
    }

    void parse(const std::string& arguments) {
        flags.urls.clear();  // the parser leaves alone what is not given
        app.parse("symbolon do " + arguments, true);
    }
    std::string write(const std::string& name, const std::string& text) {
        std::ofstream(folder.file(name)) << text;
        return folder.file(name);
    }
    /// What the credentials send.
    std::string authorization() {
        const auto connection = connect_registry(flags);
        if (!connection) {
            return "failed: " + connection.error().message;
        }
        const auto value = (*connection)->credentials->authorization();
        return value ? *value : "failed: " + value.error().message;
    }
    /// The servers that are asked, with spaces between them.
    std::string urls() {
        const auto connection = connect_registry(flags);
        if (!connection) {
            return "failed: " + connection.error().message;
        }
        std::string all;
        for (const auto& url : (*connection)->base_urls) {
            all += (all.empty() ? "" : " ") + url;
        }
        return all;
    }
    void write_profiles(const std::string& text) {
        std::filesystem::create_directories(folder.file("config/symbolon"));
        write("config/symbolon/config.yaml", text);
    }
    ErrorCode code() {
        const auto connection = connect_registry(flags);
        return connection ? ErrorCode::internal_error : connection.error().code;
    }

    TempDir folder;
    CLI::App app;
    RegistryFlags flags;
    PlatformFlags platform;
    std::string file;
};

TEST_F(RegistryOptions, UrlsComeFromTheFlagOrTheEnvironment) {
    parse("--registry http://a/ --registry http://b,http://c");
    EXPECT_TRUE(is_given(flags));
    EXPECT_FALSE(is_given(platform));
    EXPECT_EQ(flags.urls, (std::vector<std::string>{"http://a/", "http://b", "http://c"}));
    const auto connection = connect_registry(flags);
    ASSERT_TRUE(connection);
    EXPECT_EQ((*connection)->base_urls,
              (std::vector<std::string>{"http://a", "http://b", "http://c"}));
    const Variable registry("SYMBOLON_REGISTRY", "http://d,http://e");
    const Variable other("SYMBOLON_PLATFORM_URL", "http://f");
    const Variable time("SYMBOLON_PLATFORM_TIMEOUT_MS", "15000");
    parse("");
    EXPECT_TRUE(is_given(flags));
    EXPECT_EQ(urls(), "http://d http://e");
    const auto connected = connect_platform(platform);
    ASSERT_TRUE(connected);
    EXPECT_EQ((*connected)->base_urls, (std::vector<std::string>{"http://f"}));
    EXPECT_EQ((*connected)->timeout, std::chrono::seconds(15));
    const Variable wrong("SYMBOLON_PLATFORM_TIMEOUT_MS", "soon");
    EXPECT_FALSE(connect_platform(platform));
}

TEST_F(RegistryOptions, ACommandsOwnArgumentMayFollow) {
    parse("--registry http://a events.jsonl --oauth-scope a");
    EXPECT_EQ(flags.urls, std::vector<std::string>{"http://a"});
    EXPECT_EQ(file, "events.jsonl");
    parse("--registry http://a --oauth-scope a --oauth-scope b,c events.jsonl");
    EXPECT_EQ(flags.oauth_scopes, (std::vector<std::string>{"a", "b", "c"}));
    EXPECT_EQ(file, "events.jsonl");
}

TEST_F(RegistryOptions, ASecretIsTheFirstLineOfItsFile) {
    for (const std::string text : {"s3cret", "s3cret\n", "s3cret\r\nmore\n"}) {
        EXPECT_EQ(read_secret_file(write("secret", text)).value_or("none"), "s3cret");
    }
    EXPECT_FALSE(read_secret_file(write("secret", "\nbelow")));
    EXPECT_FALSE(read_secret_file(folder.file("none")));
}

TEST_F(RegistryOptions, WithoutAUrlTheCommandIsCalledWrongly) {
    parse("");
    EXPECT_EQ(code(), ErrorCode::malformed_request);
    EXPECT_NE(connect_registry(flags).error().message.find("SYMBOLON_REGISTRY"), std::string::npos);
    parse("--registry ftp://a");
    EXPECT_EQ(code(), ErrorCode::malformed_request);
    EXPECT_THROW(parse("--registry http://a --timeout-ms 0"), CLI::ParseError);
}

TEST_F(RegistryOptions, APasswordComesFromAFileOrTheEnvironment) {
    parse("--registry http://a --user me --password-file " + write("p", "secret\nmore\n"));
    EXPECT_EQ(authorization(), "Basic bWU6c2VjcmV0");
    parse("--registry http://a --user me");
    flags.password_file.clear();
    EXPECT_EQ(code(), ErrorCode::malformed_request);
    const Variable password("SYMBOLON_REGISTRY_PASSWORD", "secret");
    EXPECT_EQ(authorization(), "Basic bWU6c2VjcmV0");
}

TEST_F(RegistryOptions, ATokenComesFromTheFlagAFileOrTheEnvironment) {
    parse("--registry http://a --token abc");
    EXPECT_EQ(authorization(), "Bearer abc");
    flags.token_file = write("t", "def\n");
    EXPECT_EQ(code(), ErrorCode::malformed_request);
    flags.token.clear();
    EXPECT_EQ(authorization(), "Bearer def");
    flags.token_file = write("t", "");
    EXPECT_EQ(code(), ErrorCode::cannot_start);
    flags.token_file = folder.file("none");
    EXPECT_EQ(code(), ErrorCode::cannot_start);
    flags.token_file.clear();
    const Variable token("SYMBOLON_REGISTRY_TOKEN", "ghi");
    parse("--registry http://a");
    EXPECT_EQ(authorization(), "Bearer ghi");
}

TEST_F(RegistryOptions, OnlyOneWayToSayWhoOneIsIsTaken) {
    parse("--registry http://a --token abc --user me");
    EXPECT_EQ(code(), ErrorCode::malformed_request);
}

TEST_F(RegistryOptions, AFlagWinsOverAVariableThatNamesAnotherWay) {
    const Variable user("SYMBOLON_REGISTRY_USER", "me");
    const Variable password("SYMBOLON_REGISTRY_PASSWORD", "secret");
    parse("--registry http://a");
    EXPECT_EQ(authorization(), "Basic bWU6c2VjcmV0");
    parse("--registry http://a --token abc");
    EXPECT_EQ(authorization(), "Bearer abc");
    const Variable token_file("SYMBOLON_REGISTRY_TOKEN_FILE", "/no/such/file");
    EXPECT_EQ(authorization(), "Bearer abc");
    flags.token.clear();
    EXPECT_NE(authorization().find("SYMBOLON_REGISTRY_"), std::string::npos) << authorization();
    EXPECT_EQ(code(), ErrorCode::malformed_request);
}

TEST_F(RegistryOptions, VariablesOfOtherProgramsCountAfterOurOwn) {
    const Variable url("SCHEMA_REGISTRY_URL", "http://me:se%40cret@a:8081/base, https://b");
    parse("");
    EXPECT_EQ(urls(), "http://a:8081/base https://b");
    EXPECT_EQ(authorization(), "Basic bWU6c2VAY3JldA==");
    const Variable info("SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO", "you:pass:word");
    EXPECT_EQ(authorization(), "Basic eW91OnBhc3M6d29yZA==");
    const Variable own("SYMBOLON_REGISTRY", "http://c");
    EXPECT_EQ(urls(), "http://c");
    const Variable token("SYMBOLON_REGISTRY_TOKEN", "own");
    EXPECT_EQ(authorization(), "Bearer own");
    parse("--registry http://d");
    EXPECT_EQ(urls(), "http://d");
}

TEST_F(RegistryOptions, AUserWithinAUrlIsSentToThatUrlAlone) {
    const Variable url("SCHEMA_REGISTRY_URL", "http://me:secret@a");
    parse("--registry http://b");
    const auto connection = connect_registry(flags);
    ASSERT_TRUE(connection);
    EXPECT_EQ((*connection)->base_urls, std::vector<std::string>{"http://b"});
    EXPECT_EQ((*connection)->credentials->authorization().value(), "");
}

TEST_F(RegistryOptions, SecretsOfUrlsAndVariablesAreNotTold) {
    parse("--registry http://me:hidden@a");
    EXPECT_EQ(urls(), "http://a");
    parse("--registry ftp://me:hidden@a");
    EXPECT_EQ(code(), ErrorCode::malformed_request);
    EXPECT_EQ(authorization().find("hidden"), std::string::npos);
    parse("");
    {
        const Variable url("SCHEMA_REGISTRY_URL", "ftp://me:hidden@a");
        EXPECT_EQ(code(), ErrorCode::malformed_request);
        EXPECT_EQ(authorization().find("hidden"), std::string::npos) << authorization();
    }
    const Variable info("SCHEMA_REGISTRY_BASIC_AUTH_USER_INFO", "hidden");
    EXPECT_EQ(code(), ErrorCode::malformed_request);
    EXPECT_EQ(authorization().find("hidden"), std::string::npos);
}

TEST_F(RegistryOptions, AProfileServesWhenNothingElseNamesARegistry) {
    write_profiles(
        "default: prod\nprofiles:\n  prod: {registry: http://p, token: t1, timeout-ms: 7}\n"
        "  other: {registry: [http://q, http://r], user: me, password: secret}\n");
    parse("");
    EXPECT_TRUE(is_given(flags));
    EXPECT_EQ(urls(), "http://p");
    EXPECT_EQ(authorization(), "Bearer t1");
    EXPECT_EQ(connect_registry(flags).value()->timeout, std::chrono::milliseconds(7));
    const Variable name("SYMBOLON_PROFILE", "other");
    EXPECT_EQ(urls(), "http://q http://r");
    // What a profile holds does not go to another server unasked.
    const Variable own("SYMBOLON_REGISTRY", "http://c");
    EXPECT_EQ(urls(), "http://c");
    EXPECT_EQ(authorization(), "");
}

TEST_F(RegistryOptions, AProfileThatIsAskedForByFlagWinsOverTheEnvironment) {
    write_profiles("profiles:\n  prod: {registry: http://p, token: t1}\n");
    const Variable own("SYMBOLON_REGISTRY", "http://c");
    const Variable token("SYMBOLON_REGISTRY_TOKEN", "t2");
    parse("--profile prod");
    EXPECT_EQ(urls(), "http://p");
    EXPECT_EQ(authorization(), "Bearer t1");
    parse("--profile prod --registry http://d --token t3");
    EXPECT_EQ(urls(), "http://d");
    EXPECT_EQ(authorization(), "Bearer t3");
    parse("--profile prdo");
    EXPECT_EQ(code(), ErrorCode::malformed_request);
    EXPECT_NE(authorization().find("there are: prod"), std::string::npos);
    EXPECT_TRUE(is_given(flags));
}

TEST_F(RegistryOptions, OAuthAsksTheTokenEndpoint) {
    ScriptedServer server({answering(R"({"access_token":"t1","scope":"a,b"})")});
    const Variable secret("SYMBOLON_REGISTRY_OAUTH_CLIENT_SECRET", "hidden");
    parse("--registry http://a --oauth-token-url " + server.url("/t") +
          " --oauth-client-id me --oauth-scope a,b --oauth-secret-in-body");
    EXPECT_EQ(authorization(), "Bearer t1");
    EXPECT_TRUE(server.requests().at(0).ends_with(
        "grant_type=client_credentials&scope=a%20b&client_id=me&client_secret=hidden"))
        << server.requests().at(0);
}

TEST_F(RegistryOptions, AFlagThatCountsForNothingAloneIsAMistake) {
    const std::string file_flag = write("p", "secret\n");
    for (const auto* lonely : {"--password-file", "--oauth-client-secret-file", "--key"}) {
        parse("--registry http://a " + std::string(lonely) + " " + file_flag);
        EXPECT_EQ(code(), ErrorCode::malformed_request) << lonely;
        EXPECT_EQ(connect_registry(flags).error().message.find("secret\n"), std::string::npos);
        flags = {};
    }
    for (const auto* lonely : {"--oauth-client-id me", "--oauth-scope a"}) {
        parse("--registry http://a " + std::string(lonely));
        EXPECT_EQ(code(), ErrorCode::malformed_request) << lonely;
        flags = {};
    }
    parse("--registry http://a --oauth-token-url http://t --oauth-client-id me");
    EXPECT_NE(authorization().find("SYMBOLON_REGISTRY_OAUTH_CLIENT_SECRET"), std::string::npos);
    flags = {};
    const Variable user("SYMBOLON_REGISTRY_USER", "me");
    parse("--registry http://a --password-file " + file_flag);
    EXPECT_EQ(authorization(), "Basic bWU6c2VjcmV0");
}

TEST_F(RegistryOptions, ThePlatformHasItsOwn) {
    parse("--platform-url http://p/ --platform-token abc --registry http://r --token def");
    const auto connection = connect_platform(platform);
    ASSERT_TRUE(connection) << connection.error().message;
    EXPECT_EQ((*connection)->base_urls, std::vector<std::string>{"http://p"});
    EXPECT_EQ((*connection)->credentials->authorization().value(), "Bearer abc");
    EXPECT_EQ(authorization(), "Bearer def");
}

TEST_F(RegistryOptions, TheRegistryIsAskedOverHttp) {
    ScriptedServer server({answering(R"({"schema":"\"string\""})")});
    parse("--registry " + server.url("/base/") + " --token abc");
    const auto connection = connect_registry(flags);
    ASSERT_TRUE(connection) << connection.error().message;
    const auto schema = (*connection)->registry->find_by_id(SchemaId(7));
    ASSERT_TRUE(schema) << schema.error().message;
    EXPECT_NE((*schema)->parsed, nullptr);
    EXPECT_TRUE(server.requests().at(0).starts_with("GET /base/schemas/ids/7 HTTP/1.1"));
    EXPECT_NE(server.requests().at(0).find("Authorization: Bearer abc\r\n"), std::string::npos);
}

TEST_F(RegistryOptions, TlsFilesThatCannotBeReadAreToldAtOnce) {
    parse("--registry https://a --ca-file /no/such/file");
    EXPECT_EQ(code(), ErrorCode::cannot_start);
}

}  // namespace
}  // namespace symbolon::cli
