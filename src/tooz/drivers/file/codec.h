#pragma once
#include "tooz/drivers/leased_map.h"
#include "tooz/drivers/pages.h"

#include <optional>

namespace tooz::file {

/// What stands in the data file.
struct Contents {
  std::string boot_id;  ///< by whose clock the sessions end
  LeasedMap::Data data;
};

/// A line that names the format, a SHA-256 of what follows, and the contents.
Buffer encode(const std::string& boot_id, const LeasedMap::Data& data);

/// nullopt: not the bytes that encode() made.
std::optional<Contents> decode(std::string_view bytes);

}  // namespace tooz::file
