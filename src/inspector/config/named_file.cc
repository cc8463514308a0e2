#include "inspector/config/named_file.h"

#include "base/ini.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace inspector {

std::string named_file(const base::Ini& ini, std::string_view section, std::string_view option) {
  std::string name = ini.text(section, option, "");
  if (name.empty()) return name;
  if (std::filesystem::is_directory(name)) throw ini.error(section, option, "is a directory");
  errno = 0;
  if (!std::ifstream(name))
    throw ini.error(section, option, std::string("cannot be read: ") + std::strerror(errno));
  return name;
}

}  // namespace inspector
