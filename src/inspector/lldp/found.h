#pragma once
#include <boost/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace inspector::lldp {

/// What the neighbour of one interface says, by upstream's names (`switch_chassis_id`, …).
struct Found {
  boost::json::object attributes;
  std::vector<std::string> notes;  ///< what could not be read, a line each; at most kMostNotes

  static constexpr std::size_t kMostNotes = 20;

  void set(std::string_view name, boost::json::value value);     ///< the first one stays
  void append(std::string_view name, boost::json::value value);  ///< to the list of that name
  void note(std::string text);
};

}  // namespace inspector::lldp
