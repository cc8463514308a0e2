#include "tooz/drivers/memcached/client.h"

namespace tooz::memcached {

Client::Client(Env& env, const Options& options)
    : env_(env),
      timeout_(options.timeout),
      name_(options.name),
      pool_(env, [&env, host = options.host](Env::TimePoint deadline) {
        return std::make_unique<Connection>(env, net::Destination{host.name, host.port, nullptr},
                                            deadline);
      }) {}

void Client::fail(const What& what, Errc code, std::string_view why) const {
  std::string text = name_ + ": " + std::string(what.verb);
  if (!what.key.empty()) text += " " + std::string(what.key);
  throw Error(code, text + ": " + std::string(why));
}

void Client::fail(const What& what, const std::runtime_error& error) const {
  const std::string_view text = error.what();
  const bool too_large = text.find("too large") != std::string_view::npos;
  fail(what, too_large ? Errc::kTooLarge : Errc::kUnreachable, text);
}

}  // namespace tooz::memcached
