#pragma once
#include "inspector/config/service_client.h"
#include "inspector/mdns/publication.h"

#include <string>
#include <utility>
#include <vector>

namespace base {
class Ini;
}

namespace inspector {

/// Whether and how the API is published by mDNS: [DEFAULT]enable_mdns, [mdns], [service_catalog].
struct MdnsOptions {
  bool enabled = false;
  MdnsPublication::Options publication;
  std::vector<std::pair<std::string, std::string>> params;
  ServiceOptions api;  ///< its URL as ramdisks reach it, given or in the catalogue
};

/// Throws base::ConfigError.
MdnsOptions read_mdns(const base::Ini& ini);

}  // namespace inspector
