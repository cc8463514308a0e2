#include "inspector/config/files.h"

#include "inspector/config/command_line.h"
#include "inspector/config/processing.h"

#include <cstdlib>
#include <filesystem>

namespace inspector {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kProject = "ironic-inspector";

std::vector<fs::path> search_directories(const SearchPaths& paths) {
  std::vector<fs::path> places;
  if (!paths.home.empty()) {
    places.push_back(fs::path(paths.home) / ("." + std::string(kProject)));
    places.emplace_back(paths.home);
  }
  places.push_back(fs::path(paths.etc) / kProject);
  places.emplace_back(paths.etc);
  return places;
}

/// The first of `places` that has `name`, a directory or not as wanted.
std::vector<fs::path> find_default(std::string_view program, std::string_view ending,
                                   const SearchPaths& paths, bool directory) {
  std::vector<std::string> names = {std::string(kProject) + std::string(ending)};
  if (program != kProject) names.push_back(std::string(program) + std::string(ending));
  std::vector<fs::path> found;
  for (const std::string& name : names) {
    for (const fs::path& place : search_directories(paths)) {
      std::error_code ignored;
      const fs::path candidate = place / name;
      if (!fs::exists(candidate, ignored) || fs::is_directory(candidate, ignored) != directory)
        continue;
      found.push_back(candidate);
      break;
    }
  }
  return found;
}

}  // namespace

SearchPaths default_search_paths() {
  SearchPaths paths;
  if (const char* home = std::getenv("HOME")) paths.home = home;
  return paths;
}

base::Ini read_config(const CommandLine& line, std::string_view program, const SearchPaths& paths) {
  std::vector<fs::path> files(line.config_files.begin(), line.config_files.end());
  if (files.empty()) files = find_default(program, ".conf", paths, false);
  std::vector<fs::path> directories(line.config_dirs.begin(), line.config_dirs.end());
  if (directories.empty()) directories = find_default(program, ".conf.d", paths, true);

  base::Ini ini;
  for (const fs::path& file : files)
    ini.read_file(file);
  for (const fs::path& directory : directories)
    ini.read_directory(directory);
  ini.declare_default("processing", "default_processing_hooks", kDefaultProcessingHooks);
  return ini;
}

std::vector<std::string> places_of(const std::string& name, const CommandLine& line,
                                   const SearchPaths& paths) {
  if (fs::path(name).is_absolute()) return {name};
  std::vector<std::string> places;
  for (const std::string& file : line.config_files)
    places.push_back(fs::absolute(file).parent_path() / name);
  for (const std::string& folder : line.config_dirs)
    places.push_back(fs::path(folder) / name);
  if (!paths.home.empty()) {
    places.push_back(fs::path(paths.home) / ".ironic-inspector" / name);
    places.push_back(fs::path(paths.home) / name);
  }
  places.push_back(fs::path(paths.etc) / "ironic-inspector" / name);
  places.push_back(fs::path(paths.etc) / name);
  return places;
}

}  // namespace inspector
