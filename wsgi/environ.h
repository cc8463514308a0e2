#pragma once
#include "http/message.h"
#include "wsgi/python.h"

#include <string>
#include <string_view>

namespace wsgi {

/// A request as PEP 3333 describes it.
struct Environ {
  http::Request request;      ///< all but the body
  std::string length;         ///< CONTENT_LENGTH; empty: not told
  PyObject* input = nullptr;  ///< wsgi.input; borrowed, nullptr: none
  bool chunked = false;       ///< the request has a transfer coding
  bool input_ends = false;    ///< wsgi.input ends with the body, whatever its length
};

/// False: a Python exception is set, as `dict` is none. `script_name`: the path in front of all
/// links where the container names none.
bool read_environ(PyObject* dict, const std::string& script_name, Environ& out);

/// For a path that the container has decoded: what may not stand in a URL's path is escaped again.
std::string percent_encode_path(std::string_view path);

}  // namespace wsgi
