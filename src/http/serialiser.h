#pragma once
#include "http/message.h"

#include <chrono>

namespace http {

/// An answer as it goes out: `head`, then `body`, which a small answer carries in `head`. An empty
/// head: none goes out, the connection is closed.
struct Outgoing {
  std::string head;
  std::string body;
  bool keep_alive = false;
};

/// How the request wants to be answered.
struct AnswerForm {
  bool head_only = false;  ///< HEAD: the length is told, the body is not sent
  bool keep_alive = false;
  bool http10 = false;  ///< then keeping the connection has to be said
};

/// Adds Content-Length, Connection and Date, whatever `response` says about them; its own
/// `Connection: close` is heard. Line breaks and NULs in headers become spaces.
Outgoing serialise(Response response, AnswerForm form,
                   std::chrono::system_clock::time_point wall_time);

/// `{"error":{"message":"<text>"}}` and a line feed; `text` needs no escaping.
Response error_response(int status, std::string_view text, const Headers& extra);

}  // namespace http
