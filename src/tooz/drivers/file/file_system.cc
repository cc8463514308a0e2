#include "tooz/drivers/file/file_system.h"

#include <algorithm>
#include <array>

namespace tooz::file {
namespace {

struct Kind {
  unsigned long type;
  std::string_view name;
};

// Most have no name in the headers of the system.
constexpr std::array kShared{
    Kind{0x6969, "NFS"},
    Kind{0x517b, "SMB"},
    Kind{0xff534d42, "CIFS"},
    Kind{0xfe534d42, "SMB2"},
    Kind{0x01021997, "9p"},
    Kind{0x65735546, "FUSE"},
    Kind{0x00c36400, "Ceph"},
    Kind{0x5346414f, "AFS"},
    Kind{0x6b414653, "AFS"},
    Kind{0x73757245, "Coda"},
    Kind{0x564c, "NCP"},
    Kind{0x01161970, "GFS2"},
    Kind{0x7461636f, "OCFS2"},
    Kind{0x0bd00bd0, "Lustre"},
    Kind{0x47504653, "GPFS"},
    Kind{0x786f4256, "VirtualBox shared folder"},
    Kind{0xbacbacbc, "VMware shared folder"},
};

}  // namespace

std::optional<std::string_view> shared_file_system(unsigned long type) noexcept {
  const auto* found = std::ranges::find(kShared, type, &Kind::type);
  return found == kShared.end() ? std::nullopt : std::optional(found->name);
}

}  // namespace tooz::file
