#pragma once
#include <boost/json/fwd.hpp>

#include <string_view>

namespace inspector {

/// Whether `node` (Ironic's record) may be introspected in its provision state. Returns true when
/// it is in use (`active`, `rescue`), which needs `permit_active`; its power must then be left
/// alone. Throws Error{kBadRequest} with upstream's text.
bool check_provision_state(const boost::json::object& node, bool permit_active);

/// `active` or `rescue`.
bool is_in_use(std::string_view provision_state);

/// The boolean in driver_info.force_persistent_boot_device: `Always` in this case only is
/// true; all else is read as a boolean's text, false when it is none.
bool wants_persistent_boot(const boost::json::object& node);

}  // namespace inspector
