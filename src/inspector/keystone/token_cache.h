#pragma once
#include "base/env.h"

#include <boost/json/fwd.hpp>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace inspector::keystone {

/// What Keystone has said of tokens, for a while. Holds no token: they are known by a digest. When
/// it is full, what has not been asked for the longest goes. Thread-safe; asks no clock.
class TokenCache {
 public:
  /// nullptr: the token is not valid.
  using Answer = std::shared_ptr<const boost::json::object>;

  explicit TokenCache(std::size_t most) : most_(most) {}

  /// nullopt: nothing is known at `now`.
  std::optional<Answer> find(const std::string& digest, base::Env::TimePoint now);
  void keep(const std::string& digest, Answer answer, base::Env::TimePoint until);

 private:
  struct Entry {
    std::string digest;
    Answer answer;
    base::Env::TimePoint until;
  };
  const std::size_t most_;
  std::mutex mutex_;
  std::list<Entry> entries_;  ///< used last in front
  std::unordered_map<std::string, std::list<Entry>::iterator> by_digest_;
};

}  // namespace inspector::keystone
