#pragma once
#include "inspector/rules/effort.h"

#include <boost/json.hpp>
#include <functional>
#include <span>
#include <string_view>

namespace inspector {

/// Whether a value that a condition's field named satisfies it. Throws PythonError, and as Effort
/// does.
using Check = std::function<bool(const boost::json::value& value, Effort& effort)>;

struct Operator {
  std::string_view name;
  bool allows_none;  ///< a field without value counts as one that is null; else nothing holds of it
  /// Throws std::invalid_argument for parameters that it does not take.
  Check (*make)(const boost::json::object& params);
};

/// All, by name.
std::span<const Operator> operators() noexcept;

/// nullptr: there is none of that name.
const Operator* find_operator(std::string_view name) noexcept;

}  // namespace inspector
