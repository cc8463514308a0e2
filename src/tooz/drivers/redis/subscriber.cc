#include "tooz/drivers/redis/subscriber.h"

#include <sys/eventfd.h>

#include <algorithm>
#include <charconv>

namespace tooz::redis {
namespace {

constexpr auto kFirstPause = std::chrono::milliseconds(50);
constexpr auto kLongestPause = std::chrono::seconds(1);
constexpr auto kQuiet = std::chrono::seconds(5);  ///< then PING
/// The longest time between two rounds while somebody waits: they also notice lost data.
constexpr auto kLongestRound = std::chrono::seconds(10);

}  // namespace

Subscriber::Subscriber(Client& client)
    : client_(client),
      env_(client.env()),
      failure_(Errc::kUnreachable, client.name() + ": not connected"),
      backoff_(env_, kFirstPause, kLongestPause),
      wake_up_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

Subscriber::~Subscriber() { thread_.reset(); }

Subscriber::Place::Place(Subscriber& subscriber, std::string_view prefix)
    : subscriber_(subscriber), prefix_(prefix), event_(subscriber.env_.make_event()) {
  subscriber_.begin();
  const std::lock_guard lock(subscriber_.mutex_);
  failures_ = subscriber_.failures_;
  subscriber_.places_.push_back(this);
}

Subscriber::Place::~Place() {
  const std::lock_guard lock(subscriber_.mutex_);
  std::erase(subscriber_.places_, this);
}

bool Subscriber::Place::ready(Env::TimePoint deadline, const std::stop_token& stop) {
  const auto patience = subscriber_.env_.now() + subscriber_.client_.timeout();
  for (;;) {
    const bool late = subscriber_.env_.now() >= patience;
    {
      const std::lock_guard lock(subscriber_.mutex_);
      if (subscriber_.listening_) {
        failures_ = subscriber_.failures_;
        heard_all_ = true;
        return true;
      }
      if (late || subscriber_.failures_ != failures_) throw Error(subscriber_.failure_);
    }
    event_->wait_until(std::min(deadline, patience), stop);
    if (stop.stop_requested() || subscriber_.env_.now() >= deadline) return false;
  }
}

bool Subscriber::Place::changed(Env::TimePoint deadline, const std::stop_token& stop) {
  event_->wait_until(deadline, stop);
  const std::lock_guard lock(subscriber_.mutex_);
  return hit_;
}

void Subscriber::Place::note_unchanged(Revision at) {
  const std::lock_guard lock(subscriber_.mutex_);
  if (!hit_) unchanged_until_ = std::max(unchanged_until_, at);
}

Revision Subscriber::Place::unchanged_until() const {
  const std::lock_guard lock(subscriber_.mutex_);
  return unchanged_until_;
}

void Subscriber::begin() {
  const std::lock_guard lock(mutex_);
  if (thread_) return;
  if (!wake_up_) throw Error(Errc::kUnreachable, client_.name() + ": no descriptor is left");
  thread_ = env_.spawn("tooz-redis", [this](const std::stop_token& stop) { run(stop); });
}

void Subscriber::expect_end(Env::TimePoint when) {
  const std::lock_guard lock(mutex_);
  if (when >= round_at_) return;
  round_at_ = when;
  ::eventfd_write(wake_up_.get(), 1);
}

Env::TimePoint Subscriber::round_at() {
  const std::lock_guard lock(mutex_);
  return places_.empty() ? Env::TimePoint::max() : round_at_;
}

void Subscriber::wake_all() {
  for (Place* place : places_)
    place->event_->set();
}

void Subscriber::run(const std::stop_token& stop) {
  const std::stop_callback at_stop(stop, [this] { ::eventfd_write(wake_up_.get(), 1); });
  while (!stop.stop_requested()) {
    try {
      follow(stop);
    } catch (const std::runtime_error& error) {
      note_failure(error);
    }
    env_.sleep_for(backoff_.next(), stop);
  }
}

void Subscriber::follow(const std::stop_token& stop) {
  const auto deadline = env_.now() + client_.timeout();
  const auto connection = client_.locator().connect(deadline);
  const Reply reply = connection->ask_one({"SUBSCRIBE", client_.channel()}, deadline);
  if (reply.kind == Reply::Kind::kError)
    throw Error(Errc::kDenied, client_.name() + ": subscribe: " + reply.text);
  note_listening();
  listen(*connection, stop);
}

void Subscriber::listen(Connection& connection, const std::stop_token& stop) {
  auto silence_ends = env_.now() + kQuiet;
  bool pinged = false;
  while (!stop.stop_requested()) {
    const auto message = connection.receive(std::min(silence_ends, round_at()), wake_up_.get());
    eventfd_t woken = 0;
    ::eventfd_read(wake_up_.get(), &woken);
    const auto now = env_.now();
    if (message) {
      deliver(*message);
      silence_ends = now + kQuiet;
      pinged = false;
    } else if (now >= silence_ends) {
      if (pinged) throw net::TransportError(connection.server() + ": no answer in time");
      connection.send({"PING"}, now + client_.timeout());
      silence_ends = now + client_.timeout();
      pinged = true;
    }
    if (now >= round_at()) make_round();
  }
}

void Subscriber::note_listening() {
  backoff_.reset(kFirstPause);
  const std::lock_guard lock(mutex_);
  listening_ = true;
  wake_all();
}

void Subscriber::note_failure(const std::runtime_error& error) {
  const auto* known = dynamic_cast<const Error*>(&error);
  const std::lock_guard lock(mutex_);
  if (!listening_) ++failures_;
  listening_ = false;
  for (Place* place : places_)
    place->heard_all_ = false;
  failure_ = known != nullptr
                 ? *known
                 : Error(Errc::kUnreachable, client_.name() + ": subscribe: " + error.what());
  wake_all();
}

// ["message", channel, "revision key"]; what else comes (the answer to PING) is a sign of life
// only.
void Subscriber::deliver(const Reply& message) {
  if (message.elements.size() != 3 || message.elements[0].text != "message") return;
  std::string_view key = message.elements[2].text;
  Revision revision = 0;
  const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), revision);
  if (error != std::errc{} || end == key.data() + key.size()) return;
  key.remove_prefix(static_cast<std::size_t>(end - key.data()) + 1);
  const std::lock_guard lock(mutex_);
  for (Place* place : places_) {
    if (key.starts_with(place->prefix_)) {
      place->hit_ = true;
      place->event_->set();
    } else if (!place->hit_ && place->heard_all_) {
      place->unchanged_until_ = std::max(place->unchanged_until_, revision);
    }
  }
}

void Subscriber::make_round() {
  {
    const std::lock_guard lock(mutex_);
    round_at_ = Env::TimePoint::max();
  }
  Env::Duration pause = kLongestRound;
  try {
    const Client::What what{scripts().round, "look for ended sessions", "",
                            Client::Repeat::kHarmless};
    const Round round = client_.decoded(what, client_.run(what, {}), &decode_round);
    if (round.next_end) pause = std::min<Env::Duration>(pause, *round.next_end);
    const std::lock_guard lock(mutex_);
    if (round.origin != origin_) wake_all();
    origin_ = round.origin;
  } catch (const Error&) {
    pause = kLongestPause;  // those who wait find out by themselves
  }
  expect_end(env_.now() + pause);
}

}  // namespace tooz::redis
