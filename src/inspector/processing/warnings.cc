#include "inspector/processing/warnings.h"

#include "base/log.h"

namespace inspector {

void Warnings::add(const std::string& text) noexcept {
  if (++count_ <= kMost) base::log_warning(component_, text, {{"node", node_}});
}

Warnings::~Warnings() {
  if (count_ > kMost)
    base::log_warning(component_, "further warnings about this report are not shown",
                      {{"node", node_}, {"count", count_ - kMost}});
}

}  // namespace inspector
