#include "cli/kafka_flags.hpp"

#include "core/error.hpp"
#include "tests/support/temp_dir.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <CLI/CLI.hpp>

#include <cstdlib>
#include <fstream>
#include <string>

namespace symbolon::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

class KafkaFlagsTest : public ::testing::Test {
protected:
    void SetUp() override { ::unsetenv("SYMBOLON_KAFKA_PASSWORD"); }
    void TearDown() override { ::unsetenv("SYMBOLON_KAFKA_PASSWORD"); }

    void write_config(const std::string& text) {
        flags.config_file = folder.file("client.properties");
        std::ofstream(flags.config_file) << text;
    }
    std::string message() const {
        const auto options = to_kafka_options(flags);
        return options ? "" : options.error().message;
    }

    testing::TempDir folder;
    KafkaFlags flags;
};

TEST_F(KafkaFlagsTest, AFilesLinesArePropertiesWithoutTheBlanksAroundThem) {
    write_config("# who we are\r\n\n sasl.username = me\r\nsasl.password=a=b #c\n\tacks=all");
    const auto options = to_kafka_options(flags);
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_THAT(options->properties,
                ElementsAre(Pair("acks", "all"), Pair("sasl.password", "a=b #c"),
                            Pair("sasl.username", "me")));
}

TEST_F(KafkaFlagsTest, TheCommandLineWinsOverTheFileAndBothOverTheVariable) {
    ::setenv("SYMBOLON_KAFKA_PASSWORD", "of the variable", 1);
    EXPECT_THAT(to_kafka_options(flags)->properties,
                ElementsAre(Pair("sasl.password", "of the variable")));
    write_config("sasl.password=of the file\nlinger.ms=1\n");
    flags.properties = {"linger.ms=2"};
    EXPECT_THAT(to_kafka_options(flags)->properties,
                ElementsAre(Pair("linger.ms", "2"), Pair("sasl.password", "of the file")));
    flags.config_file.clear();
    flags.properties = {"sasl.password=of the line"};
    EXPECT_THAT(to_kafka_options(flags)->properties,
                ElementsAre(Pair("sasl.password", "of the line")));
}

TEST_F(KafkaFlagsTest, AnEmptyVariableIsNoPassword) {
    ::setenv("SYMBOLON_KAFKA_PASSWORD", "", 1);
    EXPECT_THAT(to_kafka_options(flags)->properties, IsEmpty());
}

TEST_F(KafkaFlagsTest, AnErrorNamesTheLineAndShowsNothingOfIt) {
    write_config("acks=all\nsasl.password: s3cret\n");
    EXPECT_THAT(message(), HasSubstr("client.properties, line 2: write NAME=VALUE"));
    EXPECT_THAT(message(), Not(HasSubstr("s3cret")));
    flags.config_file.clear();
    flags.properties = {"s3cret"};
    EXPECT_THAT(message(), HasSubstr("--kafka-property"));
    EXPECT_THAT(message(), Not(HasSubstr("s3cret")));
}

TEST_F(KafkaFlagsTest, AFileThatIsNotThereIsNamed) {
    flags.config_file = folder.file("none");
    EXPECT_THAT(message(), HasSubstr("none"));
}

TEST_F(KafkaFlagsTest, ASecretOnTheCommandLineIsWarnedOfAndNotShown) {
    flags.properties = {"sasl.username=me", "sasl.password=s3cret"};
    ::testing::internal::CaptureStderr();
    EXPECT_TRUE(to_kafka_options(flags));
    const auto said = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(said, HasSubstr("warning: sasl.password stands on the command line"));
    EXPECT_THAT(said, Not(HasSubstr("s3cret")));
}

TEST_F(KafkaFlagsTest, TheFileMayBeNamedByTheEnvironment) {
    ::setenv("SYMBOLON_KAFKA_CONFIG", "client.properties", 1);
    CLI::App app;
    add_kafka_flags(app, flags, "Kafka");
    app.parse("--brokers a:1", false);
    ::unsetenv("SYMBOLON_KAFKA_CONFIG");
    EXPECT_EQ(flags.config_file, "client.properties");
    EXPECT_EQ(flags.brokers, "a:1");
}

}  // namespace
}  // namespace symbolon::cli
