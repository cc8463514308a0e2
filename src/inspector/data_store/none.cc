#include "inspector/data_store/data_store.h"
#include "inspector/error.h"

namespace inspector {
namespace {

class NoDataStore : public DataStore {
 public:
  bool enabled() const noexcept override { return false; }
  void save(std::string_view, bool, std::string_view, const tooz::Token&) override {}
  std::optional<std::string> find(std::string_view, bool) override { return std::nullopt; }
  std::string get(std::string_view, bool) override {
    throw Error(Errc::kNotFound,
                "Inspector is not configured to store data. Set the [processing]store_data "
                "configuration option to change this.");
  }
};

}  // namespace

std::unique_ptr<DataStore> no_data_store() { return std::make_unique<NoDataStore>(); }

}  // namespace inspector
