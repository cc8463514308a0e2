#include "tooz/value.h"

namespace tooz {

const Value* Value::find(std::string_view key) const noexcept {
  const Map* members = map();
  if (members == nullptr) return nullptr;
  const auto it = members->find(key);
  return it == members->end() ? nullptr : &it->second;
}

}  // namespace tooz
