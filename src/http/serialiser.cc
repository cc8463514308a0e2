#include "http/serialiser.h"

#include <algorithm>
#include <ctime>
#include <optional>

namespace http {
namespace {

/// Up to this size head and body are one string: one write, one TLS record.
constexpr std::size_t kSmallBody = 16 * 1024;

std::string made_date(std::time_t seconds) {
  static constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                            "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm t{};
  gmtime_r(&seconds, &t);
  std::string text = kDays[t.tm_wday];
  const auto two = [&](const char* before, int number) {
    text += before;
    text += static_cast<char>('0' + number / 10);
    text += static_cast<char>('0' + number % 10);
  };
  two(", ", t.tm_mday);
  ((text += ' ') += kMonths[t.tm_mon]) += ' ';
  text += std::to_string(t.tm_year + 1900);
  two(" ", t.tm_hour);
  two(":", t.tm_min);
  two(":", t.tm_sec);
  return text += " GMT";
}

/// Most answers are of the same second as the last one.
const std::string& http_date(std::chrono::system_clock::time_point when) {
  thread_local struct {
    std::optional<std::time_t> seconds;
    std::string text;
  } last;
  const std::time_t seconds = std::chrono::system_clock::to_time_t(when);
  if (last.seconds != seconds) last = {seconds, made_date(seconds)};
  return last.text;
}

/// One line of a head; what would end it early becomes a space.
void append_clean(std::string& to, std::string_view text) {
  const auto begin = static_cast<std::ptrdiff_t>(to.size());
  const auto ends_it = [](char c) { return c == '\r' || c == '\n' || c == '\0'; };
  to += text;
  std::replace_if(to.begin() + begin, to.end(), ends_it, ' ');
}

bool is_ours(std::string_view name) {
  return same_name(name, "Content-Length") || same_name(name, "Connection") ||
         same_name(name, "Transfer-Encoding") || same_name(name, "Date");
}

bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

std::string_view connection_value(AnswerForm form) {
  if (!form.keep_alive) return "close";
  return form.http10 ? "keep-alive" : "";
}

}  // namespace

Outgoing serialise(Response response, AnswerForm form,
                   std::chrono::system_clock::time_point wall_time) {
  if (response.status == 0) return {};
  if (const auto own = find_header(response.headers, "Connection"); own && same_name(*own, "close"))
    form.keep_alive = false;

  Outgoing out;
  out.keep_alive = form.keep_alive;
  constexpr std::size_t kUsualHead = 400;
  const bool small = response.body.size() <= kSmallBody;
  out.head.reserve(kUsualHead + (small ? response.body.size() : 0));
  (out.head += "HTTP/1.1 ").append(std::to_string(response.status)) += ' ';
  append_clean(out.head,
               response.reason.empty() ? reason_phrase(response.status) : response.reason);
  ((out.head += "\r\nDate: ") += http_date(wall_time)) += "\r\n";
  for (const auto& [name, value] : response.headers) {
    if (is_ours(name)) continue;
    append_clean(out.head, name);
    out.head += ": ";
    append_clean(out.head, value);
    out.head += "\r\n";
  }
  if (const auto connection = connection_value(form); !connection.empty())
    (out.head += "Connection: ").append(connection).append("\r\n");
  const bool has_body = may_have_body(response.status);
  if (has_body)
    (out.head += "Content-Length: ").append(std::to_string(response.body.size())) += "\r\n";
  out.head += "\r\n";
  if (!has_body || form.head_only) return out;
  if (small)
    out.head += response.body;
  else
    out.body = std::move(response.body);
  return out;
}

Response error_response(int status, std::string_view text, const Headers& extra) {
  Response response;
  response.status = status;
  response.headers = extra;
  response.headers.emplace_back("Content-Type", "application/json");
  response.body.append(R"({"error":{"message":")").append(text).append("\"}}\n");
  return response;
}

}  // namespace http
