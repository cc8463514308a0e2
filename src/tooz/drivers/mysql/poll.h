#pragma once
#include "tooz/drivers/sql_kv/statements.h"

namespace tooz::mysql {

/// Asks for what has changed, again and again: the server cannot tell.
class Poll final : public sql_kv::Feed {
 public:
  /// Throws Failure.
  Poll(Env& env, std::unique_ptr<sql_kv::Connection> connection, const sql_kv::Dialect& dialect,
       Env::Duration timeout);

  sql_kv::News next(const std::stop_token& stop) override;

 private:
  sql_kv::News ask();

  Env& env_;
  const std::unique_ptr<sql_kv::Connection> connection_;
  const sql_kv::Statements statements_;
  const Env::Duration timeout_;
  Revision last_ = 0;
};

}  // namespace tooz::mysql
