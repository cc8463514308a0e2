#include "tooz/drivers/etcd/options.h"

#include "tooz/drivers/etcd/etcd.h"
#include "tooz/error.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace tooz::etcd {
namespace {

Options options_of(std::string_view url) { return options_from(parse_url(url)); }

std::string refusal(std::string_view url) {
  try {
    options_of(url);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Errc::kBadUrl);
    return e.what();
  }
  return "accepted";
}

TEST(EtcdUrl, NothingGivenMeansLocalhostAndFiveSecondsInClearText) {
  const Options options = options_of("etcd3://");
  ASSERT_EQ(options.hosts.size(), 1U);
  EXPECT_EQ(options.hosts[0].name, "localhost");
  EXPECT_EQ(options.timeout, std::chrono::seconds(5));
  EXPECT_FALSE(options.tls);
  EXPECT_TRUE(options.user.empty());
}

TEST(EtcdUrl, EverythingThatCanBeSaid) {
  const Options options = options_of(
      "etcd3+https://joe:s%40cret@a:1,[::1]:2/"
      "?timeout=500ms&membership_timeout=10&lock_timeout=20&api_version=v3&ca_cert=/ca&"
      "cert_cert=/c&cert_key=/k");
  ASSERT_EQ(options.hosts.size(), 2U);
  EXPECT_EQ(options.hosts[1].name, "::1");
  EXPECT_EQ(options.hosts[1].port, 2);
  EXPECT_EQ(options.user, "joe");
  EXPECT_EQ(options.password, "s@cret");
  EXPECT_EQ(options.timeout, std::chrono::milliseconds(500));
  EXPECT_TRUE(options.tls);
  EXPECT_EQ(options.files.ca, "/ca");
  EXPECT_EQ(options.files.certificate, "/c");
  EXPECT_EQ(options.files.key, "/k");
  EXPECT_EQ(options.name.find("s@cret"), std::string::npos);
}

TEST(EtcdUrl, TheSchemeChoosesTls) {
  EXPECT_TRUE(options_of("etcd3+https://h").tls);
  EXPECT_FALSE(options_of("etcd3+http://h").tls);
  EXPECT_TRUE(options_of("etcd3://h?ca_cert=/ca").tls);
}

TEST(EtcdUrl, WhatCannotBeMeantIsRefusedByName) {
  const auto has = [](std::string_view url, std::string_view what) {
    const std::string text = refusal(url);
    EXPECT_NE(text.find(what), std::string::npos) << url << " gave: " << text;
  };
  has("etcd3://h?colour=red", "colour");
  has("etcd3://h?timeout=soon", "timeout");
  has("etcd3://h?lock_timeout=-1", "lock_timeout");
  has("etcd3://h?membership_timeout=x", "membership_timeout");
  has("etcd3://h/some/path", "/some/path");
  has("etcd3://:word@h", "user");
  has("etcd3+https://h?cert_cert=/c", "cert_key");
  has("etcd3+https://h?cert_key=/k", "cert_cert");
  has("etcd3+http://h?ca_cert=/ca", "etcd3+https");
}

std::ptrdiff_t entries_of(const char* folder) {
  return std::distance(std::filesystem::directory_iterator(folder), {});
}

TEST(EtcdUrl, ABackendIsOpenedWithoutServerThreadOrSocket) {
  const auto threads = entries_of("/proc/self/task");
  const auto descriptors = entries_of("/proc/self/fd");
  // Port 1: nobody is there, and nobody is asked.
  const auto backend = open_etcd(base::system_env(), parse_url("etcd3://127.0.0.1:1?timeout=1"));
  EXPECT_NE(backend, nullptr);
  EXPECT_EQ(entries_of("/proc/self/task"), threads);
  EXPECT_EQ(entries_of("/proc/self/fd"), descriptors);
}

TEST(EtcdUrl, NobodyListeningIsUnreachableWithoutWaitingForTheTimeout) {
  const auto backend = open_etcd(base::system_env(), parse_url("etcd3://127.0.0.1:1?timeout=60"));
  try {
    backend->get("k");
    ADD_FAILURE() << "answered";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Errc::kUnreachable);
    EXPECT_NE(std::string(e.what()).find("127.0.0.1:1"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace tooz::etcd
