#pragma once
#include "tooz/drivers/postgresql/connection.h"

namespace tooz::postgresql {

/// LISTEN: every transaction announces each key that it changed, with the revision. The channel is
/// of the schema that the tables stand in.
class Listener final : public sql_kv::Feed {
 public:
  /// Throws Failure; what is committed from then on is heard.
  Listener(Env& env, std::unique_ptr<Connection> connection, Env::Duration timeout);
  ~Listener() override;
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  sql_kv::News next(const std::stop_token& stop) override;

 private:
  void doze(const std::stop_token& stop);

  Env& env_;
  const std::unique_ptr<Connection> connection_;
  const Env::Duration timeout_;
  int wake_fd_;  // an eventfd
};

/// Throws nothing; nullopt: it is none of ours.
std::optional<sql_kv::News::Change> parse_announcement(std::string_view text);

}  // namespace tooz::postgresql
