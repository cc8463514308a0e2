#pragma once
#include "inspector/conductor/testing/world.h"
#include "sim/sim_env.h"

#include <gtest/gtest.h>

namespace inspector::testing {

/// The operations of a conductor, asked directly (false) and by JSON-RPC (true).
class Operations : public ::testing::TestWithParam<bool> {
 protected:
  static void in_world(const std::function<void(World&)>& body, WorldOptions options = {}) {
    options.remote = GetParam();
    sim::SimEnv env(7);
    env.run([&] {
      World world(env, std::move(options));
      body(world);
    });
  }
};

}  // namespace inspector::testing
