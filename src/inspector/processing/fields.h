#pragma once
#include <boost/json.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Safe looks at a report and at Ironic's answers: whatever a machine posts, nothing here throws
/// anything but Rejected, with a text that names the field and what was found. `path` is the
/// field's whole name for that text (`inventory.cpu.count`); the key is what follows its last dot.
namespace inspector {

/// The member of that name; nullptr when it is absent or null.
const boost::json::value* find_field(const boost::json::object& object, std::string_view key);

/// Each returns nothing for an absent or null member, and throws Rejected for one of another kind.
const boost::json::object* object_field(const boost::json::object& object, std::string_view path);
const boost::json::array* list_field(const boost::json::object& object, std::string_view path);
std::optional<std::string_view> text_field(const boost::json::object& object,
                                           std::string_view path);

/// The text of that name; empty for anything else.
std::string_view text_or_empty(const boost::json::object& object, std::string_view key) noexcept;

/// Throws Rejected: `{path}: expected {wanted}, got {value}`.
[[noreturn]] void reject_field(std::string_view path, std::string_view wanted,
                               const boost::json::value& found);

/// What Python holds for true: not null, false, 0, or an empty text, list or object.
bool truthy(const boost::json::value& value) noexcept;

/// As Python's int(): a whole number, a fraction cut off, a boolean, or a text of digits. nullopt:
/// none of these, or too large.
std::optional<std::int64_t> as_integer(const boost::json::value& value) noexcept;

/// The inventory, checked: there, an object, with a non-empty list `interfaces`; `disks` is set to
/// an empty list when it is missing. Throws Rejected with upstream's texts.
boost::json::object& checked_inventory(boost::json::object& report);

}  // namespace inspector
