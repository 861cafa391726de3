// Keeps events of subjects that evolve without care away from consumers: the five rules, as a
// state machine without clock, file or network.
//
// 1. A subject that is flagged: its events go to the dead-letter queue at once.
// 2. Level NONE on a subject that was never decoded: it is flagged, the event is dead-lettered.
// 3. Else the event is decoded with its own version, which is then the last good one.
// 4. When that fails and there is a last good version, that is tried as the reader; when that
//    fails too, the retry queue, and after retries_max the dead-letter queue.
// 5. A schema that does not parse: the diagnostic queue.
//
// Example:  if (guard.is_flagged(subject)) …
//           if (guard.admit(subject, version, level, now_ms) == Admission::dead_letter) …
// Errors:   none
// Units:    milliseconds since the epoch
// Threads:  one at a time
// Limits:   guard_subjects_max: beyond it the rules hold and nothing is remembered
// Source:   contract of the event clients, section 3
// Tested by tests/unit/client/decoder/evolution_guard_test.cpp
#pragma once

#include "client/decoder/dead_letter.hpp"
#include "compat/level.hpp"
#include "core/ids.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace symbolon::client {

struct SubjectFlag {
    Version version{};  ///< the one that was met
    std::int64_t since_ms = 0;

    friend bool operator==(const SubjectFlag&, const SubjectFlag&) = default;
};

struct SubjectState {
    std::optional<SubjectFlag> flag{};
    std::optional<Version> last_good{};

    friend bool operator==(const SubjectState&, const SubjectState&) = default;
};

/// By subject.
using GuardState = std::map<std::string, SubjectState, std::less<>>;

enum class Admission : std::uint8_t { decode, dead_letter };

class EvolutionGuard {
public:
    explicit EvolutionGuard(GuardState state = {}, int retries_max = 3);

    /// Rule 1.
    bool is_flagged(std::string_view subject) const;
    /// Rule 2; flags the subject where it answers dead_letter. REQUIRES: it is not flagged.
    Admission admit(std::string_view subject, Version version, compat::Level level,
                    std::int64_t now_ms);
    /// Rule 3: the event was decoded with its own version.
    void remember(std::string_view subject, Version version);
    /// Rule 4: the version to try as the reader; nullopt: there is none.
    std::optional<Version> find_last_good(std::string_view subject) const;
    /// Rule 4: where an event goes that could not be decoded by either, after `attempt` visits to
    /// the retry queue.
    Queue queue_after_failure(int attempt) const;

    const GuardState& state() const { return state_; }
    /// Something changed since the last call.
    bool take_changed();

private:
    SubjectState* find_or_add(std::string_view subject);

    GuardState state_;
    int retries_max_;
    bool changed_ = false;
};

}  // namespace symbolon::client
