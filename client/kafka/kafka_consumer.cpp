#include "client/kafka/kafka_consumer.hpp"

#include "client/kafka/kafka_handle.hpp"
#include "core/error.hpp"
#include "core/limits.hpp"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace symbolon::client {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds commit_pause{200};
constexpr int question_wait_ms = 1'000;

std::vector<KafkaProperty> consumer_defaults() {
    return {
        {"auto.offset.reset", "earliest"},
        {"queued.max.messages.kbytes", std::to_string(limits::kafka_fetch_kbytes_max)},
        {"queued.min.messages", std::to_string(limits::kafka_fetch_records_max)},
        {"reconnect.backoff.max.ms", std::to_string(limits::kafka_reconnect_ms)},
        {"client.id", "symbolon"},
    };
}

// Offsets are ours to commit, and the ends of partitions are what at_end() knows.
std::vector<KafkaProperty> consumer_fixed() {
    return {
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"enable.partition.eof", "true"},
    };
}

struct MessageDeleter {
    void operator()(rd_kafka_message_t* message) const { rd_kafka_message_destroy(message); }
};
using MessagePtr = std::unique_ptr<rd_kafka_message_t, MessageDeleter>;

std::string_view to_bytes(const void* data, std::size_t size) {
    return data == nullptr ? std::string_view()
                           : std::string_view(static_cast<const char*>(data), size);
}

KafkaRecord to_record(const rd_kafka_message_t& message) {
    KafkaRecord record{.topic = rd_kafka_topic_name(message.rkt),
                       .partition = message.partition,
                       .offset = message.offset,
                       .key = std::string(to_bytes(message.key, message.key_len)),
                       .value = std::string(to_bytes(message.payload, message.len))};
    rd_kafka_headers_t* headers = nullptr;
    if (rd_kafka_message_headers(&message, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR) {
        const char* name = nullptr;
        const void* value = nullptr;
        std::size_t size = 0;
        for (std::size_t at = 0; rd_kafka_header_get_all(headers, at, &name, &value, &size) ==
                                 RD_KAFKA_RESP_ERR_NO_ERROR;
             ++at) {
            record.headers.emplace_back(name, to_bytes(value, size));
        }
    }
    return record;
}

// The group went on without this member, or without it having these partitions: whoever has them
// now reads the records again.
bool is_no_longer_ours(rd_kafka_resp_err_t number) {
    return number == RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION ||
           number == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID ||
           number == RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS ||
           number == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID ||
           number == RD_KAFKA_RESP_ERR__ASSIGNMENT_LOST;
}

}  // namespace

class KafkaConsumer::Impl {
public:
    Impl() = default;
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    Impl(Impl&&) = delete;
    Impl& operator=(Impl&&) = delete;
    ~Impl() {
        if (handle_ != nullptr) {
            rd_kafka_consumer_close(handle_.get());
        }
    }

    Status start(const KafkaOptions& options, const std::string& group,
                 const std::vector<std::string>& topics);
    Result<std::vector<KafkaRecord>> poll(std::size_t records_max, milliseconds wait);
    Status commit();
    bool at_end() const {
        return has_assignment_ &&
               std::all_of(positions_.begin(), positions_.end(),
                           [](const auto& entry) { return entry.second.is_at_end; });
    }

private:
    using PartitionName = std::pair<std::string, std::int32_t>;

    // Where this member stands in a partition that it has.
    struct Position {
        std::int64_t next = RD_KAFKA_OFFSET_INVALID;  ///< behind the last record handed out
        std::int64_t committed = RD_KAFKA_OFFSET_INVALID;
        bool is_at_end = false;
    };

    void take(const rd_kafka_message_t& message);
    void take_error(const rd_kafka_message_t& message);
    void assign(const rd_kafka_topic_partition_list_t& partitions);
    void revoke(const rd_kafka_topic_partition_list_t& partitions);
    void check_that_a_broker_answers();
    KafkaPartitions to_commit() const;
    void note_committed(const rd_kafka_topic_partition_list_t& partitions);

    static void on_rebalance(rd_kafka_t* handle, rd_kafka_resp_err_t event,
                             rd_kafka_topic_partition_list_t* partitions, void* opaque);
    static void on_error(rd_kafka_t* handle, int number, const char* reason, void* opaque);

    KafkaHandle handle_;
    KafkaTrouble trouble_;
    std::map<PartitionName, Position> positions_;  // of the partitions that this member has
    bool has_assignment_ = false;
    std::vector<KafkaRecord> batch_;  // what the present poll() will hand out
    std::size_t batch_bytes_ = 0;
    std::optional<Error> error_;  // told by the next poll() that has no records
    std::optional<steady_clock::time_point> down_since_;
};

Status KafkaConsumer::Impl::start(const KafkaOptions& options, const std::string& group,
                                  const std::vector<std::string>& topics) {
    if (group.empty() || topics.empty()) {
        return failure(
            make_error(ErrorCode::cannot_start, "a Kafka consumer needs a group and a topic"));
    }
    KafkaOptions with_group = options;
    with_group.properties["group.id"] = group;
    SYMBOLON_TRY(KafkaConf conf,
                 make_kafka_conf(with_group, consumer_defaults(), consumer_fixed()));
    rd_kafka_conf_set_opaque(conf.get(), this);
    rd_kafka_conf_set_rebalance_cb(conf.get(), on_rebalance);
    rd_kafka_conf_set_error_cb(conf.get(), on_error);
    std::array<char, 512> reason{};
    rd_kafka_t* made = rd_kafka_new(RD_KAFKA_CONSUMER, conf.get(), reason.data(), reason.size());
    if (made == nullptr) {
        return failure(
            make_error(ErrorCode::cannot_start, fmt::format("Kafka consumer: {}", reason.data())));
    }
    [[maybe_unused]] const auto* taken = conf.release();  // by rd_kafka_new
    handle_.reset(made);
    rd_kafka_poll_set_consumer(made);
    const KafkaPartitions wanted(
        rd_kafka_topic_partition_list_new(static_cast<int>(topics.size())));
    for (const std::string& topic : topics) {
        rd_kafka_topic_partition_list_add(wanted.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    }
    if (const auto number = rd_kafka_subscribe(made, wanted.get()); number != 0) {
        return failure(make_error(ErrorCode::cannot_start,
                                  "Kafka consumer: " + describe_kafka_error({number})));
    }
    return {};
}

Result<std::vector<KafkaRecord>> KafkaConsumer::Impl::poll(std::size_t records_max,
                                                           milliseconds wait) {
    batch_.clear();
    batch_bytes_ = 0;
    const auto deadline = steady_clock::now() + wait;
    while (batch_.size() < records_max && batch_bytes_ < limits::kafka_poll_bytes_max) {
        auto left = std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now());
        // What has arrived is taken along; what has not is not waited for once there is something.
        if (!batch_.empty() || error_ || left < milliseconds::zero()) {
            left = milliseconds::zero();
        }
        const MessagePtr message(
            rd_kafka_consumer_poll(handle_.get(), static_cast<int>(left.count())));
        if (message == nullptr) {
            break;
        }
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            take(*message);
        } else {
            take_error(*message);
        }
    }
    if (!batch_.empty()) {
        trouble_.clear();
    } else {
        check_that_a_broker_answers();
        if (error_) {
            Error error = *std::exchange(error_, std::nullopt);
            return failure(std::move(error));
        }
    }
    return std::exchange(batch_, {});
}

void KafkaConsumer::Impl::take(const rd_kafka_message_t& message) {
    down_since_.reset();
    KafkaRecord record = to_record(message);
    const auto found = positions_.find(PartitionName(record.topic, record.partition));
    if (found == positions_.end()) {
        return;  // fetched before the partition went to another member, who reads it
    }
    found->second.next = record.offset + 1;
    found->second.is_at_end = false;
    batch_bytes_ += record.value.size() + record.key.size();
    batch_.push_back(std::move(record));
}

void KafkaConsumer::Impl::take_error(const rd_kafka_message_t& message) {
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        down_since_.reset();
        const auto found =
            positions_.find(PartitionName(rd_kafka_topic_name(message.rkt), message.partition));
        if (found != positions_.end()) {
            found->second.is_at_end = true;
        }
        return;
    }
    const KafkaErrorNumber number{message.err};
    const ErrorCode code = classify_kafka_error(number);
    // Brokers that are away are waited for; a member that was too slow joins again by polling.
    if (code == ErrorCode::unavailable || message.err == RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED) {
        return;
    }
    const std::string words(to_bytes(message.payload, message.len));
    error_ = make_error(code, fmt::format("Kafka consumer: {}{}",
                                          words.empty() ? describe_kafka_error(number) : words,
                                          advise_on_kafka_error(number)));
}

void KafkaConsumer::Impl::check_that_a_broker_answers() {
    if (!down_since_ ||
        steady_clock::now() - *down_since_ < milliseconds(limits::kafka_unreachable_ms)) {
        return;
    }
    const rd_kafka_metadata_t* metadata = nullptr;
    const auto number = rd_kafka_metadata(handle_.get(), 0, nullptr, &metadata, question_wait_ms);
    if (number == RD_KAFKA_RESP_ERR_NO_ERROR) {
        rd_kafka_metadata_destroy(metadata);
        down_since_.reset();
        trouble_.clear();
        return;
    }
    down_since_ = steady_clock::now();  // told once in a while, not at every poll
    error_ = make_error(ErrorCode::unavailable, "no Kafka broker answers" + trouble_.words());
}

KafkaPartitions KafkaConsumer::Impl::to_commit() const {
    KafkaPartitions list(rd_kafka_topic_partition_list_new(static_cast<int>(positions_.size())));
    for (const auto& [partition, position] : positions_) {
        if (position.next >= 0 && position.next != position.committed) {
            rd_kafka_topic_partition_list_add(list.get(), partition.first.c_str(), partition.second)
                ->offset = position.next;
        }
    }
    return list;
}

void KafkaConsumer::Impl::note_committed(const rd_kafka_topic_partition_list_t& partitions) {
    for (int at = 0; at < partitions.cnt; ++at) {
        const rd_kafka_topic_partition_t& one = partitions.elems[at];
        const auto found = positions_.find(PartitionName(one.topic, one.partition));
        if (one.err == RD_KAFKA_RESP_ERR_NO_ERROR && found != positions_.end()) {
            found->second.committed = one.offset;
        }
    }
}

Status KafkaConsumer::Impl::commit() {
    const auto deadline = steady_clock::now() + milliseconds(limits::kafka_commit_ms);
    while (true) {
        const KafkaPartitions list = to_commit();
        if (list->cnt == 0) {
            return {};
        }
        auto number = rd_kafka_commit(handle_.get(), list.get(), 0);
        for (int at = 0; at < list->cnt && number == RD_KAFKA_RESP_ERR_NO_ERROR; ++at) {
            number = list->elems[at].err;  // a part may fail though the whole did not
        }
        if (number == RD_KAFKA_RESP_ERR_NO_ERROR) {
            note_committed(*list);
            return {};
        }
        if (is_no_longer_ours(number)) {
            return {};
        }
        const ErrorCode code = classify_kafka_error({number});
        if (code != ErrorCode::unavailable || steady_clock::now() >= deadline) {
            return failure(
                make_error(code, fmt::format("the position in Kafka could not be committed: {}{}{}",
                                             describe_kafka_error({number}),
                                             advise_on_kafka_error({number}), trouble_.words())));
        }
        std::this_thread::sleep_for(commit_pause);
    }
}

void KafkaConsumer::Impl::assign(const rd_kafka_topic_partition_list_t& partitions) {
    has_assignment_ = true;
    for (int at = 0; at < partitions.cnt; ++at) {
        positions_.insert_or_assign(
            PartitionName(partitions.elems[at].topic, partitions.elems[at].partition), Position{});
    }
}

// What this poll() has not handed out yet of a lost partition is the next owner's.
void KafkaConsumer::Impl::revoke(const rd_kafka_topic_partition_list_t& partitions) {
    for (int at = 0; at < partitions.cnt; ++at) {
        const rd_kafka_topic_partition_t& one = partitions.elems[at];
        positions_.erase(PartitionName(one.topic, one.partition));
        std::erase_if(batch_, [&one](const KafkaRecord& record) {
            return record.partition == one.partition && record.topic == one.topic;
        });
    }
    has_assignment_ = !positions_.empty();
}

void KafkaConsumer::Impl::on_rebalance(rd_kafka_t* handle, rd_kafka_resp_err_t event,
                                       rd_kafka_topic_partition_list_t* partitions, void* opaque) {
    auto& self = *static_cast<Impl*>(opaque);
    const bool is_assignment = event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    const std::string_view protocol = rd_kafka_rebalance_protocol(handle);
    if (is_assignment) {
        self.assign(*partitions);
    } else {
        self.revoke(*partitions);
    }
    if (protocol == "COOPERATIVE") {
        rd_kafka_error_t* error = is_assignment ? rd_kafka_incremental_assign(handle, partitions)
                                                : rd_kafka_incremental_unassign(handle, partitions);
        if (error != nullptr) {
            self.error_ = make_error(ErrorCode::sink_failed, std::string("Kafka consumer: ") +
                                                                 rd_kafka_error_string(error));
            rd_kafka_error_destroy(error);
        }
        return;
    }
    if (const auto number = rd_kafka_assign(handle, is_assignment ? partitions : nullptr);
        number != RD_KAFKA_RESP_ERR_NO_ERROR) {
        self.error_ =
            make_error(ErrorCode::sink_failed, "Kafka consumer: " + describe_kafka_error({number}));
    }
}

void KafkaConsumer::Impl::on_error(rd_kafka_t* /*handle*/, int number, const char* reason,
                                   void* opaque) {
    auto& self = *static_cast<Impl*>(opaque);
    self.trouble_.note({number}, reason);
    const ErrorCode code = classify_kafka_error({number});
    if (number == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN) {
        if (!self.down_since_) {
            self.down_since_ = steady_clock::now();
        }
    } else if (self.trouble_.is_refusal()) {
        self.error_ =
            make_error(ErrorCode::not_authorised, "Kafka consumer" + self.trouble_.words());
    } else if (code == ErrorCode::not_authorised || number == RD_KAFKA_RESP_ERR__FATAL) {
        self.error_ = make_error(
            code, fmt::format("Kafka consumer: {}{}", reason, advise_on_kafka_error({number})));
    }
}

KafkaConsumer::KafkaConsumer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

KafkaConsumer::~KafkaConsumer() = default;

Result<std::unique_ptr<KafkaConsumer>> KafkaConsumer::open(const KafkaOptions& options,
                                                           const std::string& group,
                                                           const std::vector<std::string>& topics) {
    auto impl = std::make_unique<Impl>();
    SYMBOLON_CHECK(impl->start(options, group, topics));
    return std::unique_ptr<KafkaConsumer>(new KafkaConsumer(std::move(impl)));
}

Result<std::vector<KafkaRecord>> KafkaConsumer::poll(std::size_t records_max, milliseconds wait) {
    return impl_->poll(records_max, wait);
}

Status KafkaConsumer::commit() {
    return impl_->commit();
}

bool KafkaConsumer::at_end() const {
    return impl_->at_end();
}

}  // namespace symbolon::client
