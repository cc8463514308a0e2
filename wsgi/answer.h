#pragma once
#include "http/message.h"
#include "wsgi/python.h"

namespace wsgi {

/// Calls `start_response` and returns what the application returns: a list of the body. Adds
/// Content-Length. nullptr: a Python exception is set.
PyObject* give_answer(const http::Response& response, bool head_only, PyObject* start_response);

}  // namespace wsgi
