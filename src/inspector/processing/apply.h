#pragma once
#include "inspector/ironic/client.h"
#include "inspector/node/changes.h"

#include <string_view>

namespace inspector {

/// Sends what was collected to Ironic: one patch of the node, new ports, deletions, one patch per
/// port, link data of ports, traits; in this order. Sending the same set again does no harm. Only
/// warned about are a new port whose address Ironic knows already, and link data that Ironic
/// refuses: of one port, each field that it does accept is set. Throws inspector::Error
/// (kProcessing, naming the request) at the first other refusal: what stands before it has been
/// sent; ironic::LockLost when the lock is gone.
void apply(const NodeChanges& changes, std::string_view uuid, ironic::Client& client,
           const ironic::Call& call);

}  // namespace inspector
