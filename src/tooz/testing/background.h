#pragma once
#include "base/env.h"
#include "tooz/error.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>

namespace tooz {

/// What `action` throws; nullopt: nothing.
template <class Action>
std::optional<Errc> error_of(Action action) {
  try {
    action();
  } catch (const Error& e) {
    return static_cast<Errc>(e.code().value());
  }
  return std::nullopt;
}

/// A thread in a test: begins at once, joined at the end. What it throws fails the test.
class Background {
 public:
  Background(base::Env& env, std::function<void()> body) : env_(env), ended_(env.make_event()) {
    thread_ = env.spawn("test", [this, body = std::move(body)](const std::stop_token&) {
      try {
        body();
      } catch (const std::exception& e) {
        ADD_FAILURE() << e.what();
      }
      ended_->set();
    });
  }
  bool ends_within(base::Env::Duration limit) { return ended_->wait_until(env_.now() + limit, {}); }

 private:
  base::Env& env_;
  std::unique_ptr<base::Env::Event> ended_;
  std::unique_ptr<base::Env::Thread> thread_;
};

}  // namespace tooz
