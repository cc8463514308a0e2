#include "tooz/drivers/redis/connection.h"

#include "tooz/error.h"

namespace tooz::redis {

void Connection::send(const Command& command, Env::TimePoint deadline) {
  stream_.send(encode(command), deadline);
}

std::optional<Reply> Connection::receive(Env::TimePoint deadline, int waker) {
  for (;;) {
    if (auto reply = reader_.next()) return reply;
    const std::string bytes = stream_.receive(deadline, waker);
    if (bytes.empty()) return std::nullopt;
    reader_.feed(bytes);
  }
}

std::vector<Reply> Connection::ask(const std::vector<Command>& commands, Env::TimePoint deadline) {
  std::string bytes;
  for (const Command& command : commands)
    bytes += encode(command);
  stream_.send(bytes, deadline);
  std::vector<Reply> replies;
  while (replies.size() < commands.size()) {
    auto reply = receive(deadline);
    if (!reply) throw net::TransportError(server_ + ": no answer in time");
    replies.push_back(std::move(*reply));
  }
  return replies;
}

Reply Connection::ask_one(const Command& command, Env::TimePoint deadline) {
  return std::move(ask({command}, deadline).front());
}

// Some servers repeat in an error what they were sent: its first word must do.
void log_in(Connection& connection, const Login& login, Env::TimePoint deadline) {
  if (login.password.empty()) return;
  Connection::Command command{"AUTH"};
  if (!login.user.empty()) command.push_back(login.user);
  command.push_back(login.password);
  const Reply reply = connection.ask_one(command, deadline);
  if (reply.kind != Reply::Kind::kError) return;
  const std::string word = reply.text.substr(0, reply.text.find(' '));
  if (word == "LOADING") throw net::TransportError(connection.server() + ": it is starting");
  throw Error(Errc::kDenied, std::string(login.name) + ": " + connection.server() +
                                 " refuses user or password: " + word);
}

}  // namespace tooz::redis
