#include "inspector/node/json_patch.h"

#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

namespace inspector {
namespace {

namespace json = boost::json;

std::string unescape(std::string_view token) {
  std::string out;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool escape =
        token[i] == '~' && i + 1 < token.size() && (token[i + 1] == '0' || token[i + 1] == '1');
    out += escape ? (token[++i] == '0' ? '~' : '/') : token[i];
  }
  return out;
}

std::vector<std::string> tokens(std::string_view pointer) {
  std::vector<std::string> out;
  while (pointer.starts_with('/')) {
    pointer.remove_prefix(1);
    const auto end = pointer.find('/');
    out.push_back(unescape(pointer.substr(0, end)));
    if (end == std::string_view::npos) break;
    pointer.remove_prefix(end);
  }
  return out;
}

std::optional<std::size_t> index(const std::string& token) {
  std::size_t number = 0;
  const char* end = token.data() + token.size();
  const auto [stopped, error] = std::from_chars(token.data(), end, number);
  if (error != std::errc{} || stopped != end) return std::nullopt;
  return number;
}

// One step down; nullptr when there is no way.
json::value* step(json::value& from, const std::string& token, bool make) {
  if (auto* object = from.if_object()) {
    if (auto* found = object->if_contains(token); found != nullptr && !found->is_null())
      return found;
    if (!make) return nullptr;
    auto& made = (*object)[token];
    made = json::object();
    return &made;
  }
  auto* list = from.if_array();
  const auto at = index(token);
  return list != nullptr && at && *at < list->size() ? &(*list)[*at] : nullptr;
}

void put(json::value& parent, const std::string& token, const json::value& value, bool replace) {
  if (auto* object = parent.if_object()) {
    (*object)[token] = value;
    return;
  }
  auto* list = parent.if_array();
  if (list == nullptr) return;
  const auto at = token == "-" ? list->size() : index(token);
  if (!at) return;
  if (replace && *at < list->size())
    (*list)[*at] = value;
  else if (!replace && *at <= list->size())
    list->insert(list->begin() + static_cast<std::ptrdiff_t>(*at), value);
}

void drop(json::value& parent, const std::string& token) {
  if (auto* object = parent.if_object()) {
    object->erase(token);
    return;
  }
  auto* list = parent.if_array();
  const auto at = index(token);
  if (list != nullptr && at && *at < list->size())
    list->erase(list->begin() + static_cast<std::ptrdiff_t>(*at));
}

void apply_one(json::value& target, std::string_view op, std::string_view pointer,
               const json::value& value) {
  const auto path = tokens(pointer);
  if (path.empty()) return;
  const bool removes = op == "remove";
  json::value* parent = &target;
  for (std::size_t i = 0; i + 1 < path.size() && parent != nullptr; ++i)
    parent = step(*parent, path[i], !removes);
  if (parent == nullptr) return;
  if (removes)
    drop(*parent, path.back());
  else
    put(*parent, path.back(), value, op == "replace");
}

}  // namespace

void apply_patch(json::object& target, const json::array& patch) {
  json::value root(std::move(target));
  for (const auto& operation : patch) {
    const auto& fields = operation.get_object();
    const auto* value = fields.if_contains("value");
    apply_one(root, fields.at("op").get_string(), fields.at("path").get_string(),
              value != nullptr ? *value : json::value());
  }
  target = std::move(root.get_object());
}

bool has_path(const json::object& target, std::string_view pointer) {
  const json::object* object = &target;
  const json::value* found = nullptr;
  for (const auto& token : tokens(pointer)) {
    const auto* list = found != nullptr ? found->if_array() : nullptr;
    const auto at = index(token);
    if (list != nullptr)
      found = at && *at < list->size() ? &(*list)[*at] : nullptr;
    else
      found = object != nullptr ? object->if_contains(token) : nullptr;
    if (found == nullptr) return false;
    object = found->if_object();
  }
  return true;
}

}  // namespace inspector
