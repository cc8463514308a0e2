#pragma once
#include <memory>

#include "sim/door.h"
#include "tooz/backend.h"

namespace sim {

/// A process's way to the coordination backend, with a door in it. Waits for changes pass freely:
/// they ask for nothing.
class DoorBackend final : public tooz::Backend {
 public:
  DoorBackend(SimProcess& process, std::unique_ptr<tooz::Backend> inner, Door door)
      : process_(process), inner_(std::move(inner)), door_(std::move(door)) {}

  tooz::Session open_session(base::Env::Duration wanted) override;
  base::Env::Duration renew(tooz::SessionId session) override;
  void close_session(tooz::SessionId session) override;
  std::optional<tooz::Revision> create(std::string_view key, std::string_view value,
                                       tooz::SessionId owner, const tooz::Guard& guard) override;
  std::optional<tooz::Revision> replace(std::string_view key, std::string_view value,
                                        tooz::Revision expected) override;
  bool remove(std::string_view key, tooz::Revision expected, const tooz::Guard& guard) override;
  std::optional<tooz::Entry> get(std::string_view key) override;
  tooz::Snapshot list(std::string_view prefix) override;
  void wait_change(std::string_view prefix, tooz::Revision at, base::Env::TimePoint deadline,
                   std::stop_token stop) override {
    inner_->wait_change(prefix, at, deadline, std::move(stop));
  }
  std::string origin() override;

 private:
  template <class Call>
  auto pass(const char* what, std::string_view key, Call call) {
    return through(door_, process_, "backend " + std::string(what) + ' ' + std::string(key), call);
  }

  SimProcess& process_;
  const std::unique_ptr<tooz::Backend> inner_;
  const Door door_;
};

}  // namespace sim
