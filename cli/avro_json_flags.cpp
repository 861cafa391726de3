#include "cli/avro_json_flags.hpp"

#include <vector>

namespace symbolon::cli {

client::AvroJsonOptions AvroJsonFlags::options() const {
    client::AvroJsonOptions options;
    options.bytes = bytes == "avro" ? client::BytesForm::avro_text : client::BytesForm::base64;
    options.logical =
        logical == "readable" ? client::LogicalForm::readable : client::LogicalForm::raw;
    return options;
}

void add_avro_json_flags(CLI::App& command, AvroJsonFlags& flags, const std::string& group) {
    const auto add = [&](const std::string& name, std::string& value, const std::string& help,
                         const std::vector<std::string>& words) {
        auto* const option = command.add_option(name, value, help)
                                 ->check(CLI::IsMember(words))
                                 ->capture_default_str();
        if (!group.empty()) {
            option->group(group);
        }
    };
    add("--bytes", flags.bytes,
        "Avro's bytes and fixed: base64, or avro: a character U+0000 to U+00FF each.",
        {"base64", "avro"});
    add("--logical", flags.logical,
        "Avro's dates, times, durations and decimals: raw (as numbers and bytes), or\n"
        "  readable (ISO 8601 and decimal texts).",
        {"raw", "readable"});
}

}  // namespace symbolon::cli
