#pragma once
#include <stdexcept>
#include <string>

namespace inspector {

/// A failure for which the Python service would have raised an exception of class `type`; operators
/// know the texts of both. While a report is processed it ends the introspection as
/// `Unexpected exception {type} during processing: {text}`.
class PythonError : public std::runtime_error {
 public:
  PythonError(std::string type, const std::string& text)
      : std::runtime_error(text), type_(std::move(type)) {}
  const std::string& type() const noexcept { return type_; }

 private:
  std::string type_;
};

}  // namespace inspector
