#include "client/producer/producer.hpp"

#include "client/producer/producer_impl.hpp"
#include "core/limits.hpp"

#include <algorithm>
#include <utility>

namespace symbolon::client {

namespace {

// Limit: in the spool a text takes twice its bytes at most, and its key may be as long.
constexpr std::size_t batch_bytes_max = limits::spool_line_bytes_max / 4;
static_assert(batch_bytes_max == 16'777'216, "the message names it");

class DiscardTarget final : public BatchTarget {
public:
    SendOutcome send(const OutgoingBatch& /*batch*/) override { return {}; }
    std::string name() const override { return "nowhere (dry run)"; }
};

std::string with_commas(std::uint64_t number) {
    auto text = std::to_string(number);
    for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3) {
        text.insert(static_cast<std::size_t>(at), 1, ',');
    }
    return text;
}

Status check_options(const ProducerOptions& options, const ProducerParts& parts) {
    const auto& batch = options.batch;
    std::string_view problem;
    if (!options.schema || !options.schema->parsed) {
        problem = "the producer needs a schema that parses";
    } else if (!parts.to.target) {
        problem = "the producer needs a target";
    } else if (batch.events_max == 0 || batch.events_min > batch.events_max) {
        problem = "a batch takes at least one event, and its minimum is not above its maximum";
    } else if (batch.bytes_max > batch_bytes_max) {
        problem = "a batch takes at most 16777216 bytes, so that the spool can keep it";
    } else if (options.requests_max == 0 || options.queue_batches_max == 0 ||
               options.hand_off_batches_max == 0) {
        problem = "requests and queues need a bound of at least 1";
    } else if (options.spool_file.empty()) {
        problem = "the producer needs a spool file for what is not acknowledged";
    } else if (parts.to.encoding == EventEncoding::confluent && options.schema->id == SchemaId{}) {
        problem = "the Confluent framing needs a schema of the registry: name a subject";
    }
    if (!problem.empty()) {
        return failure(make_error(ErrorCode::malformed_request, problem));
    }
    return {};
}

}  // namespace

Producer::Producer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Producer::~Producer() = default;

Result<std::unique_ptr<Producer>> Producer::open(ProducerOptions options, ProducerParts parts,
                                                 Clock& clock) {
    SYMBOLON_CHECK(check_options(options, parts));
    auto impl = std::make_unique<Impl>(std::move(options), std::move(parts), clock);
    SYMBOLON_CHECK(impl->start());
    return std::unique_ptr<Producer>(new Producer(std::move(impl)));
}

Result<SubmitFate> Producer::submit(std::string_view json_text) {
    return impl_->submit(json_text);
}

Status Producer::reject(std::string_view text, std::string reason) {
    return impl_->reject(text, std::move(reason));
}

Status Producer::resume() {
    return impl_->resume();
}

Status Producer::flush(std::optional<std::chrono::milliseconds> patience) {
    return impl_->flush(patience);
}

void Producer::hurry() {
    impl_->hurry();
}

ProducerCounts Producer::counts() const {
    return impl_->counts();
}

std::unique_ptr<BatchTarget> discard_target() {
    return std::make_unique<DiscardTarget>();
}

std::string to_progress_line(const ProducerCounts& counts, std::chrono::milliseconds elapsed) {
    const auto settled = static_cast<double>(counts.tally.sum() - counts.settled_before);
    const double seconds = std::max(0.001, static_cast<double>(elapsed.count()) / 1'000);
    const auto batches = static_cast<std::int64_t>(std::max<std::uint64_t>(counts.batches, 1));
    return fmt::format(
        "{} in, {} sent, {} rejected, {} duplicates, {} spooled, {} pending, {} events/s, "
        "{} ms a batch (longest {} ms)",
        with_commas(counts.in), with_commas(counts.tally.sent), with_commas(counts.tally.rejected),
        with_commas(counts.tally.duplicates), with_commas(counts.tally.spooled),
        with_commas(counts.pending()), with_commas(static_cast<std::uint64_t>(settled / seconds)),
        counts.latency_sum.count() / batches, counts.latency_max.count());
}

}  // namespace symbolon::client
