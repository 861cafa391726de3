// Races (CONC-1, 4.16): 64 writers in two registries over one store, in memory and in a file.
#include "tests/support/registry_fixture.hpp"
#include "tests/support/temp_dir.hpp"

#include "storage/open_store.hpp"

#include <array>
#include <atomic>
#include <latch>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <thread>

namespace symbolon {
namespace {

using symbolon::testing::record_of;
using symbolon::testing::request_of;
using symbolon::testing::TempDir;

constexpr std::size_t writer_count = 64;

/// One answer for each writer, or why there is none.
using Answers = std::array<std::optional<Result<SubjectVersion>>, writer_count>;

class Races : public ::testing::TestWithParam<const char*> {
protected:
    Races() {
        const std::string kind = GetParam();
        auto opened = storage::open_store(kind == "memory" ? "memory:"
                                                           : "sqlite:" + folder_.file("races.db"));
        store_ = opened ? std::shared_ptr<storage::Store>(*std::move(opened)) : nullptr;
        settings_.default_level = compat::Level::none;
        settings_.now = [this] { return ++clock_; };
        for (auto& registry : registries_) {
            registry = another();
        }
    }

    std::unique_ptr<Registry> another() { return *Registry::open(store_, settings_); }

    /// Calls `work(registry, number)` for the numbers 0 to 63 at the same time, the even ones in
    /// one registry and the odd ones in the other.
    template <class Work>
    void race(const Work& work) {
        std::latch gate(writer_count);
        std::vector<std::thread> threads;
        for (std::size_t number = 0; number < writer_count; ++number) {
            threads.emplace_back([&, number] {
                gate.arrive_and_wait();
                work(*registries_.at(number % registries_.size()), number);
            });
        }
        for (auto& thread : threads) {
            thread.join();
        }
    }

    /// What a registry that is opened now reads from the store: version -> id.
    std::map<int, int> stored(const std::string& subject, View view = View::with_deleted) {
        std::map<int, int> ids;
        const auto fresh = another();
        fresh->read([&](const Catalog& catalog) {
            for (const auto& item : list_schemas(catalog, subject, view, false)) {
                EXPECT_TRUE(ids.emplace(item.version.value(), item.id.value()).second);
            }
        });
        return ids;
    }

    std::array<std::unique_ptr<Registry>, 2>& registries() { return registries_; }

private:
    TempDir folder_;
    std::atomic<std::int64_t> clock_ = 0;
    RegistrySettings settings_;
    std::shared_ptr<storage::Store> store_;
    std::array<std::unique_ptr<Registry>, 2> registries_;
};

std::set<int> numbers_up_to(std::size_t last) {
    std::vector<int> numbers(last);
    std::iota(numbers.begin(), numbers.end(), 1);
    return {numbers.begin(), numbers.end()};
}

TEST_P(Races, EqualContentIsOneVersionAndOneId) {
    Answers answers;
    race([&](Registry& registry, std::size_t number) {
        answers.at(number) =
            registry.register_schema(parse_subject("s"), request_of(record_of({"a"})), {});
    });
    for (const auto& answer : answers) {
        ASSERT_TRUE(*answer) << answer->error().message;
        EXPECT_EQ((*answer)->id.value(), 1);
        EXPECT_EQ((*answer)->version.value(), 1);
    }
    EXPECT_EQ(stored("s"), (std::map<int, int>{{1, 1}}));
}

TEST_P(Races, EveryContentHasAVersionAndAnIdOfItsOwn) {
    Answers answers;
    race([&](Registry& registry, std::size_t number) {
        answers.at(number) = registry.register_schema(
            parse_subject("s"), request_of(record_of({"f" + std::to_string(number)})), {});
    });
    std::set<int> versions;
    std::set<int> ids;
    for (const auto& answer : answers) {
        ASSERT_TRUE(*answer) << answer->error().message;
        versions.insert((*answer)->version.value());
        ids.insert((*answer)->id.value());
    }
    EXPECT_EQ(versions, numbers_up_to(writer_count));
    EXPECT_EQ(ids, numbers_up_to(writer_count));
    EXPECT_EQ(stored("s").size(), writer_count);
}

TEST_P(Races, AContentHasOneIdUnderAllSubjects) {
    constexpr std::size_t contents = 8;
    constexpr std::size_t subjects = 4;
    Answers answers;
    race([&](Registry& registry, std::size_t number) {
        const std::string subject = "s" + std::to_string(number / 2 % subjects);
        answers.at(number) = registry.register_schema(
            parse_subject(subject),
            request_of(record_of({"f" + std::to_string(number % contents)})), {});
    });
    std::map<std::string, int> id_of_text;
    std::set<int> ids;
    for (const auto& answer : answers) {
        ASSERT_TRUE(*answer) << answer->error().message;
        const auto& text = (*answer)->content->text;
        const int id = (*answer)->id.value();
        EXPECT_EQ(id_of_text.emplace(text, id).first->second, id) << text;
        ids.insert(id);
    }
    EXPECT_EQ(id_of_text.size(), contents);
    EXPECT_EQ(ids, numbers_up_to(contents)) << "no id is left out and none is there twice";
}

TEST_P(Races, AnExpectedVersionIsTakenOnce) {
    Answers answers;
    race([&](Registry& registry, std::size_t number) {
        auto request = request_of(record_of({"f" + std::to_string(number)}));
        request.version = 1;
        answers.at(number) = registry.register_schema(parse_subject("s"), request, {});
    });
    std::size_t taken = 0;
    for (const auto& answer : answers) {
        taken += answer->has_value() ? 1 : 0;
        if (!answer->has_value()) {
            EXPECT_EQ(answer->error().code, ErrorCode::invalid_schema) << answer->error().message;
        }
    }
    EXPECT_EQ(taken, 1U);
    EXPECT_EQ(stored("s"), (std::map<int, int>{{1, 1}})) << "and no id is burnt";
}

TEST_P(Races, AVersionIsDeletedOnce) {
    ASSERT_TRUE(
        registries()[0]->register_schema(parse_subject("s"), request_of(record_of({"a"})), {}));
    ASSERT_TRUE(
        registries()[1]->register_schema(parse_subject("s"), request_of(record_of({"b"})), {}));
    std::atomic<int> deletions = 0;
    std::atomic<int> told = 0;
    race([&](Registry& registry, std::size_t) {
        const auto answer =
            registry.delete_version(parse_subject("s"), VersionChoice{Version(1)}, false);
        if (answer) {
            ++deletions;
        } else if (answer.error().code == ErrorCode::version_soft_deleted) {
            ++told;
        }
    });
    EXPECT_EQ(deletions, 1);
    EXPECT_EQ(told, static_cast<int>(writer_count) - 1);
}

TEST_P(Races, ContentThatGoesAndComesKeepsItsIdAndTakesNewVersions) {
    struct Coming {
        std::set<int> ids;
        std::vector<int> versions;
    };
    std::array<Coming, writer_count> comings;
    race([&](Registry& registry, std::size_t number) {
        const auto request = request_of(record_of({"f" + std::to_string(number)}));
        for (int round = 0; round < 2; ++round) {
            const auto answer = registry.register_schema(parse_subject("s"), request, {});
            ASSERT_TRUE(answer) << answer.error().message;
            comings.at(number).ids.insert(answer->id.value());
            comings.at(number).versions.push_back(answer->version.value());
            const auto gone =
                registry.delete_version(parse_subject("s"), VersionChoice{answer->version}, false);
            ASSERT_TRUE(gone) << gone.error().message;
        }
    });
    std::set<int> ids;
    std::set<int> versions;
    for (const auto& coming : comings) {
        EXPECT_EQ(coming.ids.size(), 1U) << "REG-16";
        ids.insert(coming.ids.begin(), coming.ids.end());
        versions.insert(coming.versions.begin(), coming.versions.end());
    }
    EXPECT_EQ(ids, numbers_up_to(writer_count));
    EXPECT_EQ(versions, numbers_up_to(2 * writer_count)) << "no number is given twice (REG-5)";
}

INSTANTIATE_TEST_SUITE_P(Stores, Races, ::testing::Values("memory", "sqlite"),
                         [](const auto& store) { return std::string(store.param); });

}  // namespace
}  // namespace symbolon
