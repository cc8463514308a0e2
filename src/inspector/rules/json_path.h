#pragma once
#include "inspector/rules/effort.h"

#include <boost/json.hpp>
#include <deque>
#include <memory>
#include <string_view>
#include <vector>

namespace inspector {

struct PathNode;  // json_path_parser.h

/// What a path found, in order.
class PathMatches {
 public:
  const std::vector<const boost::json::value*>& values() const noexcept { return values_; }

 private:
  friend class JsonPath;
  std::vector<const boost::json::value*> values_;
  std::deque<boost::json::value> made_;  ///< those that stand in no document: a text's character
};

/// A JSONPath in the dialect that rules are written in (jsonpath_rw): `$`, `.`, `..`, `*`, `[n]`,
/// `[a:b]`, `[*]`, `['x']`, `a,b`, quoted names, `|`, `where`, `` `parent` ``, `` `this` ``,
/// parentheses. A bracket belongs to all that stands left of it, as there: `a|b[0]` is `(a|b)[0]`.
/// Thread-safe.
class JsonPath {
 public:
  /// Throws std::invalid_argument with upstream's text for a path that is none.
  explicit JsonPath(std::string_view text);
  ~JsonPath();
  JsonPath(JsonPath&&) noexcept;
  JsonPath& operator=(JsonPath&&) noexcept;

  /// A step that leads nowhere finds nothing. What is found is valid as long as `root` and the
  /// answer are. Throws as Effort does.
  PathMatches find(const boost::json::value& root, Effort& effort) const;

 private:
  std::unique_ptr<PathNode> path_;
};

}  // namespace inspector
