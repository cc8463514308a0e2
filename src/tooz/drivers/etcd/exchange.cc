#include "tooz/drivers/etcd/exchange.h"

#include <charconv>

namespace tooz::etcd {
namespace {

int number_of(std::string_view digits) {
  int number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

}  // namespace

void Exchange::header(std::string_view name, std::string_view value) {
  if (name == ":status") http_status_ = value;
  if (name == "grpc-status") code_ = code_from_header(value);
  if (name == "grpc-message") message_ = percent_decode(value);
}

bool Exchange::data(std::string_view bytes) {
  if (failure_) return true;
  if (http_status_ != "200") return true;  // a page of a proxy; status() tells
  try {
    deframer_.add(bytes);
    while (auto message = deframer_.next()) {
      const bool wanted = call_->request().stays_open || messages_ == 0;
      if (!wanted || !call_->add(std::move(*message)))
        throw BadFrame("more answers than asked for");
      ++messages_;
    }
  } catch (const BadFrame& e) {
    failure_ = Status{Code::kResourceExhausted, e.what()};
    return false;
  }
  return true;
}

Status Exchange::status(std::uint32_t error) const {
  if (failure_) return *failure_;
  if (code_ && *code_ != Code::kOk) return {*code_, message_};
  if (!http_status_.empty() && http_status_ != "200")
    return {code_from_http(number_of(http_status_)), "HTTP status " + http_status_};
  if (!code_)
    return {Code::kUnavailable, "the server ended the stream (HTTP/2 error " +
                                    std::to_string(error) + ") without a status"};
  if (deframer_.partial() || (messages_ == 0 && !call_->request().stays_open))
    return {Code::kInternal, "the server's answer is cut off"};
  return {};
}

}  // namespace tooz::etcd
