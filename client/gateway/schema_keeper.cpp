#include "client/gateway/schema_keeper.hpp"

#include <fmt/format.h>

#include <utility>

namespace symbolon::client {
namespace {

/// Without any schema, every body is one more reason to ask; the source is spared.
constexpr std::chrono::milliseconds first_retry_pause{1'000};

}  // namespace

Result<KeptSchemaPtr> SchemaKeeper::current() {
    if (auto fresh = find_fresh()) {
        return std::move(*fresh);
    }
    const auto last = state_of_look_ups();
    std::unique_lock turn(look_up_mutex_, std::defer_lock);
    if (!last.schema && !last.problem) {
        turn.lock();  // there is nothing to answer meanwhile
    } else if (!turn.try_lock()) {
        return last.schema ? Result<KeptSchemaPtr>(last.schema)
                           : Result<KeptSchemaPtr>(failure(*last.problem));
    }
    if (auto fresh = find_fresh()) {
        return std::move(*fresh);  // another one's look-up ended just now
    }
    look_up_and_keep();
    const std::lock_guard lock(mutex_);
    if (!schema_) {
        return failure(*problem_);
    }
    stale_answers_ += problem_ ? 1 : 0;
    return schema_;
}

void SchemaKeeper::refresh() {
    {
        const std::lock_guard lock(mutex_);
        const bool each_asks = schema_ && options_.ttl.count() == 0;
        if (each_asks || clock_.now() < due_at_) {
            return;
        }
    }
    const std::unique_lock turn(look_up_mutex_, std::try_to_lock);
    if (turn) {
        look_up_and_keep();
    }
}

void SchemaKeeper::look_up_and_keep() {
    auto found = look_up(state_of_look_ups().schema);
    const auto now = clock_.now();
    const std::lock_guard lock(mutex_);
    if (found) {
        schema_ = std::move(*found);
        problem_.reset();
        due_at_ = now + options_.ttl;
        return;
    }
    problem_ = std::move(found).error();
    due_at_ = now + (schema_ ? options_.retry_pause : first_retry_pause);
}

SchemaKeeper::LookUps SchemaKeeper::state_of_look_ups() const {
    const std::lock_guard lock(mutex_);
    return {schema_, problem_};
}

std::optional<Result<KeptSchemaPtr>> SchemaKeeper::find_fresh() {
    const std::lock_guard lock(mutex_);
    if (clock_.now() >= due_at_ + options_.head_start) {
        return std::nullopt;
    }
    if (schema_) {
        stale_answers_ += problem_ ? 1 : 0;
        return Result<KeptSchemaPtr>(schema_);
    }
    return problem_ ? std::optional<Result<KeptSchemaPtr>>(failure(*problem_)) : std::nullopt;
}

Result<KeptSchemaPtr> SchemaKeeper::look_up(const KeptSchemaPtr& known) const {
    SYMBOLON_TRY(auto schema, source_.find_version(options_.subject, options_.version));
    if (known && known->schema == schema) {
        return known;
    }
    if (schema->type != SchemaType::json) {
        return failure(make_error(ErrorCode::not_a_json_schema,
                                  schema->type == SchemaType::avro ? "AVRO" : "PROTOBUF"));
    }
    if (!schema->parsed) {
        return failure(make_error(ErrorCode::invalid_schema,
                                  fmt::format("the schema of subject \"{}\" does not parse: {}",
                                              options_.subject, schema->parse_error)));
    }
    SYMBOLON_TRY(auto validator,
                 compat::validator_of(*schema->parsed, compat::Formats::assert_them));
    return KeptSchemaPtr(
        std::make_shared<const KeptSchema>(KeptSchema{std::move(schema), std::move(validator)}));
}

SchemaKeeper::State SchemaKeeper::state() const {
    const std::lock_guard lock(mutex_);
    return {schema_, problem_ ? problem_->message : "", stale_answers_};
}

}  // namespace symbolon::client
