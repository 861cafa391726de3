#include "client/decoder/event_source.hpp"

#include "client/decoder/byte_feed.hpp"
#include "client/decoder/container_events.hpp"
#include "client/decoder/event_line.hpp"
#include "client/decoder/kafka_event_source.hpp"
#include "client/wire/text_bytes.hpp"
#include "core/limits.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <memory>
#include <system_error>
#include <utility>

namespace symbolon::client {
namespace {

/// Enough to tell one form from another.
constexpr std::size_t sniffed_bytes = 4;
constexpr std::string_view container_start = "Obj\x01";
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

InputForm recognise_form(std::string_view bytes) {
    if (bytes.starts_with(container_start)) {
        return InputForm::container;
    }
    // Confluent's framings and single objects; no line of text begins so.
    if (bytes.starts_with('\0') || bytes.starts_with('\x01') || bytes.starts_with("\xC3\x01")) {
        return InputForm::message;
    }
    return InputForm::lines;
}

Error too_large_error(std::uint64_t bytes) {
    return make_error(ErrorCode::body_too_large,
                      fmt::format("an event of {} bytes; at most {} are taken, and these are its "
                                  "first {}",
                                  bytes, limits::event_bytes_max, limits::event_excerpt_bytes_max));
}

/// Lets a container reader read what the feed has not handed out.
class FeedSource final : public ByteSource {
public:
    FeedSource(ByteFeed& feed, const std::function<bool()>& stop) : feed_(feed), stop_(stop) {}

    Result<std::size_t> read(char* to, std::size_t size) override {
        while (feed_.bytes().empty() && !feed_.at_end()) {
            SYMBOLON_TRY(const bool more, feed_.fill(std::chrono::milliseconds(200)));
            // Why: half a block cannot be kept for later, so a silent pipe is waited for here.
            if (!more && stop_ && stop_()) {
                SYMBOLON_CHECK(feed_.finish());
            }
        }
        const auto bytes = feed_.bytes().substr(0, size);
        std::memcpy(to, bytes.data(), bytes.size());
        feed_.take(bytes.size());
        return bytes.size();
    }

private:
    ByteFeed& feed_;
    const std::function<bool()>& stop_;
};

class StreamEventSource final : public EventSource {
public:
    StreamEventSource(int descriptor, std::string name, const EventSourceOptions& options)
        : feed_(descriptor, std::move(name)),
          form_(options.form),
          container_limits_(options.container),
          stop_(options.stop) {}

    Result<std::vector<Event>> read(const BatchBounds& bounds) override;
    bool at_end() const override { return done_; }
    Status commit() override { return {}; }
    Status stop_reading() override {
        // A file is still there; what came through a pipe is nowhere else any more.
        done_ = done_ || feed_.is_file();
        return done_ ? Status{} : feed_.finish();
    }
    std::string name() const override { return feed_.name(); }

private:
    enum class Next { event, nothing_yet, end };

    Result<Next> next(std::vector<Event>& events, std::chrono::milliseconds wait);
    Result<Next> next_line(std::vector<Event>& events, std::chrono::milliseconds wait);
    Result<Next> next_message(std::vector<Event>& events, std::chrono::milliseconds wait);
    Result<Next> next_datum(std::vector<Event>& events);
    /// Passes over a line that is too long, in constant memory.
    Result<Next> skip_line(std::vector<Event>& events, std::chrono::milliseconds wait);
    void add_line(std::vector<Event>& events, std::string_view line);
    void add_broken(std::vector<Event>& events, std::string bytes, Error error);
    std::string place() const { return fmt::format("{}:{}", feed_.name(), number_); }

    ByteFeed feed_;
    InputForm form_;
    ContainerLimits container_limits_;
    std::function<bool()> stop_;
    bool done_ = false;
    std::uint64_t number_ = 0;  // of the line or record, from 1
    std::size_t scanned_ = 0;   // bytes of the feed without a line's end
    std::string excerpt_;       // of the line that is being skipped
    std::uint64_t skipped_ = 0;
    std::unique_ptr<ContainerEvents> container_;
};

Result<std::vector<Event>> StreamEventSource::read(const BatchBounds& bounds) {
    std::vector<Event> events;
    std::size_t bytes = 0;
    while (!done_ && events.size() < bounds.events_max && bytes < bounds.bytes_max) {
        const auto before = events.size();
        const auto wait = events.empty() ? bounds.wait : std::chrono::milliseconds(0);
        SYMBOLON_TRY(const auto came, next(events, wait));
        if (came == Next::end) {
            done_ = true;
        } else if (came == Next::nothing_yet) {
            break;
        }
        for (auto at = before; at < events.size(); ++at) {
            bytes += events[at].bytes.size();
        }
    }
    return events;
}

Result<StreamEventSource::Next> StreamEventSource::next(std::vector<Event>& events,
                                                        std::chrono::milliseconds wait) {
    if (form_ == InputForm::recognised) {
        if (feed_.bytes().size() < sniffed_bytes && !feed_.at_end()) {
            SYMBOLON_TRY(const bool more, feed_.fill(wait));
            return more || feed_.at_end() ? next(events, wait) : Result<Next>(Next::nothing_yet);
        }
        form_ = recognise_form(feed_.bytes());
    }
    switch (form_) {
        case InputForm::message:
            return next_message(events, wait);
        case InputForm::container:
            return next_datum(events);
        case InputForm::recognised:
        case InputForm::lines:
        case InputForm::base64_lines:
            break;
    }
    return skipped_ > 0 ? skip_line(events, wait) : next_line(events, wait);
}

Result<StreamEventSource::Next> StreamEventSource::next_line(std::vector<Event>& events,
                                                             std::chrono::milliseconds wait) {
    const auto bytes = feed_.bytes();
    const auto end = bytes.find('\n', scanned_);
    if (end != std::string_view::npos && end <= event_line_bytes_max) {
        scanned_ = 0;
        add_line(events, bytes.substr(0, end));
        feed_.take(end + 1);
        return Next::event;
    }
    if (bytes.size() > event_line_bytes_max) {
        scanned_ = 0;
        excerpt_ = bytes.substr(0, limits::event_excerpt_bytes_max);
        return skip_line(events, wait);
    }
    if (feed_.at_end()) {
        scanned_ = 0;
        add_line(events, bytes);
        feed_.take(bytes.size());
        return Next::end;
    }
    scanned_ = bytes.size();
    SYMBOLON_TRY(const bool more, feed_.fill(wait));
    // An event of no bytes is none: what has come is looked at in the next turn.
    return more || feed_.at_end() ? Next::event : Next::nothing_yet;
}

Result<StreamEventSource::Next> StreamEventSource::skip_line(std::vector<Event>& events,
                                                             std::chrono::milliseconds wait) {
    const auto bytes = feed_.bytes();
    const auto end = bytes.find('\n');
    const auto length = end == std::string_view::npos ? bytes.size() : end;
    skipped_ += length;
    if (end == std::string_view::npos && !feed_.at_end()) {
        feed_.take(length);
        SYMBOLON_TRY(const bool more, feed_.fill(wait));
        return more || feed_.at_end() ? Next::event : Next::nothing_yet;
    }
    feed_.take(std::min(length + 1, bytes.size()));
    ++number_;
    add_broken(events, std::exchange(excerpt_, {}), too_large_error(std::exchange(skipped_, 0)));
    return Next::event;
}

void StreamEventSource::add_line(std::vector<Event>& events, std::string_view line) {
    if (++number_ == 1 && line.starts_with(byte_order_mark)) {
        line.remove_prefix(byte_order_mark.size());
    }
    const auto last = line.find_last_not_of(" \t\r");
    if (last == std::string_view::npos) {
        return;  // an empty line is no event
    }
    line = line.substr(0, last + 1);
    Event event;
    if (form_ == InputForm::base64_lines) {
        auto bytes = parse_base64(line);
        if (!bytes) {
            add_broken(events, std::string(line), bytes.error());
            return;
        }
        event.bytes = std::move(*bytes);
    } else {
        event = unwrap_event(std::string(line));
    }
    if (const auto size = event.bytes.size(); size > limits::event_bytes_max) {
        event.bytes.resize(limits::event_excerpt_bytes_max);
        add_broken(events, std::move(event.bytes), too_large_error(size));
        return;
    }
    event.origin = place();
    events.push_back(std::move(event));
}

void StreamEventSource::add_broken(std::vector<Event>& events, std::string bytes, Error error) {
    Event event;
    event.bytes = std::move(bytes);
    event.origin = place();
    event.broken = std::move(error);
    events.push_back(std::move(event));
}

Result<StreamEventSource::Next> StreamEventSource::next_message(std::vector<Event>& events,
                                                                std::chrono::milliseconds wait) {
    number_ = 1;
    if (feed_.bytes().size() > limits::event_bytes_max) {
        if (excerpt_.empty()) {
            excerpt_ = feed_.bytes().substr(0, limits::event_excerpt_bytes_max);
        }
        skipped_ += feed_.bytes().size();
        feed_.take(feed_.bytes().size());
    } else if (skipped_ > 0) {
        skipped_ += feed_.bytes().size();
        feed_.take(feed_.bytes().size());
    }
    if (!feed_.at_end()) {
        SYMBOLON_TRY(const bool more, feed_.fill(wait));
        return more || feed_.at_end() ? Next::event : Next::nothing_yet;
    }
    if (skipped_ > 0) {
        add_broken(events, std::move(excerpt_), too_large_error(skipped_));
    } else if (!feed_.bytes().empty()) {
        Event event;
        event.bytes = feed_.bytes();
        event.origin = feed_.name();
        events.push_back(std::move(event));
    }
    return Next::end;
}

Result<StreamEventSource::Next> StreamEventSource::next_datum(std::vector<Event>& events) {
    if (!container_) {
        auto opened =
            ContainerEvents::open(std::make_unique<FeedSource>(feed_, stop_), container_limits_);
        if (!opened && opened.error().code == ErrorCode::unavailable) {
            return failure(std::move(opened).error());
        }
        if (!opened) {
            add_broken(events, {}, std::move(opened).error());
            return Next::end;
        }
        container_ = std::move(*opened);
    }
    SYMBOLON_TRY(auto event, container_->next());
    if (!event) {
        return Next::end;
    }
    ++number_;
    event->origin = place();
    events.push_back(std::move(*event));
    return Next::event;
}

}  // namespace

Result<std::unique_ptr<EventSource>> open_event_descriptor(int descriptor, std::string name,
                                                           const EventSourceOptions& options) {
    return std::unique_ptr<EventSource>(
        std::make_unique<StreamEventSource>(descriptor, std::move(name), options));
}

Result<std::unique_ptr<EventSource>> open_event_source(const std::string& input,
                                                       const EventSourceOptions& options) {
    constexpr std::string_view kafka_scheme = "kafka:";
    constexpr std::string_view file_scheme = "file:";
    if (input.starts_with(kafka_scheme)) {
        return open_kafka_event_source(input.substr(kafka_scheme.size()), options);
    }
    if (input == "-") {
        return open_event_descriptor(STDIN_FILENO, "standard input", options);
    }
    const auto path = input.starts_with(file_scheme) ? input.substr(file_scheme.size()) : input;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) {
        return failure(make_error(
            ErrorCode::cannot_start,
            fmt::format("{} cannot be opened: {}", path, std::generic_category().message(errno))));
    }
    return open_event_descriptor(descriptor, path, options);
}

}  // namespace symbolon::client
