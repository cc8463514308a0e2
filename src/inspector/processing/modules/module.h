#pragma once
#include "inspector/processing/hook.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

struct inspector_hook;

namespace inspector {

/// Options of a section, by name.
using HookOptions = std::vector<std::pair<std::string, std::string>>;

/// A hook out of the tree, in a shared object (hook_abi.h). Once loaded it stays in memory.
class HookModule {
 public:
  /// Throws base::ConfigError naming the file, and the symbol or number that is not right.
  explicit HookModule(const std::string& file);

  const std::string& name() const noexcept { return name_; }
  const std::string& file() const noexcept { return file_; }

  /// Throws base::ConfigError with what the hook has against its options. What a hook throws later,
  /// and nonsense that it says, fails the report it was called for and nothing else.
  std::unique_ptr<ProcessingHook> make(const HookOptions& options) const;

 private:
  std::string file_;
  const inspector_hook* hook_;
  std::string name_;
};

}  // namespace inspector
