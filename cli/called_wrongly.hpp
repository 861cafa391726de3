// What commands answer to whom they do not serve as they were called.
//
// Example:  return called_wrongly("--max needs --kafka");
// Errors:   malformed_request
// Threads:  any thread
// Tested by the tests of the commands
#pragma once

#include "cli/commands.hpp"
#include "core/result.hpp"

#include <string>
#include <utility>

namespace symbolon::cli {

inline tl::unexpected<Error> called_wrongly(std::string message) {
    return failure(Error{ErrorCode::malformed_request, std::move(message)});
}

inline int exit_of(const Error& error) {
    return error.code == ErrorCode::malformed_request ? exit_usage : exit_failed;
}

}  // namespace symbolon::cli
