#pragma once
#include <filesystem>
#include <string>
#include <vector>

namespace sim {

/// Looks at what the conductors' PXE filters let boot: each writes dnsmasq's files into a folder of
/// its own.
class FilterJudge {
 public:
  FilterJudge();
  ~FilterJudge();  ///< removes the folders
  FilterJudge(const FilterJudge&) = delete;
  FilterJudge& operator=(const FilterJudge&) = delete;

  /// The folder of a conductor; made if absent.
  std::filesystem::path folder(const std::string& host) const;

  /// Whose filter lets that machine boot; empty: nobody's.
  std::string who_lets_in(const std::string& mac) const;
  /// Whose filter lets machines boot that nobody knows; empty: nobody's.
  std::string who_lets_strangers_in() const;

 private:
  std::string who_allows(const std::vector<std::string>& files) const;

  std::filesystem::path root_;
};

}  // namespace sim
