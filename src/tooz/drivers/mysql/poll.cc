#include "tooz/drivers/mysql/poll.h"

namespace tooz::mysql {
namespace {

constexpr auto kInterval = std::chrono::milliseconds(50);

Revision number(const std::optional<std::string>& cell) { return std::stoll(cell.value_or("0")); }

}  // namespace

Poll::Poll(Env& env, std::unique_ptr<sql_kv::Connection> connection, const sql_kv::Dialect& dialect,
           Env::Duration timeout)
    : env_(env), connection_(std::move(connection)), statements_(dialect), timeout_(timeout) {
  ask();
}

sql_kv::News Poll::next(const std::stop_token& stop) {
  if (!env_.sleep_for(kInterval, stop)) return {};
  return ask();
}

sql_kv::News Poll::ask() {
  using sql_kv::Failure;
  const auto found = connection_->run(statements_.changes(last_), env_.now() + timeout_);
  if (found.rows.empty()) throw Failure(Failure::Kind::kNoSchema, "the state row is gone");
  if (found.rows[0].at(0) != "0")
    throw Failure(Failure::Kind::kStandby, "the server takes no writes");
  const Revision counter = number(found.rows[0].at(1));
  sql_kv::News news;
  news.gap = counter < last_ || counter - sql_kv::kKeptRevisions > last_;
  for (const auto& row : found.rows)
    if (row.at(3)) news.changes.push_back({number(row.at(2)), *row.at(3)});
  last_ = counter;
  return news;
}

}  // namespace tooz::mysql
