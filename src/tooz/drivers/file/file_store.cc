#include "tooz/drivers/file/file_store.h"

#include "tooz/drivers/file/codec.h"
#include "tooz/error.h"
#include "tooz/random_text.h"

namespace tooz::file {

std::optional<LeasedMap> FileStore::load(const Directory& directory) const {
  const std::optional<Buffer> bytes = directory.read();
  if (!bytes) return std::nullopt;
  std::optional<Contents> contents = decode(*bytes);
  if (!contents)
    throw Error(Errc::kDenied, settings_.name + ": " + kDataFile +
                                   " is damaged, or of another version; stop all that use it"
                                   " before you remove it");
  LeasedMap map(settings_.name, std::move(contents->data));
  if (contents->boot_id != settings_.boot_id) map.end_all_sessions();
  return map;
}

// The number of the first session is drawn: one whose data was removed must not find itself under
// the number of another.
LeasedMap FileStore::fresh() const {
  LeasedMap::Data data;
  data.origin = random_text(env_);
  data.last_session = env_.random() >> 1;
  return {settings_.name, std::move(data)};
}

void FileStore::keep(const Directory& directory, const LeasedMap& map) const {
  directory.replace(encode(settings_.boot_id, map.data()));
}

}  // namespace tooz::file
