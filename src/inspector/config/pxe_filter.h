#pragma once
#include "inspector/pxe_filter/dnsmasq.h"
#include "inspector/pxe_filter/iptables.h"
#include "inspector/pxe_filter/keeper.h"

namespace base {
class Ini;
}

namespace inspector {

/// [pxe_filter], [dnsmasq_pxe_filter], [iptables].
struct PxeFilterOptions {
  enum class Driver {
    kNoop,
    kDnsmasq,
    kIptables
  } driver = Driver::kNoop;  ///< of a file that names none: iptables
  GateKeeper::Options keeper;
  BootSetSource::Options source;
  DnsmasqOptions dnsmasq;
  IptablesOptions iptables;
};

/// Throws base::ConfigError.
PxeFilterOptions read_pxe_filter(const base::Ini& ini);

}  // namespace inspector
