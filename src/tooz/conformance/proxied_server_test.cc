// The suites over real servers that are a slow network away.
#include "tooz/conformance/backend_suite.h"
#include "tooz/conformance/recipe_suite.h"
#include "tooz/conformance/served.h"

namespace tooz::conformance {
namespace {

using std::chrono::milliseconds;

class ProxiedWorld final : public World {
 public:
  explicit ProxiedWorld(const support::CoordinationKind& kind)
      : server_(kind.start()), proxy_(server_->port()) {
    proxy_.delay(milliseconds(2));
  }
  std::unique_ptr<Backend> open() override {
    return open_by_scheme(env(), server_->url(proxy_.port(), "timeout=20"));
  }
  void restart() override {
    server_->kill();
    server_->start();
  }
  Env::Duration short_lease() override { return std::chrono::seconds(1); }

 private:
  std::unique_ptr<support::CoordinationServer> server_;
  support::Proxy proxy_;
};

std::vector<Subject> subjects() {
  static const auto kinds = served_kinds();
  std::vector<Subject> all;
  for (const auto& kind : kinds)
    all.push_back(
        {kind.name, kind.scheme, [&kind] { return std::make_unique<ProxiedWorld>(kind); }});
  return all;
}
std::vector<Subject> nightly_subjects() { return nightly() ? subjects() : std::vector<Subject>(); }

INSTANTIATE_TEST_SUITE_P(Proxied, RecipeConformance, testing::ValuesIn(subjects()), name_of);
INSTANTIATE_TEST_SUITE_P(Proxied, BackendConformance, testing::ValuesIn(nightly_subjects()),
                         name_of);

}  // namespace
}  // namespace tooz::conformance
