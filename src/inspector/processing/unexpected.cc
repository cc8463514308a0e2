#include "inspector/processing/unexpected.h"

#include "inspector/ironic/client.h"

#include <boost/core/demangle.hpp>
#include <typeinfo>

namespace inspector {
namespace {

constexpr int kBadRequest = 400, kForbidden = 403, kNotFound = 404, kConflict = 409;

std::string sdk_name(int status) {
  switch (status) {
    case 0:
      return "SDKException";
    case kBadRequest:
      return "BadRequestException";
    case kForbidden:
      return "ForbiddenException";
    case kNotFound:
      return "NotFoundException";
    case kConflict:
      return "ConflictException";
    default:
      return "HttpException";
  }
}

}  // namespace

std::string class_name(const std::exception& e) {
  if (const auto* refusal = dynamic_cast<const ironic::Error*>(&e))
    return sdk_name(refusal->status);
  return boost::core::demangle(typeid(e).name());
}

Error unexpected(const std::exception& e) {
  return {Errc::kProcessing,
          "Unexpected exception " + class_name(e) + " during processing: " + e.what()};
}

}  // namespace inspector
