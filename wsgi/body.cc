#include "wsgi/body.h"

#include "base/log.h"

#include <algorithm>
#include <charconv>

namespace wsgi {
namespace {

constexpr std::size_t kPiece = 256 * 1024;  ///< bytes asked of wsgi.input at a time

class Reader {
 public:
  Reader(const Environ& given, PyObject* read_chunk, const Service& service, Body& out)
      : given_(given), read_chunk_(read_chunk), service_(service), out_(out) {}

  bool read() {
    if (!given_.length.empty()) return read_length();
    if (given_.input_ends) return read_until_none_comes([this] { return from_input(kPiece); });
    if (!given_.chunked) return true;
    if (read_chunk_ != nullptr)
      return read_until_none_comes([this] { return Ref(PyObject_CallNoArgs(read_chunk_)); });
    return refuse(411,
                  "The length of the request is not known: its container does not pass on "
                  "chunked bodies");
  }

 private:
  /// True: the request is answered with this.
  bool refuse(int status, std::string_view text) {
    out_.refusal = service_.refusal(status, text);
    return true;
  }

  bool read_length() {
    std::size_t length = 0;
    const char* end = given_.length.data() + given_.length.size();
    const auto [at, failed] = std::from_chars(given_.length.data(), end, length);
    if (failed != std::errc() || at != end || given_.chunked)
      return refuse(400, "The length of the request is ambiguous");
    if (length > service_.max_body()) return refuse(413, "The body of the request is too large");
    while (out_.text.size() < length) {
      const std::size_t before = out_.text.size();
      if (!take(from_input(std::min(length - before, kPiece)))) return false;
      if (out_.refusal) return true;
      if (out_.text.size() == before) return did_not_arrive("the connection ended");
    }
    if (out_.text.size() > length) return refuse(400, "The request is malformed");
    return true;
  }

  template <class Next>
  bool read_until_none_comes(const Next& next) {
    for (;;) {
      const std::size_t before = out_.text.size();
      if (!take(next())) return false;
      if (out_.refusal || out_.text.size() == before) return true;
    }
  }

  Ref from_input(std::size_t size) const {
    if (given_.input == nullptr) return Ref(PyBytes_FromStringAndSize(nullptr, 0));
    return Ref(PyObject_CallMethod(given_.input, "read", "n", static_cast<Py_ssize_t>(size)));
  }

  /// Adds what was read. False: a Python exception is set, and stays.
  bool take(const Ref& piece) {
    if (!piece) return is_of_client() && did_not_arrive("the container could not read it");
    char* data = nullptr;
    Py_ssize_t size = 0;
    if (PyBytes_AsStringAndSize(piece.get(), &data, &size) != 0) return false;
    const auto bytes = static_cast<std::size_t>(size);
    if (bytes > service_.max_body() - out_.text.size())
      return refuse(413, "The body of the request is too large");
    if (!out_.share.grow(bytes)) return refuse(503, "Too many requests are being received");
    out_.text.append(data, bytes);
    return true;
  }

  /// A container says in many ways that the client has gone or sends nonsense; what ends the
  /// process or the request (SystemExit, a time-out of the container, no memory) is not that.
  static bool is_of_client() {
    return PyErr_ExceptionMatches(PyExc_Exception) != 0 &&
           PyErr_ExceptionMatches(PyExc_MemoryError) == 0;
  }

  bool did_not_arrive(std::string_view why) {
    PyErr_Clear();
    base::log_info("inspector.wsgi", "A request's body did not arrive",
                   {{"client", given_.request.peer}, {"why", why}});
    return refuse(400, "The body of the request did not arrive");
  }

  const Environ& given_;
  PyObject* const read_chunk_;
  const Service& service_;
  Body& out_;
};

}  // namespace

bool read_body(const Environ& given, PyObject* read_chunk, const Service& service, Body& out) {
  return Reader(given, read_chunk, service, out).read();
}

}  // namespace wsgi
