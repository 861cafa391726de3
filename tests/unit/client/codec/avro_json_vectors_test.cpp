#include "client/codec/avro_decode.hpp"
#include "client/codec/avro_encode.hpp"
#include "client/codec/avro_json.hpp"
#include "compat/compat.hpp"
#include "tests/support/avro_value_json.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

#include <iostream>
#include <string>

namespace symbolon::client {
namespace {

class JsonVectors : public ::testing::Test {
protected:
    /// Reads the text, encodes and decodes the value, and writes it again.
    std::string round_trip(const std::string& text, const AvroJsonOptions& options) {
        AvroValue value;
        const auto status = read_json(write_plan_->schema(), text, options, value);
        EXPECT_TRUE(status) << text << '\n' << status.error().message;
        if (!status) {
            return "";
        }
        bytes_.clear();
        EXPECT_TRUE(write_plan_->encode(value.root(), bytes_));
        const auto used = read_plan_->decode(bytes_, decoded_);
        EXPECT_EQ(used.value_or(0), bytes_.size()) << text;
        std::string again;
        append_json(again, read_plan_->schema(), decoded_.root(), options);
        return again;
    }

    /// Data may hold decimals of more digits than the schema allows; they are shown and not read.
    bool has_too_precise_decimal(const std::string& shown, const AvroJsonOptions& options) const {
        AvroValue value;
        const auto status = read_json(write_plan_->schema(), shown, options, value);
        return !status && status.error().message.find("precision") != std::string::npos;
    }

    bool compile(const nlohmann::ordered_json& schema) {
        const auto parsed =
            compat::parse_schema(SchemaType::avro, schema.dump(), {}, compat::Strictness::strict);
        EXPECT_TRUE(parsed);
        read_plan_ = AvroReadPlan::compile(*parsed).value_or(nullptr);
        write_plan_ = AvroWritePlan::compile(*parsed).value_or(nullptr);
        return read_plan_ != nullptr && write_plan_ != nullptr;
    }

    std::shared_ptr<const AvroReadPlan> read_plan_;
    std::shared_ptr<const AvroWritePlan> write_plan_;
    std::string bytes_;
    AvroValue decoded_;
};

// The vectors show a float as the double of equal value, we with the digits that tell floats apart;
// so values are compared by the tests' own writer, and texts once they are ours.
TEST_F(JsonVectors, EveryValueComesBackFromBytesAndIsWrittenTheSame) {
    constexpr AvroJsonOptions avros_form{.form = AvroJsonForm::avro_encoding};
    std::size_t values = 0;
    std::size_t guessed_otherwise = 0;
    for (const auto& row : tests::read_vectors("avro/evolution.jsonl")) {
        if (!row.contains("json")) {
            continue;
        }
        ASSERT_TRUE(compile(row["reader"]));
        const std::string text = round_trip(row["json"].dump(), avros_form);
        EXPECT_EQ(tests::to_avro_json(read_plan_->schema(), decoded_.root()),
                  Json::parse(row["json"].dump()))
            << row.dump();
        EXPECT_EQ(round_trip(text, avros_form), text) << row.dump();
        const std::string bytes = bytes_;
        for (const auto bytes_form : {BytesForm::base64, BytesForm::avro_text}) {
            for (const auto logical : {LogicalForm::raw, LogicalForm::readable}) {
                const AvroJsonOptions plain_form{.bytes = bytes_form, .logical = logical};
                std::string shown;
                ASSERT_TRUE(read_plan_->decode(bytes, decoded_));
                append_json(shown, read_plan_->schema(), decoded_.root(), plain_form);
                if (logical == LogicalForm::readable &&
                    has_too_precise_decimal(shown, plain_form)) {
                    continue;
                }
                EXPECT_EQ(round_trip(shown, plain_form), shown) << row.dump();
                guessed_otherwise += bytes_ != bytes ? 1 : 0;
                ASSERT_TRUE(read_plan_->decode(bytes, decoded_));
            }
        }
        ++values;
    }
    std::cout << "JSON vectors: " << values << " values; of four plain texts each, "
              << guessed_otherwise << " in all belong to another branch when they are read\n";
}

}  // namespace
}  // namespace symbolon::client
