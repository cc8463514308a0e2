#pragma once
#include "inspector/data_store/data_store.h"
#include "inspector/node/schema.h"
#include "inspector/node/store.h"
#include "sql/conformance/database_suite.h"
#include "sql/time.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

namespace inspector {

/// Goes on by a second with every look at it, so that times differ and are known.
class SteppingEnv : public base::Env {
 public:
  TimePoint now() const noexcept override { return base::system_env().now(); }
  WallTime wall_time() const noexcept override { return at(++looks_); }
  bool sleep_until(TimePoint when, std::stop_token stop) override {
    return base::system_env().sleep_until(when, std::move(stop));
  }
  std::unique_ptr<Event> make_event() override { return base::system_env().make_event(); }
  std::uint64_t random() noexcept override { return base::system_env().random(); }
  std::unique_ptr<Thread> spawn(std::string name,
                                std::function<void(std::stop_token)> body) override {
    return base::system_env().spawn(std::move(name), std::move(body));
  }
  WallTime last() const noexcept { return at(looks_); }

 private:
  static WallTime at(int looks) noexcept {
    return std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) +
           std::chrono::microseconds(194088) + std::chrono::seconds(looks);
  }
  mutable std::atomic<int> looks_ = 0;
};

/// The node store and what stands on it, over every database.
class NodeStoreSuite : public testing::TestWithParam<sql::DatabaseUnderTest> {
 protected:
  NodeStoreSuite() : database_(GetParam().make({})), store_(env_, *database_) {
    upgrade(*database_);
  }

  /// A node's UUID; they sort by `n`.
  static std::string uuid(int n);
  static tooz::Token token(std::int64_t number, std::string origin = "one") {
    return {std::move(origin), number};
  }

  Node start(int n, std::vector<std::string> bmc = {}, std::int64_t number = 1) {
    return store_.start(uuid(n), true, bmc, token(number));
  }
  /// To `waiting`.
  Node wait(int n, std::vector<std::string> bmc = {}) {
    start(n, std::move(bmc));
    return store_.fire(uuid(n), Event::kWait, token(1));
  }
  /// The time that was looked at last, as the database gives it back.
  base::Env::WallTime last() const { return sql::stored(env_.last(), database_->dialect()); }
  std::int64_t count(const std::string& table);
  void execute(std::string_view statement, std::vector<sql::Value> parameters = {});

  SteppingEnv env_;
  std::unique_ptr<sql::Database> database_;
  NodeStore store_;
};

}  // namespace inspector
