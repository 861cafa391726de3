#include "gate/diff/diff_report.hpp"

#include "core/limits.hpp"
#include "gate/report/shown_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace symbolon::gate {

namespace {

constexpr std::string_view red = "\x1b[31m";
constexpr std::string_view green = "\x1b[32m";
constexpr std::string_view yellow = "\x1b[33m";
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view dim = "\x1b[2m";
constexpr std::string_view plain = "\x1b[0m";

/// Text from a schema must not steer a terminal.
std::string shown(std::string_view text) {
    return to_printable(text);
}

/// Sentences repeat what a schema has, such as all symbols that are missing.
std::string cut_sentence(const compat::DirectedFinding& found) {
    std::string text = compat::to_sentence(found.finding, found.direction);
    if (text.size() > limits::error_path_bytes_max) {
        std::size_t end = limits::error_path_bytes_max;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
            --end;
        }
        text.replace(end, std::string::npos, "…");
    }
    return text;
}

class DiffPrinter {
public:
    explicit DiffPrinter(Colours colours) : colours_(colours) {}

    std::string out;
    std::set<std::size_t> told;  ///< findings whose sentences have been printed

    std::string in(std::string_view colour, std::string_view text) const {
        return colours_ == Colours::no ? std::string(text)
                                       : fmt::format("{}{}{}", colour, text, plain);
    }
    std::string sign_of(ChangeKind kind) const {
        switch (kind) {
            case ChangeKind::added:
                return in(green, "+");
            case ChangeKind::removed:
                return in(red, "-");
            case ChangeKind::changed:
                return in(yellow, "~");
        }
        return "";
    }

private:
    Colours colours_;
};

constexpr std::array both_directions{compat::Direction::backward, compat::Direction::forward};

std::string_view direction_word(compat::Direction direction) {
    return direction == compat::Direction::backward ? "backward" : "forward";
}

std::optional<bool> verdict_of(const SchemaDiff& diff, compat::Direction direction) {
    return direction == compat::Direction::backward ? diff.backward : diff.forward;
}

void print_finding(DiffPrinter& printer, const SchemaDiff& diff, std::size_t finding,
                   std::string_view indent) {
    const compat::DirectedFinding& found = diff.findings[finding];
    const bool again = !printer.told.insert(finding).second;
    printer.out += fmt::format(
        "{}{}: {} {}\n", indent,
        printer.in(red, fmt::format("not {} compatible", direction_word(found.direction))),
        again ? "as above" : shown(cut_sentence(found)),
        printer.in(dim, fmt::format("[{}]", compat::to_string(found.finding.kind))));
}

void print_change(DiffPrinter& printer, const SchemaDiff& diff, const Change& change) {
    printer.out += fmt::format("  {} {}\n", printer.sign_of(change.kind), shown(change.words));
    if (change.effect == ChangeEffect::documentation) {
        printer.out += printer.in(dim, "      data is read as before") + "\n";
        return;
    }
    std::string fine;
    for (const compat::Direction direction : both_directions) {
        const bool hurts = std::any_of(
            change.findings.begin(), change.findings.end(),
            [&](std::size_t finding) { return diff.findings[finding].direction == direction; });
        if (!hurts && verdict_of(diff, direction)) {
            fine +=
                fmt::format("{}{} compatible", fine.empty() ? "" : ", ", direction_word(direction));
        }
    }
    if (!fine.empty()) {
        printer.out += printer.in(dim, "      " + fine) + "\n";
    }
    for (const std::size_t finding : change.findings) {
        print_finding(printer, diff, finding, "      ");
    }
}

std::string verdict_words(const SchemaDiff& diff, compat::Direction direction) {
    const auto verdict = verdict_of(diff, direction);
    const std::string_view result = !verdict ? "not decidable" : *verdict ? "yes" : "no";
    return fmt::format("{} compatible: {}", direction_word(direction), result);
}

Json finding_json(const compat::DirectedFinding& found) {
    return {{"rule", std::string(compat::to_string(found.finding.kind))},
            {"direction", std::string(direction_word(found.direction))},
            {"message", cut_sentence(found)},
            {"hint", compat::to_hint(found.finding, found.direction)},
            {"readerPath", std::string(compat::reader_place(found.finding))},
            {"writerPath", std::string(compat::writer_place(found.finding))}};
}

Json verdict_json(const std::optional<bool>& verdict) {
    return verdict ? Json(*verdict) : Json(nullptr);
}

Json change_json(const SchemaDiff& diff, const Change& change) {
    Json json{{"kind", std::string(to_string(change.kind))},
              {"about", change.about},
              {"group", change.group},
              {"place", change.place},
              {"words", change.words},
              {"oldPath", change.old_path},
              {"newPath", change.new_path},
              {"touchesData", change.effect == ChangeEffect::data}};
    if (!change.old_value.empty()) {
        json["old"] = change.old_value;
    }
    if (!change.new_value.empty()) {
        json["new"] = change.new_value;
    }
    json["findings"] = Json::array();
    for (const std::size_t finding : change.findings) {
        json["findings"].push_back(finding_json(diff.findings[finding]));
    }
    return json;
}

}  // namespace

std::string to_text(const SchemaDiff& diff, const TextNames& names, Colours colours) {
    DiffPrinter printer(colours);
    if (diff.empty() && diff.findings.empty()) {
        return fmt::format("{} and {}: no difference\n", shown(names.old_name),
                           shown(names.new_name));
    }
    printer.out =
        printer.in(bold, fmt::format("{} → {}", shown(names.old_name), shown(names.new_name))) +
        "\n";
    std::string_view group;
    for (const Change& change : diff.changes) {
        if (&change == &diff.changes.front() || change.group != group) {
            group = change.group;
            printer.out += "\n" + printer.in(bold, shown(group)) + "\n";
        }
        print_change(printer, diff, change);
    }
    if (!diff.loose_findings.empty()) {
        printer.out += "\n" + printer.in(bold, "at no single change") + "\n";
        for (const std::size_t finding : diff.loose_findings) {
            print_finding(printer, diff, finding, "  ");
        }
    }
    std::array<std::size_t, 3> counts{};
    for (const Change& change : diff.changes) {
        ++counts[static_cast<std::size_t>(change.kind)];
    }
    printer.out += fmt::format("\n{} added, {} removed, {} changed; {}; {}\n", counts[0], counts[1],
                               counts[2], verdict_words(diff, compat::Direction::backward),
                               verdict_words(diff, compat::Direction::forward));
    for (const std::string& note : diff.notes) {
        printer.out += fmt::format("note: {}\n", shown(note));
    }
    return std::move(printer.out);
}

Json to_json(const SchemaDiff& diff, const TextNames& names, SchemaType type) {
    Json changes = Json::array();
    for (const Change& change : diff.changes) {
        changes.push_back(change_json(diff, change));
    }
    Json loose = Json::array();
    for (const std::size_t finding : diff.loose_findings) {
        loose.push_back(finding_json(diff.findings[finding]));
    }
    return {{"old", names.old_name},
            {"new", names.new_name},
            {"schemaType", std::string(to_string(type))},
            {"changes", std::move(changes)},
            {"otherFindings", std::move(loose)},
            {"backwardCompatible", verdict_json(diff.backward)},
            {"forwardCompatible", verdict_json(diff.forward)},
            {"notes", diff.notes}};
}

std::string to_text(const UnifiedDiff& diff, Colours colours) {
    const DiffPrinter printer(colours);
    std::string out;
    std::string_view rest = diff.text;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string line = shown(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const bool is_head = line.starts_with("---") || line.starts_with("+++");
        const std::string_view colour = is_head                  ? bold
                                        : line.starts_with('+')  ? green
                                        : line.starts_with('-')  ? red
                                        : line.starts_with("@@") ? dim
                                                                 : std::string_view();
        out += (colour.empty() ? line : printer.in(colour, line)) + "\n";
    }
    return out;
}

}  // namespace symbolon::gate
