#include "inspector/mdns/service_record.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace inspector {
namespace {

using Texts = std::vector<std::pair<std::string, std::string>>;

std::vector<std::string> resolve(const std::string& host) {
  if (host == "api.example") return {"192.0.2.1", "2001:db8::1"};
  return {};
}

TEST(ServiceRecord, AHostIsPublishedWithAllItsAddresses) {
  const ServiceRecord record = service_record("http://api.example:5050/v1/", {}, resolve);
  EXPECT_EQ(record.host, "api.example");
  EXPECT_EQ(record.port, 5050);
  EXPECT_EQ(record.addresses, (std::vector<std::string>{"192.0.2.1", "2001:db8::1"}));
  EXPECT_EQ(record.txt, (Texts{{"path", "/v1"}, {"protocol", "http"}}));
}

TEST(ServiceRecord, ThePortAloneMaySayTheProtocol) {
  EXPECT_EQ(service_record("http://api.example", {}, resolve).txt, Texts{});
  EXPECT_EQ(service_record("https://api.example/", {}, resolve).txt, Texts{});
  EXPECT_EQ(service_record("https://api.example", {}, resolve).port, 443);
  EXPECT_EQ(service_record("https://api.example:80", {}, resolve).txt,
            (Texts{{"protocol", "https"}}));
}

TEST(ServiceRecord, AnAddressNeedsNoNameAndParametersComeFirst) {
  const ServiceRecord record =
      service_record("http://[2001:db8::2]:80", {{"ipa_debug", "1"}}, resolve);
  EXPECT_EQ(record.host, "");
  EXPECT_EQ(record.addresses, std::vector<std::string>{"2001:db8::2"});
  EXPECT_EQ(record.txt, (Texts{{"ipa_debug", "1"}}));
}

TEST(ServiceRecord, WhatCannotBePublishedIsRefused) {
  EXPECT_THROW(service_record("http://nowhere.example", {}, resolve), std::runtime_error);
  EXPECT_THROW(service_record("ftp://api.example", {}, resolve), std::runtime_error);
  EXPECT_THROW(service_record("", {}, resolve), std::runtime_error);
}

}  // namespace
}  // namespace inspector
