#include "inspector/node/changes.h"

#include <algorithm>

namespace inspector {
namespace {

namespace json = boost::json;

bool is_below(std::string_view path, std::string_view parent) {
  return path.size() > parent.size() && path.starts_with(parent) && path[parent.size()] == '/';
}

// `add` makes and replaces, so it is right for a key; a whole field of a port is always there.
void set_in(json::array& patch, std::string_view path, json::object operation) {
  const auto same = std::ranges::find_if(patch, [&](const json::value& other) {
    return other.get_object().at("path").get_string() == path;
  });
  if (same == patch.end())
    patch.push_back(std::move(operation));
  else
    *same = std::move(operation);
}

}  // namespace

// Changes below a path go when the path itself changes, so an operation never stands before one of
// its ancestors, and replacing it in its place keeps the meaning of the whole.
void NodeChanges::set(std::string_view path, json::value value) {
  ++version_;
  std::erase_if(node_, [&](const Operation& o) { return is_below(o.path, path); });
  const auto first = std::ranges::find(node_, path, &Operation::path);
  if (first == node_.end()) {
    node_.push_back({std::string(path), false, std::move(value)});
    return;
  }
  *first = {std::string(path), false, std::move(value)};
  node_.erase(
      std::remove_if(first + 1, node_.end(), [&](const Operation& o) { return o.path == path; }),
      node_.end());
}

// A value that was set before stays in front of its removal: whether or not Ironic had one, there
// is then something to remove.
void NodeChanges::remove(std::string_view path) {
  ++version_;
  std::erase_if(node_, [&](const Operation& o) {
    return is_below(o.path, path) || (o.removes && o.path == path);
  });
  node_.push_back({std::string(path), true, nullptr});
}

// A field of the node itself is always there, if only as null.
void NodeChanges::make_repeatable() {
  ++version_;
  std::vector<Operation> all;
  for (Operation& each : node_) {
    const bool nested = each.path.find('/', 1) != std::string::npos;
    const bool was_set = std::ranges::find(all, each.path, &Operation::path) != all.end();
    if (each.removes && nested && !was_set) all.push_back({each.path, false, nullptr});
    all.push_back(std::move(each));
  }
  node_ = std::move(all);
}

void NodeChanges::create_port(NewPort port) {
  ++version_;
  const auto same = std::ranges::find(new_ports_, port.address, &NewPort::address);
  if (same == new_ports_.end())
    new_ports_.push_back(std::move(port));
  else
    *same = std::move(port);
}

void NodeChanges::set_port(std::string_view port_uuid, std::string_view path, json::value value) {
  ++version_;
  const bool whole_field = path.find('/', 1) == std::string_view::npos;
  set_in(port_patches_[std::string(port_uuid)], path,
         {{"op", whole_field ? "replace" : "add"}, {"path", path}, {"value", std::move(value)}});
}

void NodeChanges::set_link(std::string_view address, std::string_view uuid, std::string_view path,
                           json::value value) {
  ++version_;
  auto link = std::ranges::find(links_, address, &Link::address);
  if (link == links_.end())
    link = links_.insert(link, {std::string(address), std::string(uuid), {}});
  set_in(link->patch, path, {{"op", "add"}, {"path", path}, {"value", std::move(value)}});
}

void NodeChanges::delete_port(std::string_view port_uuid) {
  ++version_;
  port_patches_.erase(std::string(port_uuid));
  std::erase_if(links_, [&](const Link& link) { return link.uuid == port_uuid; });
  if (std::ranges::find(deleted_ports_, port_uuid) == deleted_ports_.end())
    deleted_ports_.emplace_back(port_uuid);
}

void NodeChanges::add_trait(std::string_view trait) {
  ++version_;
  traits_[std::string(trait)] = true;
}

void NodeChanges::remove_trait(std::string_view trait) {
  ++version_;
  traits_[std::string(trait)] = false;
}

bool NodeChanges::empty() const noexcept {
  return node_.empty() && new_ports_.empty() && port_patches_.empty() && links_.empty() &&
         deleted_ports_.empty() && traits_.empty() && !reset_interfaces_;
}

json::array NodeChanges::node_patch() const {
  json::array patch;
  for (const auto& operation : node_) {
    json::object o{{"op", operation.removes ? "remove" : "add"}, {"path", operation.path}};
    if (!operation.removes) o["value"] = operation.value;
    patch.push_back(std::move(o));
  }
  return patch;
}

}  // namespace inspector
