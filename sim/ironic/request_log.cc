#include "sim/ironic/request_log.h"

#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace sim {

RequestLog::RequestLog(base::Env& env, const std::string& file)
    : env_(env), file_(std::fopen(file.c_str(), "ae")) {
  if (!file_) throw std::runtime_error("cannot write " + file + ": " + std::strerror(errno));
}

void RequestLog::write(const Line& line) {
  const auto wall = env_.wall_time().time_since_epoch();
  const double seconds = std::chrono::duration<double>(wall).count();
  const boost::json::object entry{{"time", seconds},
                                  {"method", line.method},
                                  {"target", line.target},
                                  {"status", line.status},
                                  {"body", line.body}};
  const std::string text = boost::json::serialize(entry) + "\n";
  const std::lock_guard lock(mutex_);
  std::fwrite(text.data(), 1, text.size(), file_.get());
  std::fflush(file_.get());
}

}  // namespace sim
