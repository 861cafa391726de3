// The door for keys of client-side encryption: the rules of decide_keys.hpp through the registry's
// turn.
//
// Example:  SYMBOLON_TRY(const auto kek, DekRegistry(registry).create_kek(request));
// Errors:   those of decide_keys.hpp; store_failed; overloaded
// Threads:  any thread
// Source:   REST contract appendix A
// Tested by tests/unit/api/dek/key_rules_test.cpp
#pragma once

#include "api/dek/decide_keys.hpp"
#include "api/registry.hpp"

#include <string>

namespace symbolon {

class DekRegistry {
public:
    explicit DekRegistry(Registry& registry) : registry_(registry) {}

    Result<KekPtr> create_kek(const KekRequest& request);
    Result<KekPtr> update_kek(const std::string& name, const KekUpdate& update);
    Status delete_kek(const std::string& name, Deletion deletion);
    Status undelete_kek(const std::string& name);
    Result<DekPtr> create_dek(const DekRequest& request);
    Status delete_deks(const DekChoice& choice, Deletion deletion);
    Status undelete_deks(const DekChoice& choice);

private:
    template <class Answer, class Rule>
    Result<Answer> write(const Rule& rule);

    Registry& registry_;
};

}  // namespace symbolon
