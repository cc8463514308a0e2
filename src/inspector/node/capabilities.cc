#include "inspector/node/capabilities.h"

#include "base/log.h"
#include "inspector/node/changes.h"
#include "inspector/node/view.h"

#include <algorithm>

namespace inspector {
namespace {

constexpr std::string_view kBlank = " \t\r\n";

std::vector<std::string_view> entries(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const auto end = text.find(',');
    auto entry = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const auto first = entry.find_first_not_of(kBlank);
    if (first == std::string_view::npos) continue;
    out.push_back(entry.substr(first, entry.find_last_not_of(kBlank) - first + 1));
  }
  return out;
}

void append(std::string& out, std::string_view entry) {
  if (!out.empty()) out += ',';
  out += entry;
}

/// Empty when there is none, or what is there is not a text.
std::string existing_capabilities(const NodeView& node) {
  const auto* value = node.property("capabilities");
  if (value == nullptr) return {};
  if (const auto* text = value->if_string()) return std::string(*text);
  base::log_warning("node.capabilities",
                    "properties/capabilities is not a text and is written anew",
                    {{"node", node.uuid()}});
  return {};
}

}  // namespace

std::string merge_capabilities(std::string_view existing, const Capabilities& update) {
  std::vector<bool> written(update.size());
  std::string out;
  const auto write = [&](std::size_t i) {
    if (!written[i]) append(out, update[i].first + ":" + update[i].second);
    written[i] = true;
  };
  for (const auto entry : entries(existing)) {
    const auto name = entry.substr(0, entry.find(':'));
    const auto fresh = std::ranges::find(update, name, &Capabilities::value_type::first);
    if (fresh == update.end())
      append(out, entry);
    else
      write(static_cast<std::size_t>(fresh - update.begin()));
  }
  for (std::size_t i = 0; i < update.size(); ++i)
    write(i);
  return out;
}

void update_capabilities(const NodeView& node, NodeChanges& changes, const Capabilities& update) {
  if (update.empty()) return;
  changes.set("/properties/capabilities",
              boost::json::value(merge_capabilities(existing_capabilities(node), update)));
}

void remove_capability(const NodeView& node, NodeChanges& changes, std::string_view name) {
  const std::string existing = existing_capabilities(node);
  std::string kept;
  bool found = false;
  for (const auto entry : entries(existing)) {
    if (entry.substr(0, entry.find(':')) == name)
      found = true;
    else
      append(kept, entry);
  }
  if (found) changes.set("/properties/capabilities", boost::json::value(kept));
}

}  // namespace inspector
