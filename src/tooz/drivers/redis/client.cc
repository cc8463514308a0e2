#include "tooz/drivers/redis/client.h"

#include "tooz/random_text.h"

#include <algorithm>
#include <array>

namespace tooz::redis {
namespace {

constexpr auto kPause = std::chrono::milliseconds(100);

// Nothing was done, and another server, or the same one later, may do it.
bool comes_later(const Reply& reply) {
  constexpr std::array kWords{"READONLY", "LOADING", "MASTERDOWN", "NOREPLICAS", "BUSY"};
  return std::ranges::any_of(kWords, [&](const char* word) { return reply.is_error(word); });
}

// The last is what a script says that calls what the user may not.
bool denied(const Reply& reply) {
  return reply.is_error("NOAUTH") || reply.is_error("NOPERM") ||
         reply.is_error("ERR The user executing the script");
}

// A server may repeat in an error what it was sent.
std::string_view first_words(std::string_view text) {
  return text.substr(0, std::min(text.find(", with args"), std::size_t{200}));
}

}  // namespace

Client::Client(Env& env, const Options& options)
    : env_(env),
      timeout_(options.timeout),
      name_(options.name),
      space_(options.space),
      channel_(options.space + ":changed:" + std::to_string(options.db)),
      locator_(env, options),
      pool_(env, [this](Env::TimePoint deadline) { return locator_.connect(deadline); }) {}

Reply Client::run(const What& what, const std::vector<std::string_view>& arguments) {
  const auto deadline = env_.now() + timeout_;
  for (;;) {
    if (auto reply = attempt(what, arguments, deadline)) return std::move(*reply);
    env_.sleep_until(std::min(deadline, env_.now() + kPause), {});
  }
}

// Nullopt: not done, once more.
std::optional<Reply> Client::attempt(const What& what,
                                     const std::vector<std::string_view>& arguments,
                                     Env::TimePoint deadline) {
  bool connected = false;
  try {
    auto loan = pool_.take(deadline);
    connected = true;
    Reply reply = evaluate(*loan, what.script, arguments, deadline);
    if (!comes_later(reply)) loan.keep();
    if (reply.kind != Reply::Kind::kError) return reply;
    if (denied(reply)) fail(what, Errc::kDenied, first_words(reply.text));
    if (!comes_later(reply) || env_.now() + kPause >= deadline)
      fail(what, Errc::kUnreachable, first_words(reply.text));
    pool_.drop_all();
    return std::nullopt;
  } catch (const Error&) {
    throw;
  } catch (const std::runtime_error& e) {
    const bool again = connected && what.repeat == Repeat::kHarmless;
    if (!again || env_.now() + kPause >= deadline) fail(what, Errc::kUnreachable, e.what());
    return std::nullopt;
  }
}

Reply Client::evaluate(Connection& connection, const Script& script,
                       const std::vector<std::string_view>& arguments, Env::TimePoint deadline) {
  const std::string origin = random_text(env_);
  Connection::Command command{"EVALSHA", script.sha1, "1", space_, origin, channel_};
  command.insert(command.end(), arguments.begin(), arguments.end());
  Reply reply = connection.ask_one(command, deadline);
  if (!reply.is_error("NOSCRIPT")) return reply;
  command[0] = "EVAL";
  command[1] = script.text;
  return connection.ask_one(command, deadline);
}

void Client::fail(const What& what, Errc code, std::string_view why) const {
  std::string text = name_ + ": " + std::string(what.verb);
  if (!what.key.empty()) text += " " + std::string(what.key);
  throw Error(code, text + ": " + std::string(why));
}

}  // namespace tooz::redis
