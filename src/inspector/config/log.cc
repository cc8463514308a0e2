#include "inspector/config/log.h"

#include "base/ini.h"
#include "inspector/config/command_line.h"
#include "inspector/config/renamed.h"

#include <filesystem>

namespace inspector {

base::LogOptions read_log(const base::Ini& ini, const CommandLine& line, std::string_view program) {
  base::LogOptions options;
  options.debug = line.debug.value_or(ini.boolean("DEFAULT", "debug", false));
  options.json = line.use_json.value_or(ini.boolean("DEFAULT", "use_json", false));
  const std::string file_set =
      renamed_text(ini, {{"DEFAULT", "log_file"}, {"DEFAULT", "logfile"}}, "");
  const std::string dir_set =
      renamed_text(ini, {{"DEFAULT", "log_dir"}, {"DEFAULT", "logdir"}}, "");
  std::string file = line.log_file.value_or(file_set);
  const std::string dir = line.log_dir.value_or(dir_set);
  if (file.empty() && !dir.empty()) file = std::string(program) + ".log";
  if (!file.empty()) options.file = (std::filesystem::path(dir) / file).string();
  return options;
}

}  // namespace inspector
