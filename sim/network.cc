#include "sim/network.h"

#include <algorithm>

namespace sim {
namespace {

using namespace std::chrono_literals;

constexpr base::Env::Duration kConnectTime = 5s;

constexpr const char* kSent = "X-Simulated-Time";

http::Response busy() {
  return {.status = 503, .reason = {}, .headers = {{"Retry-After", "5"}}, .body = {}};
}

}  // namespace

/// One request on its way. Shared: either end may be killed.
struct Network::Exchange {
  http::Request request;
  std::shared_ptr<base::Env::Event> over;
  std::optional<http::Response> answer;
  bool refused = false;    ///< was never begun
  bool abandoned = false;  ///< its sender waits no more

  void end(std::optional<http::Response> with) {
    answer = std::move(with);
    over->set();
  }
};

/// What has arrived at a port.
struct Network::Inbox {
  SimProcess* process = nullptr;
  std::string url;
  std::shared_ptr<base::Env::Event> arrived;
  std::deque<std::shared_ptr<Exchange>> waiting{};
  std::vector<std::weak_ptr<Exchange>> begun{};
  bool open = true;
  bool repeatable = false;
};

class Network::SenderFrom final : public http::Sender {
 public:
  SenderFrom(Network& network, SimProcess& process) : network_(network), process_(process) {}

  http::Response send(std::string_view base_url, const http::Request& request, TimePoint deadline,
                      const std::stop_token& stop) override {
    const std::string url(base_url);
    const std::string name = request.method + ' ' + url + request.target;
    http::Request stamped = request;
    stamped.headers.emplace_back(kSent,
                                 std::to_string(network_.env_.now().time_since_epoch().count()));
    return through(network_.door_, process_, name,
                   [&] { return network_.exchange(process_, url, stamped, deadline, stop); });
  }

 private:
  Network& network_;
  SimProcess& process_;
};

std::shared_ptr<http::Sender> Network::sender(SimProcess& process) {
  return std::make_shared<SenderFrom>(*this, process);
}

Network::TimePoint Network::sent(const http::Request& request) {
  const auto stamp = http::find_header(request.headers, kSent);
  return TimePoint(base::Env::Duration(std::stoll(std::string(stamp.value_or("0")))));
}

bool Network::happens(double chance) {
  constexpr double kSpan = 1ULL << 32U;
  return chance > 0 && static_cast<double>(env_.random() >> 32U) < chance * kSpan;
}

void Network::travel(SimProcess& from, const std::stop_token& stop) {
  const auto span = static_cast<std::uint64_t>(faults_.longest_delay.count()) + 1;
  from.sleep_for(base::Env::Duration(static_cast<base::Env::Duration::rep>(env_.random() % span)),
                 stop);
}

bool Network::is_cut(const std::string& process, const std::string& url,
                     const std::string& server) {
  const TimePoint now = env_.now();
  const auto cut = [&](const std::string& who, const std::string& where) {
    const auto found = cuts_.find({who, where});
    return found != cuts_.end() && now < found->second;
  };
  return cut(process, url) || cut(process, "") || cut(server, "");
}

/// Somebody who listens at `url`, and lives.
std::shared_ptr<Network::Inbox> Network::reach(const SimProcess& from, const std::string& url,
                                               TimePoint deadline, const std::stop_token& stop) {
  std::vector<std::shared_ptr<Inbox>> there;
  for (const auto& each : inboxes_)
    if (each->url == url && each->open) there.push_back(each);
  if (there.empty()) {
    ++counts_.refused;
    throw http::Error(http::Errc::kNotSent, url + ": connection refused");
  }
  auto to = there[env_.random() % there.size()];
  if (is_cut(from.name(), url, to->process->name())) {
    ++counts_.refused;
    env_.sleep_until(std::min(deadline, env_.after(kConnectTime)), stop);
    throw http::Error(http::Errc::kNotSent, url + ": cannot connect");
  }
  return to;
}

std::shared_ptr<Network::Exchange> Network::deliver(SimProcess& from, Inbox& to,
                                                    const http::Request& request) {
  auto sent = std::make_shared<Exchange>();
  sent->request = request;
  sent->request.peer = from.name();
  sent->over = from.make_event();
  if (to.open) {
    to.waiting.push_back(sent);
    to.arrived->set();
  } else {
    sent->refused = true;
    sent->end(std::nullopt);
  }
  return sent;
}

http::Response Network::exchange(SimProcess& from, const std::string& url,
                                 const http::Request& request, TimePoint deadline,
                                 const std::stop_token& stop) {
  ++counts_.requests;
  travel(from, stop);
  if (stop.stop_requested()) throw http::Error(http::Errc::kStopped, url);
  const auto to = reach(from, url, deadline, stop);
  if (happens(faults_.broken)) {
    ++counts_.broken;
    throw http::Error(http::Errc::kNoAnswer, url + ": the connection broke");
  }
  const auto sent = deliver(from, *to, request);
  if (to->repeatable && happens(faults_.twice)) {
    ++counts_.twice;
    deliver(from, *to, request);
  }
  sent->over->wait_until(deadline, stop);
  sent->abandoned = !sent->answer;
  if (stop.stop_requested()) throw http::Error(http::Errc::kStopped, url);
  if (sent->refused) throw http::Error(http::Errc::kNotSent, url + ": connection refused");
  if (!sent->answer) throw http::Error(http::Errc::kNoAnswer, url);
  travel(from, stop);
  const bool unheard = happens(faults_.unheard);
  if (unheard) ++counts_.unheard;
  if (unheard || sent->answer->status == 0)
    throw http::Error(http::Errc::kNoAnswer, url + ": the connection broke");
  if (is_cut(from.name(), url, to->process->name())) {
    env_.sleep_until(deadline, stop);
    throw http::Error(http::Errc::kNoAnswer, url + ": no answer in time");
  }
  return *sent->answer;
}

void Network::break_connections(const SimProcess& process) {
  for (const auto& inbox : inboxes_) {
    if (inbox->process != &process) continue;
    inbox->open = false;
    for (const auto& each : inbox->waiting)
      each->end(std::nullopt);
    for (const auto& each : inbox->begun)
      if (const auto exchange = each.lock(); exchange && !exchange->answer)
        exchange->end(std::nullopt);
  }
  std::erase_if(inboxes_, [&](const auto& each) { return each->process == &process; });
}

std::unique_ptr<Network::Listener> Network::listen(SimProcess& process, const std::string& url,
                                                   Site site) {
  auto inbox = std::make_shared<Inbox>(Inbox{&process, url, process.make_event()});
  inbox->repeatable = site.repeatable;
  inboxes_.push_back(inbox);
  return std::make_unique<Listener>(*this, std::move(inbox), process, std::move(site));
}

Network::Listener::Listener(Network& network, std::shared_ptr<Inbox> inbox, SimProcess& process,
                            Site site)
    : network_(network),
      inbox_(std::move(inbox)),
      site_(std::make_shared<const Site>(std::move(site))),
      thread_(process.spawn("listener", [this](const std::stop_token& stop) { accept(stop); })) {}

Network::Listener::~Listener() {
  inbox_->open = false;
  std::erase(network_.inboxes_, inbox_);
  thread_.reset();
  for (const auto& each : inbox_->waiting) {
    each->refused = true;
    each->end(std::nullopt);
  }
}

void Network::Listener::accept(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    while (!inbox_->waiting.empty()) {
      const auto one = inbox_->waiting.front();
      inbox_->waiting.pop_front();
      if (one->abandoned && site_->skip_abandoned) continue;
      std::erase_if(inbox_->begun, [](const auto& each) { return each.expired(); });
      inbox_->begun.push_back(one);
      base::Pool* const pool = site_->pool_for(one->request);
      const bool taken =
          pool != nullptr && pool->submit([site = site_, one](const std::stop_token& its) {
            one->end(site->answer(one->request, its));
          });
      if (taken) continue;
      ++network_.counts_.busy;
      one->end(busy());
    }
    inbox_->arrived->wait_until(base::Env::TimePoint::max(), stop);
  }
}

}  // namespace sim
