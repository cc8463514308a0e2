#pragma once
#include "sql/engine.h"

#include <libpq-fe.h>

namespace sql {

/// Rows, as text, and the number of rows changed. SOCI would hand out times without their
/// fractions.
Answer read_answer(const PGresult* result);

/// `state` is an SQLSTATE, `text` what libpq or SOCI say.
Failure postgresql_failure(const std::string& state, const std::string& text);

/// The pipeline mode of libpq (PostgreSQL's documentation, 34.5).
class PostgresqlPipeline : public Pipeline {
 public:
  Answers run(soci::session& session, std::span<const Call> calls) const override;
  std::string failing_if_none(std::string_view statement) const override;
  bool changed_none(const Failure& failure) const noexcept override;
};

}  // namespace sql
