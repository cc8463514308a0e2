#include "tooz/drivers/file/failure.h"

#include "tooz/error.h"

#include <cerrno>

namespace tooz::file {

void fail(std::string_view name, std::string_view what, int error) {
  const bool refused = error == EACCES || error == EPERM || error == EROFS || error == ENOTDIR ||
                       error == EISDIR || error == ELOOP;
  throw Error(
      refused ? Errc::kDenied : Errc::kUnreachable,
      std::string(name) + ": " + std::string(what) + ": " + std::generic_category().message(error));
}

}  // namespace tooz::file
