// Beast 1.81 asserts that the last chunk is seen in at least five bytes, and "0\r\n\r" are four:
// any client could end the process. The code behind the assertion copes.
#define BOOST_DISABLE_ASSERTS

#include "http/request_reader.h"

#include <algorithm>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>

namespace http {
namespace {

namespace beast = boost::beast::http;
using boost::system::error_code;

/// A body that pays for each byte when it has come: neither a Content-Length nor a chunk's size
/// takes memory or budget by being announced.
struct PaidBody {
  struct value_type {
    std::string text;
    Share* share = nullptr;
  };
  struct reader {
    template <bool IsRequest, class Fields>
    reader(beast::header<IsRequest, Fields>& /*head*/, value_type& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>& /*length*/, error_code& ec) { ec = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& ec) {
      const std::size_t size = boost::asio::buffer_size(buffers);
      if (!body_.share->grow(size)) {
        ec = make_error_code(boost::system::errc::not_enough_memory);
        return 0;
      }
      for (auto at = boost::asio::buffer_sequence_begin(buffers);
           at != boost::asio::buffer_sequence_end(buffers); ++at)
        body_.text.append(static_cast<const char*>(at->data()), at->size());
      ec = {};
      return size;
    }
    void finish(error_code& ec) { ec = {}; }
    value_type& body_;
  };
};

std::string_view view(boost::beast::string_view s) { return {s.data(), s.size()}; }

std::size_t count(const Headers& headers, std::string_view name) {
  return static_cast<std::size_t>(
      std::count_if(headers.begin(), headers.end(),
                    [&](const auto& header) { return same_name(header.first, name); }));
}

/// `http://host/path` is what a proxy is asked; RFC 9112 wants servers to take it too.
std::string origin_form(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!same_name(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto end = target.find_first_of("/?");
    if (end == std::string_view::npos) return "/";
    const std::string rest(target.substr(end));
    return rest.front() == '/' ? rest : '/' + rest;
  }
  return std::string(target);
}

}  // namespace

struct RequestReader::Parser {
  explicit Parser(std::size_t max_header, std::size_t max_body, Budget& budget) : share(budget) {
    const std::size_t limit = std::min<std::size_t>(max_header, UINT32_MAX);
    parser.header_limit(static_cast<std::uint32_t>(limit));
    parser.body_limit(max_body);
    parser.get().body().share = &share;
  }
  Share share;
  beast::request_parser<PaidBody> parser;
};

RequestReader::RequestReader(Limits limits, Budget& budget) : limits_(limits), budget_(budget) {}
RequestReader::~RequestReader() = default;

void RequestReader::reset() {
  parser_.reset();
  state_ = State::kHead;
  touched_ = false;
  head_bytes_ = 0;
  request_ = Request{};
  refusal_ = Refusal{};
  http10_ = keep_alive_ = wants_continue_ = false;
}

std::size_t RequestReader::put(std::string_view bytes) {
  if (bytes.empty()) return 0;
  if (state_ == State::kHead) return put_head(bytes);
  if (state_ == State::kBody) return put_body(bytes);
  return 0;
}

std::size_t RequestReader::put_head(std::string_view bytes) {
  std::size_t skipped = 0;  // empty lines before a request: RFC 9112 section 2.2
  if (!touched_) {
    skipped = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
    bytes.remove_prefix(skipped);
    if (bytes.empty()) return skipped;
    touched_ = true;
  }
  if (!parser_) parser_ = std::make_unique<Parser>(limits_.max_header, limits_.max_body, budget_);
  error_code ec;
  const std::size_t used = parser_->parser.put({bytes.data(), bytes.size()}, ec);
  head_bytes_ += used;
  if (ec == beast::error::need_more) {
    if (head_bytes_ + bytes.size() - used > limits_.max_header)
      refuse(431, "The header of the request is too large");
  } else if (ec == beast::error::header_limit || head_bytes_ > limits_.max_header) {
    refuse(431, "The header of the request is too large");
  } else if (ec == beast::error::body_limit) {
    refuse(413, "The body of the request is too large");
  } else if (ec) {
    refuse(400, "The request is malformed");
  } else {
    take_head();
  }
  return skipped + used;
}

void RequestReader::take_head() {
  const auto& message = parser_->parser.get();
  request_.method = view(message.method_string());
  request_.target = origin_form(view(message.target()));
  for (const auto& field : message)
    request_.headers.emplace_back(view(field.name_string()), view(field.value()));
  http10_ = message.version() < 11;
  keep_alive_ = parser_->parser.keep_alive();
  state_ = parser_->parser.is_done() ? State::kDone : State::kBody;
  if (!check_framing() || !check_host()) return;

  if (const auto expect = find_header(request_.headers, "Expect"); expect && !http10_) {
    if (!same_name(*expect, "100-continue"))
      return refuse(417, "The expectation of the request is not known");
    wants_continue_ = state_ == State::kBody;
  }
  const auto length = parser_->parser.content_length();
  if (length && *length > budget_.left())
    return refuse(503, "Too many requests are being received");
  if (state_ == State::kBody) parser_->parser.eager(true);
}

/// Beast lets a transfer coding it does not know pass as a request without a body: the body would
/// then be read as the next request.
bool RequestReader::check_framing() {
  const auto coding = find_header(request_.headers, "Transfer-Encoding");
  if (!coding) return true;
  if (http10_ || find_header(request_.headers, "Content-Length")) {
    refuse(400, "The length of the request is ambiguous");
    return false;
  }
  if (!same_name(*coding, "chunked")) {
    refuse(501, "The transfer coding of the request is not supported");
    return false;
  }
  return true;
}

bool RequestReader::check_host() {
  const std::size_t hosts = count(request_.headers, "Host");
  if (hosts == 1 || (hosts == 0 && http10_)) return true;
  refuse(400, hosts == 0 ? "The request has no Host header"
                         : "The request has more than one Host header");
  return false;
}

std::size_t RequestReader::put_body(std::string_view bytes) {
  error_code ec;
  const std::size_t used = parser_->parser.put({bytes.data(), bytes.size()}, ec);
  if (ec == beast::error::need_more) {
    if (bytes.size() - used > limits_.max_header)
      refuse(400, "A chunk of the request has too large a header");
  } else if (ec == beast::error::body_limit) {
    refuse(413, "The body of the request is too large");
  } else if (ec == boost::system::errc::not_enough_memory) {
    refuse(503, "Too many requests are being received");
  } else if (ec) {
    refuse(400, "The request is malformed");
  } else if (parser_->parser.is_done()) {
    request_.body = std::move(parser_->parser.get().body().text);
    state_ = State::kDone;
  }
  return used;
}

Request RequestReader::take_request() { return std::move(request_); }

Share RequestReader::take_share() { return std::move(parser_->share); }

void RequestReader::refuse(int status, std::string_view text) {
  parser_.reset();
  state_ = State::kRefused;
  refusal_ = {status, text};
}

}  // namespace http
