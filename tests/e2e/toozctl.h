#pragma once
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/etcd_server.h"
#include "tests/support/process.h"

namespace e2e {

using base::Env;
using std::chrono::milliseconds;
using std::chrono::seconds;
using Words = std::vector<std::string>;

inline constexpr seconds kSoon{30};  ///< what should be there at once, on a machine that is busy

/// A program that a test started, its output and its errors apart. Killed with the object.
class Program {
 public:
  Program(const support::TempFolder& folder, Words words);

  support::Process& process() { return process_; }
  pid_t pid() const { return process_.pid(); }
  std::string out() const { return process_.output(); }
  std::string err() const;
  /// False: it has not written that to its output (its errors) after `timeout`.
  bool says(std::string_view text, Env::Duration timeout = kSoon);
  bool warns(std::string_view text, Env::Duration timeout = kSoon);
  int end(Env::Duration timeout = kSoon);   ///< its exit code; -1: it goes on
  int stop(Env::Duration timeout = kSoon);  ///< SIGTERM, then end()
  void kill9();                             ///< and waits

 private:
  std::filesystem::path errors_;
  support::Process process_;
};

struct Result {
  int code = 0;
  std::string out;
  std::string err;
};

/// An etcd of each test's own, and programs that use it.
class WithEtcd : public testing::Test {
 protected:
  /// `toozctl --backend URL words…`; run() waits for its end.
  Program start(const Words& words) const { return {folder_, toozctl(url(), words)}; }
  Result run(const Words& words) const { return run_at(url(), words); }
  Result run_at(const std::string& backend, const Words& words) const;
  /// tooz_actor.cc, tooz_python.py
  Program actor(const Words& words) const;
  Program python(const Words& words) const;

  std::string url() const { return etcd_.url(options_); }
  static Words toozctl(const std::string& backend, const Words& words);
  Env::TimePoint now() const { return base::system_env().now(); }
  /// Shows a figure in the test's output.
  void note(const std::string& what, Env::TimePoint since) const;

  support::TempFolder folder_;
  support::EtcdServer etcd_;
  std::string options_ = "timeout=2&api_version=v3";  ///< of the URL
};

/// Whether a process with this number runs; a dead one that nobody has waited for does not.
bool runs(pid_t pid);

}  // namespace e2e
