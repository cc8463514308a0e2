#pragma once
#include "inspector/api/api.h"
#include "inspector/api/testing/doubles.h"

#include <gtest/gtest.h>

#include <memory>

namespace inspector::api_test {

inline constexpr std::string_view kUuid = "b2990409-b91e-4be9-97fa-d7e0cf9c8def";
inline constexpr std::string_view kUnknownUrl =
    "404 Not Found: The requested URL was not found on the server. If you entered the URL manually "
    "please check your spelling and try again.";

/// The API over a real node store in memory; conductor, Ironic and data store are doubles.
class ApiFixture : public testing::Test {
 protected:
  ApiFixture();

  void set_options(ApiOptions options);
  http::Response send(std::string_view method, std::string_view target, std::string body = "",
                      http::Headers headers = {});
  /// `<status> <message of the error>`
  std::string refusal(std::string_view method, std::string_view target, std::string body = "",
                      http::Headers headers = {});
  /// Adds a node that is being introspected.
  void add_node(std::string_view uuid);

  base::Env& env_ = base::system_env();
  sql::Database database_{env_, "sqlite://"};
  NodeStore nodes_{env_, database_};
  RuleStore rules_{env_, database_};
  DataInMemory data_;
  NamesOnlyIronic ironic_;
  RecordingConductor conductor_;
  std::unique_ptr<Api> api_;

 private:
  tooz::Revision tokens_ = 0;
};

}  // namespace inspector::api_test
