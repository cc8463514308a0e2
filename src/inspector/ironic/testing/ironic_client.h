#pragma once
#include "inspector/ironic/http_client.h"
#include "inspector/ironic/testing/awake_env.h"
#include "inspector/ironic/testing/scripted_server.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>

namespace inspector::ironic::testing {

/// A client of an Ironic whose answers are told it, and which pauses for no time.
class IronicClient : public ::testing::Test {
 protected:
  IronicClient() {
    options_.endpoint.override_url = server_.url();
    make();
  }
  void make() { client_ = http_client(env_, options_); }

  /// What an Error says of `act`.
  template <class Act>
  std::pair<int, std::string> error(Act act) {
    try {
      act();
    } catch (const Error& e) {
      return {e.status, e.what()};
    }
    return {-1, "no error"};
  }

  inspector::testing::ScriptedServer server_;
  inspector::testing::AwakeEnv env_;
  IronicOptions options_;
  std::unique_ptr<Client> client_;
  const Call call_;
};

/// What Ironic answers with 409.
inline constexpr std::string_view kLocked =
    R"({"error_message":"{\"faultstring\": \"Node u1 is locked by host h\"}"})";

}  // namespace inspector::ironic::testing
