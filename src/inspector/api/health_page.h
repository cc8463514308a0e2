#pragma once
#include "base/env.h"

#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// What one backend of the health check says.
struct HealthFinding {
  bool healthy = true;
  std::string_view reason;
  std::string details;  ///< shown where `detailed` is set
};

/// What is shown: one finding for each backend.
struct HealthPage {
  const std::vector<HealthFinding>& findings;
  bool detailed;
  base::Env& env;
};

/// As oslo.middleware writes them, without what is about Python.
std::string health_text(const HealthPage& page);
std::string health_json(const HealthPage& page);
std::string health_html(const HealthPage& page);

}  // namespace inspector
