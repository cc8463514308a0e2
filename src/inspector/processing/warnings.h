#pragma once
#include <string>
#include <string_view>

namespace inspector {

/// The warnings of one hook about one report, of which a machine may cause any number: the first
/// ones are logged, of the rest how many there were. Not thread-safe.
class Warnings {
 public:
  static constexpr std::size_t kMost = 50;

  /// Both outlive it. `node`: its UUID.
  Warnings(std::string_view component, std::string_view node)
      : component_(component), node_(node) {}
  ~Warnings();
  Warnings(const Warnings&) = delete;
  Warnings& operator=(const Warnings&) = delete;

  void add(const std::string& text) noexcept;

 private:
  std::string_view component_;
  std::string_view node_;
  std::size_t count_ = 0;
};

}  // namespace inspector
