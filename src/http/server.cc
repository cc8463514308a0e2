#include "http/server.h"

#include "base/log.h"
#include "http/asio_stream.h"
#include "http/connection.h"
#include "http/listener.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

namespace http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;
using Acceptor = asio::basic_socket_acceptor<Protocol>;

/// What runs the calls of one connection: one thread alone needs no strand to do it in turns.
asio::any_io_executor one_at_a_time(Io& io, const ServerOptions& options) {
  if (options.io_threads <= 1) return io.context.get_executor();
  return asio::make_strand(io.context);
}

bool out_of_resources(const error_code& error) {
  namespace errc = boost::system::errc;
  return error == errc::too_many_files_open || error == errc::too_many_files_open_in_system ||
         error == errc::no_buffer_space || error == errc::not_enough_memory;
}

void set_tcp_options(int fd, const ServerOptions& options) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto idle = static_cast<int>(options.tcp_keepidle.count());
  if (idle == 0) return;
  setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
}

}  // namespace

class Server::Impl {
 public:
  Impl(ServerOptions options, Handler handler, Router router);

  void start();
  bool stop(base::Env::TimePoint deadline);
  std::uint16_t port() const noexcept { return listener_.port(); }

 private:
  void run_io() noexcept;
  void accept();
  void on_accept(const error_code& error, Socket socket);
  void accept_later(const error_code& error);
  void serve(Socket socket);
  void close_io();

  const std::shared_ptr<Shared> shared_;
  const std::shared_ptr<Io> io_;
  const std::shared_ptr<asio::ssl::context> tls_;
  Listener listener_;
  Acceptor acceptor_;
  asio::steady_timer accept_timer_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> work_;
  std::vector<std::unique_ptr<base::Env::Thread>> threads_;
  bool stopped_ = false;
};

Server::Impl::Impl(ServerOptions options, Handler handler, Router router)
    : shared_(std::make_shared<Shared>(base::system_env(), std::move(options), std::move(handler),
                                       std::move(router))),
      io_(std::make_shared<Io>(std::max(1, shared_->options.io_threads))),
      tls_(shared_->options.tls ? make_tls_context(shared_->options) : nullptr),
      listener_(shared_->options),
      acceptor_(one_at_a_time(*io_, shared_->options)),
      accept_timer_(acceptor_.get_executor()),
      work_(asio::make_work_guard(io_->context)) {
  const int family = listener_.family();
  acceptor_.assign(Protocol(family, 0), listener_.release());
}

void Server::Impl::start() {
  asio::post(acceptor_.get_executor(), [this] { accept(); });
  for (int i = 0; i < std::max(1, shared_->options.io_threads); ++i)
    threads_.push_back(shared_->env.spawn("http-io-" + std::to_string(i),
                                          [this](const std::stop_token&) { run_io(); }));
}

/// What escapes from a connection (memory that is not there) has ended that connection only.
void Server::Impl::run_io() noexcept {
  for (;;) {
    try {
      io_->context.run();
      return;
    } catch (const std::exception& e) {
      base::log_error("http.server", "connection failed", {base::exception_field(e)});
    }
  }
}

// ---- accepting

void Server::Impl::accept() {
  acceptor_.async_accept(
      one_at_a_time(*io_, shared_->options),
      [this](const error_code& error, Socket socket) { on_accept(error, std::move(socket)); });
}

void Server::Impl::on_accept(const error_code& error, Socket socket) {
  if (!acceptor_.is_open()) return;
  if (out_of_resources(error)) return accept_later(error);
  if (!error) serve(std::move(socket));
  accept();
}

void Server::Impl::accept_later(const error_code& error) {
  base::log_warning("http.server", "cannot accept connections", {{"error", error.message()}});
  accept_timer_.expires_after(std::chrono::milliseconds(200));
  accept_timer_.async_wait([this](const error_code& cancelled) {
    if (!cancelled && acceptor_.is_open()) accept();
  });
}

void Server::Impl::serve(Socket socket) {
  if (shared_->draining || shared_->registry.size() >= shared_->options.max_connections) return;
  if (listener_.family() != AF_UNIX) set_tcp_options(socket.native_handle(), shared_->options);
  Connection::Peer peer{peer_address(socket.native_handle()), tls_ != nullptr};
  const auto connection = std::make_shared<Connection>(
      shared_,
      tls_ ? make_tls_stream(io_, std::move(socket), tls_) : make_stream(io_, std::move(socket)),
      std::move(peer));
  shared_->registry.add(connection);
  connection->start();
  if (shared_->draining) connection->drain();  // stop() may have looked before it was there
}

// ---- stopping

bool Server::Impl::stop(base::Env::TimePoint deadline) {
  if (std::exchange(stopped_, true)) return true;
  shared_->draining = true;
  listener_.remove_file();
  asio::post(acceptor_.get_executor(), [this] {
    error_code ignored;
    acceptor_.close(ignored);
    accept_timer_.cancel(ignored);
  });
  for (const auto& connection : shared_->registry.all())
    connection->drain();
  const bool finished = shared_->registry.wait_empty(deadline);
  if (!finished) {
    shared_->stop.request_stop();
    for (const auto& connection : shared_->registry.all())
      connection->abort();
  }
  close_io();
  return finished;
}

/// The loop ends when nothing is under way any more; what a handler answers later is dropped.
void Server::Impl::close_io() {
  {
    const std::lock_guard lock(io_->mutex);
    io_->closed = true;
  }
  work_.reset();
  threads_.clear();
}

Server::Server(ServerOptions options, Handler handler, Router router)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler), std::move(router))) {}
Server::~Server() { impl_->stop(base::system_env().now()); }

void Server::start() { impl_->start(); }
std::uint16_t Server::port() const noexcept { return impl_->port(); }
bool Server::stop(base::Env::TimePoint deadline) { return impl_->stop(deadline); }

}  // namespace http
