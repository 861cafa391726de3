#include "server/log.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace symbolon::server {
namespace {

/// What `write` leaves in a file.
template <class Write>
std::string written(LogFormat format, LogLevel level, Write write) {
    std::FILE* const file = std::tmpfile();
    {
        Log log({level, format, file});
        write(log);
    }
    std::fflush(file);
    const auto size = static_cast<std::size_t>(std::ftell(file));
    std::fseek(file, 0, SEEK_SET);
    std::string all(size, '\0');
    all.resize(std::fread(all.data(), 1, size, file));
    std::fclose(file);
    return all;
}

TEST(Log, JsonLinesKeepTheOrderAndTheTypesOfFields) {
    const auto text = written(LogFormat::json, LogLevel::info, [](Log& log) {
        log.write(LogLevel::warning, "a \"message\"", {{"z", 1}, {"a", "b\nc"}, {"n", Json()}});
    });
    EXPECT_EQ(text.substr(0, 9), R"({"time":")");
    EXPECT_EQ(text.substr(33),
              R"(","level":"warning","message":"a \"message\"","z":1,"a":"b\nc","n":null})"
              "\n");
    EXPECT_TRUE(parse_json(text));
}

TEST(Log, TextHasOneLinePerMessageWhateverAClientSent) {
    const auto text = written(LogFormat::text, LogLevel::info, [](Log& log) {
        log.write(LogLevel::error, "request", {{"target", "/a\n\x1b[31m"}, {"status", 500}});
    });
    EXPECT_EQ(text.substr(24), " error   request target=\"/a\\n\\u001b[31m\" status=500\n");
}

TEST(Log, BytesThatAreNotTextDoNotBreakALine) {
    const auto text = written(LogFormat::json, LogLevel::info, [](Log& log) {
        log.write(LogLevel::info, "bytes", {{"target", "/\xff\xfe"}});
    });
    EXPECT_TRUE(parse_json(text)) << text;
}

TEST(Log, LinesBelowTheLevelAreLeftOut) {
    const auto text = written(LogFormat::json, LogLevel::warning, [](Log& log) {
        EXPECT_FALSE(log.shows(LogLevel::info));
        log.write(LogLevel::info, "unseen");
        log.write(LogLevel::warning, "seen");
    });
    EXPECT_EQ(text.find("unseen"), std::string::npos);
    EXPECT_NE(text.find("seen"), std::string::npos);
}

TEST(Log, AutomaticMeansJsonWhereThereIsNoTerminal) {
    const auto text = written(LogFormat::automatic, LogLevel::info,
                              [](Log& log) { log.write(LogLevel::info, "hello"); });
    EXPECT_EQ(text.front(), '{');
}

TEST(Log, LevelsHaveTheirLog4jNamesToo) {
    EXPECT_EQ(find_log_level("WARN"), LogLevel::warning);
    EXPECT_EQ(find_log_level("Debug"), LogLevel::debug);
    EXPECT_EQ(find_log_level("loud"), std::nullopt);
}

}  // namespace
}  // namespace symbolon::server
