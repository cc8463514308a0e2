#pragma once
#include "tooz/drivers/etcd/call.h"
#include "tooz/drivers/etcd/grpc_framing.h"

#include <memory>

namespace tooz::etcd {

/// One call on one HTTP/2 stream: what has come so far, and how it ended. For the I/O thread.
class Exchange {
 public:
  Exchange(std::shared_ptr<Call> call, Env::TimePoint begun)
      : call_(std::move(call)), begun_(begun) {}

  const std::shared_ptr<Call>& call() const noexcept { return call_; }
  Env::TimePoint begun() const noexcept { return begun_; }

  void header(std::string_view name, std::string_view value);
  /// False: the answer cannot be used, the stream is to be reset.
  bool data(std::string_view bytes);
  /// The call's end, when the stream closed with HTTP/2's `error`.
  Status status(std::uint32_t error) const;

 private:
  std::shared_ptr<Call> call_;
  Env::TimePoint begun_;
  Deframer deframer_{kMaxMessage};
  int messages_ = 0;
  std::string http_status_;
  std::optional<Code> code_;
  std::string message_;
  std::optional<Status> failure_;

  static constexpr std::size_t kMaxMessage = 32U << 20;
};

}  // namespace tooz::etcd
