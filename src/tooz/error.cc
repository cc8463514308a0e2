#include "tooz/error.h"

namespace tooz {
namespace {

class Category final : public std::error_category {
 public:
  const char* name() const noexcept override { return "tooz"; }
  std::string message(int code) const override {
    switch (static_cast<Errc>(code)) {
      case Errc::kUnreachable:
        return "the backend does not answer";
      case Errc::kSessionLost:
        return "the lease ran out";
      case Errc::kDenied:
        return "the backend refuses access";
      case Errc::kNoSuchGroup:
        return "the group does not exist";
      case Errc::kBadName:
        return "the name cannot be used";
      case Errc::kTooLarge:
        return "more bytes than the backend takes";
      case Errc::kUnsuitable:
        return "the driver lacks what was asked for";
      case Errc::kBadUrl:
        return "the backend URL cannot be used";
      case Errc::kOtherPermits:
        return "the semaphore has another number of permits";
      case Errc::kBadWeight:
        return "a member's weight cannot be used";
    }
    return "unknown error";
  }
};

}  // namespace

std::error_code make_error_code(Errc code) noexcept {
  static const Category category;
  return {static_cast<int>(code), category};
}

}  // namespace tooz
