#pragma once
#include "inspector/conductor/bmc_address.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace inspector {

/// What is published of the API by DNS service discovery.
struct ServiceRecord {
  std::string host;  ///< of the endpoint; empty: it is an address, the machine's own name serves
  std::uint16_t port = 0;
  std::vector<std::string> addresses;
  std::vector<std::pair<std::string, std::string>> txt;  ///< read by the ramdisk
};

/// The record of `endpoint`, an http or https URL; `params` come first in the TXT record, then
/// `path` (unless it is empty or /) and `protocol` (unless the port alone says it). Resolves the
/// host. Throws std::runtime_error with upstream's texts.
ServiceRecord service_record(std::string_view endpoint,
                             std::vector<std::pair<std::string, std::string>> params,
                             const Resolver& resolve);

}  // namespace inspector
