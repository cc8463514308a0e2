#include "tooz/driver.h"
#include "tooz/drivers/memory/memory_backend.h"

#include <array>

namespace tooz {

std::span<const Driver> drivers() noexcept {
  static const std::array table{
      Driver{"memory", memory_features(), open_memory},
  };
  return table;
}

}  // namespace tooz
