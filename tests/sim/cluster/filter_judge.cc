#include "tests/sim/cluster/filter_judge.h"

#include <cstdlib>
#include <fstream>
#include <optional>
#include <stdexcept>

namespace sim {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStrangers = "unknown_hosts_filter";

/// What dnsmasq does for whom a file names; nullopt: there is no such file.
std::optional<bool> allows(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  if (!in || !std::getline(in, line)) return std::nullopt;
  return !line.ends_with(",ignore");
}

}  // namespace

FilterJudge::FilterJudge() {
  std::string name = (fs::temp_directory_path() / "sim-filters-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
  root_ = name;
}

FilterJudge::~FilterJudge() {
  std::error_code ignored;
  fs::remove_all(root_, ignored);
}

fs::path FilterJudge::folder(const std::string& host) const {
  fs::create_directories(root_ / host);
  return root_ / host;
}

std::string FilterJudge::who_lets_in(const std::string& mac) const {
  return who_allows({mac, kStrangers});
}

std::string FilterJudge::who_lets_strangers_in() const { return who_allows({kStrangers}); }

/// The first of the files that is there decides.
std::string FilterJudge::who_allows(const std::vector<std::string>& files) const {
  for (const auto& host : fs::directory_iterator(root_)) {
    for (const std::string& file : files) {
      const std::optional<bool> allowed = allows(host.path() / file);
      if (allowed.value_or(false)) return host.path().filename();
      if (allowed) break;
    }
  }
  return {};
}

}  // namespace sim
