#pragma once
#include <filesystem>

namespace support {

/// An authority and certificates signed by it, made by the program openssl in `folder`; good for
/// localhost and 127.0.0.1.
struct Certificates {
  std::filesystem::path ca;
  std::filesystem::path server;
  std::filesystem::path server_key;
  std::filesystem::path client;
  std::filesystem::path client_key;
};

/// Throws std::runtime_error.
Certificates make_certificates(const std::filesystem::path& folder);

}  // namespace support
