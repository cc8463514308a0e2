#include "inspector/service/named_server.h"

#include <stdexcept>

namespace inspector {
namespace {

std::string option_of(const ServerNames& names, std::string_view what) {
  if (what.starts_with("UNIX socket ")) return names.unix_socket;
  if (!what.starts_with("TLS: ")) return names.address;
  if (what.find("certificate file") != std::string_view::npos) return names.section + "cert_file";
  if (what.find("key file") != std::string_view::npos) return names.section + "key_file";
  if (what.find("CA file") != std::string_view::npos) return names.section + "ca_file";
  return "[ssl]ciphers";
}

}  // namespace

http::Server named_server(const ServerNames& names, http::ServerOptions options,
                          http::Handler handler, http::Router router) {
  try {
    return http::Server(std::move(options), std::move(handler), std::move(router));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(option_of(names, error.what()) + ": " + error.what());
  }
}

}  // namespace inspector
