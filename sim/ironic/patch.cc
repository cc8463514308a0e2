#include "sim/ironic/model.h"

namespace sim {
namespace {

namespace json = boost::json;

std::vector<std::string> tokens_of(std::string_view path) {
  if (path.empty() || path.front() != '/')
    throw Refused(400, "Invalid patch path: " + std::string(path));
  std::vector<std::string> tokens{""};
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (path[i] == '/')
      tokens.emplace_back();
    else if (path[i] == '~' && i + 1 < path.size() && (path[i + 1] == '0' || path[i + 1] == '1'))
      tokens.back() += path[++i] == '0' ? '~' : '/';
    else
      tokens.back() += path[i];
  }
  return tokens;
}

json::value& parent_of(json::value& document, const std::vector<std::string>& tokens,
                       std::string_view path) {
  json::value* at = &document;
  for (std::size_t i = 0; i + 1 < tokens.size(); ++i) {
    json::value* next = nullptr;
    if (at->is_object()) next = at->as_object().if_contains(tokens[i]);
    if (next == nullptr)
      throw Refused(400, "Couldn't apply patch. Reason: no such path " + std::string(path));
    at = next;
  }
  return *at;
}

void apply_to_list(json::array& list, std::string_view op, const std::string& token,
                   const json::value& value) {
  if (op == "add" && token == "-") {
    list.push_back(value);
    return;
  }
  if (token.empty() || token.size() > 6 ||
      token.find_first_not_of("0123456789") != std::string::npos)
    throw Refused(400, "Couldn't apply patch. Reason: bad index " + token);
  const std::size_t index = std::stoul(token);
  if (index > list.size() || (op != "add" && index == list.size()))
    throw Refused(400, "Couldn't apply patch. Reason: index out of range " + token);
  if (op == "remove")
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(index));
  else if (op == "add")
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(index), value);
  else
    list[index] = value;
}

void apply_one(json::value& document, const json::object& change) {
  const auto* op = change.if_contains("op");
  const auto* path = change.if_contains("path");
  if (op == nullptr || path == nullptr || !op->is_string() || !path->is_string())
    throw Refused(400, "a patch needs op and path");
  const std::string_view name = op->get_string();
  const auto* value = change.if_contains("value");
  const bool removes = name == "remove";
  if (!removes && name != "add" && name != "replace")
    throw Refused(400, "unknown op in patch: " + std::string(name));
  if (!removes && value == nullptr) throw Refused(400, "a patch that adds needs a value");
  const auto tokens = tokens_of(path->get_string());
  json::value& parent = parent_of(document, tokens, path->get_string());
  if (parent.is_array())
    return apply_to_list(parent.get_array(), name, tokens.back(),
                         removes ? json::value(nullptr) : *value);
  if (!parent.is_object())
    throw Refused(
        400, "Couldn't apply patch. Reason: not a container: " + std::string(path->get_string()));
  auto& object = parent.get_object();
  const bool exists = object.contains(tokens.back());
  if (removes && !exists)
    throw Refused(400, "Couldn't apply patch. Reason: can't remove a non-existent object '" +
                           tokens.back() + "'");
  if (removes)
    object.erase(tokens.back());
  else
    object[tokens.back()] = *value;
}

}  // namespace

void apply_patch(json::value& document, const json::value& patch) {
  if (!patch.is_array()) throw Refused(400, "a patch is a list of changes");
  json::value changed = document;
  for (const auto& change : patch.get_array()) {
    if (!change.is_object()) throw Refused(400, "a patch is a list of changes");
    apply_one(changed, change.get_object());
  }
  document = std::move(changed);
}

}  // namespace sim
