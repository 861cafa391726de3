#include "server/http_server_connection.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <exception>
#include <utility>

namespace symbolon::server {
namespace {

namespace asio = boost::asio;

/// Most requests fit; an idle connection keeps no more than this.
constexpr std::size_t in_bytes_small = 2U << 10U;
/// Most room to read a body into, per system call.
constexpr std::size_t in_bytes_body = 64U << 10U;
/// A body up to this size is copied behind its head: one buffer, one write for several answers.
constexpr std::size_t copied_body_bytes_max = 16U << 10U;
/// Pipelined answers are sent when this much has gathered.
constexpr std::size_t batch_bytes_max = 64U << 10U;
/// What an idle connection keeps of its output buffer.
constexpr std::size_t out_bytes_kept = 4U << 10U;

rest::Response answer(const Handler& handler, const rest::Request& request) {
    try {
        return handler.handle(request);
    } catch (const std::exception&) {
        // The last catch: a broken invariant or no memory. The request fails, the server goes on.
        return handler.refuse(make_error(ErrorCode::internal_error));
    }
}

rest::Response overloaded(const Handler& handler, std::string_view message) {
    auto response = handler.refuse(make_error(ErrorCode::overloaded, message));
    response.headers.push_back({"Retry-After", "1"});
    return response;
}

std::array<asio::const_buffer, 2> rest_of(std::string_view head, std::string_view body,
                                          std::size_t sent) {
    const auto of_head = std::min(sent, head.size());
    const auto of_body = sent - of_head;
    return {asio::const_buffer(head.data() + of_head, head.size() - of_head),
            asio::const_buffer(body.data() + of_body, body.size() - of_body)};
}

}  // namespace

Connection::Connection(EventLoop& loop, Stream stream)
    : loop_(loop), stream_(std::move(stream)), in_(in_bytes_small) {}

void Connection::start() {
    note_waiting();
    read();
}

void Connection::start_refused(const Error& error) {
    keep_alive_ = false;
    refused_ = true;
    respond(overloaded(loop_.shared().handler, error.message));
    pump();
}

/// Answers what is buffered, sends it, and goes on until there is something to wait for.
void Connection::pump() {
    for (;;) {
        if (writing_ || phase_ == Phase::closed) {
            return;
        }
        if (std::exchange(response_ready_, false)) {
            phase_ = Phase::idle;
            respond(std::exchange(response_, {}));
        }
        const bool more = parse_buffered();
        if (!flush()) {
            return;
        }
        if (closing_) {
            return linger();
        }
        if (phase_ == Phase::working) {
            return;
        }
        if (phase_ == Phase::waiting) {
            if (!loop_.is_draining()) {
                return wait_on();
            }
            stop_waiting();
            continue;
        }
        if (!more) {
            if (loop_.is_draining()) {
                drain();
            }
            return read();
        }
    }
}

/// True when it stopped to let answers out, although more requests may be buffered.
bool Connection::parse_buffered() {
    while (!closing_ && phase_ != Phase::working && phase_ != Phase::waiting) {
        if (!parser_) {
            // RFC 9112, 2.2: empty lines before a request line are not worth an error.
            while (in_begin_ < in_end_ && (in_[in_begin_] == '\r' || in_[in_begin_] == '\n')) {
                ++in_begin_;
            }
            if (in_begin_ == in_end_) {
                note_waiting();
                return false;
            }
            const auto& options = loop_.shared().options;
            parser_.emplace(
                request_, RequestParser::Bounds{options.header_bytes_max, options.body_bytes_max});
            continue_sent_ = false;
        }
        const auto step = parser_->put({in_.data() + in_begin_, in_end_ - in_begin_});
        in_begin_ += step.consumed;
        switch (step.progress) {
            case RequestParser::Progress::need_more:
                note_waiting();
                return false;
            case RequestParser::Progress::failed:
                refuse(parser_->error());
                return false;
            case RequestParser::Progress::done:
                on_request();
                break;
        }
        if (out_.size() >= batch_bytes_max || !body_.empty() || shared_body_) {
            return true;
        }
    }
    return false;
}

/// Starts the clock for what the client has to do next; time already given is not given again.
void Connection::note_waiting() {
    const auto& options = loop_.shared().options;
    const auto next = !parser_ ? Phase::idle : parser_->header_done() ? Phase::body : Phase::header;
    if (next == Phase::body && !continue_sent_ && parser_->wants_continue() &&
        request_.body.empty() && in_begin_ == in_end_) {
        out_ += "HTTP/1.1 100 Continue\r\n\r\n";
        continue_sent_ = true;
    }
    if (next == phase_ && next != Phase::idle) {
        return;
    }
    phase_ = next;
    deadline_ = Clock::now() + (next == Phase::idle     ? options.idle_timeout
                                : next == Phase::header ? options.header_timeout
                                                        : options.body_timeout);
}

void Connection::on_request() {
    keep_alive_ = parser_->keeps_alive();
    http_1_0_ = parser_->is_http_1_0();
    parser_.reset();
    ask_handler();
}

void Connection::ask_handler() {
    phase_ = Phase::idle;
    auto& shared = loop_.shared();
    if (shared.handler.is_quick(request_)) {
        return respond(answer(shared.handler, request_));
    }
    phase_ = Phase::working;
    deadline_ = Clock::time_point::max();
    const bool accepted = shared.pool.try_submit([self = shared_from_this()] {
        self->response_ = answer(self->loop_.shared().handler, self->request_);
        asio::post(self->loop_.io(), [self] {
            self->response_ready_ = true;
            self->pump();
        });
    });
    if (!accepted) {
        phase_ = Phase::idle;
        shared.requests_refused.fetch_add(1, std::memory_order_relaxed);
        respond(overloaded(shared.handler, "Too many requests are waiting; try again later"));
    }
}

void Connection::respond(const rest::Response& response) {
    if (response.waiting) {
        respond_waiting(response);
    } else if (streaming_) {
        // It failed halfway; there is no place to say so but the end.
        keep_alive_ = false;
        end_stream();
    } else {
        respond_complete(response);
    }
}

void Connection::respond_complete(const rest::Response& response) {
    give_waiting_place_back();
    const bool keep = keep_alive_ && !loop_.is_draining();
    append_head(out_, response,
                !keep       ? ConnectionHeader::close
                : http_1_0_ ? ConnectionHeader::keep_alive
                            : ConnectionHeader::unsaid,
                loop_.date());
    const auto body = response.body_view();
    if (request_.method == rest::Method::head || response.status == 204 || response.status == 304) {
        // No body by definition.
    } else if (body.size() <= copied_body_bytes_max) {
        out_ += body;
    } else if (response.shared_body) {
        shared_body_ = response.shared_body;
    } else {
        body_ = body;
    }
    closing_ = closing_ || !keep;
}

void Connection::respond_waiting(const rest::Response& response) {
    const bool is_stream = response.waiting->form == rest::Waiting::Form::stream;
    if (is_stream && request_.method == rest::Method::head) {
        append_head(out_, response, ConnectionHeader::close, loop_.date(), Framing::close);
        closing_ = true;
        return;
    }
    if (!take_waiting_place()) {
        loop_.shared().requests_refused.fetch_add(1, std::memory_order_relaxed);
        return respond_complete(overloaded(loop_.shared().handler,
                                           "Too many clients wait for changes; try again later"));
    }
    if (is_stream && !std::exchange(streaming_, true)) {
        begin_stream(response);
    }
    if (is_stream) {
        send_piece(response.body_view());
    }
    // An answer's time runs from its request on, a stream's from the last sign of life.
    if (!request_.resumed || (is_stream && !response.body_view().empty())) {
        waits_until_ = Clock::now() + response.waiting->patience;
    }
    waiting_ = *response.waiting;
    wait();
}

void Connection::begin_stream(const rest::Response& response) {
    keep_alive_ = keep_alive_ && !http_1_0_;
    append_head(out_, response, keep_alive_ ? ConnectionHeader::unsaid : ConnectionHeader::close,
                loop_.date(), http_1_0_ ? Framing::close : Framing::chunks);
}

void Connection::send_piece(std::string_view piece) {
    if (piece.empty()) {
        return;
    }
    if (http_1_0_) {
        out_ += piece;
    } else {
        append_chunk(out_, piece);
    }
}

void Connection::end_stream() {
    if (!http_1_0_) {
        out_ += last_chunk;
    }
    streaming_ = false;
    give_waiting_place_back();
    closing_ = closing_ || !keep_alive_ || loop_.is_draining();
}

void Connection::wait() {
    phase_ = Phase::waiting;
    deadline_ = Clock::time_point::max();
    loop_.watch(shared_from_this());
}

void Connection::look(Clock::time_point now) {
    if (phase_ != Phase::waiting || writing_) {
        return;
    }
    // Time goes first: a registry that never rests must not keep its clients waiting for ever.
    if (now >= waits_until_) {
        resume(rest::Resumption::Cause::time_over);
    } else if (loop_.shared().handler.revision() > waiting_.after) {
        resume(rest::Resumption::Cause::moved);
    }
}

/// Asks for the answer again. It may be to wait on.
void Connection::resume(rest::Resumption::Cause cause) {
    loop_.unwatch(*this);
    request_.resumed = rest::Resumption{waiting_.after, cause};
    ask_handler();
    pump();
}

/// Ends the phase `waiting` with what there is to say.
void Connection::stop_waiting() {
    loop_.unwatch(*this);
    phase_ = Phase::idle;
    if (streaming_) {
        return end_stream();
    }
    request_.resumed = rest::Resumption{waiting_.after, rest::Resumption::Cause::time_over};
    respond(answer(loop_.shared().handler, request_));
}

bool Connection::take_waiting_place() {
    if (has_waiting_place_) {
        return true;
    }
    auto& shared = loop_.shared();
    if (shared.clients_waiting.fetch_add(1, std::memory_order_relaxed) >=
        shared.options.waiting_clients_max) {
        shared.clients_waiting.fetch_sub(1, std::memory_order_relaxed);
        return false;
    }
    has_waiting_place_ = true;
    return true;
}

void Connection::give_waiting_place_back() {
    if (std::exchange(has_waiting_place_, false)) {
        loop_.shared().clients_waiting.fetch_sub(1, std::memory_order_relaxed);
    }
}

/// Reads on, to hear of it when the client goes; but no further than its next request begins, for
/// that one's turn has not come.
void Connection::notice_leaving() {
    if (in_begin_ == in_end_) {
        read();
    }
}

/// Waits on. Why the look: the registry may have moved on while the piece before was being sent.
void Connection::wait_on() {
    notice_leaving();
    if (loop_.shared().handler.revision() > waiting_.after) {
        asio::post(loop_.io(), [self = shared_from_this()] { self->look(Clock::now()); });
    }
}

/// The client broke a rule: say which, and stop to listen, for where its next request begins is
/// unknown.
void Connection::refuse(const Error& error) {
    keep_alive_ = false;
    refused_ = true;
    loop_.shared().requests_refused.fetch_add(1, std::memory_order_relaxed);
    if (!parser_ || !parser_->header_done()) {
        request_.method = rest::Method::other;  // half a request line: not known to be HEAD
    }
    respond(loop_.shared().handler.refuse(error));
    parser_.reset();
    phase_ = Phase::idle;
}

/// Sends what is to be sent; false when the client is slow and a later call goes on.
bool Connection::flush() {
    const std::string_view body = shared_body_ ? std::string_view(*shared_body_) : body_;
    const auto size = out_.size() + body.size();
    SystemError error;
    while (sent_ < size) {
        // Why: nearly every answer fits the socket's buffer, and then no completion has to be
        // queued.
        const auto buffers = rest_of(out_, body, sent_);
        sent_ += stream_.write_some(buffers, error);
        if (error == asio::error::would_block) {
            writing_ = true;
            deadline_ = Clock::now() + loop_.shared().options.answer_timeout;
            asio::async_write(stream_, rest_of(out_, body, sent_),
                              [self = shared_from_this()](SystemError failed, std::size_t count) {
                                  self->writing_ = false;
                                  self->sent_ += count;
                                  if (failed) {
                                      return self->close();
                                  }
                                  self->deadline_ = Clock::time_point::max();
                                  self->forget_sent();
                                  self->pump();
                              });
            return false;
        }
        if (error) {
            close();
            return false;
        }
    }
    forget_sent();
    return true;
}

void Connection::forget_sent() {
    sent_ = 0;
    out_.clear();
    if (out_.capacity() > out_bytes_kept) {
        out_.shrink_to_fit();
    }
    body_ = {};
    shared_body_.reset();
}

/// Why: closing a socket with unread input makes the kernel reset the connection, and the answer
/// may be lost on its way. So the client gets a moment to stop sending.
void Connection::linger() {
    if (phase_ == Phase::closed || phase_ == Phase::lingering) {
        return;
    }
    if (!refused_ && !loop_.is_draining()) {
        return close();
    }
    SystemError ignored;
    stream_.shutdown(Stream::shutdown_send, ignored);
    phase_ = Phase::lingering;
    deadline_ = Clock::now() + loop_.shared().options.linger_timeout;
    read();
}

void Connection::make_room() {
    if (in_begin_ > 0) {
        std::memmove(in_.data(), in_.data() + in_begin_, in_end_ - in_begin_);
        in_end_ -= in_begin_;
        in_begin_ = 0;
    }
    if (phase_ == Phase::lingering) {
        in_end_ = 0;
    } else if (phase_ == Phase::body && read_filled_ && in_.size() < in_bytes_body) {
        // Only for who sends fast: a thousand slow bodies must not hold a thousand large buffers.
        in_.resize(in_.size() * 2);
    } else if (phase_ == Phase::idle && in_end_ == 0 && in_.size() > in_bytes_small) {
        in_ = std::vector<char>(in_bytes_small);
    } else if (in_.size() - in_end_ < in_bytes_small / 2) {
        // Bounded: the parser refuses before more than header_bytes_max waits for its end.
        in_.resize(in_.size() * 2);
    }
}

void Connection::read() {
    if (reading_ || phase_ == Phase::closed) {
        return;
    }
    make_room();
    reading_ = true;
    stream_.async_read_some(asio::buffer(in_.data() + in_end_, in_.size() - in_end_),
                            [self = shared_from_this()](SystemError error, std::size_t count) {
                                self->reading_ = false;
                                if (error) {
                                    return self->close();
                                }
                                if (self->phase_ == Phase::lingering) {
                                    return self->read();
                                }
                                self->in_end_ += count;
                                self->read_filled_ = self->in_end_ == self->in_.size();
                                self->pump();
                            });
}

void Connection::check_deadline(Clock::time_point now) {
    if (now < deadline_) {
        return;
    }
    if (!writing_ && (phase_ == Phase::header || phase_ == Phase::body)) {
        refuse(make_error(ErrorCode::request_timeout, phase_ == Phase::header
                                                          ? "The request's header took too long"
                                                          : "The request's body took too long"));
        return pump();
    }
    close();
}

void Connection::drain() {
    SystemError ignored;
    if (phase_ == Phase::waiting && !writing_) {
        return pump();
    }
    // A request that has already arrived is answered; its bytes wake the pending read.
    if (phase_ == Phase::idle && !writing_ && stream_.available(ignored) == 0) {
        close();
    }
}

void Connection::close() {
    if (phase_ == Phase::closed) {
        return;
    }
    if (phase_ == Phase::waiting) {
        loop_.unwatch(*this);
    }
    phase_ = Phase::closed;
    give_waiting_place_back();
    SystemError ignored;
    stream_.close(ignored);
    loop_.forget(*this);
}

}  // namespace symbolon::server
