// All keys of client-side encryption, in the order of their names.
//
// Example:  catalog.keys().find_kek("customers")
// Threads:  const members from many threads at once, unless a change is applied
// Source:   REST contract appendix A
// Tested by tests/unit/api/dek/key_rules_test.cpp
#pragma once

#include "api/dek/encryption_key.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon {

class KeyIndex {
public:
    using Keks = std::map<std::string, KekPtr, std::less<>>;

    void set_kek(KekPtr kek);
    void erase_kek(const std::string& name) { keks_.erase(name); }
    void set_dek(DekPtr dek);
    void erase_dek(const DekKey& key) { deks_.erase(key); }

    /// By name.
    const Keks& keks() const { return keks_; }
    /// nullptr when there is none, not even a deleted one.
    KekPtr find_kek(std::string_view name) const;
    DekPtr find_dek(const DekKey& key) const;
    /// By version.
    std::vector<DekPtr> versions_of(const DekName& name) const;
    /// By subject, algorithm and version.
    std::vector<DekPtr> deks_of(std::string_view kek_name) const;

private:
    Keks keks_;
    std::map<DekKey, DekPtr> deks_;
};

}  // namespace symbolon
