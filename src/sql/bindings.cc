#include "sql/bindings.h"

namespace sql {

Bindings::Bindings(soci::statement& statement, std::span<const Value> parameters)
    : statement_(statement) {
  cells_.reserve(parameters.size());
  statement_.bind_clean_up();
  for (const Value& value : parameters)
    bind(value, "p" + std::to_string(cells_.size() + 1));
  statement_.define_and_bind();
}

void Bindings::bind(const Value& value, const std::string& name) {
  Cell& cell = cells_.emplace_back();
  if (const auto* text = std::get_if<std::string>(&value)) {
    statement_.exchange(soci::use(*text, cell.indicator, name));
  } else if (const auto* real = std::get_if<double>(&value)) {
    cell.real = *real;
    statement_.exchange(soci::use(cell.real, cell.indicator, name));
  } else if (std::holds_alternative<std::nullptr_t>(value)) {
    cell.indicator = soci::i_null;
    statement_.exchange(soci::use(cell.none, cell.indicator, name));
  } else {  // every database reads 0 and 1 as booleans
    const auto* flag = std::get_if<bool>(&value);
    cell.number = flag ? static_cast<long long>(*flag) : std::get<std::int64_t>(value);
    statement_.exchange(soci::use(cell.number, cell.indicator, name));
  }
}

}  // namespace sql
