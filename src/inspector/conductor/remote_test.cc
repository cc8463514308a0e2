#include "inspector/conductor/remote.h"

#include "inspector/conductor/rpc_service.h"
#include "inspector/conductor/testing/world.h"
#include "sim/sim_env.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace inspector {
namespace {

using namespace std::chrono_literals;
using testing::FixedDirectory;
using testing::MemoryTransport;
using testing::World;
using Refusal = std::pair<int, std::string>;

/// A conductor that counts what it is asked, and waits or refuses when told.
class CountingConductor final : public Conductor {
 public:
  explicit CountingConductor(base::Env& env) : env_(env) {}
  void introspect(std::string_view, bool, const Call& call) override { asked(call); }
  void abort(std::string_view, const Call& call) override { asked(call); }
  void reapply(std::string_view, const boost::json::object*, const Call& call) override {
    asked(call);
  }
  std::string process(ParsedReport, const Call& call) override {
    asked(call);
    return "u";
  }
  int calls = 0;
  std::optional<Error> refuses;
  std::string attempt;             ///< of the last call
  bool repeated = false;           ///< likewise
  base::Env::Duration patience{};  ///< until the deadline of the last call

 private:
  void asked(const Call& call) {
    ++calls;
    attempt = call.attempt;
    repeated = call.repeated;
    patience = call.deadline - env_.now();
    if (refuses) throw Error(*refuses);
  }
  base::Env& env_;
};

class Remote : public ::testing::Test {
 protected:
  void run(const std::function<void()>& body) {
    env_.run([&] {
      for (int i = 0; i < 2; ++i) {
        add_conductor_methods(methods_[i], conductors_[i], env_);
        transport_.serve(url(i), methods_[i]);
      }
      directory_.set(
          {{"ironic_inspector.conductor.a", url(0)}, {"ironic_inspector.conductor.b", url(1)}});
      body();
    });
  }
  static std::string url(int i) { return "http://" + std::to_string(i); }
  Conductor::Call call() { return {env_.now() + 20s, {}}; }
  void abort() { remote_.abort("u", call()); }

  sim::SimEnv env_{5};
  CountingConductor conductors_[2] = {CountingConductor(env_), CountingConductor(env_)};
  rpc::Methods methods_[2];
  MemoryTransport transport_{env_};
  FixedDirectory directory_;
  RemoteConductor remote_{env_, directory_, transport_};
};

TEST_F(Remote, CallsAreSpreadOverAllConductors) {
  run([&] {
    for (int i = 0; i < 100; ++i)
      abort();
    EXPECT_GT(conductors_[0].calls, 20);
    EXPECT_GT(conductors_[1].calls, 20);
    EXPECT_EQ(conductors_[0].calls + conductors_[1].calls, 100);
  });
}

TEST_F(Remote, OneThatCannotBeConnectedToIsLeftForAnother) {
  run([&] {
    transport_.set_trouble(url(0), MemoryTransport::Trouble::kRefused);
    for (int i = 0; i < 20; ++i)
      abort();
    EXPECT_EQ(conductors_[1].calls, 20);
    EXPECT_LE(transport_.calls(url(0)), 1U);  // once known, it is asked last
    env_.sleep_for(1min, {});
    transport_.set_trouble(url(0), MemoryTransport::Trouble::kNone);
    for (int i = 0; i < 20; ++i)
      abort();
    EXPECT_GT(conductors_[0].calls, 0);
  });
}

TEST_F(Remote, WithoutAnyConductorItIsA503) {
  run([&] {
    transport_.set_trouble(url(0), MemoryTransport::Trouble::kRefused);
    transport_.set_trouble(url(1), MemoryTransport::Trouble::kRefused);
    EXPECT_EQ(World::refusal([&] { abort(); }), Refusal(503, "No available conductor service"));
    directory_.set({});
    EXPECT_EQ(World::refusal([&] { abort(); }), Refusal(503, "No available conductor service"));
  });
}

TEST_F(Remote, ACallThatMayHaveBeenTakenIsNotMadeTwice) {
  run([&] {
    transport_.set_trouble(url(0), MemoryTransport::Trouble::kSilent);
    transport_.set_trouble(url(1), MemoryTransport::Trouble::kSilent);
    const auto start = env_.now();
    EXPECT_EQ(World::refusal([&] { abort(); }),
              Refusal(503, "The conductor did not answer in time, please, retry later"));
    EXPECT_LT(env_.now() - start, 20s);
    EXPECT_EQ(transport_.calls(url(0)) + transport_.calls(url(1)), 1U);
  });
}

TEST_F(Remote, AStartIsMadeAgainUnderTheSameAttempt) {
  run([&] {
    for (int i = 0; i < 2; ++i)
      transport_.set_trouble(url(i), MemoryTransport::Trouble::kAnswerLost);
    EXPECT_EQ(World::refusal([&] { remote_.introspect("u", true, call()); }).first, 503);
    ASSERT_EQ(conductors_[0].calls + conductors_[1].calls, 2);
    EXPECT_EQ(conductors_[0].attempt, conductors_[1].attempt);
    EXPECT_FALSE(conductors_[0].attempt.empty());
    EXPECT_NE(conductors_[0].repeated, conductors_[1].repeated);
  });
}

TEST_F(Remote, AReportGoesToAnotherWhenTheFirstIsSilentOrHasNoRoom) {
  run([&] {
    transport_.set_trouble(url(0), MemoryTransport::Trouble::kSilent);
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(remote_.process(boost::json::object(), call()), "u");
    transport_.set_trouble(url(0), MemoryTransport::Trouble::kNone);
    conductors_[0].refuses = Error(Errc::kUnavailable, "no room");
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(remote_.process(boost::json::object(), call()), "u");
  });
}

TEST_F(Remote, ACallThatIsReadTooLateIsNotCarriedOut) {
  run([&] {
    const auto hour = [&](base::Env::Duration from_now) {
      return std::chrono::duration<double>(env_.wall_time().time_since_epoch() + from_now).count();
    };
    transport_.call(url(0), "do_abort", {{"node_id", "u"}, {"timeout", 5}, {"deadline", hour(2s)}},
                    env_.now() + 1s, {});
    EXPECT_LE(conductors_[0].patience, 2s);
    transport_.call(url(0), "do_abort", {{"node_id", "u"}, {"timeout", 5}, {"deadline", hour(-1s)}},
                    env_.now() + 1s, {});
    EXPECT_LE(conductors_[0].patience, 0s);
  });
}

TEST_F(Remote, NoOperationTakesLongerThanACallerWaits) {
  run([&] {
    transport_.set_trouble(url(0), MemoryTransport::Trouble::kSilent);
    transport_.set_trouble(url(1), MemoryTransport::Trouble::kSilent);
    const Conductor::Call patient{env_.now() + 1h, {}};
    const boost::json::object data;
    const std::vector<std::function<void()>> operations = {
        [&] { remote_.introspect("u", true, patient); }, [&] { remote_.abort("u", patient); },
        [&] { remote_.reapply("u", &data, patient); }, [&] { remote_.process(data, patient); }};
    for (const auto& operation : operations) {
      const auto start = env_.now();
      EXPECT_EQ(World::refusal(operation).first, 503);
      EXPECT_LT(env_.now() - start, 20s);
    }
  });
}

TEST_F(Remote, ErrorsKeepTheirStatusAndText) {
  run([&] {
    for (const Errc code : {Errc::kBadRequest, Errc::kNotFound, Errc::kConflict, Errc::kProcessing,
                            Errc::kInternal, Errc::kUnavailable}) {
      for (CountingConductor& each : conductors_)
        each.refuses = Error(code, "that is so");
      EXPECT_EQ(World::refusal([&] { abort(); }), Refusal(http_status(code), "that is so"));
    }
  });
}

TEST_F(Remote, TheConductorGivesUpBeforeItsCallerDoes) {
  run([&] {
    remote_.abort("u", {env_.now() + 4s, {}});
    const auto patience = std::max(conductors_[0].patience, conductors_[1].patience);
    EXPECT_GT(patience, 3s);
    EXPECT_LT(patience, 4s);
  });
}

TEST_F(Remote, ArgumentsOfTheWrongKindAreRefused) {
  run([&] {
    const auto code = [&](const char* method, boost::json::object params) {
      try {
        transport_.call(url(0), method, params, env_.now() + 1s, {});
        return 0;
      } catch (const rpc::Fault& fault) {
        return fault.code;
      }
    };
    EXPECT_EQ(code("do_abort", {}), rpc::kInvalidParams);
    EXPECT_EQ(code("do_abort", {{"node_id", 7}}), rpc::kInvalidParams);
    EXPECT_EQ(code("do_introspection", {{"node_id", "u"}, {"manage_boot", "yes"}}),
              rpc::kInvalidParams);
    EXPECT_EQ(code("do_continue", {{"data", "text"}}), rpc::kInvalidParams);
    EXPECT_EQ(code("do_continue", {{"data", nullptr}}), rpc::kInvalidParams);
    EXPECT_EQ(code("do_abort", {{"node_id", "u"}, {"timeout", "long"}}), rpc::kInvalidParams);
    EXPECT_EQ(code("do_abort", {{"node_id", "u"}, {"token", nullptr}, {"new", 1}}), 0);
    EXPECT_EQ(conductors_[0].calls, 1);
  });
}

}  // namespace
}  // namespace inspector
