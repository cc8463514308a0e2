#include "inspector/pxe_filter/dnsmasq.h"

#include "base/log.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace inspector {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kComponent = "inspector.pxe_filter";
constexpr const char* kUnknown = "unknown_hosts_filter";
constexpr const char* kAnybody = "*:*:*:*:*:*";

std::string line_of(const std::string& mac, bool allowed) {
  return mac + (allowed ? "\n" : ",ignore\n");
}

class DnsmasqGate : public Gate {
 public:
  DnsmasqGate(DnsmasqOptions options, RunCommand run)
      : options_(std::move(options)), run_(std::move(run)) {}

  void prepare() override {
    std::error_code error;
    fs::create_directory(options_.hosts_dir, error);  // what is amiss is told by who reads it
    if (options_.purge) purge();
    read_files();
    put(kUnknown, kAnybody, false);
    for (const auto& [mac, text] : std::map(files_))
      if (mac != kUnknown) put(mac, mac, false);
  }

  /// Closes first. All is tried; the first failure is told at the end.
  void apply(const BootSet& set) override {
    const bool rest = set.boots_expected && !options_.deny_unknown_macs;
    std::string failure;
    const auto attempt = [&](const std::string& file, const std::string& mac, bool allowed) {
      try {
        put(file, mac, allowed);
      } catch (const std::runtime_error& e) {
        if (failure.empty()) failure = e.what();
      }
    };
    read_files();
    for (const std::string& mac : set.known)
      if (!set.active.contains(mac)) attempt(mac, mac, false);
    if (!rest) attempt(kUnknown, kAnybody, false);
    for (const auto& [mac, text] : std::map(files_))  // those that Ironic knows no more
      if (mac != kUnknown && !set.known.contains(mac) && !set.active.contains(mac))
        attempt(mac, mac, rest);
    for (const std::string& mac : set.active)
      attempt(mac, mac, true);
    if (rest) attempt(kUnknown, kAnybody, true);
    if (!failure.empty()) throw std::runtime_error(failure);
  }

  void begin() override {
    if (options_.start_command.empty()) return;
    const CommandResult result = run_(in_shell(options_.start_command), {});
    if (result.code != 0)
      throw std::runtime_error("[dnsmasq_pxe_filter]dnsmasq_start_command ended with code " +
                               std::to_string(result.code) + ": " + result.output);
  }

  void end() noexcept override {
    try {
      if (!options_.stop_command.empty()) run_(in_shell(options_.stop_command), {});
    } catch (const std::exception& e) {
      base::log_warning(kComponent, std::string("dnsmasq_stop_command: ") + e.what());
    }
  }

 private:
  /// What stands in `$(...)` is ours to run, the command itself may be root's.
  std::vector<std::string> in_shell(const std::string& command) const {
    std::string words;
    for (const std::string& word : options_.root)
      words += word + " ";
    return {"/bin/sh", "-c", words + command};
  }

  fs::directory_iterator look() const {
    std::error_code error;
    fs::directory_iterator first(options_.hosts_dir, error);
    if (error)
      throw std::runtime_error("[dnsmasq_pxe_filter]dhcp_hostsdir = " +
                               options_.hosts_dir.string() + ": " + error.message());
    return first;
  }

  void purge() const {
    for (const auto& file : look())
      if (file.is_regular_file()) fs::remove(file.path());
  }

  /// Somebody else may have been at them.
  void read_files() {
    files_.clear();
    std::error_code error;
    for (auto each = look(); each != fs::directory_iterator(); each.increment(error)) {
      const std::string name = each->path().filename();
      if (name.starts_with('.')) continue;  // of a write that was interrupted
      std::ifstream in(each->path());
      std::ostringstream text;
      text << in.rdbuf();
      files_[name] = text.str();
    }
  }

  void put(const std::string& file, const std::string& mac, bool allowed) {
    const std::string line = line_of(mac, allowed);
    const auto there = files_.find(file);
    if (there != files_.end() && there->second == line) return;
    write(file, line);
    files_[file] = line;
  }

  /// In one step, so that dnsmasq never reads half of it; it does not look at names with a dot.
  void write(const std::string& file, const std::string& line) const {
    const fs::path path = options_.hosts_dir / file;
    const fs::path temporary = options_.hosts_dir / ("." + file);
    std::ofstream out(temporary, std::ios::trunc);
    out << line;
    out.close();
    std::error_code error;
    if (out) fs::rename(temporary, path, error);
    if (!out || error)
      throw std::runtime_error(path.string() + " cannot be written" +
                               (error ? ": " + error.message() : ""));
  }

  const DnsmasqOptions options_;
  const RunCommand run_;
  std::map<std::string, std::string> files_;  ///< by name, as they are on disk
};

}  // namespace

std::unique_ptr<Gate> dnsmasq_gate(DnsmasqOptions options, RunCommand run) {
  return std::make_unique<DnsmasqGate>(std::move(options), std::move(run));
}

}  // namespace inspector
