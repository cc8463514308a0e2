#pragma once
#include <boost/json/fwd.hpp>

#include <cstddef>
#include <string>

namespace inspector {

/// `value` as Python's json.dumps() writes it: `{"a": 1, "b": ["\u00e9", 2.5]}`, all ASCII, members
/// in the order in which they came. Stored introspection data has this form. UTF-8 is expected.
std::string python_json(const boost::json::value& value);
/// The same; as a value it is a copy. `expected`: about so long.
std::string python_json(const boost::json::object& object, std::size_t expected = 0);

/// The same as Flask's jsonify() asks for it: `{"a":1,"b":["\u00e9",2.5]}`, members by name.
std::string sorted_json(const boost::json::value& value);

/// Appends the shortest text that reads back as the same number, in Python's form: `1.0`, `1e+16`,
/// `1e-05`. `number` is finite.
void append_python_float(std::string& out, double number);

}  // namespace inspector
