// Every process is replaced, one by one, while operators work. TOOZ_PREVIOUS_BIN names a folder
// with the programs of the last release: the cluster then begins as theirs and is upgraded on the
// way.
#include "tests/e2e/chaos/ordeal.h"

#include <cstdlib>

namespace e2e {
namespace {

using namespace std::chrono_literals;

class Rolling : public Ordeal {
 protected:
  /// What the last release can do as well.
  Config config(const ChaosMember& member) const override {
    return Ordeal::config(member).set("pxe_filter", "driver", "noop");
  }
  std::string conductor_program() const override { return of("ironic-inspector-conductor"); }
  std::string api_program() const override { return of("ironic-inspector-api-wsgi"); }

  std::string dbsync_program() const override { return of("ironic-inspector-dbsync"); }
  /// The last release's, as long as the cluster has not been upgraded.
  std::string of(const std::string& name) const {
    const char* previous = std::getenv("TOOZ_PREVIOUS_BIN");
    if (previous == nullptr || upgraded_) return program(name);
    return std::string(previous) + "/" + name;
  }

  void replace_conductor(std::size_t i) {
    const std::string joined_text = "Joined the group";
    const std::size_t before = conductor_lines(joined_text).size();
    EXPECT_EQ(conductor(i).process().stop(90s), 0);
    start_conductor(i);
    EXPECT_TRUE(eventually([&] { return conductor_lines(joined_text).size() > before; }, 60s));
    work_on();
  }
  void replace_api(std::size_t i) {
    EXPECT_EQ(api_member(i).process().stop(90s), 0);
    start_api(i);
    EXPECT_TRUE(api(i).serves());
    EXPECT_EQ(api(i).abort(99999).status, 404);  // a conductor's answer, at once
    work_on();
  }
  /// Some more introspections come to their end before the next process goes.
  void work_on() {
    const std::size_t enough = load_->asked().size() + 15;
    EXPECT_TRUE(eventually([&] { return load_->asked().size() >= enough; }, 60s));
  }
  void replace_all() {
    replace_conductor(0);
    replace_api(0);
    replace_conductor(1);
    replace_api(1);
    replace_conductor(2);
  }

  bool upgraded_ = false;
};

TEST_F(Rolling, NoRequestAndNoIntrospectionFails) {
  begin({.nodes = kNodes, .latency = "50ms", .boot_time = "2s"});
  begin_load(5);
  work_on();
  const auto begin = now();
  upgraded_ = true;
  make_schema();
  work_on();
  replace_all();
  note("three conductors and two APIs replaced", since(begin));
  end_load();
  table();
  show_answers();
  nothing_was_lost();
  for (const auto& [what, times] : load_->answers())
    EXPECT_TRUE(what.ends_with(" 202") || what.ends_with(" 200") ||
                (what.ends_with(" 409") && !what.starts_with("start")))
        << what << ": " << times;
  EXPECT_EQ(judge_endings(load_->asked(), ironic_lines()).given_up, 0);
}

}  // namespace
}  // namespace e2e
