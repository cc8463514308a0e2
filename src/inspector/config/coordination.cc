#include "inspector/config/coordination.h"

#include "base/ini.h"

namespace inspector {

CoordinationOptions read_coordination(const base::Ini& ini) {
  CoordinationOptions options;
  options.backend_url = ini.text("coordination", "backend_url", options.backend_url);
  options.group = ini.text("coordination", "group", options.group);
  const bool usable = !options.group.empty() && options.group.find('/') == std::string::npos &&
                      options.group.find('\0') == std::string::npos;
  if (!usable) throw ini.error("coordination", "group", "accepted: a name without '/'");
  return options;
}

}  // namespace inspector
