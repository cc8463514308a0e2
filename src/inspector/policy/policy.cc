#include "inspector/policy/policy.h"

#include "base/ini.h"
#include "base/log.h"
#include "inspector/policy/defaults.h"
#include "inspector/policy/policy_file.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace inspector {
namespace {

namespace fs = std::filesystem;

/// Those of a folder by name, hidden ones left out.
std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code unreadable;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, unreadable)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with('.')) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

Policy::Policy(PolicyOptions options) : options_(std::move(options)), remote_(options_.remote) {
  try {
    loaded_.files = look();
    loaded_.rules = read(loaded_.files);
  } catch (const std::exception& error) {
    throw base::ConfigError(error.what());
  }
}

std::vector<Policy::Seen> Policy::look() const {
  std::vector<Seen> seen;
  const auto add = [&](const std::string& file) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return false;
    seen.push_back(
        {file, status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_size, status.st_ino});
    return true;
  };
  for (const std::string& file : options_.files)
    if (add(file)) break;
  for (const std::string& folder : options_.dirs)
    for (const std::string& file : files_in(folder))
      add(file);
  return seen;
}

std::shared_ptr<const PolicyRules> Policy::read(const std::vector<Seen>& files) const {
  auto rules = std::make_shared<PolicyRules>(default_policy(options_.enforce_new_defaults));
  for (const Seen& seen : files)
    for (auto& [name, check] : read_policy_file(seen.file))
      rules->insert_or_assign(name, std::move(check));
  return rules;
}

/// What could not be read is not tried again before it changes.
std::shared_ptr<const PolicyRules> Policy::current() {
  std::vector<Seen> files = look();
  const std::lock_guard guard(mutex_);
  if (files == loaded_.files) return loaded_.rules;
  loaded_.files = std::move(files);
  try {
    loaded_.rules = read(loaded_.files);
    base::log_info("inspector.policy", "The policy has been read again");
  } catch (const std::exception& error) {
    base::log_error("inspector.policy",
                    std::string("The policy of before goes on to hold: ") + error.what());
  }
  return loaded_.rules;
}

bool Policy::allows(std::string_view rule, const boost::json::object& credentials,
                    const std::stop_token& stop) {
  const std::shared_ptr<const PolicyRules> rules = current();
  auto found = rules->find(rule);
  if (found == rules->end()) found = rules->find(options_.default_rule);
  const auto ask = [&](const std::string& url) {
    return remote_.says_yes(url, rule, credentials, stop);
  };
  return found != rules->end() && found->second.passes(credentials, *rules, ask);
}

}  // namespace inspector
