#include "tooz/drivers/file/file.h"

#include "tooz/drivers/file/file_store.h"
#include "tooz/drivers/file/watcher.h"
#include "tooz/error.h"
#include "tooz/url.h"

#include <algorithm>
#include <array>
#include <fstream>

namespace tooz {
namespace file {
namespace {

class FileBackend final : public Backend {
 public:
  FileBackend(Env& env, const Settings& settings)
      : env_(env), store_(env, settings), watcher_(env, settings.directory, settings.name) {}

  Session open_session(Env::Duration wanted) override {
    return store_.change([=](LeasedMap& map, auto now) { return map.open_session(now, wanted); });
  }
  Env::Duration renew(SessionId session) override {
    return store_.change([=](LeasedMap& map, auto now) { return map.renew(now, session); });
  }
  void close_session(SessionId session) override {
    store_.change([=](LeasedMap& map, auto) {
      map.close_session(session);
      return true;
    });
  }

  std::optional<Revision> create(std::string_view key, std::string_view value, SessionId owner,
                                 const Guard& guard) override {
    check_size(key, value);
    return store_.change([&](LeasedMap& map, auto) {
      return map.create({std::string(key), std::string(value), owner, 0, 0}, guard);
    });
  }
  std::optional<Revision> replace(std::string_view key, std::string_view value,
                                  Revision expected) override {
    check_size(key, value);
    return store_.change([&](LeasedMap& map, auto) { return map.replace(key, value, expected); });
  }
  bool remove(std::string_view key, Revision expected, const Guard& guard) override {
    return store_.change([&](LeasedMap& map, auto) { return map.remove(key, expected, guard); });
  }

  std::optional<Entry> get(std::string_view key) override {
    return store_.look([=](const LeasedMap& map) { return map.get(key); });
  }
  Snapshot list(std::string_view prefix) override {
    return store_.look([=](const LeasedMap& map) { return map.list(prefix); });
  }
  std::string origin() override {
    return store_.look([](const LeasedMap& map) { return map.data().origin; });
  }

  void wait_change(std::string_view prefix, Revision at, Env::TimePoint deadline,
                   std::stop_token stop) override {
    wait(prefix, at, deadline, stop);
  }

  std::optional<Changes> next_changes(std::string_view prefix, Revision at, Env::TimePoint deadline,
                                      std::stop_token stop) override {
    at = wait(prefix, at, deadline, stop);
    return store_.look([=](const LeasedMap& map) { return map.changes_since(prefix, at); });
  }

 private:
  /// As wait_change(); returns up to where nothing has changed, `at` or later.
  Revision wait(std::string_view prefix, Revision at, Env::TimePoint deadline,
                const std::stop_token& stop) {
    const Directory made(store_.settings());  // there to be watched
    Watcher::Place place(watcher_);
    while (!stop.stop_requested() && env_.now() < deadline) {
      // nullopt: changed
      const auto next = store_.look([&](const LeasedMap& map) -> std::optional<Env::TimePoint> {
        if (map.changed(prefix, at)) return std::nullopt;
        at = map.data().last;
        return map.next_expiry(prefix);
      });
      if (!next) break;
      place.wait_until(std::min(deadline, *next), stop);
    }
    return at;
  }

  void check_size(std::string_view key, std::string_view value) const {
    if (value.size() > kFileFeatures.max_value)
      throw Error(Errc::kTooLarge, store_.settings().name + ": " + std::string(key) + ": " +
                                       std::to_string(value.size()) + " bytes, at most " +
                                       std::to_string(kFileFeatures.max_value));
  }

  Env& env_;
  FileStore store_;
  Watcher watcher_;
};

std::string machines_boot_id() {
  constexpr const char* kPath = "/proc/sys/kernel/random/boot_id";
  std::ifstream file(kPath);
  std::string id;
  if (!std::getline(file, id) || id.empty())
    throw Error(Errc::kUnsuitable, std::string("file: cannot read ") + kPath);
  return id;
}

}  // namespace
}  // namespace file

std::unique_ptr<Backend> make_file_backend(Env& env, const file::Settings& settings) {
  return std::make_unique<file::FileBackend>(env, settings);
}

std::unique_ptr<Backend> open_file(Env& env, const Url& url) {
  constexpr std::array<std::string_view, 3> kKnown{"timeout", "membership_timeout", "lock_timeout"};
  url.accept_options(kKnown);
  for (const std::string_view name : kKnown)
    url.duration(name);
  if (!url.hosts.empty() || !url.user.empty() || !url.password.empty() ||
      url.path.find_first_not_of('/') == std::string::npos)
    throw Error(Errc::kBadUrl, "file://: an absolute directory follows, file:///var/lib/tooz");
  file::Settings settings;
  settings.directory = url.path;
  while (settings.directory.ends_with('/'))
    settings.directory.pop_back();
  settings.name = "file://" + settings.directory;
  settings.boot_id = file::machines_boot_id();
  settings.timeout = url.duration("timeout").value_or(settings.timeout);
  return make_file_backend(env, settings);
}

}  // namespace tooz
