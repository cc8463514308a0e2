#pragma once
#include "http/server.h"
#include "http/stream.h"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ssl/context.hpp>
#include <mutex>

namespace http {

/// The event loop of a server. Streams share it, because a handler may outlive the server.
struct Io {
  explicit Io(int threads) : context(threads) {}  ///< of one thread, it locks less
  boost::asio::io_context context;
  std::mutex mutex;
  bool closed = false;  ///< guarded by `mutex`: from then on nothing is posted
};

using Socket = boost::asio::generic::stream_protocol::socket;

std::unique_ptr<Stream> make_stream(std::shared_ptr<Io> io, Socket socket);
std::unique_ptr<Stream> make_tls_stream(std::shared_ptr<Io> io, Socket socket,
                                        std::shared_ptr<boost::asio::ssl::context> tls);

/// TLS 1.2 and later as the options say. Throws std::runtime_error naming the file.
std::shared_ptr<boost::asio::ssl::context> make_tls_context(const ServerOptions& options);

}  // namespace http
