// One run of `symbolon produce`: its connections, the producer, and the thread that watches for
// signals and shows progress.
//
// Example:  SYMBOLON_TRY(auto session, ProduceSession::open(flags)); session->producer().submit(…);
// Errors:   malformed_request: called wrongly; those of the registry, the targets and the producer
// Threads:  one object per process, made before any other thread
// Source:   docs/clients.md
// Tested by tests/e2e/produce.py
#pragma once

#include "cli/produce_flags.hpp"
#include "client/metrics/metrics.hpp"
#include "client/producer/producer.hpp"

#include <memory>

namespace symbolon::cli {

class ProduceSession {
public:
    static Result<std::unique_ptr<ProduceSession>> open(const ProduceFlags& flags);
    ~ProduceSession();
    ProduceSession(const ProduceSession&) = delete;
    ProduceSession& operator=(const ProduceSession&) = delete;
    ProduceSession(ProduceSession&&) = delete;
    ProduceSession& operator=(ProduceSession&&) = delete;

    client::Producer& producer();
    /// Readable once the process is asked to stop.
    int stop_descriptor() const;
    /// Ends the watching; the last progress line and metrics are written.
    void finish();

private:
    struct State;
    explicit ProduceSession(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace symbolon::cli
