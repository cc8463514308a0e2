#pragma once
#include "tooz/drivers/memcached/document.h"

#include <set>

namespace tooz::memcached {

/// Long values stand in items of their own, which are never changed: the document has their names.
class Values {
 public:
  explicit Values(Env& env) : env_(env) {}

  /// What the document is to keep for `value`; a long one has been stored then.
  std::string put(Connection& connection, std::string_view value) const;
  /// Turns what the document kept into values. False: one is not there any more.
  bool resolve(Connection& connection, std::vector<Entry>& entries) const;
  /// Names of items that a document refers to, or that one kept value does.
  static std::set<std::string> names(const LeasedMap& map);
  static std::set<std::string> names(std::string_view kept);
  void remove(Connection& connection, const std::set<std::string>& names) const;

 private:
  Env& env_;
};

}  // namespace tooz::memcached
