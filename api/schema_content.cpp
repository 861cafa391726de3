#include "api/schema_content.hpp"

#include "core/guid.hpp"
#include "core/hex.hpp"

#include <openssl/evp.h>

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

}  // namespace

std::string to_text(const Guid& guid) {
    return to_guid({reinterpret_cast<const char*>(guid.bytes.data()), guid.bytes.size()});
}

std::optional<Guid> find_guid(std::string_view text) {
    const auto bytes = text.size() == 2 * guid_bytes ? decode_hex(text) : decode_guid(text);
    if (!bytes) {
        return std::nullopt;
    }
    Guid guid;
    std::memcpy(guid.bytes.data(), bytes->data(), guid.bytes.size());
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
