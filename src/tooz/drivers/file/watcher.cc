#include "tooz/drivers/file/watcher.h"

#include "tooz/drivers/file/failure.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

#include <array>
#include <cerrno>

namespace tooz::file {
namespace {

constexpr int kPollMilliseconds = 60'000;

}  // namespace

Watcher::~Watcher() { thread_.reset(); }

Watcher::Place::Place(Watcher& watcher) : watcher_(watcher), event_(watcher.env_.make_event()) {
  watcher_.begin();
  const std::lock_guard lock(watcher_.mutex_);
  watcher_.places_.push_back(event_.get());
}

Watcher::Place::~Place() {
  const std::lock_guard lock(watcher_.mutex_);
  std::erase(watcher_.places_, event_.get());
}

// Asks for the directory each time: it may be another one of the same name by now.
void Watcher::begin() {
  const std::lock_guard lock(beginning_);
  if (!inotify_) {
    Descriptor inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    wake_up_ = Descriptor(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
    if (!inotify || !wake_up_) fail(name_, "inotify (fs.inotify.max_user_instances)", errno);
    inotify_ = std::move(inotify);
  }
  const std::uint32_t events = IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
  if (::inotify_add_watch(inotify_.get(), directory_.c_str(), events) < 0)
    fail(name_, "inotify (fs.inotify.max_user_watches)", errno);
  if (!thread_)
    thread_ = env_.spawn("tooz-file", [this](const std::stop_token& stop) { watch(stop); });
}

void Watcher::watch(const std::stop_token& stop) {
  const std::stop_callback at_stop(stop, [this] { ::eventfd_write(wake_up_.get(), 1); });
  std::array<char, 4096> events{};
  while (!stop.stop_requested()) {
    std::array<pollfd, 2> files{{{inotify_.get(), POLLIN, 0}, {wake_up_.get(), POLLIN, 0}}};
    ::poll(files.data(), files.size(), kPollMilliseconds);
    bool any = false;
    while (::read(inotify_.get(), events.data(), events.size()) > 0)
      any = true;
    if (any) wake_all();
  }
}

void Watcher::wake_all() {
  const std::lock_guard lock(mutex_);
  for (auto* event : places_)
    event->set();
}

}  // namespace tooz::file
