// API and conductor processes over etcd and PostgreSQL, with a death or two.
#include "tests/e2e/support/cluster_deployment.h"

#include <boost/json.hpp>

namespace e2e {
namespace {

using Cluster = ClusterDeployment;

/// Starts `count` nodes from `first` on, the API processes in turn.
void start_nodes(const std::vector<const Api*>& apis, int first, int count) {
  for (int i = first; i < first + count; ++i)
    EXPECT_EQ(apis[static_cast<std::size_t>(i) % apis.size()]->start(i).text(), "202 {}") << i;
}

TEST_F(Cluster, IntrospectionsGoThroughAnyApiAndAnyConductor) {
  constexpr int kMachines = 24;  // that a conductor gets none: once in 5,000 runs
  start_ironic({.count = kMachines}, reserve_api());
  const Member one = conductor("c1"), two = conductor("c2"), three = conductor("c3");
  const Member first = api_process(), second = api_process();
  EXPECT_TRUE(members_become("c1 c2 c3"));
  ASSERT_TRUE(finds_conductors(0) && finds_conductors(1));
  start_nodes({&api(0), &api(1)}, 0, kMachines);
  for (const std::size_t i : {0U, 1U})
    EXPECT_TRUE(all_become(api(i), kMachines, "finished")) << api(i).states(kMachines);
  for (const char* name : {"c1", "c2", "c3"})
    EXPECT_NE(log(name).find("Introspection started"), std::string::npos) << name;
  EXPECT_EQ(api(1).get(Api::of_node(0) + "/data").status, 200);
  EXPECT_EQ(api(0).ask("POST", Api::of_node(0) + "/data/unprocessed").text(), "202 {}");
  EXPECT_TRUE(api(1).becomes(0, "finished"));
}

TEST_F(Cluster, ADeadConductorCostsOnlyTheWorkThatWasInsideIt) {
  constexpr int kMachines = 9;
  start_ironic({.count = kMachines, .boot_time = "4s"}, reserve_api());
  Member one = conductor("c1");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  start_nodes({&api()}, 0, 3);
  ASSERT_TRUE(all_become(api(), 3, "waiting")) << api().states(3);
  const Member two = conductor("c2"), three = conductor("c3");
  kill9(one);
  const auto begin = now();
  // New nodes too, from the moment of the death on.
  start_nodes({&api()}, 3, kMachines - 3);
  EXPECT_TRUE(members_become("c2 c3"));
  EXPECT_LT(since(begin), lease_ + seconds(2));
  note("SIGKILL of a conductor until it has left the group, lease 3 s", since(begin));
  EXPECT_TRUE(all_become(api(), kMachines, "finished")) << api().states(kMachines);
}

TEST_F(Cluster, WorkThatDiedGoesOnInAnotherConductor) {
  start_ironic({.count = 1, .boot_time = "1s", .trouble = {"--latency", "500ms"}}, reserve_api());
  Member one = conductor("c1");
  const Member first = api_process();
  ASSERT_TRUE(finds_conductors());
  Member two = conductor("c2");
  ASSERT_TRUE(members_become("c1 c2"));
  ASSERT_EQ(api().start(0).text(), "202 {}");
  ASSERT_EQ(api().state(0), "starting");
  const bool first_has_it = log("c1").find("Introspection started") != std::string::npos;
  kill9(first_has_it ? one : two);
  const auto begin = now();
  const std::string survivor = first_has_it ? "c2" : "c1";
  EXPECT_TRUE(eventually(
      [&] { return log(survivor).find("An operation is taken over") != std::string::npos; }));
  note("SIGKILL of a conductor until its work goes on in another, lease 3 s", since(begin));
  EXPECT_TRUE(api().becomes(0, "finished")) << api().states(1);
}

TEST_F(Cluster, AConductorThatComesBackWithinItsLeaseTakesItsPlace) {
  start_ironic({.count = 1, .boot_time = "3600s"}, reserve_api());
  lease_ = seconds(6);
  Member one = conductor("c1");
  const Member first = api_process();
  ASSERT_TRUE(eventually([&] { return api().start(0).status == 202; }));
  kill9(one);
  const auto begin = now();
  const Member again = conductor("c1");
  EXPECT_TRUE(eventually([&] { return api().abort(0).status == 202; }));
  note("SIGKILL and restart of the only conductor until the API calls it, lease 6 s", since(begin));
  EXPECT_EQ(members(), "c1");
  // Nothing that the dead one left may take the place away from it.
  EXPECT_FALSE(eventually([&] { return members() != "c1"; }, 2 * lease_));
}

TEST_F(Cluster, ASecondConductorOfOneHostRefusesToStart) {
  Member one = conductor("c1");
  const std::string file = write("c1-again", config("c1"));
  const Ended second = ended({program("ironic-inspector-conductor"), "--config-file", file});
  EXPECT_EQ(second.code, 1);
  const std::string why =
      "another conductor that is alive has the same [DEFAULT]host = c1; each needs a name of its "
      "own\n";
  EXPECT_TRUE(second.output.ends_with(why)) << second.output;
  EXPECT_EQ(members(), "c1");
  EXPECT_EQ(one.process->stop(), 0);
  EXPECT_EQ(members(), "");
}

}  // namespace
}  // namespace e2e
