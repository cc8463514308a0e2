#pragma once
#include <stop_token>

namespace tooz {

/// One stop token for what either of two may end.
class AnyStop {
 public:
  AnyStop(std::stop_token a, std::stop_token b)
      : a_(std::move(a), Forward{source_}), b_(std::move(b), Forward{source_}) {}
  AnyStop(const AnyStop&) = delete;
  AnyStop& operator=(const AnyStop&) = delete;

  std::stop_token token() const noexcept { return source_.get_token(); }
  bool requested() const noexcept { return source_.stop_requested(); }

 private:
  struct Forward {
    std::stop_source& to;
    void operator()() const noexcept { to.request_stop(); }
  };

  std::stop_source source_;
  std::stop_callback<Forward> a_;
  std::stop_callback<Forward> b_;
};

}  // namespace tooz
