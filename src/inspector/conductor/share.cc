#include "inspector/conductor/share.h"

#include "tooz/hash_ring.h"

#include <memory>

namespace inspector {

Takeover::Share share_of(ConductorDirectory& directory, std::string_view member) {
  const auto ring = std::make_shared<tooz::HashRing>();
  ring->set_node(member);
  for (const ConductorEndpoint& each : directory.endpoints())
    ring->set_node(each.member);
  return [ring, self = std::string(member)](const Operation& operation) {
    return ring->owners(operation.id).front() == self;
  };
}

}  // namespace inspector
