#include "cli/called_wrongly.hpp"
#include "cli/commands.hpp"
#include "cli/produce_flags.hpp"
#include "cli/produce_session.hpp"
#include "cli/registry_command.hpp"
#include "cli/terminal.hpp"
#include "client/producer/line_reader.hpp"
#include "core/limits.hpp"
#include "core/print_to.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace symbolon::cli {
namespace {

constexpr const char* produce_footer =
    R"(Events are validated by a schema, cleared of duplicates, sent in batches and accounted for:
    in = sent + rejected + duplicates + spooled
is printed on standard output and checked at the end.

What is rejected: what the schema does not allow, an event larger than a batch, and what the
platform answers 400, 413 or 422. Rejected events are written with their index (from 0) and reason.
What is spooled: what was not acknowledged. 429 and 503 are waited for and sent again; a 401 renews
the token once; a platform that cannot be reached is tried again. A batch whose answer was lost or
late may have arrived: it is spooled and not sent again until --resume (or with --resend-lost), with
the X-Request-Id that it had, so that the platform can know it again. All other answers spool.
What is spooled arrives later than what came after it. Events that a run with --checkpoint spooled
are resumed with the same --checkpoint, or its counts go on naming them.

How often an event arrives:
  Kafka: once for each time that it is sent (idempotent producer, acks=all); file and container
  likewise. HTTP: once, as far as the platform's answer arrived.
  After the end of the process at any moment (kill -9), run it again with the same --checkpoint and
  INPUT: nothing is missing, and what was acknowledged and written into the checkpoint is not sent
  again. A batch that was on its way at that moment is sent again; where batches are cut as they
  were (by number and bytes, not by --linger-ms or other flags), with the same events and
  X-Request-Id, so that a platform that knows ids keeps it once. Kafka and files hold it twice at
  most. Its hand-offs that waited in memory are lost. Without --checkpoint a re-run begins anew. The
  keys that tell duplicates are taken again from the events that the checkpoint passes over.

SIGTERM, SIGINT or SIGHUP: reading ends, what was read is sent for at most --drain-ms. Then
requests under way are abandoned (Kafka's records have 5 s more), and what is not acknowledged is
spooled. A second SIGTERM or SIGINT ends the process at once.

Exit status: 0 every event was sent or a duplicate; 1 some were rejected or spooled, a hand-off
failed, or the run failed; 2 called wrongly.

Examples:
  symbolon produce events.jsonl --registry http://localhost:8081 --subject ingest-value --to http \
      --platform-url https://platform.example --platform-token-file token --audit audit.jsonl
  symbolon produce events.jsonl --registry http://localhost:8081 --subject orders-value \
      --to kafka:orders --brokers localhost:9092 --checkpoint orders.checkpoint
  symbolon produce --resume --registry http://localhost:8081 --subject ingest-value --to http
  symbolon produce events.jsonl --schema event.schema.json --dry-run)";

int report(const Error& error) {
    print_to(stderr, "symbolon: {}\n", printable(error.message));
    return exit_of(error);
}

Status submit_line(client::Producer& producer, const client::InputLine& line) {
    if (line.too_long) {
        return producer.reject(
            line.text, fmt::format("the line is longer than {} bytes", limits::datum_bytes_max));
    }
    if (line.text.find_first_not_of(" \t") == std::string_view::npos) {
        return {};  // Blank lines are no events.
    }
    SYMBOLON_TRY([[maybe_unused]] const auto fate, producer.submit(line.text));
    return {};
}

Status read_input(const ProduceFlags& flags, ProduceSession& session) {
    if (flags.input.empty() && flags.resume) {
        return {};
    }
    const auto path = flags.input.empty() ? "-" : flags.input;
    SYMBOLON_TRY(auto lines, client::LineReader::open(path, limits::datum_bytes_max));
    lines->stop_with(session.stop_descriptor());
    while (true) {
        SYMBOLON_TRY(const auto line, lines->next());
        if (!line) {
            return {};
        }
        SYMBOLON_CHECK(submit_line(session.producer(), *line));
    }
}

// What was taken has an outcome also when reading ended in an error.
Status run_session(const ProduceFlags& flags, ProduceSession& session) {
    Status run;
    if (flags.resume) {
        run = session.producer().resume();
    }
    if (run) {
        run = read_input(flags, session);
    }
    const auto flushed = session.producer().flush();
    session.finish();
    return run ? flushed : run;
}

// What the counts alone do not say: what to do next.
void tell_what_is_left(const client::ProducerCounts& counts, const ProduceFlags& flags) {
    if (counts.pending() > 0) {
        print_to(stderr, "symbolon: {} events have no outcome; {}\n", counts.pending(),
                 flags.options.checkpoint_file.empty()
                     ? "without --checkpoint nothing is known of them, and they must be given again"
                     : "a re-run with the same --checkpoint takes them again");
    }
    if (!counts.spool_reason.empty()) {
        print_to(stderr, "symbolon: not acknowledged, the latest: {}\n", counts.spool_reason);
    }
    if (counts.tally.spooled > 0) {
        const auto& spool = flags.options.spool_file;
        std::error_code ignored;
        const bool waits = std::filesystem::exists(spool, ignored);
        print_to(
            stderr, "symbolon: {} events {} {}{}\n", counts.tally.spooled,
            waits ? "wait in" : "were spooled and are no longer in", spool,
            waits ? "; --resume sends them" : ": a --resume without this --checkpoint took them");
    }
    if (counts.hand_off_failed > 0) {
        print_to(stderr, "symbolon: {} hand-offs failed; {}\n", counts.hand_off_failed,
                 flags.audit.empty() ? "an --audit file would say which" : "the audit says which");
    }
}

int tell_counts(const client::ProducerCounts& counts, const ProduceFlags& flags) {
    const auto& tally = counts.tally;
    print_to(stdout, "in {} = sent {} + rejected {} + duplicates {} + spooled {}{}\n", counts.in,
             tally.sent, tally.rejected, tally.duplicates, tally.spooled,
             flags.dry_run ? " (dry run: nothing was sent)" : "");
    tell_what_is_left(counts, flags);
    const auto failed = counts.pending() + tally.rejected + tally.spooled + counts.hand_off_failed;
    return failed == 0 ? 0 : exit_failed;
}

int run_produce(const ProduceFlags& flags) {
    auto session = ProduceSession::open(flags);
    if (!session) {
        tell_error(session.error());
        return exit_of(session.error());
    }
    const auto run = run_session(flags, **session);
    const int told = tell_counts((*session)->producer().counts(), flags);
    return run ? told : report(run.error());
}

}  // namespace

void add_produce_command(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand(
        "produce", "Validates events and sends them in batches: to a platform, Kafka or a file.");
    // Shared with the callbacks, which run after this function.
    const auto flags = std::make_shared<ProduceFlags>();
    add_produce_flags(*command, *flags);
    command->footer(produce_footer);
    command->callback([flags, &exit_code] { exit_code = run_produce(*flags); });
}

}  // namespace symbolon::cli
