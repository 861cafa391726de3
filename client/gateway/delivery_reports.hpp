// What became of a delivery, from the error that it ended in.
//
// Example:  if (!sent) { return report_of_failure(sent.error()); }
// Threads:  any thread
// Source:   contract of the event clients, section 4.5
// Tested by tests/unit/client/gateway/http_downstream_test.cpp
#pragma once

#include "client/gateway/downstream.hpp"
#include "core/error.hpp"

#include <string_view>

namespace symbolon::client {

/// Of a transport or of a look-up: whether it is worth another try, and counts against the
/// downstream.
DeliveryReport report_of_failure(const Error& error);

/// A record that the output schema does not take; without the codec's words, which repeat values.
DeliveryReport report_of_misfit(std::string_view subject);

}  // namespace symbolon::client
