#include "compat/compat.hpp"

#include "core/limits.hpp"
#include "tests/support/avro_builders.hpp"

#include <gtest/gtest.h>

namespace symbolon::compat {

using tests::avro_schema;

namespace {

std::vector<HistoryEntry> history_of(const std::vector<std::string>& newest_first) {
    std::vector<HistoryEntry> history;
    history.reserve(newest_first.size());
    auto version = static_cast<std::int32_t>(newest_first.size());
    for (const std::string& text : newest_first) {
        history.push_back({Version{version--}, avro_schema(text), text});
    }
    return history;
}

Outcome outcome_of(Level level, std::string_view candidate,
                   const std::vector<std::string>& newest_first) {
    const auto outcome = check_level(level, *avro_schema(candidate), history_of(newest_first));
    EXPECT_TRUE(outcome.has_value());
    return outcome ? *outcome : Outcome{};
}

/// A schema of another type, whose counter-examples tell who was asked to read what.
class OtherSchema final : public ParsedSchema {
public:
    explicit OtherSchema(std::string name = "") : name_(std::move(name)) {}

    SchemaType type() const override { return SchemaType::json; }
    Result<std::string> canonical_text(Normalize) const override { return std::string("{}"); }
    Result<std::string> formatted_text(TextFormat) const override { return std::string("{}"); }
    bool equivalent_to(const ParsedSchema&) const override { return false; }
    bool has_top_level_field(std::string_view) const override { return false; }
    Result<Findings> findings_reading(const ParsedSchema&) const override { return Findings{}; }
    std::optional<CounterExample> find_counter_example(const Finding& finding,
                                                       const ParsedSchema& writer) const override {
        if (finding.message == "none") {
            return std::nullopt;
        }
        return CounterExample{finding.message,
                              name_ + " reads " + static_cast<const OtherSchema&>(writer).name_};
    }

private:
    std::string name_;
};

DirectedFinding told(std::string message, Direction direction) {
    return {{FindingKind::type_changed, "/", std::move(message)}, direction};
}

}  // namespace

TEST(ParseSchema, EveryTypeHasAnEngineThatTellsWhatIsWrong) {
    for (const auto& [type, name] : schema_type_table) {
        const auto schema = parse_schema(type, "{", {}, Strictness::strict);
        ASSERT_FALSE(schema.has_value()) << name;
        EXPECT_EQ(schema.error().code, ErrorCode::invalid_schema) << name;
        EXPECT_FALSE(schema.error().message.empty()) << name;
    }
}

TEST(CounterExamples, TheReaderOfEachDirectionIsAsked) {
    Outcome outcome;
    outcome.findings = {told("1", Direction::backward), told("2", Direction::forward),
                        told("none", Direction::forward)};
    add_counter_examples(outcome, OtherSchema("candidate"), OtherSchema("old"));
    EXPECT_EQ(outcome.findings[0].finding.counter_example->reading, "candidate reads old");
    EXPECT_EQ(outcome.findings[1].finding.counter_example->reading, "old reads candidate");
    EXPECT_FALSE(outcome.findings[2].finding.counter_example.has_value());
}

TEST(CounterExamples, AreBuiltForSoManyAndShownUpToASize) {
    Outcome outcome;
    outcome.findings.assign(limits::counter_examples_max + 1, told("1", Direction::backward));
    outcome.findings[0] =
        told(std::string(limits::counter_example_bytes_max, 'x'), Direction::backward);
    outcome.findings[1] =
        told(std::string(limits::counter_example_bytes_max - 9, 'x'), Direction::backward);
    add_counter_examples(outcome, OtherSchema("a"), OtherSchema("b"));
    EXPECT_FALSE(outcome.findings[0].finding.counter_example.has_value());
    EXPECT_TRUE(outcome.findings[1].finding.counter_example.has_value());
    EXPECT_TRUE(
        outcome.findings[limits::counter_examples_max - 1].finding.counter_example.has_value());
    EXPECT_FALSE(
        outcome.findings[limits::counter_examples_max].finding.counter_example.has_value());
}

TEST(CheckLevel, BackwardAsksWhetherTheCandidateReadsTheOld) {
    EXPECT_TRUE(outcome_of(Level::backward, R"("long")", {R"("int")"}).compatible());
    const Outcome outcome = outcome_of(Level::backward, R"("int")", {R"("long")"});
    ASSERT_EQ(outcome.findings.size(), 1U);
    EXPECT_EQ(outcome.findings[0].direction, Direction::backward);
    EXPECT_EQ(outcome.old_version, Version{1});
}

TEST(CheckLevel, ForwardAsksWhetherTheOldReadsTheCandidate) {
    EXPECT_TRUE(outcome_of(Level::forward, R"("int")", {R"("long")"}).compatible());
    const Outcome outcome = outcome_of(Level::forward, R"("long")", {R"("int")"});
    ASSERT_EQ(outcome.findings.size(), 1U);
    EXPECT_EQ(outcome.findings[0].direction, Direction::forward);
}

TEST(CheckLevel, FullReportsForwardFirst) {
    const Outcome outcome = outcome_of(Level::full, R"("int")", {R"("string")"});
    ASSERT_EQ(outcome.findings.size(), 2U);
    EXPECT_EQ(outcome.findings[0].direction, Direction::forward);
    EXPECT_EQ(outcome.findings[0].finding.message,
              "reader type: STRING not compatible with writer type: INT");
    EXPECT_EQ(outcome.findings[1].direction, Direction::backward);
}

TEST(CheckLevel, NoneAsksNothing) {
    EXPECT_TRUE(outcome_of(Level::none, R"("int")", {R"("string")"}).compatible());
}

TEST(CheckLevel, TransitiveStopsAtTheFirstThatDoesNotFit) {
    const Outcome outcome = outcome_of(Level::backward_transitive, R"("int")",
                                       {R"("int")", R"("long")", R"("string")"});
    ASSERT_EQ(outcome.findings.size(), 1U);
    EXPECT_EQ(outcome.old_version, Version{2});
    EXPECT_EQ(outcome.old_text, R"("long")");
}

TEST(CheckLevel, AnotherSchemaTypeIsOneFindingWithThePolicyAlone) {
    const std::vector<HistoryEntry> history{{Version{1}, std::make_shared<OtherSchema>(), "{}"}};
    const auto outcome = check_level(Level::full, *avro_schema(R"("int")"), history);
    ASSERT_TRUE(outcome.has_value());
    EXPECT_EQ(to_messages(*outcome, Level::full),
              (std::vector<std::string>{"Incompatible because of different schema type",
                                        "{validateFields: 'false', compatibility: 'FULL'}"}));
}

TEST(ToMessages, EndWithVersionSchemaAndPolicy) {
    const Outcome outcome = outcome_of(Level::backward, R"("int")", {R"("string")"});
    EXPECT_EQ(to_messages(outcome, Level::backward),
              (std::vector<std::string>{
                  "{errorType:'TYPE_MISMATCH', description:'The type (path '/') of a field in the "
                  "new schema does not match with the old schema', additionalInfo:'reader type: "
                  "INT not compatible with writer type: STRING'}",
                  "{oldSchemaVersion: 1}", "{oldSchema: '\"string\"'}",
                  "{validateFields: 'false', compatibility: 'BACKWARD'}"}));
}

TEST(ToMessages, CutALongOldSchemaAtACharacter) {
    Outcome outcome = outcome_of(Level::backward, R"("int")", {R"("string")"});
    outcome.old_text = std::string(10'239, 'a') + "\xF0\x9F\x98\x80";  // one UTF-16 unit too long
    EXPECT_EQ(to_messages(outcome, Level::backward)[2],
              "{oldSchema: <truncated> '" + std::string(10'239, 'a') + "...'}");
    outcome.old_text = std::string(10'240, 'a');
    EXPECT_EQ(to_messages(outcome, Level::backward)[2],
              "{oldSchema: '" + std::string(10'240, 'a') + "'}");
}

TEST(ToMessages, AreNoneWhenCompatible) {
    EXPECT_TRUE(to_messages({}, Level::full).empty());
}

}  // namespace symbolon::compat
