#include "inspector/processing/address.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

TEST(Address, MacsHaveSixPairsOfHexadecimalDigits) {
  EXPECT_TRUE(is_mac("52:54:00:8A:10:01"));
  for (const std::string_view bad : {"", "52:54:00:8a:10", "52-54-00-8a-10-01", "52:54:00:8a:10:0g",
                                     "52:54:00:8a:10:01:02", "525400:8a:10:01:"})
    EXPECT_FALSE(is_mac(bad)) << bad;
}

TEST(Address, LoopbackIsWhatCannotBeReachedFromOutside) {
  EXPECT_TRUE(is_loopback("127.0.0.1"));
  EXPECT_TRUE(is_loopback("127.255.0.3"));
  EXPECT_TRUE(is_loopback("::1"));
  EXPECT_FALSE(is_loopback("128.0.0.1"));
  EXPECT_FALSE(is_loopback("fe80::1"));
  EXPECT_FALSE(is_loopback("nonsense"));
}

TEST(Address, IpsHaveNoZoneAndNoPrefix) {
  EXPECT_TRUE(is_ip("192.0.2.1"));
  EXPECT_TRUE(is_ip("fe80::1"));
  EXPECT_FALSE(is_ip("fe80::1%eno1"));
  EXPECT_TRUE(is_ip(without_zone("fe80::1%eno1")));
  EXPECT_FALSE(is_ip("192.0.2.0/24"));
  EXPECT_FALSE(is_ip(std::string_view("192.0.2.1\0", 10)));
  EXPECT_FALSE(is_ip(std::string(1000, '1')));
}

TEST(Address, ABmcsIpv6AddressIsWrittenAsResolversDo) {
  EXPECT_EQ(normal_ipv6("2001:DB8:0::5/64"), "2001:db8::5");
  EXPECT_EQ(normal_ipv6("::/0"), "::");
  EXPECT_EQ(normal_ipv6("bmc.example"), "bmc.example");
}

}  // namespace
}  // namespace inspector
