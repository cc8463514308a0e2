#pragma once
#include <boost/json/fwd.hpp>

#include <string_view>

namespace inspector {

/// Applies operations of the forms that NodeChanges writes (`add`, `replace`, `remove` with a JSON
/// pointer) to `target`, in order. Made for a look ahead, not for a check, so it never fails:
/// missing objects on the way are made, a removal of what is absent changes nothing, and an
/// operation through something that is neither object nor list is passed over.
void apply_patch(boost::json::object& target, const boost::json::array& patch);

/// Whether a JSON pointer leads to something in `target`, null included.
bool has_path(const boost::json::object& target, std::string_view pointer);

}  // namespace inspector
