#pragma once
#include "sql/database.h"

#include <soci/soci.h>

#include <span>
#include <string>
#include <vector>

namespace sql {

/// Gives a statement its values by SOCI, and keeps alive what that refers to until it has run.
class Bindings {
 public:
  Bindings(soci::statement& statement, std::span<const Value> parameters);
  ~Bindings() { statement_.bind_clean_up(); }
  Bindings(const Bindings&) = delete;
  Bindings& operator=(const Bindings&) = delete;

 private:
  struct Cell {
    soci::indicator indicator = soci::i_ok;
    std::string none;
    long long number = 0;
    double real = 0;
  };
  void bind(const Value& value, const std::string& name);

  soci::statement& statement_;
  std::vector<Cell> cells_;
};

}  // namespace sql
