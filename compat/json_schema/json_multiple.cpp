#include "compat/json_schema/json_multiple.hpp"

#include <openssl/bn.h>

#include <memory>
#include <string>

namespace symbolon::compat::json {

namespace {

struct FreeNumber {
    void operator()(BIGNUM* number) const { BN_free(number); }
};
using Number = std::unique_ptr<BIGNUM, FreeNumber>;
struct FreeContext {
    void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};

Number number_of(const std::string& digits) {
    BIGNUM* number = nullptr;
    BN_dec2bn(&number, digits.c_str());
    return Number(number);
}

Number number_of(std::uint64_t value) {
    return number_of(std::to_string(value));
}

// The digits without trailing zeros; these only move the scale.
Decimal shortened(Decimal decimal) {
    while (decimal.digits.size() > 1 && decimal.digits.back() == '0') {
        decimal.digits.pop_back();
        --decimal.scale;
    }
    return decimal;
}

}  // namespace

bool is_equal(const Decimal& left, const Decimal& right) {
    const Decimal ours = shortened(left);
    const Decimal theirs = shortened(right);
    if (ours.digits == "0" || theirs.digits == "0") {
        return ours.digits == theirs.digits;
    }
    return ours.digits == theirs.digits && ours.scale == theirs.scale &&
           ours.negative == theirs.negative;
}

// value = a * 10^shift * (factor's unit) and factor = b: does b divide a * 10^shift?
bool is_multiple(const Decimal& value, const Decimal& factor) {
    if (value.digits == "0") {
        return true;
    }
    const Decimal whole = shortened(value);
    const Decimal part = shortened(factor);
    const std::int64_t shift = part.scale - whole.scale;
    const std::unique_ptr<BN_CTX, FreeContext> context(BN_CTX_new());
    const Number rest(BN_new());
    const Number digits = number_of(whole.digits);
    Number divisor = number_of(part.digits);
    if (shift < 0) {
        // b * 10^-shift has to divide a, which does not end in 0: only with no shift left over.
        return false;
    }
    const Number power(BN_new());
    if (BN_is_one(divisor.get()) != 0) {
        return true;
    }
    BN_mod_exp(power.get(), number_of(std::uint64_t{10}).get(),
               number_of(static_cast<std::uint64_t>(shift)).get(), divisor.get(), context.get());
    BN_mod_mul(rest.get(), power.get(), digits.get(), divisor.get(), context.get());
    return BN_is_zero(rest.get()) != 0;
}

}  // namespace symbolon::compat::json
