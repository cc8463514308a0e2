#include "tooz/hash_ring.h"

#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <new>

namespace tooz {
namespace {

struct FreeContext {
  void operator()(EVP_MD_CTX* c) const { EVP_MD_CTX_free(c); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

Context new_context() {
  Context c(EVP_MD_CTX_new());
  if (!c) throw std::bad_alloc();
  return c;
}

// md5 places keys here; it protects nothing. The legacy flag keeps it usable in FIPS mode.
Context start_md5() {
  Context c = new_context();
  EVP_MD_CTX_set_flags(c.get(), EVP_MD_CTX_FLAG_NON_FIPS_ALLOW);
  if (EVP_DigestInit_ex(c.get(), EVP_md5(), nullptr) != 1)
    throw std::runtime_error("OpenSSL does not offer MD5, which Python's hash ring is made of");
  return c;
}

std::array<unsigned char, 16> digest_so_far(const EVP_MD_CTX* running) {
  const Context copy = new_context();
  std::array<unsigned char, 16> out{};
  EVP_MD_CTX_copy_ex(copy.get(), running);
  EVP_DigestFinal_ex(copy.get(), out.data(), nullptr);
  return out;
}

}  // namespace

template <class F>
void HashRing::each_point(std::string_view node, unsigned weight, F use) const {
  const Context running = start_md5();
  EVP_DigestUpdate(running.get(), node.data(), node.size());
  for (unsigned i = 0; i < partitions_ * weight; ++i) {
    EVP_DigestUpdate(running.get(), node.data(), node.size());
    use(digest_so_far(running.get()));
  }
}

HashRing::HashRing(const Weights& nodes, unsigned partitions) : partitions_(partitions) {
  for (const auto& [node, weight] : nodes)
    set_node(node, weight);
}

void HashRing::set_node(std::string_view node, unsigned weight) {
  remove_node(node);
  nodes_.emplace(node, weight);
  each_point(node, weight, [&](const Digest& point) { ring_[point] = node; });
}

bool HashRing::remove_node(std::string_view node) {
  const auto it = nodes_.find(node);
  if (it == nodes_.end()) return false;
  each_point(node, it->second, [&](const Digest& point) {
    const auto at = ring_.find(point);
    if (at != ring_.end() && at->second == node) ring_.erase(at);
  });
  nodes_.erase(it);
  return true;
}

std::vector<std::string> HashRing::owners(std::string_view key, std::size_t replicas,
                                          const std::set<std::string, std::less<>>& ignored) const {
  std::vector<std::string> out;
  if (ring_.empty()) return out;
  const Context c = start_md5();
  EVP_DigestUpdate(c.get(), key.data(), key.size());
  auto at = ring_.upper_bound(digest_so_far(c.get()));
  for (std::size_t seen = 0; seen < ring_.size() && out.size() < replicas; ++seen, ++at) {
    if (at == ring_.end()) at = ring_.begin();
    if (!ignored.contains(at->second) && std::ranges::find(out, at->second) == out.end())
      out.push_back(at->second);
  }
  return out;
}

HashRing::Arcs HashRing::arcs(std::string_view node) const {
  Arcs found;
  if (ring_.empty()) return found;
  const Digest* before = &ring_.rbegin()->first;
  for (const auto& [point, owner] : ring_) {
    if (owner == node) {
      if (!found.empty() && found.back().second == *before)
        found.back().second = point;
      else
        found.emplace_back(*before, point);
    }
    before = &point;
  }
  return found;
}

double HashRing::fraction(const Arcs& arcs) noexcept {
  const auto high = [](const Digest& digest) {
    std::uint64_t number = 0;
    for (std::size_t i = 0; i < 8; ++i)
      number = number << 8 | digest[i];
    return number;
  };
  double sum = 0;
  for (const auto& [from, to] : arcs)
    sum += from == to ? 1 : static_cast<double>(high(to) - high(from)) / 0x1p64;
  return sum;
}

}  // namespace tooz
