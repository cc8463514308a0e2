#pragma once
#include "tests/e2e/support/api.h"

#include "base/env.h"
#include "base/pool.h"

#include <array>
#include <map>
#include <mutex>
#include <random>
#include <string>
#include <vector>

namespace e2e {

/// What was asked for and accepted (202), or may have been: no answer, or 503.
struct Asked {
  enum class Kind { kStart, kAbort, kReapply };
  Kind kind;
  int node = 0;
  base::Env::WallTime at;  ///< before it was sent
  bool accepted = false;
  std::string end;  ///< of what was accepted: `finished`, or the error's text; empty: not ended
};

/// Operators of a cluster: they start, abort and reapply introspections of a thousand nodes through
/// whatever API answers, and follow each that was accepted to its end. Thread-safe.
class Load {
 public:
  /// Of `nodes` machines, at `rate` starts a second. `ironic`: where a finished node's properties
  /// are taken away before its next start, so that there is something to patch again.
  struct Options {
    int nodes = 0;
    double rate = 0;
    std::uint64_t seed = 0;
  };
  Load(std::vector<const Api*> apis, const Api& ironic, Options options);
  ~Load();

  /// So many at once, by as many callers.
  void burst(Asked::Kind kind, int count);
  /// Starts nothing more; what was asked is answered.
  void stop();
  /// Whether each that was accepted has ended.
  bool all_ended() const;

  std::vector<Asked> asked() const;
  /// How often each kind was answered so, as `start 202`.
  std::map<std::string, int> answers() const;
  /// Answers that no client should see, whatever is broken behind the API.
  std::vector<std::string> strange() const;

  static constexpr const char* kReset = R"([{"op":"add","path":"/properties","value":{}}])";

 private:
  using TimePoint = base::Env::TimePoint;
  using Kind = Asked::Kind;
  struct Node {
    bool busy = false;              ///< a call is under way
    bool unsure = false;            ///< the last call had no answer that tells
    std::vector<std::size_t> open;  ///< accepted and not ended, of asked_
    TimePoint since{};              ///< of the last answer
    bool under_way = false;         ///< as the last list said
    bool finished = false;          ///< its last introspection
  };

  void generate(const std::stop_token& stop);
  void follow(const std::stop_token& stop);
  void take_list(const std::string& body, TimePoint asked);
  void submit(Kind kind);
  std::optional<int> pick(Kind kind);
  bool fits(const Node& node, Kind kind, TimePoint now) const;
  void ask(Kind kind, int node);
  Answer send(Kind kind, int node);
  Answer ask_any(const std::string& method, const std::string& target);
  void note(Kind kind, int node, const Answer& answer, base::Env::WallTime asked);

  base::Env& env_;
  const std::vector<const Api*> apis_;
  const Api& ironic_;
  const Options options_;
  mutable std::mutex mutex_;
  std::mt19937_64 chance_;
  std::vector<Node> nodes_;
  std::vector<Asked> asked_;
  std::map<std::string, int> answers_;
  std::vector<std::string> strange_;
  bool stopped_ = false;
  base::Pool callers_;
  std::unique_ptr<base::Env::Thread> generator_, follower_;
};

std::string_view name(Asked::Kind kind);

}  // namespace e2e
