#include "client/sink/container_sink.hpp"

#include "client/codec/avro_container.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symbolon::client {
namespace {

std::vector<std::string> data_in(const std::string& path) {
    std::vector<std::string> data;
    auto source = open_file_source(path);
    EXPECT_TRUE(source);
    auto reader = ContainerReader::open(std::move(*source));
    EXPECT_TRUE(reader);
    for (auto datum = reader->next_datum(); datum && *datum; datum = reader->next_datum()) {
        data.emplace_back(**datum);
    }
    return data;
}

TEST(ContainerSink, EveryWriteIsInTheFileWhenItAnswers) {
    const ::symbolon::testing::TempDir folder;
    const std::string path = folder.file("data.avro");
    for (int run = 0; run < 2; ++run) {
        auto sink = open_container_sink(path, R"("string")");
        ASSERT_TRUE(sink) << sink.error().message;
        EXPECT_EQ((*sink)->name(), "container file " + path);
        const std::vector<SinkRecord> records{{.value = "\x02x"}, {.value = "\x02y"}};
        ASSERT_TRUE((*sink)->write(records));
        EXPECT_EQ(data_in(path).size(), 2U + 2U * static_cast<std::size_t>(run));
        ASSERT_TRUE((*sink)->write({}));
    }
    EXPECT_EQ(data_in(path), (std::vector<std::string>{"\x02x", "\x02y", "\x02x", "\x02y"}));
}

TEST(ContainerSink, OfAWriteThatFailsNothingStays) {
    const ::symbolon::testing::TempDir folder;
    const std::string path = folder.file("data.avro");
    auto sink = open_container_sink(path, R"("bytes")", {.block_bytes = 1});
    ASSERT_TRUE(sink);
    const std::vector<SinkRecord> bad{
        {.value = "\x02x"},
        {.value = "\x02y"},
        {.value = std::string(limits::container_block_bytes_max + 1, 'x')}};
    EXPECT_FALSE((*sink)->write(bad));
    const std::vector<SinkRecord> good{{.value = "\x02z"}};
    ASSERT_TRUE((*sink)->write(good));
    EXPECT_EQ(data_in(path), std::vector<std::string>{"\x02z"});
}

TEST(ContainerSink, AFileThatCannotBeOpenedIsAnError) {
    EXPECT_FALSE(open_container_sink("/nowhere/at/all", R"("string")"));
}

}  // namespace
}  // namespace symbolon::client
