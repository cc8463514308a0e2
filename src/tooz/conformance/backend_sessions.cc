#include "tooz/conformance/backend_suite.h"

namespace tooz::conformance {
namespace {

using Names = std::vector<std::string>;
constexpr auto kNone = SessionId::kNone;

TEST_P(BackendConformance, ASessionIsGrantedWithItsTimeToLive) {
  run([&] {
    const Session one = backend->open_session(kLongLease);
    const Session other = backend->open_session(kLongLease);
    EXPECT_NE(one.id, kNone);
    EXPECT_NE(other.id, one.id);
    EXPECT_GT(one.ttl, Env::Duration::zero());
    EXPECT_EQ(backend->renew(one.id), one.ttl);
  });
}

TEST_P(BackendConformance, AKeyNamesTheSessionItWasCreatedUnder) {
  run([&] {
    const Session session = backend->open_session(kLongLease);
    ASSERT_TRUE(backend->create("owned", "v", session.id));
    ASSERT_TRUE(backend->create("free", "v", kNone));
    EXPECT_EQ(backend->get("owned")->owner, session.id);
    EXPECT_EQ(backend->get("free")->owner, kNone);
    for (const Entry& entry : backend->list("").entries)
      EXPECT_EQ(entry.owner, entry.key == "owned" ? session.id : kNone);
  });
}

TEST_P(BackendConformance, AClosedSessionTakesItsKeysAlongAndNoOthers) {
  run([&] {
    const Session session = backend->open_session(kLongLease);
    const Session other = backend->open_session(kLongLease);
    for (const auto* key : {"a/1", "b/2"})
      ASSERT_TRUE(backend->create(key, "v", session.id));
    ASSERT_TRUE(backend->create("a/others", "v", other.id));
    ASSERT_TRUE(backend->create("b/nobodys", "v", kNone));
    backend->close_session(session.id);
    EXPECT_EQ(keys(""), (Names{"a/others", "b/nobodys"}));
    EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
    EXPECT_EQ(error_of([&] { backend->create("c", "v", session.id); }), Errc::kSessionLost);
    EXPECT_EQ(backend->get("c"), std::nullopt);
    backend->close_session(session.id);  // once more is no error
    EXPECT_GT(backend->renew(other.id), Env::Duration::zero());
  });
}

TEST_P(BackendConformance, AnExpiredSessionTakesItsKeysAlong) {
  run([&] {
    const Session session = backend->open_session(world->short_lease());
    const Revision mine = backend->create("x/mine", "v", session.id).value();
    ASSERT_TRUE(backend->create("x/nobodys", "v", kNone));
    ASSERT_TRUE(goes("x/", "x/mine"));
    EXPECT_EQ(keys("x/"), Names{"x/nobodys"});
    EXPECT_EQ(error_of([&] { backend->renew(session.id); }), Errc::kSessionLost);
    EXPECT_EQ(error_of([&] { backend->create("x/late", "v", session.id); }), Errc::kSessionLost);
    EXPECT_FALSE(backend->remove("x/mine", mine));
    EXPECT_EQ(backend->replace("x/mine", "w", mine), std::nullopt);
    EXPECT_GT(backend->create("x/mine", "again", kNone).value(), mine);
  });
}

TEST_P(BackendConformance, ARenewedSessionOutlivesOneThatIsNot) {
  run([&] {
    const Session kept = backend->open_session(kLongLease);
    const Session left = backend->open_session(world->short_lease());
    ASSERT_TRUE(backend->create("kept", "v", kept.id));
    ASSERT_TRUE(backend->create("left", "v", left.id));
    backend->renew(kept.id);
    ASSERT_TRUE(goes("left", "left"));
    EXPECT_TRUE(backend->get("kept"));
    EXPECT_GT(backend->renew(kept.id), Env::Duration::zero());
  });
}

TEST_P(BackendConformance, ReplaceKeepsTheSession) {
  run([&] {
    const Session session = backend->open_session(kLongLease);
    const Revision created = backend->create("k", "1", session.id).value();
    ASSERT_TRUE(backend->replace("k", "2", created));
    EXPECT_EQ(backend->get("k")->owner, session.id);
    backend->close_session(session.id);
    EXPECT_EQ(backend->get("k"), std::nullopt);
  });
}

TEST_P(BackendConformance, AKeyMadeAgainBelongsToWhoMadeItAgain) {
  run([&] {
    const Session before = backend->open_session(kLongLease);
    const Session after = backend->open_session(kLongLease);
    const Revision made = backend->create("k", "v", before.id).value();
    ASSERT_TRUE(backend->remove("k", made));
    ASSERT_TRUE(backend->create("k", "v", after.id));
    backend->close_session(before.id);
    EXPECT_EQ(backend->get("k")->owner, after.id);
  });
}

TEST_P(BackendConformance, GuardsSeeThatASessionHasEnded) {
  run([&] {
    const Session session = backend->open_session(kLongLease);
    ASSERT_TRUE(backend->create("q/1", "v", session.id));
    const Guard empty{.present = {}, .empty_prefix = "q/"};
    const Guard present{.present = "q/1", .empty_prefix = {}};
    EXPECT_EQ(backend->create("lock", "v", kNone, empty), std::nullopt);
    backend->close_session(session.id);
    EXPECT_EQ(backend->create("lock", "v", kNone, present), std::nullopt);
    EXPECT_TRUE(backend->create("lock", "v", kNone, empty));
  });
}

}  // namespace
}  // namespace tooz::conformance
