#include "tooz/drivers/etcd/client.h"

namespace tooz::etcd {

Client::Answer Client::call(const What& what, std::string message) {
  Channel::Reply reply = channel_.call({.path = what.path,
                                        .message = std::move(message),
                                        .deadline = env_.now() + timeout_,
                                        .repeatable = what.repeat == Repeat::kHarmless});
  if (!reply.status.ok()) fail(what, reply.status);
  return {std::move(reply.message), reply.generation};
}

void Client::fail(const What& what, const Status& status) {
  ++refusals_;
  fail(what, errc_of(status), status.message);
}

void Client::fail(const What& what, Errc code, std::string_view why) const {
  std::string text = name_ + ": " + std::string(what.verb);
  if (!what.key.empty()) text += " " + std::string(what.key);
  throw Error(code, text + ": " + std::string(why));
}

}  // namespace tooz::etcd
