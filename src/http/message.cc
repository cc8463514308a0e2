#include "http/message.h"

#include <algorithm>

namespace http {
namespace {

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

struct Phrase {
  int status;
  std::string_view text;
};

constexpr Phrase kPhrases[] = {
    {100, "CONTINUE"},
    {200, "OK"},
    {201, "CREATED"},
    {202, "ACCEPTED"},
    {204, "NO CONTENT"},
    {300, "MULTIPLE CHOICES"},
    {301, "MOVED PERMANENTLY"},
    {302, "FOUND"},
    {304, "NOT MODIFIED"},
    {308, "PERMANENT REDIRECT"},
    {400, "BAD REQUEST"},
    {401, "UNAUTHORIZED"},
    {403, "FORBIDDEN"},
    {404, "NOT FOUND"},
    {405, "METHOD NOT ALLOWED"},
    {406, "NOT ACCEPTABLE"},
    {408, "REQUEST TIMEOUT"},
    {409, "CONFLICT"},
    {410, "GONE"},
    {411, "LENGTH REQUIRED"},
    {412, "PRECONDITION FAILED"},
    {413, "REQUEST ENTITY TOO LARGE"},
    {414, "REQUEST URI TOO LONG"},
    {415, "UNSUPPORTED MEDIA TYPE"},
    {417, "EXPECTATION FAILED"},
    {422, "UNPROCESSABLE ENTITY"},
    {423, "LOCKED"},
    {429, "TOO MANY REQUESTS"},
    {431, "REQUEST HEADER FIELDS TOO LARGE"},
    {500, "INTERNAL SERVER ERROR"},
    {501, "NOT IMPLEMENTED"},
    {502, "BAD GATEWAY"},
    {503, "SERVICE UNAVAILABLE"},
    {504, "GATEWAY TIMEOUT"},
};

}  // namespace

bool same_name(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::string_view> find_header(const Headers& headers,
                                            std::string_view name) noexcept {
  for (const auto& [key, value] : headers)
    if (same_name(key, name)) return value;
  return std::nullopt;
}

std::string_view reason_phrase(int status) noexcept {
  for (const Phrase& phrase : kPhrases)
    if (phrase.status == status) return phrase.text;
  return "UNKNOWN";
}

}  // namespace http
