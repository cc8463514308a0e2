#pragma once
#include <boost/json/fwd.hpp>

#include <string>
#include <string_view>

namespace inspector {

/// How Python's repr() writes a value: `{'mac': [], 'pxe': True, 'ip': None}`. Clients and
/// operators know the error texts in this form. Characters beyond ASCII stay as they are.
std::string python_repr(const boost::json::value& value);

/// How Python's str() writes it: as python_repr(), but a string without quotes.
std::string python_str(const boost::json::value& value);

/// The name of its Python type: `dict`, `list`, `str`, `int`, `float`, `bool`, `NoneType`.
std::string_view python_type(const boost::json::value& value) noexcept;

/// python_repr() for a log line or an error text: cut, with `...`, at `limit` bytes.
std::string shown(const boost::json::value& value, std::size_t limit = 200);

/// `text` cut at `limit` bytes, not within a UTF-8 character, with `...` when something is missing.
std::string cut(std::string text, std::size_t limit);

}  // namespace inspector
