#include "tooz/drivers/memcached/values.h"

#include "tooz/random_text.h"

#include <map>

namespace tooz::memcached {
namespace {

constexpr std::size_t kShort = 256;
constexpr char kInline = 'v';
constexpr char kElsewhere = 'n';
constexpr std::size_t kAtOnce = 16;  // some MB

}  // namespace

std::string Values::put(Connection& connection, std::string_view value) const {
  if (value.size() <= kShort) return kInline + std::string(value);
  const std::string name = "tooz-cc:value:" + random_text(env_);
  connection.send(encode({"add", name, value}));
  if (connection.line() != "STORED") throw BadReply("the answer to add");
  return kElsewhere + name;
}

std::set<std::string> Values::names(std::string_view kept) {
  if (!kept.starts_with(kElsewhere)) return {};
  return {std::string(kept.substr(1))};
}

std::set<std::string> Values::names(const LeasedMap& map) {
  std::set<std::string> all;
  for (const auto& [key, entry] : map.data().keys)
    all.merge(names(entry.value));
  return all;
}

bool Values::resolve(Connection& connection, std::vector<Entry>& entries) const {
  std::vector<Entry*> elsewhere;
  for (Entry& entry : entries) {
    if (entry.value.starts_with(kElsewhere))
      elsewhere.push_back(&entry);
    else
      entry.value.erase(0, 1);
  }
  for (std::size_t first = 0; first < elsewhere.size(); first += kAtOnce) {
    const std::size_t end = std::min(first + kAtOnce, elsewhere.size());
    std::string command = "get";
    for (std::size_t i = first; i < end; ++i)
      command += " " + elsewhere[i]->value.substr(1);
    connection.send(command + "\r\n");
    std::map<std::string, std::string> found;
    for (Item& item : connection.items())
      found[item.key] = std::move(item.data);
    for (std::size_t i = first; i < end; ++i) {
      const auto one = found.find(elsewhere[i]->value.substr(1));
      if (one == found.end()) return false;
      elsewhere[i]->value = std::move(one->second);
    }
  }
  return true;
}

void Values::remove(Connection& connection, const std::set<std::string>& names) const {
  std::string commands;
  for (const std::string& name : names)
    commands += "delete " + name + "\r\n";
  connection.send(commands);
  for (std::size_t i = 0; i < names.size(); ++i)
    connection.line();
}

}  // namespace tooz::memcached
