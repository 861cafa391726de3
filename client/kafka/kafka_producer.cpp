#include "client/kafka/kafka_producer.hpp"

#include "client/kafka/kafka_handle.hpp"
#include "core/error.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace symbolon::client {

namespace {

constexpr int report_wait_ms = 100;
constexpr int metadata_wait_ms = 1'000;
/// How often a send() looks whether to give up, and what is on its way then still gets.
constexpr std::chrono::milliseconds give_up_step{100};
constexpr std::chrono::milliseconds in_flight_grace{5'000};
/// How long a send() waits for a broker that refuses us to think again, and for how long after
/// that none is tried. librdkafka says the same error once in thirty seconds only.
constexpr std::chrono::milliseconds refusal_grace{3'000};
constexpr std::chrono::milliseconds refusal_pause{5'000};

// Java's and our readers' notion of which key belongs to which partition, the time that Java's
// producer gives a record, and a queue that is bounded in bytes.
std::vector<KafkaProperty> producer_defaults() {
    return {
        {"enable.idempotence", "true"},
        {"acks", "all"},
        {"delivery.timeout.ms", "120000"},
        {"partitioner", "murmur2_random"},
        {"queue.buffering.max.messages", std::to_string(limits::kafka_queue_records_max)},
        {"queue.buffering.max.kbytes", std::to_string(limits::kafka_queue_kbytes_max)},
        {"reconnect.backoff.max.ms", std::to_string(limits::kafka_reconnect_ms)},
        {"client.id", "symbolon"},
    };
}

// One call of send(): what is still on its way, and what failed.
struct SendCall {
    std::mutex mutex;
    std::condition_variable done;
    std::size_t waiting = 0;            // guarded by mutex
    std::vector<SendFailure> failures;  // guarded by mutex
};

// Where a record's report goes; it lives until send() returns.
struct SendSlot {
    SendCall* call = nullptr;
    std::size_t index = 0;
};

rd_kafka_vu_t memory_field(rd_kafka_vtype_t type, std::string_view bytes) {
    rd_kafka_vu_t field{};
    field.vtype = type;
    // librdkafka reads only, though its type does not say so.
    field.u.mem.ptr = const_cast<char*>(bytes.data());
    field.u.mem.size = bytes.size();
    return field;
}

rd_kafka_headers_t* to_headers(std::span<const std::pair<std::string, std::string>> headers) {
    rd_kafka_headers_t* list = rd_kafka_headers_new(headers.size());
    for (const auto& [name, value] : headers) {
        rd_kafka_header_add(list, name.data(), static_cast<ssize_t>(name.size()), value.data(),
                            static_cast<ssize_t>(value.size()));
    }
    return list;
}

}  // namespace

class KafkaProducer::Impl {
public:
    explicit Impl(KafkaOptions options) : options_(std::move(options)) {}
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    Impl(Impl&&) = delete;
    Impl& operator=(Impl&&) = delete;
    ~Impl() { stop(); }

    Status start() {
        SYMBOLON_TRY(KafkaConf conf, make_kafka_conf(options_, producer_defaults(), {}));
        rd_kafka_conf_set_opaque(conf.get(), this);
        rd_kafka_conf_set_dr_msg_cb(conf.get(), on_report);
        rd_kafka_conf_set_error_cb(conf.get(), on_error);
        std::array<char, 512> reason{};
        rd_kafka_t* made =
            rd_kafka_new(RD_KAFKA_PRODUCER, conf.get(), reason.data(), reason.size());
        if (made == nullptr) {
            return failure(make_error(ErrorCode::cannot_start,
                                      fmt::format("Kafka producer: {}", reason.data())));
        }
        [[maybe_unused]] const auto* taken = conf.release();  // by rd_kafka_new
        handle_.reset(made);
        trouble_.reset();
        broken_ = false;
        reporter_ = std::jthread([this](const std::stop_token& asked_to_stop) {
            while (!asked_to_stop.stop_requested()) {
                rd_kafka_poll(handle_.get(), report_wait_ms);
            }
        });
        return {};
    }

    std::vector<SendFailure> send(std::string_view topic, std::span<const KafkaMessage> messages,
                                  const std::stop_token& give_up);

private:
    void stop() {
        if (reporter_.joinable()) {
            reporter_.request_stop();
            reporter_.join();
        }
        handle_.reset();
    }

    Status begin_send();
    Status check_not_refused();
    void end_send();
    void wait_for_reports(SendCall& call, const std::stop_token& give_up) const;
    Status enqueue(const std::string& topic, const KafkaMessage& message, SendSlot& slot);
    void explain_timeouts(const std::string& topic, std::vector<SendFailure>& failures);
    Error to_error(const std::string& topic, const rd_kafka_message_t& message) const;

    static void on_report(rd_kafka_t* handle, const rd_kafka_message_t* message, void* opaque);
    static void on_error(rd_kafka_t* handle, int number, const char* reason, void* opaque);

    const KafkaOptions options_;
    std::mutex mutex_;
    std::condition_variable idle_;
    std::size_t senders_ = 0;                              // guarded by mutex_
    std::chrono::steady_clock::time_point refused_until_;  // guarded by mutex_
    KafkaTrouble trouble_;
    std::atomic<bool> broken_ = false;
    // Replaced under mutex_ when senders_ is 0, and only then.
    KafkaHandle handle_;
    std::jthread reporter_;
};

// After a fatal error, when the sequence of an idempotent producer is broken, every record of its
// handle fails. Those were reported; a new handle starts a new sequence.
Status KafkaProducer::Impl::begin_send() {
    std::unique_lock lock(mutex_);
    if (broken_) {
        idle_.wait(lock, [this] { return senders_ == 0; });
        if (broken_) {
            stop();
            SYMBOLON_CHECK(start());
        }
    }
    SYMBOLON_CHECK(check_not_refused());
    ++senders_;
    return {};
}

// Of many batches each would wait for the same refusal; the first after a pause tries again.
// REQUIRES: mutex_ is held.
Status KafkaProducer::Impl::check_not_refused() {
    if (!trouble_.is_refusal()) {
        return {};
    }
    const auto now = std::chrono::steady_clock::now();
    if (now < refused_until_) {
        return failure(make_error(ErrorCode::not_authorised, "not sent" + trouble_.words()));
    }
    refused_until_ = now + refusal_pause;
    return {};
}

void KafkaProducer::Impl::end_send() {
    const std::lock_guard lock(mutex_);
    --senders_;
    idle_.notify_all();
}

Status KafkaProducer::Impl::enqueue(const std::string& topic, const KafkaMessage& message,
                                    SendSlot& slot) {
    std::array<rd_kafka_vu_t, 6> fields{};
    std::size_t count = 0;
    fields[count].vtype = RD_KAFKA_VTYPE_TOPIC;
    fields[count++].u.cstr = topic.c_str();
    fields[count].vtype = RD_KAFKA_VTYPE_MSGFLAGS;
    // A full queue makes the caller wait. The bytes are not copied: they stay until the report.
    fields[count++].u.i = RD_KAFKA_MSG_F_BLOCK;
    fields[count].vtype = RD_KAFKA_VTYPE_OPAQUE;
    fields[count++].u.ptr = &slot;
    fields[count++] = memory_field(RD_KAFKA_VTYPE_VALUE, message.value);
    if (!message.key.empty()) {
        fields[count++] = memory_field(RD_KAFKA_VTYPE_KEY, message.key);
    }
    rd_kafka_headers_t* headers = nullptr;
    if (!message.headers.empty()) {
        headers = to_headers(message.headers);
        fields[count].vtype = RD_KAFKA_VTYPE_HEADERS;
        fields[count++].u.headers = headers;
    }
    rd_kafka_error_t* refused = rd_kafka_produceva(handle_.get(), fields.data(), count);
    if (refused == nullptr) {
        return {};
    }
    const KafkaErrorNumber number{rd_kafka_error_code(refused)};
    const std::string words = rd_kafka_error_string(refused);
    rd_kafka_error_destroy(refused);
    if (headers != nullptr) {
        rd_kafka_headers_destroy(headers);  // a refused record leaves them ours
    }
    if (number.value == RD_KAFKA_RESP_ERR__FATAL) {
        broken_ = true;
    }
    return failure(make_error(classify_kafka_error(number),
                              fmt::format("topic {}: {}{}{}", topic, words,
                                          advise_on_kafka_error(number), trouble_.words())));
}

// Without a broker a record waits for delivery.timeout.ms, longer than whoever is told to end has.
void KafkaProducer::Impl::wait_for_reports(SendCall& call, const std::stop_token& give_up) const {
    std::unique_lock lock(call.mutex);
    const auto all_reported = [&call] { return call.waiting == 0; };
    std::chrono::milliseconds waited{0};
    std::chrono::milliseconds given_up{0};
    while (!call.done.wait_for(lock, give_up_step, all_reported)) {
        waited += give_up_step;
        const bool is_told = give_up.stop_requested();
        if (is_told || (waited >= refusal_grace && trouble_.is_refusal())) {
            given_up += is_told ? give_up_step : std::chrono::milliseconds(0);
            const int on_their_way = given_up > in_flight_grace ? RD_KAFKA_PURGE_F_INFLIGHT : 0;
            lock.unlock();  // Reports take it.
            rd_kafka_purge(handle_.get(),
                           RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_NON_BLOCKING | on_their_way);
            lock.lock();
        }
    }
}

std::vector<SendFailure> KafkaProducer::Impl::send(std::string_view topic,
                                                   std::span<const KafkaMessage> messages,
                                                   const std::stop_token& give_up) {
    const std::string name(topic);
    if (Status begun = begin_send(); !begun) {
        std::vector<SendFailure> failures;
        for (std::size_t index = 0; index < messages.size(); ++index) {
            failures.push_back({index, begun.error()});
        }
        return failures;
    }
    SendCall call;
    call.waiting = messages.size();
    std::vector<SendSlot> slots(messages.size());
    for (std::size_t index = 0; index < messages.size(); ++index) {
        slots[index] = {&call, index};
        if (Status put = enqueue(name, messages[index], slots[index]); !put) {
            const std::lock_guard lock(call.mutex);
            call.failures.push_back({index, put.error()});
            --call.waiting;
        }
    }
    wait_for_reports(call, give_up);
    explain_timeouts(name, call.failures);
    end_send();
    std::sort(
        call.failures.begin(), call.failures.end(),
        [](const SendFailure& left, const SendFailure& right) { return left.index < right.index; });
    return std::move(call.failures);
}

// A topic that the brokers do not let us see makes records wait until their time is over, and
// nothing says why; so the brokers are asked.
void KafkaProducer::Impl::explain_timeouts(const std::string& topic,
                                           std::vector<SendFailure>& failures) {
    const auto is_unexplained = [](const SendFailure& one) {
        return one.error.code == ErrorCode::unavailable;
    };
    if (std::none_of(failures.begin(), failures.end(), is_unexplained) ||
        !trouble_.words().empty()) {
        return;
    }
    rd_kafka_topic_t* asked = rd_kafka_topic_new(handle_.get(), topic.c_str(), nullptr);
    const rd_kafka_metadata_t* answer = nullptr;
    KafkaErrorNumber number{};
    if (asked != nullptr && rd_kafka_metadata(handle_.get(), 0, asked, &answer, metadata_wait_ms) ==
                                RD_KAFKA_RESP_ERR_NO_ERROR) {
        number.value = answer->topic_cnt > 0 ? answer->topics[0].err : RD_KAFKA_RESP_ERR_NO_ERROR;
        rd_kafka_metadata_destroy(answer);
    }
    if (asked != nullptr) {
        rd_kafka_topic_destroy(asked);
    }
    if (number.value == RD_KAFKA_RESP_ERR_NO_ERROR) {
        return;
    }
    for (SendFailure& one : failures) {
        if (is_unexplained(one)) {
            one.error =
                make_error(classify_kafka_error(number),
                           fmt::format("topic {}: {}{}", topic, describe_kafka_error(number),
                                       advise_on_kafka_error(number)));
        }
    }
}

Error KafkaProducer::Impl::to_error(const std::string& topic,
                                    const rd_kafka_message_t& message) const {
    const KafkaErrorNumber number{message.err};
    ErrorCode code = classify_kafka_error(number);
    std::string words = describe_kafka_error(number) + advise_on_kafka_error(number);
    if (trouble_.is_refusal() && (message.err == RD_KAFKA_RESP_ERR__MSG_TIMED_OUT ||
                                  message.err == RD_KAFKA_RESP_ERR__PURGE_QUEUE)) {
        code = ErrorCode::not_authorised;
        words = "not sent";
    } else if (code != ErrorCode::not_authorised &&
               rd_kafka_message_status(&message) == RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED) {
        code = ErrorCode::answer_lost;
        words += " (it was sent and may be there)";
    }
    return make_error(code, fmt::format("topic {}: {}{}", topic, words, trouble_.words()));
}

void KafkaProducer::Impl::on_report(rd_kafka_t* /*handle*/, const rd_kafka_message_t* message,
                                    void* opaque) {
    auto& self = *static_cast<Impl*>(opaque);
    const auto& slot = *static_cast<const SendSlot*>(message->_private);
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        self.trouble_.clear();
    } else if (message->err == RD_KAFKA_RESP_ERR__FATAL) {
        self.broken_ = true;
    }
    SendCall& call = *slot.call;
    const std::lock_guard lock(call.mutex);
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        call.failures.push_back(
            {slot.index, self.to_error(rd_kafka_topic_name(message->rkt), *message)});
    }
    if (--call.waiting == 0) {
        call.done.notify_all();  // under the lock: the call may be gone as soon as it is released
    }
}

void KafkaProducer::Impl::on_error(rd_kafka_t* handle, int number, const char* reason,
                                   void* opaque) {
    auto& self = *static_cast<Impl*>(opaque);
    // Which error it was that is fatal is asked for apart.
    self.trouble_.note(
        {number == RD_KAFKA_RESP_ERR__FATAL ? rd_kafka_fatal_error(handle, nullptr, 0)
                                            : static_cast<rd_kafka_resp_err_t>(number)},
        reason);
    if (number == RD_KAFKA_RESP_ERR__FATAL) {
        self.broken_ = true;
    } else if (self.trouble_.is_refusal()) {
        // A wrong password does not become right by waiting. What is on its way is left alone.
        rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_NON_BLOCKING);
    }
}

KafkaProducer::KafkaProducer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

KafkaProducer::~KafkaProducer() = default;

Result<std::unique_ptr<KafkaProducer>> KafkaProducer::open(KafkaOptions options) {
    auto impl = std::make_unique<Impl>(std::move(options));
    SYMBOLON_CHECK(impl->start());
    return std::unique_ptr<KafkaProducer>(new KafkaProducer(std::move(impl)));
}

std::vector<SendFailure> KafkaProducer::send(std::string_view topic,
                                             std::span<const KafkaMessage> messages,
                                             const std::stop_token& give_up) {
    return impl_->send(topic, messages, give_up);
}

}  // namespace symbolon::client
