#include "inspector/api/node_id.h"

#include "inspector/api/call.h"
#include "inspector/error.h"
#include "inspector/uuid.h"

#include <algorithm>

namespace inspector {
namespace {

constexpr std::size_t kLongestName = 255;  // a column of Ironic's database

Error not_found(std::string_view name) {
  return {Errc::kNotFound, "Node " + std::string(name) + " was not found in Ironic"};
}

/// Ironic's rule: the characters that a URL need not escape.
bool is_possible_name(std::string_view name) {
  if (name == "." || name == "..") return false;
  return std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
  });
}

}  // namespace

std::string node_id(std::string_view segment) {
  if (std::optional<std::string> uuid = canonical_uuid(segment)) return *std::move(uuid);
  if (segment.size() > kLongestName)
    throw Error(Errc::kBadRequest, "Bad request: a node name has at most " +
                                       std::to_string(kLongestName) + " characters");
  if (!is_possible_name(segment)) throw not_found(segment);
  return std::string(segment);
}

std::string node_uuid(const ApiCall& call, std::string_view segment) {
  if (std::optional<std::string> uuid = canonical_uuid(segment)) return *std::move(uuid);
  const std::string name = node_id(segment);
  try {
    const ironic::Object node = call.parts.ironic.get_node(name, "uuid", {call.stop, {}, {}});
    const boost::json::value* uuid = node.if_contains("uuid");
    if (uuid && uuid->is_string()) return std::string(uuid->get_string());
    throw Error(Errc::kUnavailable, "Cannot get node " + name + ": Ironic's answer has no uuid");
  } catch (const ironic::Error& error) {
    if (error.status == 404) throw not_found(name);
    const Errc code = error.status == 400 ? Errc::kBadRequest : Errc::kUnavailable;
    throw Error(code, "Cannot get node " + name + ": " + error.what());
  }
}

}  // namespace inspector
