// A schema source for tests: holds what it is given, fails as it is told, and counts what it was
// asked.
//
// Example:  FakeSchemaSource source;  source.add("orders-value", SchemaId{7}, R"("string")");
//           source.fail_with(ErrorCode::unavailable);
// Threads:  one at a time
// Tested by tests/unit/client/decoder/fake_schema_source_test.cpp
#pragma once

#include "client/registry_client/schema_source.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::client::tests {

class FakeSchemaSource final : public SchemaSource {
public:
    /// The subject's next version. A text that does not parse is held all the same, as a registry
    /// with other rules might do.
    RegisteredSchemaPtr add(const std::string& subject, SchemaId id, const std::string& text,
                            SchemaType type = SchemaType::avro) {
        RegisteredSchema schema;
        schema.subject = subject;
        schema.version = Version{static_cast<std::int32_t>(subjects_[subject].size()) + 1};
        schema.id = id;
        schema.guid = guid_of(id);
        schema.type = type;
        schema.text = text;
        auto parsed = compat::parse_schema(type, text, {}, compat::Strictness::lenient);
        if (parsed) {
            schema.parsed = *parsed;
        } else {
            schema.parse_error = parsed.error().message;
        }
        auto shared = std::make_shared<const RegisteredSchema>(std::move(schema));
        subjects_[subject].push_back(shared);
        by_id_[id] = shared;
        return shared;
    }
    /// The subject is deleted for good; its ids stay.
    void forget(const std::string& subject) { subjects_.erase(subject); }
    void set_level(const std::string& subject, compat::Level level) { levels_[subject] = level; }
    /// Every call fails so until fail_with(nullopt).
    void fail_with(std::optional<ErrorCode> code) { failing_ = code; }
    /// find_level() alone fails so.
    void fail_levels_with(std::optional<ErrorCode> code) { failing_levels_ = code; }
    /// How often it was asked for anything, and for levels.
    int calls() const { return calls_; }
    int level_calls() const { return level_calls_; }

    static std::string guid_of(SchemaId id) {
        return fmt::format("00000000-0000-0000-0000-{:012x}", id.value());
    }

    Result<RegisteredSchemaPtr> find_by_id(SchemaId id) override {
        SYMBOLON_CHECK(answerable());
        const auto at = by_id_.find(id);
        if (at == by_id_.end()) {
            return failure(make_error(ErrorCode::schema_not_found, id.value()));
        }
        return at->second;
    }
    Result<RegisteredSchemaPtr> find_by_guid(std::string_view guid) override {
        SYMBOLON_CHECK(answerable());
        for (const auto& [id, schema] : by_id_) {
            if (schema->guid == guid) {
                return schema;
            }
        }
        return failure(make_error(ErrorCode::schema_not_found, guid));
    }
    Result<RegisteredSchemaPtr> find_version(std::string_view subject,
                                             WantedVersion version) override {
        SYMBOLON_CHECK(answerable());
        const auto at = subjects_.find(std::string(subject));
        if (at == subjects_.end()) {
            return failure(make_error(ErrorCode::subject_not_found, subject));
        }
        const auto& versions = at->second;
        const auto wanted = version ? static_cast<std::size_t>(version->value()) : versions.size();
        if (wanted < 1 || wanted > versions.size()) {
            return failure(make_error(ErrorCode::version_not_found, wanted));
        }
        return versions[wanted - 1];
    }
    Result<compat::Level> find_level(std::string_view subject, WantedVersion) override {
        ++level_calls_;
        SYMBOLON_CHECK(answerable());
        if (failing_levels_) {
            return failure(Error{*failing_levels_, "told to fail"});
        }
        const auto at = levels_.find(std::string(subject));
        if (at == levels_.end()) {
            return failure(make_error(ErrorCode::subject_not_found, subject));
        }
        return at->second;
    }
    Result<RegisteredSchemaPtr> find_same(std::string_view subject, SchemaType type,
                                          std::string_view text,
                                          const std::vector<Reference>&) override {
        SYMBOLON_CHECK(answerable());
        if (const auto at = subjects_.find(std::string(subject)); at != subjects_.end()) {
            for (const auto& schema : at->second) {
                if (schema->type == type && schema->text == text) {
                    return schema;
                }
            }
        }
        return failure(make_error(ErrorCode::schema_not_found, "of this text"));
    }
    Result<RegisteredSchemaPtr> register_schema(std::string_view subject, SchemaType type,
                                                std::string_view text,
                                                const std::vector<Reference>& references) override {
        if (auto same = find_same(subject, type, text, references)) {
            return same;
        }
        SYMBOLON_CHECK(answerable());
        return add(std::string(subject), SchemaId{1'000 + static_cast<std::int32_t>(by_id_.size())},
                   std::string(text), type);
    }

private:
    Status answerable() {
        ++calls_;
        if (failing_) {
            return failure(Error{*failing_, "told to fail"});
        }
        return {};
    }

    std::map<std::string, std::vector<RegisteredSchemaPtr>> subjects_;
    std::map<SchemaId, RegisteredSchemaPtr> by_id_;
    std::map<std::string, compat::Level> levels_;
    std::optional<ErrorCode> failing_;
    std::optional<ErrorCode> failing_levels_;
    int calls_ = 0;
    int level_calls_ = 0;
};

}  // namespace symbolon::client::tests
