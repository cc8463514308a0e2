#pragma once
#include "http/budget.h"
#include "http/message.h"

#include <cstdint>
#include <memory>

namespace http {

/// Makes requests out of bytes, whatever these are; no I/O. One request after the other: reset()
/// between them. Not thread-safe.
class RequestReader {
 public:
  struct Limits {
    std::size_t max_header;
    std::size_t max_body;
  };
  enum class State : std::uint8_t {
    kHead,     ///< wants the rest of the header
    kBody,     ///< the header is there: request() has all but the body
    kDone,     ///< request() is complete
    kRefused,  ///< will never be: see refusal()
  };
  struct Refusal {
    int status = 400;
    std::string_view text;
  };

  /// `budget` outlives the reader and every Share taken from it.
  RequestReader(Limits limits, Budget& budget);
  ~RequestReader();

  /// Takes what it can use and returns how much that was; the rest has to come again with what
  /// follows it. Stops at the end of the header, and at the end of the request.
  std::size_t put(std::string_view bytes);
  /// True as long as nothing of a request has been seen.
  bool untouched() const noexcept { return !touched_; }

  State state() const noexcept { return state_; }
  const Refusal& refusal() const noexcept { return refusal_; }

  const Request& request() const noexcept { return request_; }
  bool http10() const noexcept { return http10_; }
  bool keep_alive() const noexcept { return keep_alive_; }
  bool wants_continue() const noexcept { return wants_continue_; }

  /// The complete request, and what its body holds of the budget. Then only reset() is of use.
  Request take_request();
  Share take_share();

  void reset();

 private:
  struct Parser;

  std::size_t put_head(std::string_view bytes);
  std::size_t put_body(std::string_view bytes);
  void take_head();
  bool check_framing();
  bool check_host();
  void refuse(int status, std::string_view text);

  Limits limits_;
  Budget& budget_;
  std::unique_ptr<Parser> parser_;
  State state_ = State::kHead;
  bool touched_ = false;
  std::size_t head_bytes_ = 0;
  Request request_;
  Refusal refusal_;
  bool http10_ = false;
  bool keep_alive_ = false;
  bool wants_continue_ = false;
};

}  // namespace http
