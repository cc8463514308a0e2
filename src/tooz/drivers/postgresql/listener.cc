#include "tooz/drivers/postgresql/listener.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <system_error>

namespace tooz::postgresql {
namespace {

// As long as nothing is heard, we ask after so long whether the server is still there.
constexpr int kSilenceMilliseconds = 5000;

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

std::optional<sql_kv::News::Change> parse_announcement(std::string_view text) {
  sql_kv::News::Change change{0, ""};
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), change.revision);
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (error != std::errc{} || !text.starts_with(' ') || text.size() % 2 == 0) return std::nullopt;
  for (std::size_t i = 1; i < text.size(); i += 2) {
    const int high = nibble(text[i]);
    const int low = nibble(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    change.key += static_cast<char>(high * 16 + low);
  }
  return change;
}

Listener::Listener(Env& env, std::unique_ptr<Connection> connection, Env::Duration timeout)
    : env_(env),
      connection_(std::move(connection)),
      timeout_(timeout),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (wake_fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  try {
    const auto deadline = env_.now() + timeout_;
    const auto channel =
        connection_->run({{"SELECT 'tooz_cc_' || md5(current_schema())"}, 0, true}, deadline);
    connection_->run({{"LISTEN " + channel.rows.at(0).at(0).value_or("tooz_cc")}, 0, true},
                     deadline);
  } catch (...) {
    ::close(wake_fd_);
    throw;
  }
}

Listener::~Listener() { ::close(wake_fd_); }

sql_kv::News Listener::next(const std::stop_token& stop) {
  sql_kv::News news;
  doze(stop);
  for (const std::string& text : connection_->announcements())
    if (auto change = parse_announcement(text)) news.changes.push_back(std::move(*change));
  return news;
}

void Listener::doze(const std::stop_token& stop) {
  const std::stop_callback at_stop(stop, [this] { ::eventfd_write(wake_fd_, 1); });
  std::array<pollfd, 2> files{{{connection_->socket(), POLLIN, 0}, {wake_fd_, POLLIN, 0}}};
  const int ready = ::poll(files.data(), files.size(), kSilenceMilliseconds);
  if (ready == 0) connection_->run({{"SELECT 1"}, 0, true}, env_.now() + timeout_);
}

}  // namespace tooz::postgresql
