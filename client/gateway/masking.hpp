// Takes the values of named fields out of a body before any of it is written down.
//
// A name matches when, in lower case and without anything but letters and digits, it contains one
// of the configured words: "email" matches "E-Mail", "customer_email" and "emailAddress". A word
// written "=id" asks for the whole name. The value is replaced by ***, whatever it is: a text, a
// number, or an object or array as a whole.
//
// JSON is read exactly: escapes in names are undone, and a text that holds JSON again is looked
// through, too. What is no JSON is taken apart by guessing: whatever stands behind a matching name
// and one of : = > is masked up to where a value can end, rather too much than too little. Masking
// comes before cutting, so that nothing escapes by the cut.
//
// Example:  masked_excerpt(R"({"name":"Ann","id":7})", MaskRules({"name"}), 256)
//               == R"({"name":"***","id":7})"
// Errors:   none
// Units:    bytes
// Threads:  immutable; any thread
// Source:   contract of the event clients, section 4.3
// Tested by tests/unit/client/gateway/masking_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::client {

class MaskRules {
public:
    /// Words without a letter or digit match nothing.
    explicit MaskRules(const std::vector<std::string>& words);
    /// email, name, phone.
    MaskRules();

    /// Whether the value of a field with this name is masked.
    bool matches(std::string_view name) const;
    /// Whether a text mentions one of the words; for messages that may repeat values.
    bool mentions(std::string_view text) const { return contains_word(text); }

private:
    bool contains_word(std::string_view text) const;

    std::vector<std::string> words_;  ///< contained in a name
    std::vector<std::string> names_;  ///< a whole name
};

/// At most `bytes_max` bytes of `body`, masked, as UTF-8: a byte that is none becomes U+FFFD, and
/// no letter is cut in two.
std::string masked_excerpt(std::string_view body, const MaskRules& rules, std::size_t bytes_max);

}  // namespace symbolon::client
