#include "inspector/conductor/testing/memory_transport.h"

#include "rpc/message.h"

#include <boost/json.hpp>

namespace inspector::testing {

namespace json = boost::json;

void MemoryTransport::serve(const std::string& endpoint, const rpc::Methods& methods) {
  const std::lock_guard guard(mutex_);
  servers_[endpoint].methods = &methods;
}

void MemoryTransport::set_trouble(const std::string& endpoint, Trouble trouble) {
  const std::lock_guard guard(mutex_);
  servers_[endpoint].trouble = trouble;
}

std::size_t MemoryTransport::calls(const std::string& endpoint) const {
  const std::lock_guard guard(mutex_);
  const auto found = servers_.find(endpoint);
  return found == servers_.end() ? 0 : found->second.calls;
}

json::value MemoryTransport::call(const std::string& endpoint, std::string_view method,
                                  const json::object& params, base::Env::TimePoint deadline,
                                  std::stop_token stop) {
  Server server;
  {
    const std::lock_guard guard(mutex_);
    ++servers_[endpoint].calls;
    server = servers_[endpoint];
  }
  if (server.methods == nullptr || server.trouble == Trouble::kRefused)
    throw rpc::Unavailable(false, endpoint + ": connection refused");
  if (server.trouble == Trouble::kSilent) {
    env_.sleep_until(deadline, stop);
    throw rpc::Unavailable(true, endpoint + ": no answer in time");
  }
  const std::string sent = json::serialize(rpc::make_call(1, method, params));
  const json::value answer = server.methods->answer(rpc::parse(sent).value(), stop);
  if (server.trouble == Trouble::kAnswerLost)
    throw rpc::Unavailable(true, endpoint + ": the connection was lost");
  return rpc::result_of(answer, 1);
}

}  // namespace inspector::testing
