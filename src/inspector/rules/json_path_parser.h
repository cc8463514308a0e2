#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace inspector {

/// One operation of a JSONPath; the document it is applied to is that of its place in the tree.
struct PathNode {
  enum class Kind {
    kRoot,
    kThis,
    kParent,
    kFields,
    kIndex,
    kSlice,
    kChild,
    kDescendants,
    kWhere,
    kUnion
  };
  Kind kind;
  std::vector<std::string> names;          ///< kFields; one that is `*`: all fields
  std::optional<std::int64_t> begin, end;  ///< kSlice; `begin` is kIndex's index too
  std::unique_ptr<PathNode> left, right;   ///< of the operations with two sides
};

/// Throws std::invalid_argument with upstream's texts.
std::unique_ptr<PathNode> parse_json_path(std::string_view text);

}  // namespace inspector
