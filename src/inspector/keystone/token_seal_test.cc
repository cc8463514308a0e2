#include "inspector/keystone/token_seal.h"

#include <gtest/gtest.h>

#include <numeric>

namespace inspector::keystone {
namespace {

using Security = SharedTokenOptions::Security;

constexpr const char* kToken = "gAAAA-token";
constexpr const char* kAnswer = R"({"token": {"user": {"id": "u1"}}})";

// What keystonemiddleware 10.1 (Debian 12) makes of them with the secret s3cret and the vector
// 0, 1, … 15.
constexpr const char* kSigned =
    "j0CVj+aRoSRw0oA/epkvFkFBetH59XLE4bLIYQG+Fh3oqpAbiGhLnvyHUSs2P1zD"
    "eyJ0b2tlbiI6IHsidXNlciI6IHsiaWQiOiAidTEifX19";
constexpr const char* kEncrypted =
    "ppIxto3WlUc2oP9ZcP7B9dQ2wb+ZL+57qZJ6SJX2uRvaxPaPcTETvgyOnqIe4Jjf"
    "AAECAwQFBgcICQoLDA0OD0jn9cUJ0guvGjGa1VBJTyYnvspoCgnJp2L4MRRHMjspTwvpXcfSwwbZpjoTvjNdEA==";

TokenSeal seal(Security security, const std::string& secret = "s3cret",
               const std::string& token = kToken) {
  SharedTokenOptions options;
  options.security = security;
  options.secret_key = secret;
  return {options, token};
}

std::array<unsigned char, 16> vector() {
  std::array<unsigned char, 16> bytes{};
  std::iota(bytes.begin(), bytes.end(), static_cast<unsigned char>(0));
  return bytes;
}

TEST(TokenSeal, MakesWhatKeystonemiddlewareMakes) {
  EXPECT_EQ(seal(Security::kNone).item(),
            "tokens/119a7ec1e1d2952f7853449fd77dad08fa982be12cff87d34cd7cb8d1aeb7351");
  EXPECT_EQ(seal(Security::kNone).close(kAnswer, vector()), kAnswer);
  EXPECT_EQ(seal(Security::kMac).item(), "tokens/b'rgu2tURx5waeki3zR/4Klw=='");
  EXPECT_EQ(seal(Security::kMac).close(kAnswer, vector()), kSigned);
  EXPECT_EQ(seal(Security::kEncrypt).item(), "tokens/b'd2v0RWacpo2yrc72EQCGoA=='");
  EXPECT_EQ(seal(Security::kEncrypt).close(kAnswer, vector()), kEncrypted);
}

TEST(TokenSeal, ReadsWhatKeystonemiddlewareHasMade) {
  EXPECT_EQ(seal(Security::kNone).open(kAnswer), kAnswer);
  EXPECT_EQ(seal(Security::kMac).open(kSigned), kAnswer);
  EXPECT_EQ(seal(Security::kEncrypt).open(kEncrypted), kAnswer);
}

TEST(TokenSeal, OfAnotherSecretOrAnotherTokenItReadsNothing) {
  for (const auto& [security, kept] :
       {std::pair(Security::kMac, kSigned), std::pair(Security::kEncrypt, kEncrypted)}) {
    EXPECT_EQ(seal(security, "other").open(kept), std::nullopt);
    EXPECT_EQ(seal(security, "s3cret", "other").open(kept), std::nullopt);
  }
  EXPECT_EQ(seal(Security::kEncrypt).open(kSigned), std::nullopt);
}

TEST(TokenSeal, WhatHasBeenChangedIsNotRead) {
  for (const auto& [security, kept] :
       {std::pair(Security::kMac, kSigned), std::pair(Security::kEncrypt, kEncrypted)}) {
    for (std::size_t i = 0; i < std::string(kept).size(); ++i) {
      std::string changed = kept;
      changed[i] = changed[i] == 'A' ? 'B' : 'A';
      EXPECT_EQ(seal(security).open(changed), std::nullopt) << i;
      EXPECT_EQ(seal(security).open(std::string(kept).substr(0, i)), std::nullopt) << i;
    }
  }
}

}  // namespace
}  // namespace inspector::keystone
