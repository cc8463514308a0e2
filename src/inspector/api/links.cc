#include "inspector/api/links.h"

#include "inspector/config/api.h"
#include "inspector/error.h"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

namespace inspector {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool consists_of(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return is_alphanumeric(c) || others.find(c) != std::string_view::npos;
  });
}

/// What the proxy nearest to us wrote: the last value of the last header of that name.
std::string_view forwarded(const http::Headers& headers, std::string_view name) {
  std::string_view value;
  for (const auto& [key, text] : headers)
    if (http::same_name(key, name)) value = text;
  if (const std::size_t comma = value.rfind(','); comma != std::string_view::npos)
    value.remove_prefix(comma + 1);
  while (!value.empty() && value.front() == ' ')
    value.remove_prefix(1);
  while (!value.empty() && value.back() == ' ')
    value.remove_suffix(1);
  return value;
}

std::string_view without_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const bool in_brackets = host.rfind(']') != std::string_view::npos && host.ends_with(']');
  return colon == std::string_view::npos || in_brackets ? host : host.substr(0, colon);
}

/// None is none too.
bool is_port(std::string_view text) {
  constexpr std::size_t kMostDigits = 5;
  constexpr int kMost = 65535;
  int port = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), port);
  return text.empty() || (text.size() <= kMostDigits && failed == std::errc() &&
                          end == text.data() + text.size() && port >= 0 && port <= kMost);
}

std::string host_of(const http::Request& request, const ApiOptions& options,
                    std::string_view scheme) {
  std::string host(forwarded(request.headers, "X-Forwarded-Host"));
  if (host.empty()) host = http::find_header(request.headers, "Host").value_or("");
  if (host.empty()) host = "localhost:" + std::to_string(options.server.port);
  const std::string_view port = forwarded(request.headers, "X-Forwarded-Port");
  if (!is_port(port))
    throw Error(Errc::kBadRequest, "Bad request: the X-Forwarded-Port header is not valid");
  if (!port.empty()) host = std::string(without_port(host)) + ":" + std::string(port);
  if (!consists_of(host, "-._~:[]%"))
    throw Error(Errc::kBadRequest, "Bad request: the Host header is not valid");
  const std::string_view usual = scheme == "https" ? ":443" : ":80";
  if (host.ends_with(usual) && without_port(host).size() + usual.size() == host.size())
    host.resize(host.size() - usual.size());
  return host;
}

void append_prefix(std::string& root, std::string_view prefix) {
  if (!consists_of(prefix, "/-._~%:@!$&'()*+,;="))
    throw Error(Errc::kBadRequest, "Bad request: the X-Forwarded-Prefix header is not valid");
  while (prefix.starts_with('/'))
    prefix.remove_prefix(1);
  while (prefix.ends_with('/'))
    prefix.remove_suffix(1);
  if (!prefix.empty()) root += "/" + std::string(prefix);
}

}  // namespace

std::string link_root(const http::Request& request, const ApiOptions& options) {
  std::string_view scheme = request.tls ? "https" : "http";
  const std::string_view told = forwarded(request.headers, "X-Forwarded-Proto");
  if (http::same_name(told, "https")) scheme = "https";
  if (http::same_name(told, "http")) scheme = "http";
  std::string root = std::string(scheme) + "://" + host_of(request, options, scheme);
  root += link_prefix(request);
  append_prefix(root, options.script_name);
  return root;
}

std::string link_prefix(const http::Request& request) {
  std::string prefix;
  const std::string_view told = forwarded(request.headers, "X-Forwarded-Prefix");
  append_prefix(prefix, told.empty() ? request.mount : told);
  return prefix;
}

boost::json::array self_link(std::string_view root, std::string_view path,
                             const boost::json::storage_ptr& memory) {
  // Not in braces: those would make the memory the array's second element.
  return boost::json::array({{{"href", std::string(root) + std::string(path)}, {"rel", "self"}}},
                            memory);
}

}  // namespace inspector
