#include "tooz/conformance/world.h"

#include <algorithm>
#include <array>
#include <ostream>

namespace tooz::conformance {
namespace {

struct Required {
  std::string_view scheme;
  Features features;
};

constexpr Features kEtcd{.survives_restart = true,
                         .linearizable = true,
                         .notifies = true,
                         .evicts = false,
                         .across_hosts = true,
                         .max_value = 1'500'000};

constexpr Features kRedis{.survives_restart = false,
                          .linearizable = true,
                          .notifies = true,
                          .evicts = false,
                          .across_hosts = true,
                          .max_value = 1 << 20};

constexpr Features kZookeeper{.survives_restart = true,
                              .linearizable = true,
                              .notifies = true,
                              .evicts = false,
                              .across_hosts = true,
                              .max_value = 1'000'000};

constexpr std::array kRequired{
    Required{"etcd3", kEtcd},
    Required{"etcd3+http", kEtcd},
    Required{"etcd3+https", kEtcd},
    Required{"file",
             {.survives_restart = true,
              .linearizable = true,
              .notifies = true,
              .evicts = false,
              .across_hosts = false,
              .max_value = 1 << 20}},
    Required{"kazoo", kZookeeper},
    Required{"memcached",
             {.survives_restart = false,
              .linearizable = true,
              .notifies = false,
              .evicts = true,
              .across_hosts = true,
              .max_value = 1'000'000}},
    Required{"memory",
             {.survives_restart = false,
              .linearizable = true,
              .notifies = true,
              .evicts = false,
              .across_hosts = false,
              .max_value = 1 << 20}},
    Required{"mysql",
             {.survives_restart = true,
              .linearizable = true,
              .notifies = false,
              .evicts = false,
              .across_hosts = true,
              .max_value = 1 << 20}},
    Required{"postgresql",
             {.survives_restart = true,
              .linearizable = true,
              .notifies = true,
              .evicts = false,
              .across_hosts = true,
              .max_value = 1 << 20}},
    Required{"redis", kRedis},
    Required{"rediss", kRedis},
    Required{"zookeeper", kZookeeper},
};

}  // namespace

const Features* required_features(std::string_view scheme) {
  const auto* found = std::ranges::find(kRequired, scheme, &Required::scheme);
  return found == kRequired.end() ? nullptr : &found->features;
}

std::vector<std::string_view> known_schemes() {
  std::vector<std::string_view> schemes;
  for (const Required& one : kRequired)
    schemes.push_back(one.scheme);
  return schemes;
}

void PrintTo(const Subject& subject, std::ostream* out) { *out << subject.name; }

std::string name_of(const testing::TestParamInfo<Subject>& info) { return info.param.name; }

}  // namespace tooz::conformance
