#include "tooz/drivers/zookeeper/handle.h"

#include "tooz/error.h"

#include <zookeeper/zookeeper.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace tooz::zookeeper {
namespace {

// The library drops its connection when its servers are replaced by others, and closes no session
// that has no connection. It compares addresses without their ports, so this one is nobody's.
constexpr const char* kNobody = "127.255.255.254:1";

void set_up_library() {
  // It would write to standard error, and shuffle the hosts after its own fashion.
  static const bool done = [] {
    zoo_set_debug_level(static_cast<ZooLogLevel>(0));
    zoo_deterministic_conn_order(1);
    return true;
  }();
  (void)done;
}

std::string joined(const std::vector<std::string>& hosts) {
  std::string text;
  for (const std::string& host : hosts)
    text += (text.empty() ? "" : ",") + host;
  return text;
}

int in_milliseconds(Env::Duration time) {
  const auto count = std::chrono::ceil<std::chrono::milliseconds>(time).count();
  return static_cast<int>(std::clamp<std::int64_t>(count, 1, 24LL * 3600 * 1000));
}

}  // namespace

Handle::Handle(Env& env, const Options& options, News& news, const Wish& wish)
    : env_(env), news_(news), lost_at_(env.now().time_since_epoch().count()) {
  set_up_library();
  clientid_t id{};
  id.client_id = wish.identity.id;
  std::memcpy(id.passwd, wish.identity.password.data(),
              std::min(sizeof id.passwd, wish.identity.password.size()));
  zh_ = zookeeper_init(joined(wish.hosts).c_str(), &Handle::on_event, in_milliseconds(wish.session),
                       id.client_id == 0 ? nullptr : &id, this, ZOO_NO_LOG_CLIENTENV);
  if (zh_ == nullptr)
    throw Error(Errc::kUnreachable,
                options.name + ": no connection can be begun: " + std::strerror(errno));
  const std::string& words = options.credentials;
  if (!words.empty())
    zoo_add_auth(zh_, "digest", words.data(), static_cast<int>(words.size()), nullptr, nullptr);
}

Handle::~Handle() { zookeeper_close(zh_); }

void Handle::leave() noexcept { zoo_set_servers(zh_, kNobody); }

bool Handle::connected() const noexcept { return zoo_state(zh_) == ZOO_CONNECTED_STATE; }

bool Handle::connected_by(Env::TimePoint deadline) {
  News::Ticket ticket(env_, news_);
  while (!connected()) {
    if (over() || !ticket.wait_until(deadline, {})) return connected();
  }
  return true;
}

bool Handle::over() const noexcept { return is_unrecoverable(zh_) != 0; }

bool Handle::refused() const noexcept { return zoo_state(zh_) == ZOO_AUTH_FAILED_STATE; }

Handle::Identity Handle::identity() const {
  const clientid_t* id = zoo_client_id(zh_);
  return {id->client_id, std::string(id->passwd, sizeof id->passwd)};
}

Env::Duration Handle::granted() const { return std::chrono::milliseconds(zoo_recv_timeout(zh_)); }

void Handle::on_event(zhandle_t* /*zh*/, int type, int state, const char* path, void* context) {
  auto& self = *static_cast<Handle*>(context);
  if (type != ZOO_SESSION_EVENT) return self.news_.tell(path);
  if (state != ZOO_CONNECTED_STATE) self.lost_at_ = self.env_.now().time_since_epoch().count();
  self.news_.tell_all();
}

}  // namespace tooz::zookeeper
