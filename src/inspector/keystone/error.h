#pragma once
#include <stdexcept>

namespace inspector::keystone {

/// Keystone did not answer, or not with what was asked for. what() holds no secret.
class Error : public std::runtime_error {
 public:
  Error(int status_, const std::string& text) : std::runtime_error(text), status(status_) {}
  int status;  ///< HTTP status of the answer; 0: none
};

}  // namespace inspector::keystone
