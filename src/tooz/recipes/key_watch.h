#pragma once
#include "tooz/recipes/held_key.h"
#include "tooz/recipes/meter.h"

#include <array>
#include <map>
#include <mutex>

namespace tooz {

/// Notices when somebody else removes keys that we hold: one thread for all keys below one prefix,
/// from the first key on, that waits on what their names have in common and looks when something
/// changes there. A key is watched from a twentieth of its lease on, most are gone by then; looks
/// are a tenth of the lease apart, whatever happens below the prefix. So a removal is noticed
/// within some 15 % of the lease, or what the driver takes to notice if that is longer.
/// Thread-safe.
class KeyWatch {
 public:
  KeyWatch(Env& env, Backend& backend, const Meter& meter, std::stop_token stopping)
      : env_(env), backend_(backend), meter_(meter), stopping_(std::move(stopping)) {}
  ~KeyWatch() { stop(); }
  KeyWatch(const KeyWatch&) = delete;
  KeyWatch& operator=(const KeyWatch&) = delete;

  /// From now on `held->lost` is requested, by the thread here, when the key is gone.
  void add(const std::shared_ptr<HeldKey>& held);
  void remove(const HeldKey& held) noexcept;
  void stop();  ///< for good

 private:
  using Keys = std::vector<std::shared_ptr<HeldKey>>;
  struct Watched {
    std::shared_ptr<HeldKey> held;
    Env::TimePoint due;  ///< when it is worth a watch
  };
  struct Round {
    Keys keys;           ///< all that are live below `prefix`; none: nothing is due
    std::string prefix;  ///< what the names of those that are due have in common
    Env::TimePoint next = Env::TimePoint::max();  ///< when the next one is due that is not in it
    std::stop_source wake;
  };

  void run(const std::stop_token& end_of_thread);
  Round begin(Env::TimePoint now);
  void end();
  void watch(const Round& round, const std::stop_token& stop);
  Revision look(const Round& round);
  void check(const std::vector<Entry>& found, const HeldKey& held) const;

  Env& env_;
  Backend& backend_;
  const Meter meter_;
  const std::stop_token stopping_;
  std::mutex mutex_;
  std::map<const HeldKey*, Watched> watched_;
  bool started_ = false;
  bool stopped_ = false;
  bool waiting_ = false;  ///< the thread is: until next_, or for something below prefix_
  Env::TimePoint next_;
  std::string prefix_;
  std::stop_source wake_;
  std::unique_ptr<Env::Thread> thread_;
};

/// A KeyWatch for each part of the backend in which we hold keys.
class KeyWatches {
 public:
  /// @param stopping  ends all threads; stop() waits for their end
  KeyWatches(Env& env, Backend& backend, const Meter& meter, const std::stop_token& stopping);
  KeyWatch& of(std::string_view key) noexcept;
  void stop();

 private:
  std::map<std::string_view, KeyWatch> parts_;
};

}  // namespace tooz
