#pragma once
#include "tests/e2e/support/api.h"

#include <cstdint>

namespace e2e {

/// Sends a running service what no good client sends, and expects an exact answer to each: bodies,
/// names and parameters to every endpoint, and bytes that are no HTTP. `known` is a node that has a
/// record and no stored data, waiting for its ramdisk.
void expect_answers_to_bad_bodies(const Api& api, int known);
void expect_answers_to_bad_targets(const Api& api);
void expect_answers_to_broken_http(std::uint16_t port);

}  // namespace e2e
