#include "client/producer/spool.hpp"

#include "client/producer/line_reader.hpp"
#include "client/sink/file_sink.hpp"
#include "core/json.hpp"
#include "core/limits.hpp"

#include <filesystem>
#include <fstream>
#include <system_error>
#include <utility>

namespace symbolon::client {

namespace {

Error spool_error(const std::string& path, std::string_view what) {
    return make_error(ErrorCode::sink_failed, fmt::format("spool {}: {}", path, what));
}

SpoolEntry entry_of(const SpooledBatch& batch, std::uint64_t offset, std::uint64_t bytes) {
    return {.request_id = batch.request_id,
            .run = batch.run,
            .begin = batch.begin,
            .end = batch.end,
            .tally = batch.tally,
            .events = batch.events.size(),
            .offset = offset,
            .bytes = bytes};
}

std::string to_line(const SpooledBatch& batch) {
    Json events = Json::array();
    for (const auto& event : batch.events) {
        Json one{{"index", event.index}, {"event", event.text}};
        if (!event.message_key.empty()) {
            one["key"] = event.message_key;
        }
        events.push_back(std::move(one));
    }
    return to_text(Json{{"request_id", batch.request_id},
                        {"run", batch.run},
                        {"begin", batch.begin},
                        {"end", batch.end},
                        {"counts",
                         {{"sent", batch.tally.sent},
                          {"rejected", batch.tally.rejected},
                          {"duplicates", batch.tally.duplicates},
                          {"spooled", batch.tally.spooled}}},
                        {"reason", batch.reason},
                        {"events", std::move(events)}});
}

bool is_regular(const std::string& path) {
    std::error_code problem;
    return std::filesystem::is_regular_file(path, problem);
}

std::uint64_t number_at(const Json& object, const char* name) {
    const auto member = object.find(name);
    return member != object.end() && member->is_number_unsigned() ? member->get<std::uint64_t>()
                                                                  : 0;
}

std::string text_at(const Json& object, const char* name) {
    const auto member = object.find(name);
    return member != object.end() && member->is_string() ? member->get<std::string>()
                                                         : std::string();
}

Result<SpooledBatch> parse_spooled(const Json& line) {
    SpooledBatch batch;
    batch.request_id = text_at(line, "request_id");
    if (batch.request_id.empty() || !line.contains("events") || !line["events"].is_array()) {
        return failure(make_error(ErrorCode::malformed_datum,
                                  "a batch has \"request_id\" and an array \"events\""));
    }
    batch.run = text_at(line, "run");
    batch.begin = number_at(line, "begin");
    batch.end = number_at(line, "end");
    batch.reason = text_at(line, "reason");
    if (line.contains("counts") && line["counts"].is_object()) {
        const auto& counts = line["counts"];
        batch.tally = {.sent = number_at(counts, "sent"),
                       .rejected = number_at(counts, "rejected"),
                       .duplicates = number_at(counts, "duplicates"),
                       .spooled = number_at(counts, "spooled")};
    }
    for (const auto& one : line["events"]) {
        if (!one.is_object() || !one.contains("event") || !one["event"].is_string()) {
            return failure(
                make_error(ErrorCode::malformed_datum, "an event has its text in \"event\""));
        }
        IngestEvent event;
        event.index = number_at(one, "index");
        event.text = one["event"].get<std::string>();
        event.message_key = text_at(one, "key");
        batch.events.push_back(std::move(event));
    }
    return batch;
}

}  // namespace

Spool::Spool(std::string path) : path_(std::move(path)) {}

Spool::~Spool() {
    if (live_.empty()) {
        // Why unread: an empty file that stays does no harm.
        [[maybe_unused]] const auto removed = remove_file();
    }
}

Result<std::unique_ptr<Spool>> Spool::open(std::string path) {
    auto spool = std::unique_ptr<Spool>(new Spool(std::move(path)));
    SYMBOLON_CHECK(spool->open_file());
    return spool;
}

// It takes the file for itself and repairs an end that a crash cut short, before it is read.
Status Spool::open_file() {
    auto opened = FileSink::open(path_);
    if (!opened) {
        return failure(
            make_error(opened.error().code,
                       fmt::format("what is not acknowledged needs a spool file of its own: {}",
                                   opened.error().message)));
    }
    file_ = std::move(*opened);
    auto loaded = load();
    if (!loaded) {
        file_.reset();  // It is left as it is.
    }
    return loaded;
}

Status Spool::load() {
    live_.clear();
    offsets_.clear();
    size_ = 0;
    lines_ = 0;
    if (!is_regular(path_)) {
        return {};  // A device gives nothing back.
    }
    SYMBOLON_TRY(auto lines, LineReader::open(path_, limits::spool_line_bytes_max));
    while (true) {
        const auto offset = lines->offset();
        SYMBOLON_TRY(const auto line, lines->next());
        if (!line) {
            break;
        }
        if (const auto loaded = load_line(line->text, offset); !loaded || line->too_long) {
            return failure(make_error(
                ErrorCode::malformed_datum,
                fmt::format("spool {}, byte {}: {}; put the file aside to go on without it", path_,
                            offset, loaded ? "the line is too long" : loaded.error().message)));
        }
    }
    size_ = lines->offset();
    return {};
}

Status Spool::load_line(std::string_view text, std::uint64_t offset) {
    ++lines_;
    SYMBOLON_TRY(const auto line, parse_json(text));
    if (!line.is_object()) {
        return failure(make_error(ErrorCode::malformed_datum, "the line is no object"));
    }
    if (line.contains("done")) {
        if (const auto found = offsets_.find(text_at(line, "done")); found != offsets_.end()) {
            live_.erase(found->second);
            offsets_.erase(found);
        }
        return {};
    }
    SYMBOLON_TRY(const auto batch, parse_spooled(line));
    // A run that ended between the spool and the checkpoint adds the same batch again.
    if (!offsets_.contains(batch.request_id)) {
        offsets_.emplace(batch.request_id, offset);
        live_.emplace(offset, entry_of(batch, offset, text.size()));
    }
    return {};
}

Status Spool::append(std::string line) {
    const auto bytes = line.size() + 1;
    const SinkRecord record{.value = std::move(line), .key = {}, .headers = {}};
    SYMBOLON_CHECK(file_->write({&record, 1}));
    size_ += bytes;
    ++lines_;
    return {};
}

Status Spool::add(const SpooledBatch& batch) {
    if (offsets_.contains(batch.request_id)) {
        return {};
    }
    auto line = to_line(batch);
    if (line.size() > limits::spool_line_bytes_max) {
        return failure(spool_error(path_, "the batch is too large for it"));
    }
    if (!file_) {
        SYMBOLON_CHECK(open_file());  // compact() gave it up, and another may have written since
    }
    const auto offset = size_;
    const auto bytes = line.size();
    SYMBOLON_CHECK(append(std::move(line)));
    offsets_.emplace(batch.request_id, offset);
    live_.emplace(offset, entry_of(batch, offset, bytes));
    return {};
}

Status Spool::remove(std::string_view request_id) {
    const auto found = offsets_.find(request_id);
    if (found == offsets_.end()) {
        return {};
    }
    SYMBOLON_CHECK(append(to_text(Json{{"done", request_id}})));
    live_.erase(found->second);
    offsets_.erase(found);
    return {};
}

std::vector<SpoolEntry> Spool::entries() const {
    std::vector<SpoolEntry> all;
    all.reserve(live_.size());
    for (const auto& [offset, entry] : live_) {
        all.push_back(entry);
    }
    return all;
}

std::optional<SpoolEntry> Spool::find(std::string_view request_id) const {
    const auto found = offsets_.find(request_id);
    return found == offsets_.end() ? std::nullopt : std::optional(live_.at(found->second));
}

Result<SpooledBatch> Spool::read(const SpoolEntry& entry) const {
    std::string line(entry.bytes, '\0');
    std::ifstream file(path_, std::ios::binary);
    file.seekg(static_cast<std::streamoff>(entry.offset));
    if (!file.read(line.data(), static_cast<std::streamsize>(line.size()))) {
        return failure(spool_error(path_, "cannot be read"));
    }
    SYMBOLON_TRY(const auto json, parse_json(line));
    return parse_spooled(json);
}

Status Spool::compact() {
    if (!file_ || (lines_ == live_.size() && !live_.empty())) {
        return {};
    }
    return live_.empty() ? remove_file() : rewrite();
}

Status Spool::remove_file() {
    std::error_code problem;
    if (file_ && is_regular(path_)) {
        std::filesystem::remove(path_, problem);
    }
    if (problem) {
        return failure(spool_error(path_, problem.message()));
    }
    file_.reset();
    size_ = 0;
    lines_ = 0;
    return {};
}

Status Spool::rewrite() {
    std::error_code problem;
    const auto fresh_path = path_ + ".new";
    std::filesystem::remove(fresh_path, problem);  // of a run that ended in the middle
    SYMBOLON_TRY(auto fresh, FileSink::open(fresh_path, FlushPolicy::on_request));
    std::ifstream old(path_, std::ios::binary);
    std::map<std::uint64_t, SpoolEntry> moved;
    std::uint64_t offset = 0;
    for (const auto& [at, entry] : live_) {
        SinkRecord record{.value = std::string(entry.bytes, '\0'), .key = {}, .headers = {}};
        old.seekg(static_cast<std::streamoff>(at));
        if (!old.read(record.value.data(), static_cast<std::streamsize>(entry.bytes))) {
            return failure(spool_error(path_, "cannot be read"));
        }
        SYMBOLON_CHECK(fresh->write({&record, 1}));
        auto& copy = moved.emplace(offset, entry).first->second;
        copy.offset = offset;
        offset += entry.bytes + 1;
    }
    SYMBOLON_CHECK(fresh->sync());
    std::filesystem::rename(fresh_path, path_, problem);
    if (problem) {
        return failure(spool_error(path_, problem.message()));
    }
    fresh->flush_every_write();
    live_ = std::move(moved);
    for (const auto& [at, entry] : live_) {
        offsets_[entry.request_id] = at;
    }
    file_ = std::move(fresh);
    size_ = offset;
    lines_ = live_.size();
    return {};
}

}  // namespace symbolon::client
