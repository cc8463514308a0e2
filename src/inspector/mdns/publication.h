#pragma once
#include "base/env.h"
#include "inspector/mdns/service_record.h"

#include <memory>
#include <string>
#include <vector>

namespace inspector {

/// Keeps `baremetal-introspection._openstack._tcp.local` published through the machine's Avahi
/// daemon until it is destroyed. Avahi looks for conflicts and answers; when the daemon is
/// restarted the record is given to it again.
class MdnsPublication {
 public:
  struct Options {
    int attempts = 5;                     ///< `[mdns]registration_attempts`
    std::vector<std::string> interfaces;  ///< addresses of this machine; empty: all interfaces
  };

  /// Returns when the record is established. Blocks for at most five seconds and 0.1, 0.2, 0.4 …
  /// seconds between the attempts. Throws std::runtime_error: `Cannot register … service: …`.
  MdnsPublication(base::Env& env, const ServiceRecord& record, const Options& options);
  ~MdnsPublication();
  MdnsPublication(const MdnsPublication&) = delete;
  MdnsPublication& operator=(const MdnsPublication&) = delete;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace inspector
