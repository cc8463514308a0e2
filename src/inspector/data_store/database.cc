#include "inspector/data_store/data_store.h"
#include "inspector/error.h"

namespace inspector {
namespace {

using sql::Transaction;

/// Changes no row where there is no such node. MySQL counts two for a row that was there.
std::string_view save_statement(sql::Dialect dialect) {
  if (dialect == sql::Dialect::kMysql)
    return "INSERT INTO introspection_data (uuid, processed, data) SELECT uuid, :p2, :p3 FROM "
           "nodes "
           "WHERE uuid = :p1 ON DUPLICATE KEY UPDATE data = VALUES(data)";
  return "INSERT INTO introspection_data (uuid, processed, data) SELECT uuid, :p2, :p3 FROM nodes "
         "WHERE uuid = :p1 ON CONFLICT (uuid, processed) DO UPDATE SET data = excluded.data";
}

/// Rows of introspection_data, one each for posted and processed data; a document is served as it
/// was stored, without being parsed.
class DatabaseDataStore : public DataStore {
 public:
  DatabaseDataStore(sql::Database& database, NodeStore& store)
      : database_(database), store_(store) {}

  void save(std::string_view uuid, bool processed, std::string_view json,
            const tooz::Token& token) override {
    store_.write(uuid, token, saving(uuid, processed, std::string(json)));
  }

  WriteUnder::Also saving(std::string_view uuid, bool processed, std::string&& json) override {
    // Shared: a document of megabytes is not copied, however often this function is.
    const auto row = std::make_shared<std::vector<sql::Value>>();
    row->emplace_back(std::string(uuid));
    row->emplace_back(processed);
    row->emplace_back(std::move(json));
    // The foreign key would tell of a node that is gone only on servers that enforce it.
    const auto none = [node = std::string(uuid)] {
      throw Error(Errc::kNotFound, "Could not find node " + node + " in cache");
    };
    return [none, row](Transaction& t) { t.exec_soon(save_statement(t.dialect()), *row, none); };
  }

  std::optional<std::string> find(std::string_view uuid, bool processed) override {
    std::optional<std::string> document;
    if (uuid.find('\0') != std::string_view::npos) return document;
    database_.run(sql::Access::kRead, [&](Transaction& t) {
      document.reset();
      const auto rows =
          t.query("SELECT data FROM introspection_data WHERE uuid = :p1 AND processed = :p2",
                  {std::string(uuid), processed});
      if (!rows.empty()) document = rows[0].maybe_text(0);
    });
    return document;
  }

  std::string get(std::string_view uuid, bool processed) override {
    if (std::optional<std::string> document = find(uuid, processed)) return *std::move(document);
    throw Error(Errc::kNotFound, "Introspection data not found for node " + std::string(uuid) +
                                     ", processed=" + (processed ? "True" : "False"));
  }

 private:
  sql::Database& database_;
  NodeStore& store_;
};

}  // namespace

std::unique_ptr<DataStore> database_data_store(sql::Database& database, NodeStore& store) {
  return std::make_unique<DatabaseDataStore>(database, store);
}

}  // namespace inspector
