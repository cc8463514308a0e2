#include "sql/time.h"

#include "sql/database.h"

#include <charconv>
#include <chrono>
#include <cstdint>

namespace sql {
namespace {

using std::chrono::floor;
using std::chrono::microseconds;

[[noreturn]] void refuse(std::string_view text) {
  throw Error(Errc::kBadData, "'" + std::string(text.substr(0, 100)) +
                                  "' is not a time like 2026-11-22 11:11:38.194088");
}

/// Takes `digits` digits off the front and then `separator` (0: none).
int take(std::string_view& rest, std::size_t digits, std::string_view separators,
         std::string_view whole) {
  int number = 0;
  if (rest.size() < digits) refuse(whole);
  const char* end = rest.data() + digits;
  const auto [stopped, error] = std::from_chars(rest.data(), end, number);
  if (error != std::errc() || stopped != end || number < 0) refuse(whole);
  rest.remove_prefix(digits);
  if (separators.empty()) return number;
  if (rest.empty() || separators.find(rest.front()) == std::string_view::npos) refuse(whole);
  rest.remove_prefix(1);
  return number;
}

/// Writes the digits of `number` over those that end at `last`; printf takes ten times as long, and
/// a list of nodes has thousands of times.
void put(std::string& text, std::size_t last, std::int64_t number) {
  for (; number > 0 && last < text.size(); number /= 10)  // a year of five digits loses its first
    text[last--] = static_cast<char>('0' + number % 10);
}

microseconds take_fraction(std::string_view rest, std::string_view whole) {
  if (rest.empty()) return microseconds(0);
  if (rest.front() != '.' || rest.size() < 2 || rest.size() > 10) refuse(whole);
  std::string digits(rest.substr(1));
  if (digits.find_first_not_of("0123456789") != std::string::npos) refuse(whole);
  digits.resize(6, '0');
  std::string_view six = digits;
  return microseconds(take(six, 6, "", whole));
}

}  // namespace

std::string to_text(base::Env::WallTime time) {
  const auto micros = floor<microseconds>(time);
  const auto day = floor<std::chrono::days>(micros);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(micros - day);
  std::string text = "0000-00-00 00:00:00.000000";
  put(text, 3, static_cast<int>(date.year()));
  put(text, 6, static_cast<unsigned>(date.month()));
  put(text, 9, static_cast<unsigned>(date.day()));
  put(text, 12, clock.hours().count());
  put(text, 15, clock.minutes().count());
  put(text, 18, clock.seconds().count());
  put(text, 25, clock.subseconds().count());
  return text;
}

base::Env::WallTime time_from_text(std::string_view text) {
  std::string_view rest = text;
  const int year = take(rest, 4, "-", text);
  const int month = take(rest, 2, "-", text);
  const int day = take(rest, 2, " T", text);
  const int hour = take(rest, 2, ":", text);
  const int minute = take(rest, 2, ":", text);
  const int second = take(rest, 2, "", text);
  const auto fraction = take_fraction(rest, text);
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  const bool representable = year >= 1700 && year <= 2200;  // of a clock that counts nanoseconds
  if (!representable || !date.ok() || hour > 23 || minute > 59 || second > 59) refuse(text);
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second) + fraction;
}

base::Env::WallTime stored(base::Env::WallTime time, Dialect dialect) noexcept {
  if (dialect == Dialect::kMysql) return floor<std::chrono::seconds>(time);
  return floor<microseconds>(time);
}

}  // namespace sql
