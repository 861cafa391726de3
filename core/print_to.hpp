// Prints words and results, and never throws for it: a descriptor that is full or closed must not
// end a program with work under way.
//
// What cannot be written leaves std::ferror set, by which the program's end sees that results are
// missing; words on standard error may be lost.
//
// Example:  print_to(stdout, "{}: deleted {}\n", name, list);
// Errors:   none
// Threads:  any thread
// Tested by tests/e2e/descriptors.py
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace symbolon {

template <typename... Args>
void print_to(std::FILE* out, fmt::format_string<Args...> form, Args&&... args) {
    const auto text = fmt::format(form, std::forward<Args>(args)...);
    [[maybe_unused]] const auto written = std::fwrite(text.data(), 1, text.size(), out);
}

}  // namespace symbolon
