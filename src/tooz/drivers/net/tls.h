#pragma once
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tooz::net {

/// PEM files; empty: the system's authorities, no certificate of our own.
struct TlsFiles {
  std::string ca;
  std::string certificate;
  std::string key;
};

/// Text without any secret: a file that cannot be used, a certificate that is not accepted.
class TlsError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// What all connections share. Once made, for any thread.
class TlsContext {
 public:
  /// Reads the files; throws TlsError naming the one that cannot be used. A server must then agree
  /// to speak `protocol` (by ALPN); empty: nothing is asked.
  explicit TlsContext(const TlsFiles& files, std::string protocol = {});
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

 private:
  friend class TlsSession;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The client's side of one TLS connection; does no I/O. The server's certificate must be of a
/// known authority and name `host`. For one thread.
class TlsSession {
 public:
  TlsSession(const TlsContext& context, const std::string& host);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  /// Takes bytes of the network and returns what was in them, empty while hands are being shaken.
  /// Throws TlsError.
  std::string receive(std::string_view cipher);
  /// Encrypts; keeps it until established. Throws TlsError.
  void send(std::string_view plain);
  /// What is to be sent over the network.
  std::string take_output();
  bool established() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace tooz::net
