#include "tests/support/fault_store.hpp"
#include "tests/support/registry_fixture.hpp"

#include "api/catalog.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <map>
#include <set>
#include <thread>

namespace symbolon {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::FaultMoment;
using symbolon::testing::FaultStore;
using symbolon::testing::record_of;
using symbolon::testing::RegistryFixture;
using symbolon::testing::request_of;

/// Everything the store holds, as texts: two stores are equal when these are.
std::map<std::string, std::string> contents_of(storage::Store& store) {
    std::map<std::string, std::string> contents;
    const auto entries = store.read_since(Revision(0));
    for (const auto& entry : *entries) {
        if (entry.value) {
            contents[entry.key] = *entry.value;
        }
    }
    return contents;
}

/// What readers of `registry` see, in one text per version.
std::set<std::string> seen_by(const Registry& registry) {
    return registry.read([](const Catalog& catalog) {
        std::set<std::string> seen;
        for (const auto& item : list_schemas(catalog, ":*:", View::with_deleted, false)) {
            seen.insert(to_text(item.subject) + "/" + std::to_string(item.version.value()) + "=" +
                        std::to_string(item.id.value()) + (item.deleted ? " deleted " : " ") +
                        item.content->text);
        }
        for (const auto& context : list_contexts(catalog)) {
            seen.insert(context + " up to " + std::to_string(max_id(catalog, context).value()));
        }
        return seen;
    });
}

class Registries : public RegistryFixture {
protected:
    std::unique_ptr<Registry> another() { return *Registry::open(store, settings); }
};

TEST_F(Registries, TwoOnOneStoreSeeEachOthersWritesWhenTheyWrite) {
    const auto other = another();
    EXPECT_EQ(add("s", record_of({"a"})).id.value(), 1);
    const auto same = other->register_schema(parse_subject("s"), request_of(record_of({"a"})), {});
    ASSERT_TRUE(same);
    EXPECT_EQ(same->version.value(), 1) << "decided again after the conflict";
    const auto next = other->register_schema(parse_subject("s"), request_of(record_of({"b"})), {});
    EXPECT_EQ(next->version.value(), 2);
    EXPECT_EQ(add("s", record_of({"c"})).version.value(), 3);
}

TEST_F(Registries, ManyThreadsOnTwoRegistriesGetDistinctNumbers) {  // CONC-1
    std::atomic<std::int64_t> clock = 0;
    settings.now = [&clock] { return ++clock; };
    const auto first = another();
    const auto second = another();
    constexpr int writers = 4;
    constexpr int writes = 12;
    std::vector<std::vector<SubjectVersion>> answers(std::size_t{2} * writers);
    std::vector<std::thread> threads;
    for (int at = 0; at < 2 * writers; ++at) {
        threads.emplace_back([&, at] {
            Registry& mine = at % 2 == 0 ? *first : *second;
            for (int n = 0; n < writes; ++n) {
                // Half of the contents are registered by two threads at the same time.
                const std::string field =
                    n % 2 == 0 ? "shared" + std::to_string(n) + "x" + std::to_string(at / 2)
                               : "own" + std::to_string(n) + "x" + std::to_string(at);
                auto answer =
                    mine.register_schema(parse_subject("s"), request_of(record_of({field})), {});
                ASSERT_TRUE(answer) << answer.error().message;
                answers[static_cast<std::size_t>(at)].push_back(*std::move(answer));
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }
    std::map<int, std::string> text_of_version;
    std::map<int, std::string> text_of_id;
    for (const auto& list : answers) {
        for (const auto& answer : list) {
            const auto& text = answer.content->text;
            EXPECT_EQ(text_of_version.emplace(answer.version.value(), text).first->second, text);
            EXPECT_EQ(text_of_id.emplace(answer.id.value(), text).first->second, text);
        }
    }
    const std::size_t distinct = writers * writes / 2 + 2 * writers * writes / 2;
    EXPECT_EQ(text_of_version.size(), distinct);
    EXPECT_EQ(text_of_id.size(), distinct);
    EXPECT_EQ(text_of_version.rbegin()->first, static_cast<int>(distinct)) << "no gaps";
    open();
    EXPECT_EQ(versions("s").size(), distinct);
}

TEST_F(Registries, ReadsGoOnWhileWritesAreMade) {  // CONC-2
    std::atomic<std::int64_t> clock = 0;
    settings.now = [&clock] { return ++clock; };
    open();
    std::atomic<bool> stop = false;
    std::atomic<int> reads = 0;
    std::vector<std::thread> readers;
    for (int at = 0; at < 2; ++at) {
        readers.emplace_back([&] {
            while (!stop) {
                registry->read([](const Catalog& catalog) {
                    const auto listed = list_versions(catalog, parse_subject("s"), View::live);
                    if (listed) {
                        EXPECT_EQ(listed->size(), static_cast<std::size_t>(listed->back().value()));
                    }
                });
                ++reads;
            }
        });
    }
    for (int n = 1; n <= 60; ++n) {
        ASSERT_EQ(add("s", record_of({"f" + std::to_string(n)})).version.value(), n);
        ASSERT_EQ(get("s", n)->version.value(), n) << "read your writes (REG-20)";
    }
    stop = true;
    for (auto& reader : readers) {
        reader.join();
    }
    EXPECT_GT(reads, 0);
}

/// Registers, deletes and configures; answers how many steps the registry said yes to.
int run_scenario(Registry& registry) {
    int done = 0;
    const auto count = [&](bool ok) { done += ok ? 1 : 0; };
    const SubjectName s = parse_subject("s");
    const SubjectName base = parse_subject(":.dev:base");
    const auto add = [&](const SubjectName& subject, const SchemaRequest& request) {
        count(registry.register_schema(subject, request, {}).has_value());
    };
    add(base, request_of(record_of({"x"}, "Base")));
    add(s, request_of(record_of({"a"}), {{"Base", ":.dev:base", 1}}));
    add(s, request_of(record_of({"b"})));
    count(registry.delete_version(s, VersionChoice{Version(1)}, false).has_value());
    add(s, request_of(record_of({"a"}), {{"Base", ":.dev:base", 1}}));
    count(registry.update_config(s, Json{{"normalize", true}}).has_value());
    count(registry.delete_subject(s, false).has_value());
    count(registry.delete_subject(s, true).has_value());
    count(registry.update_mode(base, Mode::readonly, false).has_value());
    return done;
}

TEST(RegistryFaults, AfterAnyFailureTheStoreTellsTheTruth) {
    RegistrySettings settings;
    settings.default_level = compat::Level::none;
    settings.now = [] { return std::int64_t{1}; };
    for (const auto moment : {FaultMoment::before_effect, FaultMoment::after_effect}) {
        bool untouched = false;
        for (std::size_t call = 1; !untouched; ++call) {
            ASSERT_LT(call, 100U);
            storage::MemoryStore inner;
            auto faulty = std::make_shared<FaultStore>(inner);
            auto opened = Registry::open(faulty, settings);
            ASSERT_TRUE(opened);
            faulty->fail_call(call, moment);
            const int done = run_scenario(**opened);
            untouched = !faulty->has_failed();
            EXPECT_EQ(untouched, done == 9) << "call " << call;
            // A second run repeats what failed; whatever is acknowledged is in the store.
            faulty->fail_call(0, moment);
            static_cast<void>(run_scenario(**opened));
            const auto seen = seen_by(**opened);
            const auto reloaded = Registry::open(faulty, settings);
            ASSERT_TRUE(reloaded) << reloaded.error().message;
            EXPECT_EQ(seen, seen_by(**reloaded)) << "call " << call;
            EXPECT_FALSE(contents_of(inner).empty());
        }
    }
}

TEST(RegistryFaults, AStoreThatCannotBeReadIsToldWithItsKey) {
    auto store = std::make_shared<storage::MemoryStore>();
    ASSERT_TRUE(store->commit({{"version/./1/s", "nonsense"}}, Revision(0)));
    const auto opened = Registry::open(store, {});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::store_failed);
    EXPECT_NE(opened.error().message.find("version/./1/s"), std::string::npos);
}

TEST_F(Registries, AFailedWriteIsAnsweredWithoutATrace) {
    auto inner = std::make_shared<storage::MemoryStore>();
    auto faulty = std::make_shared<FaultStore>(*inner);
    auto opened = Registry::open(faulty, settings);
    ASSERT_TRUE(opened);
    faulty->fail_call(1, FaultMoment::before_effect);
    EXPECT_EQ(
        code_of((*opened)->register_schema(parse_subject("s"), request_of(record_of({"a"})), {})),
        ErrorCode::store_failed);
    const auto next =
        (*opened)->register_schema(parse_subject("s"), request_of(record_of({"b"})), {});
    ASSERT_TRUE(next);
    EXPECT_EQ(next->id.value(), 1) << "no id was burnt (REG-22)";
    EXPECT_TRUE((*opened)->ready());
}

TEST_F(Registries, ATextMayBeResolved) {  // FMT-1
    add("base", record_of({"x"}, "Base"));
    const auto added =
        add("s", request_of(R"({"type":"record","name":"R","fields":[{"name":"b","type":"Base"}]})",
                            {{"Base", "base", 1}}));
    EXPECT_EQ(*registry->text_of(*added.content, ".", TextFormat::stored), added.content->text);
    const auto resolved = registry->text_of(*added.content, ".", TextFormat::resolved);
    ASSERT_TRUE(resolved);
    EXPECT_EQ(*resolved, R"({"type":"record","name":"R","fields":[{"name":"b","type":)" +
                             record_of({"x"}, "Base") + "}]}");
}

}  // namespace
}  // namespace symbolon
