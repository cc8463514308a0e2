#include "inspector/config/swift.h"

#include "base/ini.h"

#include <limits>

namespace inspector {

SwiftOptions read_swift(const base::Ini& ini) {
  constexpr std::string_view kSection = "swift";
  constexpr std::size_t kLongestName = 256;  // Swift's own bound
  SwiftOptions options;
  options.service = read_service(
      ini, {.name = kSection,
            .service_type = "object-store",
            .endpoint = "the URL of Swift's account, as http://192.0.2.1:8080/v1/AUTH_service"});
  options.container = ini.text(kSection, "container", options.container);
  if (options.container.empty() || options.container.size() > kLongestName ||
      options.container.find('/') != std::string::npos)
    throw ini.error(kSection, "container", "a name of 1 to 256 bytes without '/'");
  options.delete_after =
      ini.integer(kSection, "delete_after", 0, 0, std::numeric_limits<std::int32_t>::max());
  return options;
}

}  // namespace inspector
