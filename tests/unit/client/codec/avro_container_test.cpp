#include "client/codec/avro_container.hpp"

#include "client/codec/avro_container_input.hpp"
#include "client/codec/avro_decode.hpp"
#include "core/limits.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <limits>
#include <string>
#include <vector>

namespace symbolon::client {
namespace {

const std::string text_schema = R"("string")";

std::string text_datum(const std::string& text) {
    std::string bytes;
    append_long(bytes, static_cast<std::int64_t>(text.size()));
    return bytes + text;
}

std::string file_of(const std::vector<std::string>& texts,
                    const ContainerWriterOptions& options = {}) {
    std::string bytes;
    auto writer = ContainerWriter::create(memory_target(bytes), text_schema, options);
    EXPECT_TRUE(writer);
    for (const std::string& text : texts) {
        EXPECT_TRUE(writer->append(text_datum(text)));
    }
    EXPECT_TRUE(writer->close());
    return bytes;
}

/// The texts of a file; the last one is what went wrong, if something did.
std::vector<std::string> texts_of(std::string_view bytes, const ContainerLimits& limits = {}) {
    std::vector<std::string> texts;
    auto reader = ContainerReader::open(memory_source(bytes), limits);
    if (!reader) {
        return {"error: " + reader.error().message};
    }
    const auto plan = AvroReadPlan::compile(reader->schema());
    EXPECT_TRUE(plan);
    AvroValue value;
    while (true) {
        const auto more = reader->next(**plan, value);
        if (!more) {
            EXPECT_EQ(reader->records(), texts.size());
            EXPECT_FALSE(reader->next(**plan, value));  // and stays wrong
            texts.push_back("error: " + more.error().message);
            return texts;
        }
        if (!*more) {
            return texts;
        }
        texts.emplace_back(value.root().text());
    }
}

std::vector<std::string> many_texts() {
    std::vector<std::string> texts;
    for (int at = 0; at < 500; ++at) {
        texts.push_back("text " + std::to_string(at * at));
    }
    return texts;
}

class EveryContainerCodec : public ::testing::TestWithParam<ContainerCodec> {};
INSTANTIATE_TEST_SUITE_P(Container, EveryContainerCodec,
                         ::testing::Values(ContainerCodec::null, ContainerCodec::deflate,
                                           ContainerCodec::snappy, ContainerCodec::zstandard),
                         [](const auto& param_info) {
                             return std::string(to_string(param_info.param));
                         });

TEST_P(EveryContainerCodec, WhatWasWrittenIsRead) {
    EXPECT_EQ(texts_of(file_of(many_texts(), {.codec = GetParam(), .block_bytes = 300})),
              many_texts());
    EXPECT_EQ(texts_of(file_of({}, {.codec = GetParam()})), std::vector<std::string>{});
}

TEST_P(EveryContainerCodec, AFileCutAnywhereHandsOutItsWholeBlocksAndSaysSo) {
    const std::string bytes =
        file_of({"one", "two", "three"}, {.codec = GetParam(), .block_bytes = 1});
    std::size_t most = 0;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        const auto texts = texts_of(std::string_view(bytes).substr(0, size));
        if (!texts.empty() && texts.back().starts_with("error: ")) {
            const std::string expected =
                "after " + std::to_string(texts.size() - 1) + " whole records";
            EXPECT_TRUE(texts.back().find(expected) != std::string::npos ||
                        texts.back().find("no Avro container file") != std::string::npos)
                << texts.back();
        }
        most = std::max(most, texts.size());
    }
    EXPECT_EQ(most, 3U);
}

TEST_P(EveryContainerCodec, ABlockThatInflatesBeyondTheBoundIsRefused) {
    const std::string bytes = file_of({std::string(200'000, 'a')}, {.codec = GetParam()});
    EXPECT_EQ(texts_of(bytes, {.block_bytes_max = 300'000}).front().size(), 200'000U);
    const auto texts = texts_of(bytes, {.block_bytes_max = 100'000});
    ASSERT_EQ(texts.size(), 1U);
    EXPECT_NE(texts[0].find("more than"), std::string::npos) << texts[0];
}

TEST(Container, TheHeaderTellsSchemaCodecAndMetadata) {
    const std::string bytes =
        file_of({}, {.codec = ContainerCodec::snappy, .metadata = {{"made.by", "a test"}}});
    EXPECT_TRUE(is_container(bytes));
    EXPECT_FALSE(is_container("Obj"));
    const auto reader = ContainerReader::open(memory_source(bytes));
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->header().schema_text, text_schema);
    EXPECT_EQ(reader->header().codec, ContainerCodec::snappy);
    EXPECT_EQ(reader->header().metadata.at("made.by"), "a test");
    EXPECT_EQ(reader->header().metadata.at("avro.codec"), "snappy");
}

TEST(Container, DataAndBlocksAreHandedOutAsBytes) {
    const std::string bytes = file_of({"one", "two", "three"}, {.block_bytes = 8});
    auto reader = ContainerReader::open(memory_source(bytes));
    ASSERT_TRUE(reader);
    auto datum = reader->next_datum();
    ASSERT_TRUE(datum && *datum);
    EXPECT_EQ(**datum, text_datum("one"));
    auto rest = reader->next_block();
    ASSERT_TRUE(rest && *rest);
    EXPECT_EQ((*rest)->records, 1U);
    EXPECT_EQ((*rest)->bytes, text_datum("two"));
    datum = reader->next_datum();
    ASSERT_TRUE(datum && *datum);
    EXPECT_EQ(**datum, text_datum("three"));
    EXPECT_FALSE(reader->next_datum().value().has_value());
    EXPECT_FALSE(reader->next_block().value().has_value());
    EXPECT_EQ(reader->records(), 3U);
}

/// A file whose blocks are written by hand.
class HandMadeFile {
public:
    explicit HandMadeFile(std::string_view schema = text_schema, std::string_view codec = "") {
        bytes_ = "Obj\x01";
        append_long(bytes_, codec.empty() ? 1 : 2);
        add_entry("avro.schema", schema);
        if (!codec.empty()) {
            add_entry("avro.codec", codec);
        }
        append_long(bytes_, 0);
        bytes_ += marker_;
    }
    HandMadeFile& block(std::int64_t records, std::int64_t size, const std::string& data) {
        append_long(bytes_, records);
        append_long(bytes_, size);
        bytes_ += data + marker_;
        return *this;
    }
    std::string& bytes() { return bytes_; }
    std::string problem() const {
        const auto texts = texts_of(bytes_);
        return texts.empty() ? "" : texts.back();
    }

private:
    void add_entry(std::string_view key, std::string_view value) {
        append_long(bytes_, static_cast<std::int64_t>(key.size()));
        bytes_ += key;
        append_long(bytes_, static_cast<std::int64_t>(value.size()));
        bytes_ += value;
    }
    std::string bytes_;
    const std::string marker_ = std::string(16, 'm');
};

TEST(Container, WithoutACodecBlocksAreStoredAsTheyAre) {
    EXPECT_EQ(HandMadeFile().block(1, 2, "\x02x").problem(), "x");
    EXPECT_EQ(HandMadeFile().block(0, 0, "").problem(), "");
}

// fastavro reads on behind such a block of any codec; Avro for Java makes no error of it.
TEST_P(EveryContainerCodec, ABlockOfNothingAtAllIsNoError) {
    BlockCodec codec(GetParam());
    std::string stored;
    ASSERT_TRUE(codec.deflate(text_datum("x"), stored));
    HandMadeFile file(text_schema, to_string(GetParam()));
    file.block(0, 0, "").block(1, static_cast<std::int64_t>(stored.size()), stored);
    EXPECT_EQ(file.block(0, 0, "").problem(), "x");
    EXPECT_NE(file.block(1, 0, "").problem().find("error: "), std::string::npos);
}

TEST(Container, BlocksThatLieAreRefusedWithTheirPlace) {
    EXPECT_EQ(HandMadeFile().block(1, 3, "\x02xy").problem(),
              "error: the container file, block at byte 43, after 1 whole records: 1 bytes follow "
              "its last record");
    const auto fails_with = [](const HandMadeFile& file, const std::string& what) {
        const std::string problem = file.problem();
        EXPECT_NE(problem.find(what), std::string::npos) << problem;
    };
    fails_with(HandMadeFile().block(-1, 2, "\x02x"), "its number of records is wrong");
    fails_with(HandMadeFile().block(1, -2, "\x02x"), "its size is wrong");
    fails_with(HandMadeFile().block(1, std::numeric_limits<std::int64_t>::max(), ""),
               "more than the");
    fails_with(HandMadeFile().block(1, 30'000'000, "x"), "the file is cut off at byte");
    fails_with(HandMadeFile().block(2, 2, "\x02x"), "after 1 whole records");
    fails_with(HandMadeFile().block(1, 1, "\x02x"), "sync marker");
    HandMadeFile surplus;
    surplus.bytes() += std::string(11, '\xFF');
    fails_with(surplus, "its number of records is wrong");
}

TEST(Container, RecordsThatTakeNoBytesAreBounded) {
    HandMadeFile file(R"("null")");
    file.block(1'000'000, 0, "");
    auto reader = ContainerReader::open(memory_source(file.bytes()));
    ASSERT_TRUE(reader);
    EXPECT_EQ(reader->next_block().value()->records, 1'000'000U);
    file.block(1, 0, "");
    reader = ContainerReader::open(memory_source(file.bytes()));
    ASSERT_TRUE(reader);
    ASSERT_TRUE(reader->next_block());
    const auto refused = reader->next_block();
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().message.find("it claims 1 records in 0 bytes"), std::string::npos);
}

TEST(Container, HeadersThatLieAreRefused) {
    const auto problem = [](const std::string& bytes) { return texts_of(bytes).back(); };
    EXPECT_NE(problem("PAR1").find("does not begin with"), std::string::npos);
    EXPECT_NE(problem(HandMadeFile("\"string\"", "bzip2").bytes()).find("codec \"bzip2\""),
              std::string::npos);
    const auto unusable = ContainerReader::open(memory_source(HandMadeFile("{").bytes()));
    ASSERT_FALSE(unusable);
    EXPECT_EQ(unusable.error().code, ErrorCode::malformed_datum);
    EXPECT_NE(unusable.error().message.find("the container file's own schema"), std::string::npos);
    std::string many = "Obj\x01";
    append_long(many, std::numeric_limits<std::int64_t>::max());
    EXPECT_NE(problem(many).find("entries of metadata"), std::string::npos);
    const auto entries = [&](std::size_t count) {
        std::string header = "Obj\x01";
        append_long(header, static_cast<std::int64_t>(count));
        return problem(header + std::string(2 * count, '\0') + '\0' + std::string(16, 'm'));
    };
    EXPECT_NE(entries(limits::container_metadata_max).find("no avro.schema"), std::string::npos);
    EXPECT_NE(entries(limits::container_metadata_max + 1).find("entries of metadata"),
              std::string::npos);
    std::string least = "Obj\x01";
    append_long(least, std::numeric_limits<std::int64_t>::min());
    EXPECT_NE(problem(least).find("count of its metadata"), std::string::npos);
    std::string large = "Obj\x01";
    append_long(large, 1);
    append_long(large, 1LL << 40U);
    EXPECT_NE(problem(large).find("bytes of metadata"), std::string::npos);
    std::string none = "Obj\x01";
    append_long(none, 0);
    EXPECT_NE(problem(none + std::string(16, 'm')).find("no avro.schema"), std::string::npos);
}

TEST(Container, MetadataInBlocksWithTheirSizeIsRead) {
    std::string bytes = "Obj\x01";
    append_long(bytes, -1);
    append_long(bytes, 21);
    append_long(bytes, 11);
    bytes += "avro.schema";
    append_long(bytes, 8);
    bytes += text_schema;
    append_long(bytes, 0);
    EXPECT_EQ(texts_of(bytes + std::string(16, 'm')), std::vector<std::string>{});
}

std::string whole_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_texts(const std::string& path, const std::vector<std::string>& texts) {
    auto writer = ContainerWriter::open_file(path, text_schema);
    ASSERT_TRUE(writer) << writer.error().message;
    for (const std::string& text : texts) {
        ASSERT_TRUE(writer->append(text_datum(text)));
    }
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(writer->records(), texts.size());
    EXPECT_FALSE(writer->append(text_datum("late")));
}

TEST(Container, AFileIsGoneOnWithUnderItsOwnMarker) {
    const ::symbolon::testing::TempDir folder;
    const std::string path = folder.file("texts.avro");
    write_texts(path, {"one"});
    write_texts(path, {"two", "three"});
    EXPECT_EQ(texts_of(whole_file(path)), (std::vector<std::string>{"one", "two", "three"}));
}

TEST(Container, ABlockCutOffByACrashIsRemovedWhenTheFileIsGoneOnWith) {
    const ::symbolon::testing::TempDir folder;
    const std::string path = folder.file("texts.avro");
    write_texts(path, {});
    const std::size_t header = whole_file(path).size();
    write_texts(path, {"one"});
    const std::size_t good = whole_file(path).size();
    write_texts(path, {"two"});
    const std::string both = whole_file(path);
    for (std::size_t size = 0; size <= both.size(); ++size) {
        std::ofstream(path, std::ios::binary) << both.substr(0, size);
        {
            auto writer = ContainerWriter::open_file(path, text_schema);
            ASSERT_TRUE(writer) << size << writer.error().message;
            const bool is_whole =
                size == 0 || size == header || size == good || size == both.size();
            EXPECT_EQ(writer->cut_bytes() == 0, is_whole) << size;
            ASSERT_TRUE(writer->append(text_datum("new")));
            ASSERT_TRUE(writer->close());
        }
        const auto texts = texts_of(whole_file(path));
        ASSERT_FALSE(texts.empty());
        EXPECT_EQ(texts.back(), "new") << size;
        EXPECT_EQ(texts.size(), size == both.size() ? 3U : size >= good ? 2U : 1U) << size;
    }
}

TEST(Container, AFileOfAnotherSchemaOrADamagedOneIsLeftAlone) {
    const ::symbolon::testing::TempDir folder;
    const std::string path = folder.file("texts.avro");
    write_texts(path, {"one"});
    const auto other = ContainerWriter::open_file(path, "\"bytes\"");
    ASSERT_FALSE(other);
    EXPECT_EQ(other.error().code, ErrorCode::sink_failed);
    EXPECT_NE(other.error().message.find("another schema"), std::string::npos);
    std::string bytes = whole_file(path);
    bytes.back() = static_cast<char>(bytes.back() + 1);
    std::ofstream(path, std::ios::binary) << bytes;
    const auto damaged = ContainerWriter::open_file(path, text_schema);
    ASSERT_FALSE(damaged);
    EXPECT_NE(damaged.error().message.find("sync marker"), std::string::npos);
    for (const std::string text : {"a letter to somebody", "{}\n", "x"}) {
        std::ofstream(path, std::ios::binary) << text;
        EXPECT_FALSE(ContainerWriter::open_file(path, text_schema));
        EXPECT_EQ(whole_file(path), text);
    }
}

TEST(Container, ABlockThatOnlySeemsCutOffIsNotRemovedWithThoseBehindIt) {
    const ::symbolon::testing::TempDir folder;
    const std::string path = folder.file("texts.avro");
    write_texts(path, {});
    const std::size_t header = whole_file(path).size();
    write_texts(path, {"one"});
    write_texts(path, {"two"});
    std::string bytes = whole_file(path);
    bytes[header + 1] = '\x7E';  // its size: more than the file has
    std::ofstream(path, std::ios::binary) << bytes;
    const auto writer = ContainerWriter::open_file(path, text_schema);
    ASSERT_FALSE(writer);
    EXPECT_NE(writer.error().message.find("has a wrong length"), std::string::npos)
        << writer.error().message;
    EXPECT_EQ(whole_file(path), bytes);
}

TEST(Container, WhatAvroKeepsForItselfIsNoMetadata) {
    std::string bytes;
    EXPECT_FALSE(ContainerWriter::create(memory_target(bytes), text_schema,
                                         {.metadata = {{"avro.codec", "null"}}}));
    EXPECT_FALSE(ContainerWriter::create(memory_target(bytes), "no schema"));
    EXPECT_EQ(bytes, "");
}

/// A target that takes so many bytes, then half of what comes, and fails.
class FullTarget final : public ByteTarget {
public:
    FullTarget(std::string& bytes, std::size_t room, bool can_cut = true)
        : bytes_(bytes), room_(room), can_cut_(can_cut) {}
    Status write(std::string_view bytes) override {
        if (bytes_.size() + bytes.size() > room_) {
            bytes_ += bytes.substr(0, bytes.size() / 2);
            room_ = 1'000'000;
            return failure(make_error(ErrorCode::sink_failed, "full"));
        }
        bytes_ += bytes;
        return {};
    }
    Status sync() override { return {}; }
    Status cut(std::uint64_t size) override {
        if (!can_cut_) {
            return failure(make_error(ErrorCode::sink_failed, "cannot be cut"));
        }
        bytes_.resize(static_cast<std::size_t>(size));
        return {};
    }
    std::uint64_t size() const override { return bytes_.size(); }
    std::string name() const override { return "full"; }
    void allow_cut() { can_cut_ = true; }

private:
    std::string& bytes_;
    std::size_t room_;
    bool can_cut_;
};

TEST(Container, ABlockThatWasNotWrittenIsTriedAgainOrTakenBack) {
    for (const bool tries_again : {true, false}) {
        std::string bytes;
        const std::size_t header = file_of({}).size();
        auto writer =
            ContainerWriter::create(std::make_unique<FullTarget>(bytes, header + 5), text_schema);
        ASSERT_TRUE(writer);
        ASSERT_TRUE(writer->append(text_datum("one")));
        EXPECT_FALSE(writer->flush(Durability::on_disk));
        EXPECT_EQ(bytes.size(), header);
        if (!tries_again) {
            ASSERT_TRUE(writer->take_back());
            ASSERT_TRUE(writer->append(text_datum("two")));
        }
        ASSERT_TRUE(writer->close());
        EXPECT_EQ(writer->records(), 1U);
        EXPECT_EQ(texts_of(bytes), std::vector<std::string>{tries_again ? "one" : "two"});
    }
}

TEST(Container, NothingIsWrittenAfterHalfABlockThatCannotBeRemoved) {
    std::string bytes;
    const std::size_t header = file_of({}).size();
    auto writer = ContainerWriter::create(std::make_unique<FullTarget>(bytes, header + 5, false),
                                          text_schema);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->append(text_datum("one")));
    const auto status = writer->flush(Durability::on_disk);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().message, "full; cannot be cut");
    const std::size_t size = bytes.size();
    const auto again = writer->close();
    ASSERT_FALSE(again);
    EXPECT_NE(again.error().message.find("half a block"), std::string::npos);
    EXPECT_EQ(bytes.size(), size);
}

TEST(Container, HalfABlockThatIsRemovedLaterIsNoHindrance) {
    std::string bytes;
    const std::size_t header = file_of({}).size();
    auto target = std::make_unique<FullTarget>(bytes, header + 5, false);
    FullTarget& disk = *target;
    auto writer = ContainerWriter::create(std::move(target), text_schema);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->append(text_datum("one")));
    EXPECT_FALSE(writer->flush(Durability::on_disk));
    EXPECT_FALSE(writer->take_back());
    disk.allow_cut();
    ASSERT_TRUE(writer->take_back());
    ASSERT_TRUE(writer->append(text_datum("two")));
    ASSERT_TRUE(writer->close());
    EXPECT_EQ(texts_of(bytes), std::vector<std::string>{"two"});
}

TEST(Container, WhatWasHandedOverButIsNotOnDiskIsTakenBack) {
    std::string bytes;
    auto writer = ContainerWriter::create(memory_target(bytes), text_schema);
    ASSERT_TRUE(writer);
    ASSERT_TRUE(writer->append(text_datum("one")));
    ASSERT_TRUE(writer->flush(Durability::on_disk));
    ASSERT_TRUE(writer->append(text_datum("two")));
    ASSERT_TRUE(writer->flush(Durability::handed_over));
    ASSERT_TRUE(writer->append(text_datum("three")));
    ASSERT_TRUE(writer->take_back());
    EXPECT_EQ(writer->records(), 1U);
    EXPECT_EQ(texts_of(bytes), std::vector<std::string>{"one"});
}

TEST(Container, ARecordAsLargeAsABlockMayBeIsWrittenAndRead) {
    const std::string large(limits::container_block_bytes_max - 4, 'x');
    const auto texts = texts_of(file_of({large}, {.codec = ContainerCodec::null}));
    EXPECT_TRUE(texts == std::vector<std::string>{large});
    std::string bytes;
    auto writer = ContainerWriter::create(memory_target(bytes), text_schema);
    ASSERT_TRUE(writer);
    const auto status = writer->append(std::string(limits::container_block_bytes_max + 1, 'x'));
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, ErrorCode::malformed_datum);
}

TEST(Container, LargerBlocksAreReadAndWrittenByASetting) {
    const std::string large(limits::container_block_bytes_max * 5 / 4 + 1, 'x');
    for (const auto codec : {ContainerCodec::null, ContainerCodec::zstandard}) {
        const auto file = file_of(
            {large}, {.codec = codec, .block_bytes_max = limits::container_block_bytes_ceiling});
        EXPECT_FALSE(ContainerReader::open(memory_source(file))->next_block());
        auto reader = ContainerReader::open(
            memory_source(file), {.block_bytes_max = limits::container_block_bytes_ceiling});
        const auto block = reader->next_block();
        ASSERT_TRUE(block && *block);
        EXPECT_GT((*block)->bytes.size(), large.size());
    }
}

}  // namespace
}  // namespace symbolon::client
