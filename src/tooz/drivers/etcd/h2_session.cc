#include "tooz/drivers/etcd/h2_session.h"

#include <nghttp2/nghttp2.h>

#include <array>
#include <map>
#include <new>
#include <vector>

namespace tooz::etcd {
namespace {

constexpr std::uint32_t kStreamWindow = 1U << 20;
constexpr std::int32_t kConnectionWindow = 8 << 20;
constexpr std::uint32_t kMaxHeaderList = 64U << 10;

std::string_view view(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

std::uint8_t* bytes(std::string_view text) {
  // nghttp2 copies names and values; its structure is only not const.
  return reinterpret_cast<std::uint8_t*>(const_cast<char*>(text.data()));
}

nghttp2_nv name_value(const Header& header) {
  nghttp2_nv nv{};
  nv.name = bytes(header.name);
  nv.namelen = header.name.size();
  nv.value = bytes(header.value);
  nv.valuelen = header.value.size();
  nv.flags = header.secret ? NGHTTP2_NV_FLAG_NO_INDEX : NGHTTP2_NV_FLAG_NONE;
  return nv;
}

}  // namespace

class H2Session::Impl {
 public:
  explicit Impl(H2Events& events) : events_(events) {
    nghttp2_session_callbacks* callbacks = nullptr;
    if (nghttp2_session_callbacks_new(&callbacks) != 0) throw std::bad_alloc();
    nghttp2_session_callbacks_set_on_header_callback(callbacks, &on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &on_frame);
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks, &on_not_sent);
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, &on_close);
    const int failed = nghttp2_session_client_new(&session_, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    if (failed != 0) throw std::bad_alloc();
    const std::array<nghttp2_settings_entry, 3> settings{{
        {NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
        {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kStreamWindow},
        {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, kMaxHeaderList},
    }};
    nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size());
    nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, kConnectionWindow);
  }
  ~Impl() { nghttp2_session_del(session_); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  std::int32_t submit(std::span<const Header> headers, std::string body, bool ends) {
    std::vector<nghttp2_nv> fields;
    fields.reserve(headers.size());
    for (const Header& header : headers)
      fields.push_back(name_value(header));
    auto kept = std::make_unique<Body>(Body{std::move(body), 0, ends});
    nghttp2_data_provider provider{};
    provider.source.ptr = kept.get();
    provider.read_callback = &read_body;
    const std::int32_t stream =
        nghttp2_submit_request(session_, nullptr, fields.data(), fields.size(), &provider, nullptr);
    if (stream >= 0) bodies_.emplace(stream, std::move(kept));
    return stream;
  }

  void reset(std::int32_t stream) {
    nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, NGHTTP2_CANCEL);
  }
  void ping() { nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr); }

  std::string receive(std::string_view data) {
    const ssize_t taken = nghttp2_session_mem_recv(session_, bytes(data), data.size());
    return taken < 0 ? nghttp2_strerror(static_cast<int>(taken)) : "";
  }

  bool over() const noexcept {
    return nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0;
  }

  std::string_view output() {
    const std::uint8_t* data = nullptr;
    const ssize_t size = nghttp2_session_mem_send(session_, &data);
    return size > 0 ? view(data, static_cast<std::size_t>(size)) : std::string_view();
  }

 private:
  struct Body {
    std::string data;
    std::size_t sent = 0;
    bool ends = true;
  };

  static Impl& self(void* user) { return *static_cast<Impl*>(user); }

  void closed(std::int32_t stream, std::uint32_t error, bool refused) {
    if (bodies_.erase(stream) != 0) events_.on_close(stream, error, refused);
  }

  static ssize_t read_body(nghttp2_session* /*session*/, std::int32_t /*stream*/,
                           std::uint8_t* buffer, std::size_t size, std::uint32_t* flags,
                           nghttp2_data_source* source, void* /*user*/) {
    auto& body = *static_cast<Body*>(source->ptr);
    const std::size_t count = body.data.copy(reinterpret_cast<char*>(buffer), size, body.sent);
    body.sent += count;
    if (body.sent == body.data.size() && body.ends) *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (count == 0 && !body.ends) return NGHTTP2_ERR_DEFERRED;
    return static_cast<ssize_t>(count);
  }

  static int on_header(nghttp2_session* /*session*/, const nghttp2_frame* frame,
                       const std::uint8_t* name, std::size_t name_size, const std::uint8_t* value,
                       std::size_t value_size, std::uint8_t /*flags*/, void* user) {
    self(user).events_.on_header(frame->hd.stream_id, view(name, name_size),
                                 view(value, value_size));
    return 0;
  }

  static int on_data(nghttp2_session* /*session*/, std::uint8_t /*flags*/, std::int32_t stream,
                     const std::uint8_t* data, std::size_t size, void* user) {
    self(user).events_.on_data(stream, view(data, size));
    return 0;
  }

  static int on_frame(nghttp2_session* /*session*/, const nghttp2_frame* frame, void* user) {
    const bool ack = (frame->hd.flags & NGHTTP2_FLAG_ACK) != 0;
    switch (frame->hd.type) {
      case NGHTTP2_SETTINGS:
        if (!ack) self(user).events_.on_settings();
        break;
      case NGHTTP2_PING:
        if (ack) self(user).events_.on_pong();
        break;
      case NGHTTP2_GOAWAY:
        self(user).events_.on_goaway(frame->goaway.error_code);
        break;
      default:
        break;
    }
    return 0;
  }

  static int on_not_sent(nghttp2_session* /*session*/, const nghttp2_frame* frame, int /*error*/,
                         void* user) {
    // Of the frames that we submit only a request's HEADERS concern a stream that is not yet known
    // to the server.
    if (frame->hd.type == NGHTTP2_HEADERS)
      self(user).closed(frame->hd.stream_id, NGHTTP2_REFUSED_STREAM, true);
    return 0;
  }

  static int on_close(nghttp2_session* /*session*/, std::int32_t stream, std::uint32_t error,
                      void* user) {
    self(user).closed(stream, error, error == NGHTTP2_REFUSED_STREAM);
    return 0;
  }

  H2Events& events_;
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, std::unique_ptr<Body>> bodies_;
};

H2Session::H2Session(H2Events& events) : impl_(std::make_unique<Impl>(events)) {}
H2Session::~H2Session() = default;

std::int32_t H2Session::submit(std::span<const Header> headers, std::string body, bool ends) {
  return impl_->submit(headers, std::move(body), ends);
}
void H2Session::reset(std::int32_t stream) { impl_->reset(stream); }
void H2Session::ping() { impl_->ping(); }
std::string H2Session::receive(std::string_view data) { return impl_->receive(data); }
std::string_view H2Session::output() { return impl_->output(); }
bool H2Session::over() const noexcept { return impl_->over(); }

}  // namespace tooz::etcd
