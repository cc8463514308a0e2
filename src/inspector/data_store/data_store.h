#pragma once
#include "inspector/config/swift.h"
#include "inspector/node/store.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace inspector {

/// Keeps the data of introspections: as posted (unprocessed) and as the hooks left it. Thread-safe.
class DataStore {
 public:
  virtual ~DataStore() = default;
  virtual bool enabled() const noexcept { return true; }
  /// `json` is stored and served as it is; the caller has removed `logs`.
  virtual void save(std::string_view uuid, bool processed, std::string_view json,
                    const tooz::Token& token) = 0;
  /// The same as statements for a transaction of the node (WriteUnder), for a store that is in the
  /// nodes' database, and takes `json`; empty: it is not, has left `json` as it was, and save() has
  /// to be called.
  virtual WriteUnder::Also saving(std::string_view uuid, bool processed, std::string&& json) {
    (void)uuid, (void)processed, (void)json;
    return {};
  }
  /// nullopt: there is none.
  virtual std::optional<std::string> find(std::string_view uuid, bool processed) = 0;
  /// The same; throws inspector::Error with upstream's text when there is none.
  virtual std::string get(std::string_view uuid, bool processed) = 0;
};

std::unique_ptr<DataStore> no_data_store();
std::unique_ptr<DataStore> database_data_store(sql::Database& database, NodeStore& store);

/// Objects in a container of Swift, which is made when it is missing. Each call blocks for the
/// time-out of the options at most; what Swift or Keystone refuse, or do not answer, is
/// inspector::Error{kBadRequest} with upstream's text. A late writer is not told from a timely one:
/// the last write stays. `sender` carries the requests; none: an http::Client.
std::unique_ptr<DataStore> swift_data_store(base::Env& env, const SwiftOptions& options,
                                            std::shared_ptr<http::Sender> sender = nullptr);

}  // namespace inspector
