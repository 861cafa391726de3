// A schema's pointer to another one: under which name it uses it, and where the registry finds it.
//
// Example:  Reference{"com.acme.Address", "address-value", 3}
// Units:    version starts at 1; -1 means "the latest" and is resolved at registration
// Threads:  immutable
// Source:   REST contract 4.7
#pragma once

#include <cstdint>
#include <string>

namespace symbolon {

struct Reference {
    std::string name;
    std::string subject;
    std::int32_t version = 0;

    friend bool operator==(const Reference&, const Reference&) = default;
};

}  // namespace symbolon
