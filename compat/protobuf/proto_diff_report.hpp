// What a comparison of two Protobuf schemas has found so far, and where it is.
//
// Threads:  one at a time
// Limits:   findings_max, findings_bytes_max
// Source:   protobuf-compat.md 4
// Tested by tests/unit/compat/proto_check_test.cpp
#pragma once

#include "compat/protobuf/proto_check.hpp"
#include "core/limits.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symbolon::compat::protobuf {

struct DiffCounts {
    std::size_t breaking = 0;  ///< met, whether written down or not
    std::size_t written = 0;

    friend bool operator==(const DiffCounts&, const DiffCounts&) = default;
};

class DiffReport {
public:
    explicit DiffReport(Reported reported) : reported_(reported) {}

    /// False for what is not to be written down, so that nobody makes a path for it.
    bool wants(ProtoChange change) const {
        return reported_ == Reported::all || finding_kind_of(change).has_value();
    }
    void add(ProtoDifference difference) {
        counts_.breaking += finding_kind_of(difference.change) ? 1 : 0;
        if (full() || !wants(difference.change)) {
            return;
        }
        bytes_ += difference.path.size() + difference.old_place.size() +
                  difference.new_place.size() + difference.old_text.size() +
                  difference.new_text.size() + difference.detail.size();
        differences_.push_back(std::move(difference));
        ++counts_.written;
    }

    /// The path of `leaf` below the current one.
    std::string path_of(std::string_view leaf) const { return path_ + "/" + std::string(leaf); }
    /// From now on paths begin with `path`; returns with what they began before.
    std::string enter(std::string path) { return std::exchange(path_, std::move(path)); }

    DiffCounts counts() const { return counts_; }
    bool full() const {
        return differences_.size() >= limits::findings_max || bytes_ > limits::findings_bytes_max;
    }
    std::vector<ProtoDifference> take() { return std::move(differences_); }

private:
    const Reported reported_;
    std::string path_ = "#";
    std::vector<ProtoDifference> differences_;
    DiffCounts counts_;
    std::size_t bytes_ = 0;
};

}  // namespace symbolon::compat::protobuf
