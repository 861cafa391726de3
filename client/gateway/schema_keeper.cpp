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
    KeptSchemaPtr known;
    {
        const std::lock_guard lock(mutex_);
        known = schema_;
    }
    std::unique_lock turn(look_up_mutex_, std::defer_lock);
    if (!known) {
        turn.lock();  // there is nothing to go on with meanwhile
        if (auto fresh = find_fresh()) {
            return std::move(*fresh);
        }
    } else if (!turn.try_lock()) {
        return known;
    }
    auto found = look_up(known);
    const auto now = clock_.now();
    const std::lock_guard lock(mutex_);
    if (found) {
        schema_ = *found;
        problem_.reset();
        fresh_until_ = now + options_.ttl;
        return found;
    }
    problem_ = found.error();
    fresh_until_ = now + (schema_ ? options_.retry_pause : first_retry_pause);
    if (schema_) {
        ++stale_answers_;
        return schema_;
    }
    return found;
}

std::optional<Result<KeptSchemaPtr>> SchemaKeeper::find_fresh() {
    const std::lock_guard lock(mutex_);
    if (clock_.now() >= fresh_until_) {
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
