// Runs the JSON-Schema-Test-Suite, which lives beside the repository; skips where it is absent.
#include "compat/json_schema/json_validator.hpp"
#include "tests/support/vectors.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace symbolon::compat::json {

namespace {

namespace fs = std::filesystem;
using SuiteJson = nlohmann::ordered_json;

struct DraftCase {
    std::string folder;
    std::string uri;
    std::size_t required;
    std::size_t formats;      ///< tests in optional/format
    std::size_t formats_min;  ///< of which we pass so many
};

void PrintTo(const DraftCase& draft, std::ostream* out) {
    *out << draft.folder;
}

fs::path suite_path() {
    return fs::path(tests::vectors_path()) / "json-schema-test-suite";
}

SuiteJson read_json(const fs::path& path) {
    std::ifstream in(path);
    return SuiteJson::parse(in);
}

// Every text that the tests may refer to, under the URI that they use.
const std::vector<NamedText>& remote_texts() {
    static const std::vector<NamedText> texts = [] {
        std::vector<NamedText> found;
        const fs::path root = suite_path() / "remotes";
        for (const auto& entry : fs::recursive_directory_iterator(root)) {
            if (entry.is_regular_file()) {
                std::ifstream in(entry.path());
                std::ostringstream text;
                text << in.rdbuf();
                found.push_back(
                    {"http://localhost:1234/" + fs::relative(entry.path(), root).generic_string(),
                     text.str()});
            }
        }
        return found;
    }();
    return texts;
}

// The draft is told by the schema; the older drafts' tests leave it to whoever runs them.
std::string schema_text(const SuiteJson& schema, const DraftCase& draft) {
    if (!schema.is_object() || schema.contains("$schema")) {
        return schema.dump();
    }
    SuiteJson named = SuiteJson::object();
    named["$schema"] = draft.uri;
    named.update(schema);
    return named.dump();
}

// Only those that the schema may name: reading all of them for each schema takes its time.
std::vector<NamedText> references_for(const std::string& text) {
    return text.find("localhost:1234") == std::string::npos &&
                   text.find("urn:") == std::string::npos
               ? std::vector<NamedText>()
               : remote_texts();
}

struct Tally {
    std::size_t passed = 0;
    std::size_t all = 0;
    std::vector<std::string> failed;
};

void run_group(const SuiteJson& group, const DraftCase& draft, Formats formats,
               const std::string& file, Tally& tally) {
    const std::string text = schema_text(group["schema"], draft);
    const auto validator = JsonValidator::compile(text, references_for(text), formats);
    for (const auto& test : group["tests"]) {
        ++tally.all;
        const std::string name = file + " | " + group["description"].get<std::string>() + " | " +
                                 test["description"].get<std::string>();
        if (!validator) {
            tally.failed.push_back(name + ": " + validator.error().message);
            continue;
        }
        const auto errors = (*validator)->validate(test["data"].dump());
        if (!errors) {
            tally.failed.push_back(name + ": " + errors.error().message);
        } else if (errors->empty() != test["valid"].get<bool>()) {
            tally.failed.push_back(name + ": " +
                                   (errors->empty() ? "accepted" : errors->front().message) +
                                   " for " + test["data"].dump());
        } else {
            ++tally.passed;
        }
    }
}

Tally run_folder(const fs::path& folder, const DraftCase& draft, Formats formats) {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    Tally tally;
    for (const fs::path& file : files) {
        for (const auto& group : read_json(file)) {
            run_group(group, draft, formats, file.filename().string(), tally);
        }
    }
    return tally;
}

class JsonSuite : public testing::TestWithParam<DraftCase> {
protected:
    void SetUp() override {
        if (!fs::exists(suite_path() / "tests")) {
            GTEST_SKIP() << "SKIPPED: no test suite in " << suite_path();
        }
    }
    fs::path folder() const { return suite_path() / "tests" / GetParam().folder; }
};

TEST_P(JsonSuite, EveryRequiredTestPasses) {
    const DraftCase& draft = GetParam();
    const Tally tally = run_folder(folder(), draft, Formats::annotate);
    std::cout << draft.folder << ": " << tally.passed << " of " << tally.all << " required tests\n";
    EXPECT_EQ(tally.all, draft.required);
    for (const std::string& failed : tally.failed) {
        ADD_FAILURE() << failed;
    }
}

TEST_P(JsonSuite, FormatsAreAssertedWhenAskedFor) {
    const DraftCase& draft = GetParam();
    const Tally tally = run_folder(folder() / "optional" / "format", draft, Formats::assert_them);
    std::cout << draft.folder << ": " << tally.passed << " of " << tally.all
              << " tests of formats\n";
    EXPECT_EQ(tally.all, draft.formats);
    EXPECT_GE(tally.passed, draft.formats_min);
    for (const std::string& failed : tally.failed) {
        std::cout << "  fails: " << failed << '\n';
    }
}

INSTANTIATE_TEST_SUITE_P(
    Drafts, JsonSuite,
    testing::Values(
        DraftCase{"draft4", "http://json-schema.org/draft-04/schema#", 618, 219, 219},
        DraftCase{"draft6", "http://json-schema.org/draft-06/schema#", 839, 325, 325},
        DraftCase{"draft7", "http://json-schema.org/draft-07/schema#", 927, 676, 676},
        DraftCase{"draft2019-09", "https://json-schema.org/draft/2019-09/schema", 1259, 757, 757},
        DraftCase{"draft2020-12", "https://json-schema.org/draft/2020-12/schema", 1299, 764, 764}),
    [](const auto& param_info) {
        std::string name = param_info.param.folder;
        name.erase(std::remove(name.begin(), name.end(), '-'), name.end());
        return name;
    });

}  // namespace

}  // namespace symbolon::compat::json
