#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// A value in the arguments of a handler of Python's logging.
struct PythonLiteral {
  enum class Kind { kText, kNumber, kName, kTuple } kind = Kind::kName;
  std::string text;  ///< kText: itself; kName: the dotted name
  std::int64_t number = 0;
  std::vector<PythonLiteral> items;  ///< kTuple
};

/// `('x.log', 'a', 1024)`: texts, whole numbers (their products too), dotted names and tuples. One
/// value without parentheses counts as a tuple of itself. Throws std::runtime_error for anything
/// else.
std::vector<PythonLiteral> parse_python_arguments(std::string_view text);

}  // namespace inspector
