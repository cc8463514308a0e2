// A process that uses the library and tells what it sees, one line for each event:
//   tooz_actor URL hold NAME LEASE_MS          takes a lock and looks at it all the time
//   tooz_actor URL contend NAME FOLDER TURNS   counts up a file under a lock, rests, again; goes on
//                                              asking while nobody answers
//   tooz_actor URL join GROUP MEMBER LEASE_MS  joins as soon as the backend answers
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <iostream>
#include <mutex>
#include <utility>

#include "base/log.h"
#include "tooz/coordinator.h"
#include "tooz/error.h"
#include "tooz/value.h"

namespace {

using base::Env;
using std::chrono::milliseconds;

void say(const std::string& text) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  std::cout << text << std::endl;
}

Env::Duration milliseconds_in(const char* text) { return milliseconds(std::stol(text)); }

tooz::LockGuard acquired(Env& env, tooz::Lock& lock) {
  for (;;) {
    try {
      return std::move(*lock.acquire({}));
    } catch (const tooz::Error& e) {
      if (e.code() != tooz::Errc::kUnreachable && e.code() != tooz::Errc::kSessionLost) throw;
      env.sleep_for(milliseconds(100), {});
    }
  }
}

// Goes on until it is killed. A pause is what a stopped process sees when it runs again.
int hold(Env& env, const char* url, char** words) {
  constexpr auto kLook = milliseconds(2);
  constexpr auto kPause = milliseconds(1000);
  tooz::Coordinator coordinator(env, url, {.lease = milliseconds_in(words[1])});
  tooz::Lock lock = coordinator.lock(words[0]);
  const auto guard = acquired(env, lock);
  say("held " + std::to_string(guard.token().number) + " " + guard.token().origin);
  const std::stop_callback on_lost(guard.lost(), [] { say("lost"); });
  for (auto last = env.now();; last = env.now()) {
    env.sleep_for(kLook, {});
    const auto left = guard.remaining();
    if (env.now() - last > kPause) say("after a pause " + std::to_string(left.count()) + " ns");
  }
}

// Whoever finds another one in here says so. Python's counterpart does the same.
bool take_turn(Env& env, const std::string& folder) {
  const std::string busy = folder + "/busy";
  const int file = open(busy.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
  if (file < 0) return false;
  close(file);
  int count = 0;
  std::ifstream(folder + "/count") >> count;
  env.sleep_for(milliseconds(2), {});
  std::ofstream(folder + "/count") << count + 1 << "\n";
  unlink(busy.c_str());
  return true;
}

int contend(Env& env, const char* url, char** words) {
  tooz::Coordinator coordinator(env, url, {});
  tooz::Lock lock = coordinator.lock(words[0]);
  for (int turn = std::stoi(words[2]); turn > 0; --turn) {
    {
      const auto guard = acquired(env, lock);
      if (!take_turn(env, words[1])) {
        say("two at once");
        return 1;
      }
    }
    say("turn");
    env.sleep_for(milliseconds(200 + static_cast<int>(env.random() % 200)), {});
  }
  say("done");
  return 0;
}

int join(Env& env, const char* url, char** words) {
  tooz::Coordinator coordinator(env, url,
                                {.member_id = words[1],
                                 .lease = milliseconds_in(words[2]),
                                 .on_rejoined = [](const tooz::Lost&) { say("rejoined"); }});
  for (bool waiting = false;;) {
    try {
      coordinator.create_group(words[0]);
      if (!coordinator.join(words[0], tooz::Value::Map{})) return 1;
      break;
    } catch (const tooz::Error& e) {
      if (!std::exchange(waiting, true)) say("waiting");
      env.sleep_for(milliseconds(100), {});
    }
  }
  say("joined");
  env.sleep_until(Env::TimePoint::max(), {});
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return 2;
  Env& env = base::system_env();
  const std::string what = argv[2];
  if (what == "hold") return hold(env, argv[1], argv + 3);
  if (what == "contend" && argc == 6) return contend(env, argv[1], argv + 3);
  if (what == "join" && argc == 6) return join(env, argv[1], argv + 3);
  return 2;
}
