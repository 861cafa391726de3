// What a tree of schema files is compared with: a registry, a store file, a folder, a git revision.
//
// Errors:   unavailable, not_authorised, schema_not_found (a reference), those of its source; a
//           subject that is not there is no error
// Threads:  any thread: many subjects are asked for at the same time
// Source:   docs/gate.md
// Tested by tests/unit/gate/check/check_tree_test.cpp
#pragma once

#include "compat/compat.hpp"
#include "core/reference.hpp"
#include "core/result.hpp"
#include "core/schema_type.hpp"
#include "gate/model/schema_tree.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::gate {

/// An earlier version of a schema. Immutable.
struct BaseVersion {
    std::string subject{};
    Version version{};  ///< 0: the source counts none (a folder, a git revision)
    std::string
        name{};  ///< as messages call it: "orders-value version 3", "main:schemas/orders.avsc"
    std::string file{};  ///< as it is printed, when it is a file that stands there; else empty
    SchemaType type = SchemaType::avro;
    std::string text{};
    std::vector<Reference> references{};
    /// In order of dependency, as compat::parse_schema wants them.
    std::vector<compat::NamedText> reference_texts{};
};
using BaseVersionPtr = std::shared_ptr<const BaseVersion>;

/// A subject with the versions that count, newest first; none: the subject is new.
struct BaseSubject {
    std::vector<BaseVersionPtr> versions{};
    std::optional<compat::Level> level{};  ///< in force there; nullopt: the source knows none
    compat::Policy policy = compat::Policy::strict;
    compat::Normalize normalize = compat::Normalize::no;
    std::string mode{};  ///< "READONLY" and its like, when registering would be refused; else empty
};

enum class History { latest, all };

/// A candidate as a server is asked about it.
struct DryRun {
    std::string subject{};
    SchemaType type = SchemaType::avro;
    std::string text{};
    std::vector<Reference> references{};
};
/// What a server says of a candidate by itself.
struct ServerVerdict {
    bool compatible = false;
    std::vector<std::string> messages{};
};

/// A schema whose file is still there, and is no schema any more.
struct LostSchema {
    std::string subject{};
    std::string name{};  ///< as BaseVersion::name
    std::string file{};  ///< of the candidate, as it is printed
};

class Baseline {
public:
    Baseline() = default;
    Baseline(const Baseline&) = delete;
    Baseline& operator=(const Baseline&) = delete;
    Baseline(Baseline&&) = delete;
    Baseline& operator=(Baseline&&) = delete;
    virtual ~Baseline() = default;

    /// How messages call it, such as a URL without credentials.
    virtual const std::string& name() const = 0;
    /// `history` is what is needed; more may be answered.
    virtual Result<BaseSubject> find_subject(std::string_view subject, History history) = 0;
    /// One version with the texts it refers to; version 0 or -1: the latest. schema_not_found.
    virtual Result<BaseVersionPtr> find_version(std::string_view subject, std::int32_t version) = 0;
    /// What the server itself says, storing nothing; nullopt: there is no server to ask, or it
    /// does not know the subject.
    virtual Result<std::optional<ServerVerdict>> ask_server(const DryRun& candidate) = 0;
    /// What a report about `candidate` should say beside its findings, in sentences: subjects that
    /// are gone from it (a registry has those of other trees too, and says nothing of them).
    virtual std::vector<std::string> collect_notes(const SchemaTree& /*candidate*/) const {
        return {};
    }
    /// Files of `candidate` that were passed over as no schemas, and are schemas here.
    virtual std::vector<LostSchema> find_lost(const SchemaTree& /*candidate*/) const { return {}; }
};

}  // namespace symbolon::gate
