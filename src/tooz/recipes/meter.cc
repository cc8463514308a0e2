#include "tooz/recipes/meter.h"

namespace tooz {
namespace {

class MeteredBackend final : public Backend {
 public:
  MeteredBackend(Env& env, std::unique_ptr<Backend> inner, std::shared_ptr<Metrics> metrics)
      : env_(env), inner_(std::move(inner)), metrics_(std::move(metrics)) {}

  Session open_session(Env::Duration wanted) override {
    return timed([&] { return inner_->open_session(wanted); });
  }
  Env::Duration renew(SessionId session) override {
    return timed([&] { return inner_->renew(session); });
  }
  void close_session(SessionId session) override {
    timed([&] { inner_->close_session(session); });
  }
  std::optional<Revision> create(std::string_view key, std::string_view value, SessionId owner,
                                 const Guard& guard) override {
    return timed([&] { return inner_->create(key, value, owner, guard); });
  }
  std::optional<Revision> replace(std::string_view key, std::string_view value,
                                  Revision expected) override {
    return timed([&] { return inner_->replace(key, value, expected); });
  }
  bool remove(std::string_view key, Revision expected, const Guard& guard) override {
    return timed([&] { return inner_->remove(key, expected, guard); });
  }
  std::optional<Entry> get(std::string_view key) override {
    return timed([&] { return inner_->get(key); });
  }
  Snapshot list(std::string_view prefix) override {
    return timed([&] { return inner_->list(prefix); });
  }
  std::string origin() override {
    return timed([&] { return inner_->origin(); });
  }
  void wait_change(std::string_view prefix, Revision at, Env::TimePoint deadline,
                   std::stop_token stop) override {
    counted([&] { inner_->wait_change(prefix, at, deadline, std::move(stop)); });
  }
  std::optional<Changes> next_changes(std::string_view prefix, Revision at, Env::TimePoint deadline,
                                      std::stop_token stop) override {
    return counted([&] { return inner_->next_changes(prefix, at, deadline, std::move(stop)); });
  }

 private:
  template <class Call>
  auto counted(Call call) -> decltype(call()) {
    try {
      return call();
    } catch (...) {
      metrics_->add(Metrics::Count::kErrors);
      throw;
    }
  }
  template <class Call>
  auto timed(Call call) -> decltype(call()) {
    struct Timer {
      MeteredBackend& owner;
      Env::TimePoint began;
      ~Timer() { owner.metrics_->time(Metrics::Time::kCall, owner.env_.now() - began); }
    };
    const Timer timer{*this, env_.now()};
    return counted(call);
  }

  Env& env_;
  const std::unique_ptr<Backend> inner_;
  const std::shared_ptr<Metrics> metrics_;
};

}  // namespace

std::unique_ptr<Backend> metered(Env& env, std::unique_ptr<Backend> backend,
                                 std::shared_ptr<Metrics> metrics) {
  if (!metrics) return backend;
  return std::make_unique<MeteredBackend>(env, std::move(backend), std::move(metrics));
}

}  // namespace tooz
