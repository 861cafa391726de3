#include "api/dek/key_index.hpp"

#include <utility>

namespace symbolon {

void KeyIndex::set_kek(KekPtr kek) {
    const std::string name = kek->name;
    keks_[name] = std::move(kek);
}

void KeyIndex::set_dek(DekPtr dek) {
    const DekKey key = dek->key;
    deks_[key] = std::move(dek);
}

KekPtr KeyIndex::find_kek(std::string_view name) const {
    const auto found = keks_.find(name);
    return found == keks_.end() ? nullptr : found->second;
}

DekPtr KeyIndex::find_dek(const DekKey& key) const {
    const auto found = deks_.find(key);
    return found == deks_.end() ? nullptr : found->second;
}

std::vector<DekPtr> KeyIndex::versions_of(const DekName& name) const {
    std::vector<DekPtr> found;
    for (auto at = deks_.lower_bound({name, Version(0)});
         at != deks_.end() && at->first.name == name; ++at) {
        found.push_back(at->second);
    }
    return found;
}

std::vector<DekPtr> KeyIndex::deks_of(std::string_view kek_name) const {
    std::vector<DekPtr> found;
    DekKey first;
    first.name = {std::string(kek_name), {std::string(), std::string()}, DekAlgorithm::aes128_gcm};
    for (auto at = deks_.lower_bound(first);
         at != deks_.end() && at->first.name.kek_name == kek_name; ++at) {
        found.push_back(at->second);
    }
    return found;
}

}  // namespace symbolon
