// The fields of a one-line JSON object, without building a value: names and the raw texts of their
// values.
//
// Why: a start reads every record; a tree of JSON values each would cost most of its time.
//
// Example:  FieldReader field(text); while (field.next()) { use(field.name(), field.raw()); }
// Errors:   ok() is false where the text is not such an object
// Threads:  one at a time; the text must outlive it
// Source:   docs/stored_format.md
// Tested by tests/unit/api/records_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace symbolon {

class FieldReader {
public:
    explicit FieldReader(std::string_view text) : text_(text) {
        skip_space();
        ok_ = take('{');
    }

    /// False at the end, or where the text is not an object of that kind; then ok() tells.
    bool next() {
        skip_space();
        if (!ok_ || take('}')) {
            return false;
        }
        ok_ = (first_ || take(',')) && read_name() && read_value();
        first_ = false;
        return ok_;
    }
    bool ok() const { return ok_; }
    std::string_view name() const { return name_; }
    std::string_view raw() const { return raw_; }
    bool is_null() const { return raw_ == "null"; }
    /// A string without escapes, as ours are; nullopt for anything else.
    std::optional<std::string_view> plain_text() const {
        const bool quoted = raw_.size() >= 2 && raw_.front() == '"' && raw_.back() == '"';
        return quoted && raw_.find('\\') == std::string_view::npos
                   ? std::optional(raw_.substr(1, raw_.size() - 2))
                   : std::nullopt;
    }

private:
    void skip_space() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) {
            ++at_;
        }
    }
    bool take(char wanted) {
        if (at_ < text_.size() && text_[at_] == wanted) {
            ++at_;
            return true;
        }
        return false;
    }
    bool skip_string() {
        if (!take('"')) {
            return false;
        }
        while (at_ < text_.size() && text_[at_] != '"') {
            at_ += text_[at_] == '\\' ? 2U : 1U;
        }
        return take('"');
    }
    bool read_name() {
        skip_space();
        const std::size_t from = at_ + 1;
        if (!skip_string()) {
            return false;
        }
        name_ = text_.substr(from, at_ - 1 - from);
        skip_space();
        return take(':');
    }
    bool read_value() {
        skip_space();
        const std::size_t from = at_;
        std::size_t depth = 0;
        while (at_ < text_.size()) {
            const char next = text_[at_];
            if (next == '"') {
                if (!skip_string()) {
                    return false;
                }
                continue;
            }
            if (depth == 0 && (next == ',' || next == '}')) {
                break;
            }
            if (next == '{' || next == '[') {
                ++depth;
            } else if (next == '}' || next == ']') {
                --depth;
            }
            ++at_;
        }
        raw_ = text_.substr(from, at_ - from);
        while (raw_.ends_with(' ')) {
            raw_.remove_suffix(1);
        }
        return at_ < text_.size() && !raw_.empty();
    }

    std::string_view text_;
    std::size_t at_ = 0;
    bool ok_ = true;
    bool first_ = true;
    std::string_view name_;
    std::string_view raw_;
};

}  // namespace symbolon
