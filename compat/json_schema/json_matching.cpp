#include "compat/json_schema/json_matching.hpp"

#include <algorithm>
#include <limits>
#include <ranges>

namespace symbolon::compat::json {

namespace {

constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

class Matcher {
public:
    Matcher(const FittingPairs& fitting, std::size_t right_size)
        : fitting_(fitting), right_of_(fitting.size(), nobody), left_of_(right_size, nobody) {
        for (std::uint32_t left = 0; left < fitting.size(); ++left) {
            choosy_first_.push_back(left);
        }
        // Why: those that fit few must not find these taken; most searches end after one round
        // then.
        std::stable_sort(choosy_first_.begin(), choosy_first_.end(),
                         [&fitting](std::uint32_t one, std::uint32_t other) {
                             return fitting[one].size() < fitting[other].size();
                         });
    }

    Matching run() {
        Matching result;
        while (find_layers()) {
            next_.assign(fitting_.size(), 0);
            for (const std::uint32_t left : choosy_first_) {
                result.size += right_of_[left] == nobody && extend(left) ? 1 : 0;
            }
        }
        for (const std::uint32_t right : right_of_) {
            result.right_of.push_back(right == nobody ? std::nullopt : std::optional(right));
        }
        result.steps = steps_;
        return result;
    }

private:
    // How far each left one is from a free left one; true when a free right one can be reached.
    bool find_layers() {
        layer_.assign(fitting_.size(), nobody);
        std::vector<std::uint32_t> queue;
        for (std::uint32_t left = 0; left < fitting_.size(); ++left) {
            if (right_of_[left] == nobody) {
                layer_[left] = 0;
                queue.push_back(left);
            }
        }
        bool reached = false;
        for (std::size_t at = 0; at < queue.size(); ++at) {
            const std::uint32_t left = queue[at];
            for (const std::uint32_t right : fitting_[left]) {
                ++steps_;
                const std::uint32_t other = left_of_[right];
                if (other == nobody) {
                    reached = true;
                } else if (layer_[other] == nobody) {
                    layer_[other] = layer_[left] + 1;
                    queue.push_back(other);
                }
            }
        }
        return reached;
    }

    // Looks along the layers for a path to a free right one and turns it around. A loop, not
    // recursion: a path may be as long as the groups.
    bool extend(std::uint32_t start) {
        std::vector<std::uint32_t> path{start};
        while (!path.empty()) {
            const std::uint32_t left = path.back();
            if (next_[left] == fitting_[left].size()) {
                layer_[left] = nobody;
                path.pop_back();
                continue;
            }
            ++steps_;
            const std::uint32_t right = fitting_[left][next_[left]++];
            const std::uint32_t other = left_of_[right];
            if (other == nobody) {
                turn_around(path, right);
                return true;
            }
            if (layer_[other] == layer_[left] + 1) {
                path.push_back(other);
            }
        }
        return false;
    }

    void turn_around(const std::vector<std::uint32_t>& path, std::uint32_t right) {
        for (const std::uint32_t left : std::views::reverse(path)) {
            const std::uint32_t before = right_of_[left];
            right_of_[left] = right;
            left_of_[right] = left;
            right = before;
        }
    }

    const FittingPairs& fitting_;
    std::vector<std::uint32_t> choosy_first_;
    std::vector<std::uint32_t> right_of_;
    std::vector<std::uint32_t> left_of_;
    std::vector<std::uint32_t> layer_;
    std::vector<std::size_t> next_;
    std::uint64_t steps_ = 0;
};

}  // namespace

Matching match_most(const FittingPairs& fitting, std::size_t right_size) {
    return Matcher(fitting, right_size).run();
}

}  // namespace symbolon::compat::json
