#pragma once
#include "inspector/node/store.h"

#include <memory>
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
  /// nodes' database; empty: it is not, and save() has to be called.
  virtual WriteUnder::Also saving(std::string_view uuid, bool processed, std::string_view json) {
    (void)uuid, (void)processed, (void)json;
    return {};
  }
  /// Throws inspector::Error{kNotFound} with upstream's text.
  virtual std::string get(std::string_view uuid, bool processed) = 0;
};

std::unique_ptr<DataStore> no_data_store();
std::unique_ptr<DataStore> database_data_store(sql::Database& database, NodeStore& store);

}  // namespace inspector
