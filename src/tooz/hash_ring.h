#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tooz {

/// Consistent hashing of keys over nodes, equal to Python tooz's HashRing (md5): point i of a node
/// is the digest of its name repeated i + 1 times, a key belongs to the first point above its own
/// digest. Copyable; not thread-safe while being changed.
class HashRing {
 public:
  using Digest = std::array<unsigned char, 16>;  ///< compares as the big-endian number it is
  /// Parts of the circle of digests, each from behind the first to the second of a pair; from a
  /// digest to itself is the whole circle.
  using Arcs = std::vector<std::pair<Digest, Digest>>;
  using Weights = std::map<std::string, unsigned, std::less<>>;

  /// `partitions`: points of a node of weight 1.
  explicit HashRing(unsigned partitions = 32) : partitions_(partitions) {}
  HashRing(const Weights& nodes, unsigned partitions = 32);

  /// Adds the node, or gives it another weight. A node of weight 0 owns nothing.
  void set_node(std::string_view node, unsigned weight = 1);
  bool remove_node(std::string_view node);  ///< false: it was not there

  /// The nodes for `key`, its owner first, then those that would follow; as many as there are, at
  /// most `replicas`, none of `ignored`. Empty: no node is left.
  std::vector<std::string> owners(std::string_view key, std::size_t replicas = 1,
                                  const std::set<std::string, std::less<>>& ignored = {}) const;

  /// Where keys belong to `node`.
  Arcs arcs(std::string_view node) const;
  static double fraction(const Arcs& arcs) noexcept;  ///< of the circle, from 0 to 1

  std::size_t points() const noexcept { return ring_.size(); }

 private:
  template <class F>
  void each_point(std::string_view node, unsigned weight, F use) const;

  unsigned partitions_;
  Weights nodes_;
  std::map<Digest, std::string> ring_;
};

}  // namespace tooz
