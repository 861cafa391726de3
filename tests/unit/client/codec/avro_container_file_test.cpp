#include "client/codec/avro_container_file.hpp"

#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>

namespace symbolon::client {
namespace {

std::string read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::string read_all(ByteSource& source) {
    std::string all;
    std::string piece(3, '\0');
    for (auto taken = source.read(piece.data(), piece.size()); taken && *taken > 0;
         taken = source.read(piece.data(), piece.size())) {
        all.append(piece, 0, *taken);
    }
    return all;
}

TEST(ContainerFile, EverySourceHandsOutAllItsBytesAndPassesOverSome) {
    const ::symbolon::testing::TempDir folder;
    std::ofstream(folder.file("f")) << "0123456789";
    std::istringstream stream("0123456789");
    auto file = open_file_source(folder.file("f"));
    ASSERT_TRUE(file);
    const auto from_memory = memory_source("0123456789");
    const auto from_stream = stream_source(stream);
    for (ByteSource* source : {file->get(), from_memory.get(), from_stream.get()}) {
        EXPECT_EQ(source->skip(4).value_or(0), 4U);
        EXPECT_EQ(read_all(*source), "456789");
        EXPECT_EQ(source->skip(1).value_or(9), 0U);
    }
}

TEST(ContainerFile, PassingOverMoreThanThereIsTellsHowMuchThereWas) {
    const ::symbolon::testing::TempDir folder;
    std::ofstream(folder.file("f")) << "0123456789";
    auto file = open_file_source(folder.file("f"));
    ASSERT_TRUE(file);
    EXPECT_EQ((*file)->skip(1ULL << 40U).value_or(0), 10U);
}

TEST(ContainerFile, AFileThatIsNotThereIsAnError) {
    const auto source = open_file_source("/nowhere/at/all");
    ASSERT_FALSE(source);
    EXPECT_EQ(source.error().code, ErrorCode::cannot_start);
    EXPECT_FALSE(open_file_target("/nowhere/at/all"));
}

TEST(ContainerFile, ATargetGoesOnWhereTheFileEndsAndCanBeCutBack) {
    const ::symbolon::testing::TempDir folder;
    std::ofstream(folder.file("f")) << "begin ";
    auto target = open_file_target(folder.file("f"));
    ASSERT_TRUE(target);
    EXPECT_EQ((*target)->size(), 6U);
    ASSERT_TRUE((*target)->write("wrong"));
    ASSERT_TRUE((*target)->cut(6));
    ASSERT_TRUE((*target)->write("right"));
    ASSERT_TRUE((*target)->sync());
    EXPECT_EQ(read_file(folder.file("f")), "begin right");
}

TEST(ContainerFile, TwoWritersOfOneFileAreRefused) {
    const ::symbolon::testing::TempDir folder;
    auto first = open_file_target(folder.file("f"));
    ASSERT_TRUE(first);
    const auto second = open_file_target(folder.file("f"));
    ASSERT_FALSE(second);
    EXPECT_NE(second.error().message.find("written by another program"), std::string::npos);
    first->reset();
    EXPECT_TRUE(open_file_target(folder.file("f")));
}

TEST(ContainerFile, AFullDiskIsAnError) {
    auto target = open_file_target("/dev/full");
    if (!target) {
        GTEST_SKIP() << "no /dev/full here";
    }
    const auto status = (*target)->write("x");
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::sink_failed);
}

}  // namespace
}  // namespace symbolon::client
