#pragma once
#include "http/budget.h"
#include "wsgi/environ.h"
#include "wsgi/service.h"

#include <optional>

namespace wsgi {

/// A request's body, which pays for its bytes when they have come, or why it is not taken.
struct Body {
  explicit Body(http::Budget& budget) : share(budget) {}

  std::string text;
  http::Share share;
  std::optional<http::Response> refusal;
};

/// Reads it all, as it is told by Content-Length or to the end of a chunked one; never half a body.
/// `read_chunk`: how a container gives chunks that its wsgi.input does not; nullptr: in no way.
/// False: a Python exception is set that is not the client's doing.
bool read_body(const Environ& given, PyObject* read_chunk, const Service& service, Body& out);

}  // namespace wsgi
