#include "wsgi/service.h"

#include "base/log.h"
#include "http/serialiser.h"
#include "inspector/api/guard.h"
#include "inspector/service/api_unit.h"
#include "sql/url.h"
#include "tooz/url.h"

#include <pthread.h>
#include <unistd.h>

#include <mutex>

namespace wsgi {
namespace {

constexpr std::string_view kComponent = "inspector.wsgi";
constexpr base::Env::Duration kPatience = std::chrono::seconds(20);  ///< of who wants an answer
constexpr base::Env::Duration kSearch = std::chrono::seconds(5);     ///< for conductors, once
constexpr base::Env::Duration kPause = std::chrono::seconds(1);      ///< between failed starts
constexpr base::Env::Duration kEnd = std::chrono::seconds(10);

/// What the first request would stumble over.
void check(const inspector::Config& config) {
  const inspector::Guard users_and_policy(base::system_env(), config.api);
  sql::parse_url(config.database.connection);
  tooz::parse_url(config.coordination.backend_url);
}

}  // namespace

struct Service::Running {
  Running(base::Env& env, const inspector::Config& config)
      : unit(env, config), api(unit.parts(), config.api) {}

  inspector::ApiUnit unit;
  inspector::Api api;
  std::stop_source stop;  ///< of the requests under way
};

/// What belongs to one process. A child makes one of its own and does not touch this one: a fork
/// may have copied it in the midst of a change.
struct Service::Process {
  Process(base::Env& env, std::size_t max_bodies)
      : pid(getpid()), turn(env.make_event()), gone(env.make_event()), bodies(max_bodies) {
    turn->set();
  }

  const pid_t pid;
  const std::unique_ptr<base::Env::Event> turn;  ///< set: nobody is starting
  const std::shared_ptr<base::Env::Event> gone;  ///< set when a Running has been destroyed
  base::Env::TimePoint not_before{};  ///< of the next attempt to start; for who has the turn
  http::Budget bodies;

  std::mutex mutex;
  std::shared_ptr<Running> running;
  std::atomic<bool> closed = false;
  std::atomic<pthread_t> forking{};  ///< the thread that has the turn because it forks
};

Service::Service(const inspector::CommandLine& line)
    : config_(inspector::load_config(inspector::Service::kApi, line)), process_(nullptr) {
  check(config_);
  script_name_ = std::exchange(config_.api.script_name, {});
  inspector::begin_log(config_);
  process_ = make_process().release();
}

Service::~Service() { close(); }

std::unique_ptr<Service::Process> Service::make_process() const {
  return std::make_unique<Process>(base::system_env(), config_.api.server.max_bodies);
}

http::Budget& Service::bodies() { return process().bodies; }

Service::Process& Service::process() {
  Process* seen = process_.load();
  if (seen->pid == getpid()) return *seen;
  auto made = make_process();
  if (process_.compare_exchange_strong(seen, made.get())) return *made.release();
  return *seen;  // another thread of this process was faster
}

http::Response Service::answer(const http::Request& request) noexcept {
  try {
    if (const std::shared_ptr<Running> service = running())
      return service->api.handle(request, service->stop.get_token());
  } catch (const std::exception& error) {
    base::log_error(kComponent, std::string("The API does not start: ") + error.what());
  }
  return refusal(503, "The service is not available, try again later");
}

/// nullptr: it has been closed, or somebody has been starting it for too long, or failed a moment
/// ago.
std::shared_ptr<Service::Running> Service::running() {
  Process& own = process();
  const auto found = [&own] {
    const std::lock_guard guard(own.mutex);
    return own.closed ? nullptr : own.running;
  };
  if (std::shared_ptr<Running> service = found()) return service;
  base::Env& env = base::system_env();
  if (!own.turn->wait_until(env.after(kPatience), {})) return nullptr;
  struct Turn {
    ~Turn() { event.set(); }
    base::Env::Event& event;
  } const turn{*own.turn};
  if (std::shared_ptr<Running> service = found()) return service;
  if (env.now() < own.not_before) return nullptr;
  return start(own);
}

std::shared_ptr<Service::Running> Service::start(Process& own) {
  {
    const std::lock_guard guard(own.mutex);
    if (own.closed) return nullptr;
  }
  base::Env& env = base::system_env();
  std::shared_ptr<Running> service;
  try {
    service = std::shared_ptr<Running>(new Running(env, config_), [gone = own.gone](Running* each) {
      delete each;
      gone->set();
    });
  } catch (const std::exception&) {
    own.not_before = env.after(kPause);
    throw;
  }
  service->unit.wait_for_conductors(env.after(kSearch));
  base::log_info(kComponent, "The API serves in a WSGI container");
  const std::lock_guard guard(own.mutex);
  if (own.closed) return nullptr;
  own.running = service;
  return service;
}

http::Response Service::refusal(int status, std::string_view text) const {
  http::Response response = http::error_response(status, text, inspector::Api::version_headers());
  if (status == 503)
    response.headers.emplace_back("Retry-After",
                                  std::to_string(config_.api.server.retry_after.count()));
  return response;
}

/// False: requests under way have kept it for so long; new ones do not find it.
bool Service::give_back(Process& own, base::Env::Duration patience) {
  std::shared_ptr<Running> service;
  {
    const std::lock_guard guard(own.mutex);
    service = std::move(own.running);
  }
  if (!service) return true;
  own.gone->wait_until({}, {});  // an earlier one
  if (own.closed) service->stop.request_stop();
  const std::weak_ptr<Running> kept = service;
  service.reset();
  if (own.gone->wait_until(base::system_env().after(patience), {})) return true;
  const std::lock_guard guard(own.mutex);
  if (!own.closed) own.running = kept.lock();
  return false;
}

void Service::pause() noexcept {
  Process* own = process_.load();
  if (own == nullptr || own->pid != getpid()) return;
  if (own->turn->wait_until(base::system_env().after(kPatience), {})) {
    own->forking = pthread_self();
    if (give_back(*own, kPatience)) return;
  }
  base::log_warning(kComponent, "The process forks while requests are under way");
}

void Service::resume() noexcept {
  Process* own = process_.load();
  if (own == nullptr || own->forking != pthread_self()) return;
  own->forking = pthread_t{};
  own->turn->set();
}

void Service::close() noexcept {
  Process* own = process_.load();
  if (own == nullptr || own->pid != getpid()) return;
  {
    const std::lock_guard guard(own->mutex);
    own->closed = true;
  }
  if (!give_back(*own, kEnd))
    base::log_warning(kComponent, "Requests are still under way, ending without them");
}

}  // namespace wsgi
