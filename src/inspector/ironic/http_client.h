#pragma once
#include "inspector/config/ironic.h"
#include "inspector/ironic/client.h"

#include <memory>

namespace inspector::ironic {

/// Talks to the Ironic that `options` name. Makes no request yet; the first one also asks which API
/// versions Ironic speaks. A request blocks for `timeout` plus `attempts` pauses at most; lists for
/// that per page.
std::unique_ptr<Client> http_client(base::Env& env, const IronicOptions& options);

}  // namespace inspector::ironic
