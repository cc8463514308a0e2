#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace support {

/// Machines on one network: namespaces of the kernel, each with an address, joined by a bridge in
/// another. Removed with the object. Needs root. Throws std::runtime_error.
class Lan {
 public:
  explicit Lan(std::size_t machines);
  ~Lan();
  Lan(const Lan&) = delete;
  Lan& operator=(const Lan&) = delete;

  std::string address(std::size_t machine) const;
  /// The command that runs `command` on a machine.
  std::vector<std::string> on(std::size_t machine, const std::vector<std::string>& command) const;

  /// No packet passes between these two any more.
  void cut(std::size_t a, std::size_t b) const;
  void mend(std::size_t a, std::size_t b) const;

  /// As long as this lives, the thread that made it stands at the bridge, with the threads and
  /// programs that it starts: it reaches all machines, and nothing else.
  class Visit {
   public:
    explicit Visit(const Lan& lan);
    ~Visit();
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

   private:
    int home_;  // the namespace to go back to
  };

 private:
  std::string machine(std::size_t number) const;
  void add(const std::string& space) const;

  const std::string name_;  // of the bridge's namespace
  const std::size_t machines_;
};

}  // namespace support
