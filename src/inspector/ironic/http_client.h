#pragma once
#include "http/client.h"
#include "inspector/config/ironic.h"
#include "inspector/ironic/client.h"

#include <memory>

namespace inspector::ironic {

/// Talks to the Ironic that `options` name. Makes no request yet; the first one also asks which API
/// versions Ironic speaks. A request blocks for `timeout` plus `attempts` pauses at most; lists for
/// that per page. `sender` brings them there; none: an http::Client as `options` say.
std::unique_ptr<Client> http_client(base::Env& env, const IronicOptions& options,
                                    std::shared_ptr<http::Sender> sender = nullptr);

}  // namespace inspector::ironic
