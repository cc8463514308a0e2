#include "tooz/driver.h"
#include "tooz/drivers/etcd/etcd.h"
#include "tooz/drivers/file/file.h"
#include "tooz/drivers/memory/memory_backend.h"

#include <array>

namespace tooz {

std::span<const Driver> drivers() noexcept {
  static const std::array table{
      Driver{"etcd3", kEtcdFeatures, open_etcd},
      Driver{"etcd3+http", kEtcdFeatures, open_etcd},
      Driver{"etcd3+https", kEtcdFeatures, open_etcd},
      Driver{"file", kFileFeatures, open_file},
      Driver{"memory", memory_features(), open_memory},
  };
  return table;
}

}  // namespace tooz
