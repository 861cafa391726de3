// A tree of two schemas that refer to each other, and a registry to plan for.
//
// Example:  TEST_F(MakePlan, SomethingHolds) { const auto made = plan(); … }
// Threads:  one at a time
// Tested by tests/unit/gate/plan/make_plan_test.cpp
#pragma once

#include "client/registry_client/registry_admin.hpp"
#include "gate/baseline/registry_baseline.hpp"
#include "gate/plan/apply_plan.hpp"
#include "gate/plan/make_plan.hpp"
#include "tests/support/fake_clock.hpp"
#include "tests/support/registry_sender.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace symbolon::testing {

class PlanFixture : public ::testing::Test {
protected:
    static std::string address(const std::string& fields = R"({"name":"street","type":"string"})") {
        return R"({"type":"record","name":"Address","fields":[)" + fields + "]}";
    }
    static std::string address_with_zip(const std::string& ending = "}") {
        return address(R"({"name":"street","type":"string"},{"name":"zip","type":"string")" +
                       ending);
    }
    static inline const std::string person =
        "{\"type\": \"record\", \"name\": \"Person\",\n \"fields\": [\n"
        "  {\"name\": \"home\", \"type\": \"Address\"}]}\n";

    PlanFixture() {
        add_file("address.avsc", "address", address());
        add_file("person.avsc", "person", person);
        tree.files[1].references.push_back({.name = "Address", .subject = "address", .file = 0});
        tree.name = "schemas/";
    }

    void add_file(const std::string& path, const std::string& subject, const std::string& text) {
        gate::TreeFile file;
        file.path = path;
        file.shown_path = "schemas/" + path;
        file.subject = subject;
        file.text = text;
        tree.files.push_back(std::move(file));
    }

    Result<gate::MadePlan> try_plan(const gate::PlanOptions& options = {}) {
        const auto baseline = gate::make_registry_baseline(
            admin, {.name = "http://r", .server = gate::RegistryBaselineOptions::Server::silent});
        return gate::make_plan(tree, admin, *baseline, options);
    }
    gate::MadePlan plan(const gate::PlanOptions& options = {}) {
        auto made = try_plan(options);
        EXPECT_TRUE(made) << made.error().message;
        return made ? *std::move(made) : gate::MadePlan();
    }
    Result<gate::AppliedPlan> apply(const gate::Plan& plan,
                                    gate::Steps steps = gate::Steps::refused) {
        return gate::apply_plan(plan, admin, {.steps = steps});
    }
    /// Planned and applied; what the tree says is there now.
    void settle() {
        const auto made = plan();
        EXPECT_TRUE(gate::is_sound(made));
        const auto applied = apply(made.plan, gate::Steps::allowed);
        ASSERT_TRUE(applied) << applied.error().message;
        EXPECT_FALSE(applied->failed) << applied->failed->message;
        EXPECT_TRUE(applied->drifts.empty());
    }
    void add(const std::string& subject, const std::string& text) {
        const auto added = admin.register_schema({subject, SchemaType::avro, text, {}}, false);
        EXPECT_TRUE(added) << added.error().message;
    }
    std::vector<std::string> subjects() {
        return admin.list_subjects("").value_or(std::vector<std::string>());
    }
    std::size_t writes() const {
        const auto lines = sender.lines();
        return static_cast<std::size_t>(
            std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
                const bool registers = line.starts_with("POST /subjects/") &&
                                       line.find("/versions") != std::string::npos;
                return registers || line.starts_with("PUT ") || line.starts_with("DELETE ");
            }));
    }

    RegistrySender sender;
    FakeClock clock;
    client::RegistryAdmin admin{client::RegistryClientOptions{.base_urls = {"http://r"}}, sender,
                                nullptr, clock};
    gate::SchemaTree tree;
};

}  // namespace symbolon::testing
