#pragma once
#include "base/env.h"
#include "inspector/pxe_filter/filter.h"
#include "inspector/pxe_filter/gate.h"
#include "inspector/pxe_filter/shared_pass.h"
#include "inspector/pxe_filter/source.h"

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace inspector {

/// Keeps a gate as the database and Ironic want it: at every sync(), within a second of a change of
/// the active machines by whatever process, and every `period` in any case (Ironic may know new
/// ports). After a failure, whichever, the next look tries again.
class GateKeeper final : public PxeFilter {
 public:
  struct Options {
    std::optional<base::Env::Duration> period = std::chrono::seconds(15);  ///< unset: never
    base::Env::Duration look = std::chrono::seconds(1);
  };

  /// Closes the gate, lets it follow for the first time and begins to watch. A failure of that
  /// first time is logged. Throws std::runtime_error: the gate cannot be closed or begun.
  GateKeeper(base::Env& env, std::unique_ptr<Gate> gate, BootSetSource source, Options options);
  ~GateKeeper() override;  ///< ends the gate

  /// Callers that come while a pass is under way share the next one.
  void sync() override;

 private:
  void run_pass();
  void watch(const std::stop_token& stop);
  void look(base::Env::TimePoint& next_pass);

  base::Env& env_;
  const std::unique_ptr<Gate> gate_;
  const BootSetSource source_;
  const Options options_;
  SharedPass pass_;
  std::mutex mutex_;
  std::optional<BootSet> applied_;  ///< the active part; unset: not known
  std::string last_failure_;
  std::unique_ptr<base::Env::Thread> watcher_;
};

}  // namespace inspector
