#include "inspector/error.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

constexpr Errc kAll[] = {Errc::kBadRequest, Errc::kUnauthorized,     Errc::kForbidden,
                         Errc::kNotFound,   Errc::kMethodNotAllowed, Errc::kNotAcceptable,
                         Errc::kConflict,   Errc::kProcessing,       Errc::kInternal,
                         Errc::kUnavailable};

TEST(ErrorTable, EveryCodeCrossesTheWireAndComesBack) {
  for (Errc code : kAll) {
    EXPECT_GT(rpc_code(code), 0);
    EXPECT_EQ(from_rpc_code(rpc_code(code)), code);
  }
}

TEST(ErrorTable, ACodeNobodyKnowsIsInternal) {
  EXPECT_EQ(from_rpc_code(4711), Errc::kInternal);
  EXPECT_EQ(from_rpc_code(-32603), Errc::kInternal);
}

TEST(ErrorTable, StatusesAreThoseOfTheApi) {
  const int expected[] = {400, 401, 403, 404, 405, 406, 409, 500, 500, 503};
  for (std::size_t i = 0; i < std::size(kAll); ++i)
    EXPECT_EQ(http_status(kAll[i]), expected[i]);
}

}  // namespace
}  // namespace inspector
