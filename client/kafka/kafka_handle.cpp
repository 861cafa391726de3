#include "client/kafka/kafka_handle.hpp"

#include "core/error.hpp"

#include <fmt/format.h>
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::client {

namespace {

constexpr std::size_t reason_bytes = 512;
constexpr std::chrono::seconds good_for{60};

// Parts of OpenSSL's words, with what to do. Other trouble of TLS, such as a connection that ends
// in the midst of it, goes away when the broker is back.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> tls_refusals{{
    {"certificate verify failed",
     "the broker's certificate must be signed by an authority in ssl.ca.location, be valid today, "
     "and name the host of that address"},
    {"SSL alert number",
     "the broker wants a certificate that it trusts: ssl.certificate.location, with its key in "
     "ssl.key.location"},
    {"wrong version number",
     "there is no TLS at that address, though security.protocol says so: is it another listener's "
     "port?"},
}};

std::string_view find_tls_advice(std::string_view reason) {
    for (const auto& [part, advice] : tls_refusals) {
        if (reason.find(part) != std::string_view::npos) {
            return advice;
        }
    }
    return {};
}

bool is_unknown_user(KafkaErrorNumber number) {
    return number.value == RD_KAFKA_RESP_ERR__AUTHENTICATION ||
           number.value == RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED;
}

std::string_view find_advice(KafkaErrorNumber number, std::string_view reason) {
    switch (number.value) {
        case RD_KAFKA_RESP_ERR__AUTHENTICATION:
        case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED: {
            return "sasl.mechanism, sasl.username and sasl.password must be those of a user that "
                   "the broker knows";
        }
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED: {
            return "this user needs the right to write to the topic, or to read it";
        }
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED: {
            return "this user needs the right to read as a member of the group, or another group";
        }
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED: {
            return "who writes needs the right to write to a topic, or IdempotentWrite on the "
                   "cluster";
        }
        case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART: {
            return "make the topic first, or put its name right";
        }
        default: {
            return find_tls_advice(reason);
        }
    }
}

// Whatever is worth knowing comes as an error; lines on standard error are not a library's
// business.
void drop_log_line(const rd_kafka_t* /*handle*/, int /*level*/, const char* /*facility*/,
                   const char* /*text*/) {}

Status set_property(rd_kafka_conf_t& conf, const std::string& name, const std::string& value) {
    std::array<char, reason_bytes> reason{};
    if (rd_kafka_conf_set(&conf, name.c_str(), value.c_str(), reason.data(), reason.size()) !=
        RD_KAFKA_CONF_OK) {
        return failure(make_error(ErrorCode::cannot_start,
                                  fmt::format("Kafka property {}: {}", name, reason.data())));
    }
    return {};
}

}  // namespace

void KafkaDeleter::operator()(rd_kafka_s* handle) const {
    rd_kafka_destroy(handle);
}

void KafkaDeleter::operator()(rd_kafka_conf_s* conf) const {
    rd_kafka_conf_destroy(conf);
}

void KafkaDeleter::operator()(rd_kafka_topic_partition_list_s* list) const {
    rd_kafka_topic_partition_list_destroy(list);
}

std::size_t kafka_record_bytes_max(const KafkaOptions& options) {
    constexpr std::size_t usual = 1'000'000;  // librdkafka's own
    constexpr std::size_t around_it = 128;    // what the protocol puts around a record
    std::size_t bytes = usual;
    if (const auto at = options.properties.find("message.max.bytes");
        at != options.properties.end()) {
        std::from_chars(at->second.data(), at->second.data() + at->second.size(), bytes);
    }
    return bytes > around_it ? bytes - around_it : 0;
}

ErrorCode classify_kafka_error(KafkaErrorNumber number) {
    switch (number.value) {
        case RD_KAFKA_RESP_ERR__AUTHENTICATION:
        case RD_KAFKA_RESP_ERR_SASL_AUTHENTICATION_FAILED:
        case RD_KAFKA_RESP_ERR_UNSUPPORTED_SASL_MECHANISM:
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        case RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED: {
            return ErrorCode::not_authorised;
        }
        case RD_KAFKA_RESP_ERR__TRANSPORT:
        case RD_KAFKA_RESP_ERR__RESOLVE:
        case RD_KAFKA_RESP_ERR__SSL:
        case RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN:
        case RD_KAFKA_RESP_ERR__TIMED_OUT:
        case RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE:
        case RD_KAFKA_RESP_ERR__MSG_TIMED_OUT:
        case RD_KAFKA_RESP_ERR__WAIT_COORD:
        case RD_KAFKA_RESP_ERR__WAIT_CACHE:
        case RD_KAFKA_RESP_ERR__RETRY:
        case RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE:
        case RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION:
        case RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT:
        case RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE:
        case RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE:
        case RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION:
        case RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS:
        case RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE:
        case RD_KAFKA_RESP_ERR_NOT_COORDINATOR:
        case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS:
        case RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND:
        case RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR:
        case RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED: {
            return ErrorCode::unavailable;
        }
        default: {
            return ErrorCode::sink_failed;
        }
    }
}

std::string describe_kafka_error(KafkaErrorNumber number) {
    return rd_kafka_err2str(static_cast<rd_kafka_resp_err_t>(number.value));
}

std::string advise_on_kafka_error(KafkaErrorNumber number, std::string_view reason) {
    const auto advice = find_advice(number, reason);
    return advice.empty() ? std::string() : fmt::format("; {}", advice);
}

void KafkaTrouble::note(KafkaErrorNumber number, std::string_view reason) {
    const std::lock_guard lock(mutex_);
    // That every broker is down says less than why the last one went away.
    if (number.value == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN && !reason_.empty()) {
        return;
    }
    reason_ = (reason.empty() ? describe_kafka_error(number) : std::string(reason)) +
              advise_on_kafka_error(number, reason);
    refusal_ = is_unknown_user(number) || !find_tls_advice(reason).empty();
}

void KafkaTrouble::clear() {
    const std::lock_guard lock(mutex_);
    reason_.clear();
    refusal_ = false;
    good_at_ = std::chrono::steady_clock::now();
}

void KafkaTrouble::reset() {
    const std::lock_guard lock(mutex_);
    reason_.clear();
    refusal_ = false;
    good_at_.reset();
}

std::string KafkaTrouble::words() const {
    const std::lock_guard lock(mutex_);
    return reason_.empty() ? std::string() : "; the connections say: " + reason_;
}

bool KafkaTrouble::is_refusal() const {
    const std::lock_guard lock(mutex_);
    return refusal_ && (!good_at_ || std::chrono::steady_clock::now() - *good_at_ > good_for);
}

Result<KafkaConf> make_kafka_conf(const KafkaOptions& options,
                                  std::span<const KafkaProperty> defaults,
                                  std::span<const KafkaProperty> fixed) {
    KafkaConf conf(rd_kafka_conf_new());
    for (const auto& [name, value] : defaults) {
        SYMBOLON_CHECK(set_property(*conf, name, value));
    }
    if (!options.brokers.empty()) {
        SYMBOLON_CHECK(set_property(*conf, "bootstrap.servers", options.brokers));
    }
    for (const auto& [name, value] : options.properties) {
        const auto is_this = [&wanted = name](const KafkaProperty& row) {
            return row.first == wanted;
        };
        if (std::any_of(fixed.begin(), fixed.end(), is_this)) {
            return failure(make_error(ErrorCode::cannot_start,
                                      fmt::format("Kafka property {} is not a setting here: what "
                                                  "is promised about records rests on it",
                                                  name)));
        }
        SYMBOLON_CHECK(set_property(*conf, name, value));
    }
    for (const auto& [name, value] : fixed) {
        SYMBOLON_CHECK(set_property(*conf, name, value));
    }
    if (!options.properties.contains("debug")) {
        rd_kafka_conf_set_log_cb(conf.get(), drop_log_line);
    }
    std::array<char, reason_bytes> brokers{};
    std::size_t size = brokers.size();
    if (rd_kafka_conf_get(conf.get(), "bootstrap.servers", brokers.data(), &size) !=
            RD_KAFKA_CONF_OK ||
        brokers.front() == '\0') {
        if (!options.properties.contains("test.mock.num.brokers")) {
            return failure(make_error(ErrorCode::cannot_start,
                                      "no Kafka brokers are given; name one as host:port"));
        }
    }
    return conf;
}

}  // namespace symbolon::client
