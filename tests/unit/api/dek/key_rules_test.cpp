// Long: the rules of one feature, each a few lines over one fixture.
#include "api/dek/dek_registry.hpp"
#include "api/dek/key_lookups.hpp"
#include "core/limits.hpp"
#include "tests/support/registry_fixture.hpp"

namespace symbolon {
namespace {

using symbolon::testing::code_of;
using symbolon::testing::message_of;
using symbolon::testing::RegistryFixture;

Kek vault_kek(std::string name) {
    Kek kek;
    kek.name = std::move(name);
    kek.kms_type = "local-kms";
    kek.kms_key_id = "k1";
    return kek;
}

class KeyRules : public RegistryFixture {
protected:
    Result<KekPtr> make_kek(const Kek& kek) { return DekRegistry(*registry).create_kek({kek}); }
    void make_kek(const std::string& name) {
        const auto made = make_kek(vault_kek(name));
        ASSERT_TRUE(made) << made.error().message;
    }
    static DekRequest dek(std::string_view subject, std::int32_t version = 1,
                          std::string material = "wrapped") {
        DekRequest request;
        request.name = {"kek", parse_subject(subject), default_dek_algorithm};
        request.version = version;
        request.encrypted_key_material = std::move(material);
        return request;
    }
    Result<DekPtr> make_dek(const DekRequest& request) {
        return DekRegistry(*registry).create_dek(request);
    }
    void make_dek(std::string_view subject, std::int32_t version = 1) {
        const auto made = make_dek(dek(subject, version));
        ASSERT_TRUE(made) << made.error().message;
    }
    static DekChoice all_of(std::string_view subject) { return {dek(subject).name, std::nullopt}; }
    static DekChoice one_of(std::string_view subject, std::int32_t version) {
        return {dek(subject).name, VersionChoice{Version(version)}};
    }
    Status erase_kek(const std::string& name, Deletion deletion = Deletion::soft) {
        return DekRegistry(*registry).delete_kek(name, deletion);
    }
    Status erase(const DekChoice& choice, Deletion deletion = Deletion::soft) {
        return DekRegistry(*registry).delete_deks(choice, deletion);
    }
    Status undelete(const DekChoice& choice) {
        return DekRegistry(*registry).undelete_deks(choice);
    }
    Result<DekPtr> find(std::string_view subject, std::int32_t version, View view = View::live) {
        const VersionChoice choice =
            version < 0 ? VersionChoice::latest() : VersionChoice{Version(version)};
        return registry->read([&](const Catalog& catalog) {
            return get_dek(catalog, dek(subject).name, choice, view);
        });
    }
    std::vector<std::string> keks(View view = View::live, std::vector<std::string> prefixes = {}) {
        return registry->read(
            [&](const Catalog& catalog) { return list_keks(catalog, prefixes, view); });
    }
    static ErrorCode code_of_status(const Status& status) {
        return status ? ErrorCode::internal_error : status.error().code;
    }
};

// --- keks

TEST_F(KeyRules, AKekIsStoredAsItWasSent) {
    Kek kek = vault_kek("kek");
    kek.kms_type = "aws-kms-of-mine";
    kek.kms_key_id = "arn:aws:kms:eu:1:key/2";
    kek.kms_props = {{"region", "eu"}};
    kek.doc = "of orders";
    const auto made = make_kek(kek);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ((*made)->kms_type, "aws-kms");
    open();
    const auto found =
        registry->read([](const Catalog& catalog) { return get_kek(catalog, "kek", View::live); });
    ASSERT_TRUE(found);
    EXPECT_EQ(**found, **made);
}

TEST_F(KeyRules, ANameIsOfLettersDigitsAndDashes) {  // DEK-1
    EXPECT_TRUE(make_kek(vault_kek("_a-9")));
    EXPECT_TRUE(make_kek(vault_kek(std::string(limits::kek_name_bytes_max, 'a'))));
    for (const std::string& name :
         {std::string(), std::string("9a"), std::string("-a"), std::string("a b"),
          std::string("a/b"), std::string(limits::kek_name_bytes_max + 1, 'a')}) {
        const auto refused = make_kek(vault_kek(name));
        EXPECT_EQ(message_of(refused), "Invalid or missing value for field 'name' of key") << name;
    }
}

TEST_F(KeyRules, AKeyIdHasTheShapeOfItsSystem) {  // DEK-2
    const auto try_one = [&](const char* type, const char* id) {
        static int count = 0;
        Kek kek = vault_kek("k" + std::to_string(++count));
        kek.kms_type = type;
        kek.kms_key_id = id;
        return message_of(make_kek(kek));
    };
    const std::string refusal = "Invalid or missing value for field 'kmsKeyId' of key";
    EXPECT_EQ(try_one("aws-kms", "arn:aws:kms:x"), "");
    EXPECT_EQ(try_one("aws-kms", "arn:aws:s3:x"), refusal);
    EXPECT_EQ(try_one("azure", "https://vault"), "");
    EXPECT_EQ(try_one("azure", "http://vault"), refusal);
    EXPECT_EQ(try_one("gcp-kms", "projects/p"), "");
    EXPECT_EQ(try_one("gcp-kms", "p"), refusal);
    EXPECT_EQ(try_one("hcvault", "http://v"), "");
    EXPECT_EQ(try_one("hcvault", "https://v"), "");
    EXPECT_EQ(try_one("hcvault", "v"), refusal);
    EXPECT_EQ(try_one("mine", "anything"), "");
    EXPECT_EQ(try_one("mine", ""), refusal);
    EXPECT_EQ(try_one("", "x"), "Invalid or missing value for field 'kmsType' of key");
}

TEST_F(KeyRules, AnExistingKekIsNotMadeAgain) {  // DEK-3
    make_kek("kek");
    const auto again = make_kek(vault_kek("kek"));
    EXPECT_EQ(code_of(again), ErrorCode::key_exists);
    EXPECT_EQ(message_of(again), "Key 'kek' already exists; use a different value");
}

TEST_F(KeyRules, MakingADeletedKekAgainBringsItBack) {  // DEK-3
    make_kek("kek");
    ASSERT_TRUE(erase_kek("kek"));
    Kek other = vault_kek("kek");
    other.kms_key_id = "k2";
    EXPECT_EQ(code_of(make_kek(other)), ErrorCode::key_exists);
    EXPECT_TRUE(keks().empty());
    make_kek("kek");
    EXPECT_EQ(keks(), std::vector<std::string>{"kek"});
}

TEST_F(KeyRules, ASharedKekIsRefused) {  // DEK-4
    const auto refused = DekRegistry(*registry).create_kek({vault_kek("kek"), true});
    EXPECT_EQ(code_of(refused), ErrorCode::no_key_management);
    EXPECT_TRUE(keks(View::with_deleted).empty());
    make_kek("kek");
    KekUpdate update;
    update.shared = true;
    EXPECT_EQ(code_of(DekRegistry(*registry).update_kek("kek", update)),
              ErrorCode::no_key_management);
}

TEST_F(KeyRules, AnUpdateKeepsWhatItDoesNotName) {
    Kek kek = vault_kek("kek");
    kek.doc = "doc";
    kek.kms_props = {{"a", "b"}};
    ASSERT_TRUE(make_kek(kek));
    KekUpdate update;
    update.doc.emplace();
    const auto cleared = DekRegistry(*registry).update_kek("kek", update);
    ASSERT_TRUE(cleared);
    EXPECT_EQ((*cleared)->doc, std::nullopt);
    EXPECT_EQ((*cleared)->kms_props, kek.kms_props);
    EXPECT_EQ(code_of(DekRegistry(*registry).update_kek("nobody", update)),
              ErrorCode::key_not_found);
}

TEST_F(KeyRules, PropertiesOfAKekAreBounded) {
    Kek kek = vault_kek("kek");
    for (std::size_t at = 0; at <= limits::kms_props_max; ++at) {
        kek.kms_props["p" + std::to_string(at)] = "v";
    }
    EXPECT_EQ(code_of(make_kek(kek)), ErrorCode::invalid_key);
    kek.kms_props.erase("p0");
    EXPECT_TRUE(make_kek(kek));
}

TEST_F(KeyRules, AKekIsDeletedSoftlyFirst) {  // DEK-7
    EXPECT_EQ(code_of_status(erase_kek("kek")), ErrorCode::key_not_found);
    make_kek("kek");
    EXPECT_EQ(code_of_status(erase_kek("kek", Deletion::permanent)),
              ErrorCode::key_not_soft_deleted);
    ASSERT_TRUE(erase_kek("kek"));
    EXPECT_EQ(code_of_status(erase_kek("kek")), ErrorCode::key_not_found);
    EXPECT_EQ(keks(View::with_deleted), std::vector<std::string>{"kek"});
    EXPECT_TRUE(DekRegistry(*registry).undelete_kek("kek"));
    EXPECT_EQ(keks(), std::vector<std::string>{"kek"});
    ASSERT_TRUE(erase_kek("kek"));
    ASSERT_TRUE(erase_kek("kek", Deletion::permanent));
    EXPECT_TRUE(keks(View::with_deleted).empty());
    EXPECT_EQ(code_of_status(DekRegistry(*registry).undelete_kek("kek")), ErrorCode::key_not_found);
}

TEST_F(KeyRules, AKekStaysWhileItHasDeks) {
    make_kek("kek");
    make_dek("s");
    EXPECT_EQ(code_of_status(erase_kek("kek")), ErrorCode::key_referenced);
    ASSERT_TRUE(erase(all_of("s")));
    ASSERT_TRUE(erase_kek("kek"));
    EXPECT_EQ(code_of_status(erase_kek("kek", Deletion::permanent)), ErrorCode::key_referenced);
    EXPECT_EQ(code_of_status(undelete(all_of("s"))), ErrorCode::key_deleted);
    ASSERT_TRUE(erase(all_of("s"), Deletion::permanent));
    EXPECT_TRUE(erase_kek("kek", Deletion::permanent));
}

TEST_F(KeyRules, KeksCanBeListedByTheirSubjects) {
    make_kek("kek");
    make_kek("other");
    make_dek("orders-value");
    make_dek(":.dev:s");
    EXPECT_EQ(keks().size(), 2U);
    EXPECT_EQ(keks(View::live, {"orders"}), std::vector<std::string>{"kek"});
    EXPECT_EQ(keks(View::live, {":.dev:"}), std::vector<std::string>{"kek"});
    EXPECT_EQ(keks(View::live, {":*:s"}), std::vector<std::string>{"kek"});
    EXPECT_TRUE(keks(View::live, {":.dev:t", "nobody"}).empty());
    ASSERT_TRUE(erase(all_of("orders-value")));
    EXPECT_TRUE(keks(View::live, {"orders"}).empty());
    EXPECT_EQ(keks(View::with_deleted, {"orders"}), std::vector<std::string>{"kek"});
}

// --- deks

TEST_F(KeyRules, ADekNeedsALiveKek) {
    EXPECT_EQ(message_of(make_dek(dek("s"))), "Key 'kek' not found");
    make_kek("kek");
    ASSERT_TRUE(erase_kek("kek"));
    EXPECT_EQ(code_of(make_dek(dek("s"))), ErrorCode::key_not_found);
}

TEST_F(KeyRules, ADekBringsItsWrappedKey) {  // DEK-4
    make_kek("kek");
    EXPECT_EQ(message_of(make_dek(dek("s", 1, ""))),
              "Invalid or missing value for field 'encryptedKeyMaterial' of key");
    const std::string longest(limits::key_material_bytes_max, 'a');
    EXPECT_EQ(code_of(make_dek(dek("s", 1, longest + "a"))), ErrorCode::invalid_key);
    EXPECT_TRUE(make_dek(dek("s", 1, longest)));
    EXPECT_EQ(code_of(make_dek(dek("s", 0))), ErrorCode::invalid_key);
    EXPECT_EQ(code_of(make_dek(dek("s\n"))), ErrorCode::invalid_subject);
}

TEST_F(KeyRules, ADekIsOfKekSubjectAlgorithmAndVersion) {  // DEK-5
    make_kek("kek");
    make_dek("s");
    EXPECT_EQ(message_of(make_dek(dek("s"))), "Key 's' already exists; use a different value");
    make_dek("s", 2);
    make_dek(":.dev:s");
    auto other = dek("s");
    other.name.algorithm = DekAlgorithm::aes256_siv;
    EXPECT_TRUE(make_dek(other));
    EXPECT_EQ((*find("s", -1))->key.version.value(), 2);
    EXPECT_EQ((*find("s", 1))->encrypted_key_material, "wrapped");
    EXPECT_EQ(code_of(find("s", 3)), ErrorCode::key_not_found);
    EXPECT_EQ(code_of(find("t", 1)), ErrorCode::key_not_found);
}

TEST_F(KeyRules, ADeletedDekComesBackOnlyAsItWas) {  // DEK-3
    make_kek("kek");
    make_dek("s");
    ASSERT_TRUE(erase(all_of("s")));
    EXPECT_EQ(code_of(find("s", 1)), ErrorCode::key_not_found);
    EXPECT_TRUE(find("s", 1, View::with_deleted));
    EXPECT_EQ(code_of(make_dek(dek("s", 1, "other"))), ErrorCode::key_exists);
    EXPECT_TRUE(make_dek(dek("s")));
    EXPECT_TRUE(find("s", 1));
}

TEST_F(KeyRules, ARewrapReplacesWhatIsThere) {
    make_kek("kek");
    make_dek("s");
    auto rewrapped = dek("s", 1, "other");
    EXPECT_EQ(code_of(make_dek(rewrapped)), ErrorCode::key_exists);
    rewrapped.rewrap = true;
    EXPECT_TRUE(make_dek(rewrapped));
    EXPECT_EQ((*find("s", 1))->encrypted_key_material, "other");
}

TEST_F(KeyRules, DeksAreDeletedSoftlyFirst) {  // DEK-7
    make_kek("kek");
    make_dek("s");
    make_dek("s", 2);
    EXPECT_EQ(code_of_status(erase(all_of("t"))), ErrorCode::key_not_found);
    EXPECT_EQ(code_of_status(erase(one_of("s", 3))), ErrorCode::key_not_found);
    const auto live = erase(one_of("s", 2), Deletion::permanent);
    EXPECT_EQ(code_of_status(live), ErrorCode::key_not_soft_deleted);
    ASSERT_TRUE(erase(one_of("s", 2)));
    EXPECT_EQ(code_of_status(erase(one_of("s", 2))), ErrorCode::key_not_found);
    EXPECT_EQ((*find("s", -1))->key.version.value(), 1);
    EXPECT_EQ(code_of_status(erase(all_of("s"), Deletion::permanent)),
              ErrorCode::key_not_soft_deleted);
    ASSERT_TRUE(undelete(one_of("s", 2)));
    EXPECT_TRUE(find("s", 2));
    ASSERT_TRUE(erase(all_of("s")));
    ASSERT_TRUE(undelete(all_of("s")));
    EXPECT_TRUE(find("s", 1));
    ASSERT_TRUE(erase(all_of("s")));
    ASSERT_TRUE(erase(all_of("s"), Deletion::permanent));
    EXPECT_EQ(code_of_status(undelete(all_of("s"))), ErrorCode::key_not_found);
}

TEST_F(KeyRules, SubjectsAndVersionsOfAKekAreListed) {
    make_kek("kek");
    make_dek("t");
    make_dek("s", 2);
    make_dek("s");
    make_dek(":.dev:s");
    const auto subjects = [&](std::vector<std::string> prefixes, View view = View::live) {
        return *registry->read([&](const Catalog& catalog) {
            return list_dek_subjects(catalog, "kek", prefixes, view);
        });
    };
    EXPECT_EQ(subjects({}), (std::vector<std::string>{":.dev:s", "s", "t"}));
    EXPECT_EQ(subjects({":.dev:"}), (std::vector<std::string>{":.dev:s"}));
    ASSERT_TRUE(erase(all_of("t")));
    EXPECT_EQ(subjects({":.:"}), (std::vector<std::string>{"s"}));
    EXPECT_EQ(subjects({":.:"}, View::with_deleted), (std::vector<std::string>{"s", "t"}));
    EXPECT_EQ(*registry->read([&](const Catalog& catalog) {
        return list_dek_versions(catalog, dek("s").name, View::live);
    }),
              (std::vector<std::int32_t>{1, 2}));
}

TEST_F(KeyRules, AnAliasForDeksWinsOverAnAlias) {  // ALIAS-5
    const auto resolved = [&](std::string_view subject) {
        return to_text(registry->read([&](const Catalog& catalog) {
            return resolve_dek_alias(catalog, parse_subject(subject));
        }));
    };
    ASSERT_TRUE(set_config("a", R"({"alias":"b"})"));
    EXPECT_EQ(resolved("a"), "b");
    ASSERT_TRUE(set_config("a", R"({"aliasForDeks":"c"})"));
    EXPECT_EQ(resolved("a"), "c");
    ASSERT_TRUE(set_config(":.dev:a", R"({"aliasForDeks":"c"})"));
    EXPECT_EQ(resolved(":.dev:a"), ":.dev:c");
    EXPECT_EQ(resolved("d"), "d");
}

TEST_F(KeyRules, KeysOutliveARestart) {
    make_kek("kek");
    make_dek(":.dev:s/t", 3);
    make_dek("gone");
    ASSERT_TRUE(erase(all_of("gone")));
    ASSERT_TRUE(erase(all_of("gone"), Deletion::permanent));
    const auto before = *find(":.dev:s/t", 3);
    open();
    EXPECT_EQ(**find(":.dev:s/t", 3), *before);
    EXPECT_FALSE(find("gone", 1, View::with_deleted));
}

}  // namespace
}  // namespace symbolon
