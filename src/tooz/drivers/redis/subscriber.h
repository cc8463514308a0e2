#pragma once
#include "base/retry.h"
#include "tooz/drivers/descriptor.h"
#include "tooz/drivers/redis/client.h"

namespace tooz::redis {

/// Tells those who wait that a key under their prefix was written or removed. One connection and
/// one thread for all of them, from the first place on. The thread also looks, while anybody waits,
/// whether a session has run out by now: that is nobody's write. Thread-safe.
class Subscriber {
 public:
  explicit Subscriber(Client& client);
  ~Subscriber();
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

  /// One who waits. Misses nothing that happens after ready() returned true. For one thread.
  class Place {
   public:
    Place(Subscriber& subscriber, std::string_view prefix);
    ~Place();
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    /// False: not yet at `deadline`, or stopped. Throws Error when the server does not take us as a
    /// listener at the next attempt, or within the timeout of a call.
    bool ready(Env::TimePoint deadline, const std::stop_token& stop);
    /// True: something under the prefix changed. False: ask the server whether it did; at
    /// `deadline`, when stopped, or when messages may have been missed.
    bool changed(Env::TimePoint deadline, const std::stop_token& stop);

    /// The server was asked, and says that nothing has changed under the prefix up to `at`.
    void note_unchanged(Revision at);
    /// Up to where nothing has changed, by what was asked and heard since.
    Revision unchanged_until() const;

   private:
    friend class Subscriber;
    Subscriber& subscriber_;
    const std::string prefix_;
    const std::unique_ptr<Env::Event> event_;
    // Guarded by the subscriber's mutex.
    std::uint64_t failures_ = 0;  // when all was well
    bool hit_ = false;
    bool heard_all_ = false;  // since ready()
    Revision unchanged_until_ = 0;
  };

  /// The first session may run out then.
  void expect_end(Env::TimePoint when);

 private:
  void begin();
  void run(const std::stop_token& stop);
  void follow(const std::stop_token& stop);
  void listen(Connection& connection, const std::stop_token& stop);
  void note_listening();
  void note_failure(const std::runtime_error& error);
  void deliver(const Reply& message);
  void make_round();
  Env::TimePoint round_at();
  void wake_all();  // with mutex_ held

  Client& client_;
  Env& env_;
  std::mutex mutex_;
  std::vector<Place*> places_;
  bool listening_ = false;
  std::uint64_t failures_ = 0;  // attempts to listen that came to nothing
  Error failure_;               // why not
  Env::TimePoint round_at_ = Env::TimePoint::max();
  std::string origin_;     // for the thread: what the last round saw
  base::Backoff backoff_;  // for the thread
  const Descriptor wake_up_;
  std::unique_ptr<Env::Thread> thread_;
};

}  // namespace tooz::redis
