#include "inspector/api/links.h"

#include "inspector/config/api.h"
#include "inspector/error.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

std::string root(http::Headers headers, bool tls = false) {
  http::Request request;
  request.headers = std::move(headers);
  request.tls = tls;
  ApiOptions options;
  options.server.port = 5050;
  return link_root(request, options);
}

TEST(Links, ComeFromTheHostHeader) {
  EXPECT_EQ(root({{"Host", "127.0.0.1:5050"}}), "http://127.0.0.1:5050");
  EXPECT_EQ(root({{"host", "[::1]:5050"}}), "http://[::1]:5050");
  EXPECT_EQ(root({{"Host", "a.example:443"}}, true), "https://a.example");
  EXPECT_EQ(root({{"Host", "a.example:80"}}), "http://a.example");
  EXPECT_EQ(root({{"Host", "a.example:443"}}), "http://a.example:443");
  EXPECT_EQ(root({}), "http://localhost:5050");
}

TEST(Links, FollowTheProxyInFront) {
  EXPECT_EQ(root({{"Host", "127.0.0.1:5050"},
                  {"X-Forwarded-Proto", "https"},
                  {"X-Forwarded-Host", "foo.example:8443"},
                  {"X-Forwarded-Prefix", "/bmi"}}),
            "https://foo.example:8443/bmi");
  EXPECT_EQ(root({{"Host", "a:1"}, {"X-Forwarded-Port", "99"}}), "http://a:99");
  EXPECT_EQ(root({{"Host", "[::1]"}, {"X-Forwarded-Port", "99"}}), "http://[::1]:99");
}

TEST(Links, NameThePathUnderWhichWeAreMountedUnlessAProxyNamesAnother) {
  http::Request request;
  request.headers = {{"Host", "a:1"}};
  request.mount = "/baremetal/introspection";
  EXPECT_EQ(link_root(request, ApiOptions{}), "http://a:1/baremetal/introspection");
  EXPECT_EQ(link_prefix(request), "/baremetal/introspection");
  request.headers.emplace_back("X-Forwarded-Prefix", "/bmi");
  EXPECT_EQ(link_root(request, ApiOptions{}), "http://a:1/bmi");
  EXPECT_EQ(link_prefix(request), "/bmi");
}

TEST(Links, TrustOneProxyOnly) {
  EXPECT_EQ(root({{"Host", "a"}, {"X-Forwarded-Host", "evil.example, worse.example, b.example"}}),
            "http://b.example");
  EXPECT_EQ(
      root(
          {{"Host", "a"}, {"X-Forwarded-Host", "evil.example"}, {"X-Forwarded-Host", "b.example"}}),
      "http://b.example");
}

TEST(Links, ASchemeThatIsNoneIsNotTaken) {
  EXPECT_EQ(root({{"Host", "a"}, {"X-Forwarded-Proto", "javascript"}}), "http://a");
}

TEST(Links, AHostThatCannotBeOneIsRefused) {
  for (const http::Headers& headers :
       {http::Headers{{"Host", "a b"}}, http::Headers{{"Host", "a\"><script>"}},
        http::Headers{{"Host", "\xff"}}, http::Headers{{"Host", "a"}, {"X-Forwarded-Host", "b/c"}},
        http::Headers{{"Host", "a"}, {"X-Forwarded-Prefix", "/x y"}},
        http::Headers{{"Host", "a"}, {"X-Forwarded-Port", "x"}},
        http::Headers{{"Host", "a"}, {"X-Forwarded-Port", "65536"}},
        http::Headers{{"Host", "a"}, {"X-Forwarded-Port", "-1"}}})
    EXPECT_THROW(root(headers), Error);
}

}  // namespace
}  // namespace inspector
