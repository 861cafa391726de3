#include "api/schema_content.hpp"

#include <openssl/evp.h>

#include <cstddef>

namespace symbolon {

namespace {

struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// ID-1: bytes go in one after the other, without separators; absent texts contribute nothing.
class IdentityDigest {
public:
    IdentityDigest() : context_(EVP_MD_CTX_new()) {
        EVP_DigestInit_ex(context_.get(), EVP_md5(), nullptr);
    }
    void add(std::string_view text) { EVP_DigestUpdate(context_.get(), text.data(), text.size()); }
    void add(const std::optional<std::string>& text) {
        if (text) {
            add(std::string_view(*text));
        }
    }
    void add_mark() { add(std::string_view("\x01", 1)); }
    void add_number(std::int32_t number) {
        const auto bits = static_cast<std::uint32_t>(number);
        const std::array<char, 4> bytes{static_cast<char>(bits >> 24U),
                                        static_cast<char>(bits >> 16U),
                                        static_cast<char>(bits >> 8U), static_cast<char>(bits)};
        add(std::string_view(bytes.data(), bytes.size()));
    }
    void add(const Metadata& metadata) {
        add_mark();
        for (const auto& [path, tags] : metadata.tags) {
            add(path);
            for (const auto& tag : tags) {
                add(tag);
            }
        }
        for (const auto& [key, value] : metadata.properties) {
            add(key);
            add(value);
        }
        for (const auto& name : metadata.sensitive) {
            add(name);
        }
    }
    void add(const Rule& rule) {
        add(rule.name);
        add(rule.doc);
        add(rule.kind);
        add(rule.mode);
        add(rule.type);
        for (const auto& tag : rule.tags) {
            add(tag);
        }
        for (const auto& [key, value] : rule.params) {
            add(key);
            add(value);
        }
        add(rule.expr);
        add(rule.on_success);
        add(rule.on_failure);
        if (rule.disabled) {
            add_mark();
        }
    }
    void add(const RuleSet& rules) {
        add_mark();
        for (const auto* family :
             {&rules.migration_rules, &rules.domain_rules, &rules.encoding_rules}) {
            for (const auto& rule : *family) {
                add(rule);
            }
        }
        add(rules.enable_at);
    }
    Guid finish() {
        Guid guid;
        unsigned int size = 0;
        EVP_DigestFinal_ex(context_.get(), guid.bytes.data(), &size);
        return guid;
    }

private:
    void add(const std::string& text) { add(std::string_view(text)); }

    std::unique_ptr<EVP_MD_CTX, FreeDigest> context_;
};

constexpr std::string_view hexadecimal = "0123456789abcdef";

std::optional<unsigned char> find_hexadecimal(char digit) {
    if (digit >= 'A' && digit <= 'F') {
        digit = static_cast<char>(digit - 'A' + 'a');
    }
    const auto at = hexadecimal.find(digit);
    return at == std::string_view::npos ? std::nullopt
                                        : std::optional(static_cast<unsigned char>(at));
}

bool dash_follows(std::size_t byte_index) {
    return byte_index == 3 || byte_index == 5 || byte_index == 7 || byte_index == 9;
}

}  // namespace

std::string to_text(const Guid& guid) {
    std::string text;
    text.reserve(36);
    for (std::size_t at = 0; at < guid.bytes.size(); ++at) {
        text += hexadecimal[guid.bytes[at] >> 4U];
        text += hexadecimal[guid.bytes[at] & 0x0FU];
        if (dash_follows(at)) {
            text += '-';
        }
    }
    return text;
}

std::optional<Guid> find_guid(std::string_view text) {
    if (text.size() != 36 && text.size() != 32) {
        return std::nullopt;
    }
    const bool dashes = text.size() == 36;
    Guid guid;
    std::size_t from = 0;
    for (std::size_t at = 0; at < guid.bytes.size(); ++at) {
        const auto high = find_hexadecimal(text[from]);
        const auto low = find_hexadecimal(text[from + 1]);
        if (!high || !low) {
            return std::nullopt;
        }
        guid.bytes[at] = static_cast<unsigned char>((*high << 4U) | *low);
        from += 2;
        if (dashes && dash_follows(at) && text[from++] != '-') {
            return std::nullopt;
        }
    }
    return guid;
}

Guid identity_of(std::string_view text, const std::vector<Reference>& references,
                 const std::optional<Metadata>& metadata, const std::optional<RuleSet>& rule_set) {
    IdentityDigest digest;
    digest.add(text);
    for (const auto& reference : references) {
        digest.add(std::string_view(reference.name));
        digest.add(std::string_view(reference.subject));
        digest.add_number(reference.version);
    }
    if (metadata) {
        digest.add(*metadata);
    }
    if (rule_set) {
        digest.add(*rule_set);
    }
    return digest.finish();
}

}  // namespace symbolon
