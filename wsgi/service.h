#pragma once
#include "http/budget.h"
#include "inspector/config/load.h"

#include <memory>

namespace wsgi {

/// The API as a WSGI container has it: configured when the container loads it, which may be long
/// before the container forks, and started by the first request in each process. What the process
/// it was forked from has started is left alone. Knows nothing of Python. Thread-safe.
class Service {
 public:
  /// Reads and checks what can be read before anything is started: files, users, policy, URLs.
  /// Begins the log. Throws std::exception with the line for the operator.
  explicit Service(const inspector::CommandLine& line);
  ~Service();  ///< close()
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// The answer, whatever happens. The first one waits until the database is reached, and a few
  /// seconds for the conductors to be found; while the database is away, it is 503.
  http::Response answer(const http::Request& request) noexcept;

  /// Limits of request bodies: bytes of one, and of all in this process.
  std::size_t max_body() const noexcept { return config_.api.server.max_body; }
  http::Budget& bodies();

  /// Path in front of all links where the container names none; empty for none.
  const std::string& script_name() const noexcept { return script_name_; }

  /// What the container's part of us refuses, as the server of our own words it.
  http::Response refusal(int status, std::string_view text) const;

  /// For a process that is about to fork: waits for the requests under way, gives all back, and
  /// lets new requests wait, so that nothing of ours is inside a lock when the fork copies it. If
  /// that takes longer than requests may, leaves it at a warning.
  void pause() noexcept;
  /// Afterwards, in the parent, by the same thread: requests are answered again.
  void resume() noexcept;

  /// For a process that is about to end: cancels what is under way and gives everything back.
  /// Waits for a few seconds at most. All that is asked later is answered 503.
  void close() noexcept;

 private:
  struct Running;
  struct Process;

  std::unique_ptr<Process> make_process() const;
  Process& process();
  std::shared_ptr<Running> running();
  std::shared_ptr<Running> start(Process& process);
  static bool give_back(Process& process, base::Env::Duration patience);

  inspector::Config config_;
  std::string script_name_;
  std::atomic<Process*> process_;  ///< never deleted: that of a parent still holds its threads
};

}  // namespace wsgi
