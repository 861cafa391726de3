// Runs a function for many indexes on a few threads.
//
// Errors:   of the failures that of the lowest index, whatever the threads do; what comes after it
//           may be left out
// Threads:  starts its own and waits for them; an exception is thrown on in the caller
// Tested by tests/unit/gate/check/parallel_test.cpp
#pragma once

#include "core/result.hpp"

#include <cstddef>
#include <functional>

namespace symbolon::gate {

Status for_each_index(std::size_t count, std::size_t jobs,
                      const std::function<Status(std::size_t index)>& work);

}  // namespace symbolon::gate
