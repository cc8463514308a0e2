#include "inspector/error.h"

#include <array>

namespace inspector {
namespace {

struct Entry {
  Errc code;
  int http_status;
  int rpc_code;
};

/// RPC codes are part of the wire: they stay as they are, new ones get new numbers.
constexpr std::array kTable = {
    Entry{Errc::kBadRequest, 400, 1},       Entry{Errc::kUnauthorized, 401, 2},
    Entry{Errc::kForbidden, 403, 3},        Entry{Errc::kNotFound, 404, 4},
    Entry{Errc::kMethodNotAllowed, 405, 5}, Entry{Errc::kNotAcceptable, 406, 6},
    Entry{Errc::kConflict, 409, 7},         Entry{Errc::kProcessing, 500, 8},
    Entry{Errc::kInternal, 500, 9},         Entry{Errc::kUnavailable, 503, 10},
};

}  // namespace

int http_status(Errc code) noexcept {
  for (const Entry& entry : kTable)
    if (entry.code == code) return entry.http_status;
  return 500;
}

int rpc_code(Errc code) noexcept {
  for (const Entry& entry : kTable)
    if (entry.code == code) return entry.rpc_code;
  return 9;
}

Errc from_rpc_code(int code) noexcept {
  for (const Entry& entry : kTable)
    if (entry.rpc_code == code) return entry.code;
  return Errc::kInternal;
}

}  // namespace inspector
