#include "tooz/drivers/sql_kv/connection.h"

#include <poll.h>

#include <algorithm>

namespace tooz::sql_kv {

short wait_for_socket(Env& env, int socket, short events, Env::TimePoint deadline) {
  for (;;) {
    const auto rest = std::chrono::ceil<std::chrono::milliseconds>(deadline - env.now()).count();
    if (rest <= 0) return 0;
    pollfd file{socket, events, 0};
    if (::poll(&file, 1, static_cast<int>(std::min<std::int64_t>(rest, 60'000))) > 0)
      return file.revents;
  }
}

}  // namespace tooz::sql_kv
