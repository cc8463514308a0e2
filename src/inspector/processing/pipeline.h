#pragma once
#include "inspector/error.h"
#include "inspector/processing/hook.h"

#include <boost/json.hpp>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace inspector {

class RuleEngine;          // rules/engine.h
struct ProcessingOptions;  // config/processing.h

/// A rule failed: the hooks are through, and the report is what they made of it.
class RuleFailure : public Error {
 public:
  using Error::Error;
};

/// The configured hooks in order, and the rules behind them. Thread-safe.
class Pipeline {
 public:
  struct Named {
    std::string name;
    std::unique_ptr<ProcessingHook> hook;
  };

  /// Throws base::ConfigError with upstream's texts: hooks missing, failed to load, or out of
  /// order. `rules` outlive it; nullptr: there are none.
  explicit Pipeline(const ProcessingOptions& options, const RuleEngine* rules = nullptr);
  explicit Pipeline(std::vector<Named> hooks);  ///< of hooks made elsewhere; checks their order
  ~Pipeline();

  /// Whether one of the hooks is a module's: code of others, in this process.
  bool has_modules() const noexcept { return has_modules_; }

  /// Runs before_processing of all hooks, also after one failed. Returns the failures, upstream's
  /// lines (`Preprocessing hook {hook}: {error}`, `Unexpected exception …`); empty: all went well.
  std::vector<std::string> before_processing(boost::json::object& report) const;

  /// Runs before_update of all hooks, then the rules; the first failure ends it. Throws
  /// inspector::Error, RuleFailure when it was a rule: kBadRequest for Rejected, what the rules
  /// throw, kProcessing (`Unexpected exception {Class} during processing: …`) for all else;
  /// ironic::LockLost and sql::Error go through.
  void before_update(boost::json::object& report, const NodeView& node, NodeChanges& changes) const;

 private:
  std::vector<Named> hooks_;
  const RuleEngine* rules_ = nullptr;
  bool has_modules_ = false;
};

/// The look-up attributes in a report: `bmc_address` and `mac` (of `all_interfaces`), blanks
/// dropped; both keys are always there. What is not of the right kind is passed over: the hooks
/// have said so.
std::map<std::string, std::vector<std::string>> lookup_attributes(
    const boost::json::object& report);

}  // namespace inspector
