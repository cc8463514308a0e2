#include "inspector/api/accept.h"

#include <gtest/gtest.h>

namespace inspector {
namespace {

std::string_view chosen(std::string_view accept) {
  constexpr std::string_view kOffers[] = {"text/plain", "text/html", "application/json"};
  return accepted_type(accept, kOffers);
}

TEST(Accept, TheHighestQualityWins) {
  for (const char* accept :
       {"application/json", "application/*", "text/html;q=0.1, application/json",
        "APPLICATION/JSON", "text/*;q=0.5 , application/json ; q=0.9", "text/*;q=0, */*"})
    EXPECT_EQ(chosen(accept), "application/json") << accept;
  for (const char* accept : {"text/html", "text/html,application/xhtml+xml,*/*;q=0.8",
                             "*/*;q=0.1, text/html", "text/plain;q=0.2, text/*;q=0.3"})
    EXPECT_EQ(chosen(accept), "text/html") << accept;
}

TEST(Accept, OfEqualOnesTheServersFavourite) {
  EXPECT_EQ(chosen("application/json, text/html"), "text/html");
  EXPECT_EQ(chosen("*/*"), "text/plain");
  EXPECT_EQ(chosen("text/*"), "text/plain");
  EXPECT_EQ(chosen("application/json;q=0, */*"), "text/plain");
}

TEST(Accept, TheFavouriteWhenNoneIsWanted) {
  for (const char* accept : {"", " ", ",", ";", "image/png", "nonsense", "text/html;q=0",
                             "application/json;charset=utf-8", "text/html;q=x;q", "/*"})
    EXPECT_EQ(chosen(accept).substr(0, 5), "text/") << accept;
  EXPECT_EQ(chosen("text/html;q=0"), "text/plain");
}

}  // namespace
}  // namespace inspector
