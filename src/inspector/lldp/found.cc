#include "inspector/lldp/found.h"

namespace inspector::lldp {

namespace json = boost::json;

void Found::set(std::string_view name, json::value value) {
  attributes.emplace(name, std::move(value));
}

void Found::append(std::string_view name, json::value value) {
  json::value& list = attributes.emplace(name, json::array()).first->value();
  list.as_array().push_back(std::move(value));
}

void Found::note(std::string text) {
  if (notes.size() < kMostNotes) notes.push_back(std::move(text));
}

}  // namespace inspector::lldp
