#include "tooz/drivers/etcd/h2_session.h"

#include <gtest/gtest.h>
#include <nghttp2/nghttp2.h>

#include <array>
#include <map>
#include <vector>

namespace tooz::etcd {
namespace {

/// The other half of the connection, in memory: remembers what was asked, answers what it is told.
class Server {
 public:
  Server() {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_session_callbacks_new(&callbacks);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, &on_frame);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, &on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, &on_data);
    nghttp2_session_server_new(&session, callbacks, this);
    nghttp2_session_callbacks_del(callbacks);
    nghttp2_submit_settings(session, NGHTTP2_FLAG_NONE, nullptr, 0);
  }
  ~Server() { nghttp2_session_del(session); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void receive(std::string_view bytes) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    ASSERT_EQ(nghttp2_session_mem_recv(session, data, bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }
  std::string output() {
    std::string all;
    const std::uint8_t* data = nullptr;
    for (ssize_t n = 0; (n = nghttp2_session_mem_send(session, &data)) > 0;)
      all.append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(n));
    return all;
  }
  void answer_in_headers_alone(std::int32_t stream) const {
    std::array<std::string, 4> text{":status", "200", "grpc-status", "7"};
    std::array<nghttp2_nv, 2> fields{};
    for (std::size_t i = 0; i < fields.size(); ++i)
      fields[i] = {reinterpret_cast<std::uint8_t*>(text[2 * i].data()),
                   reinterpret_cast<std::uint8_t*>(text[2 * i + 1].data()), text[2 * i].size(),
                   text[2 * i + 1].size(), NGHTTP2_NV_FLAG_NONE};
    nghttp2_submit_response(session, stream, fields.data(), fields.size(), nullptr);
  }

  nghttp2_session* session = nullptr;
  std::map<std::string, std::string> headers;
  std::map<std::int32_t, std::string> bodies;
  std::vector<std::int32_t> ended;
  std::vector<std::int32_t> resets;

 private:
  static int on_frame(nghttp2_session* /*session*/, const nghttp2_frame* frame, void* user) {
    auto& self = *static_cast<Server*>(user);
    const auto stream = frame->hd.stream_id;
    if (frame->hd.type == NGHTTP2_RST_STREAM) self.resets.push_back(stream);
    if (stream != 0 && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0)
      self.ended.push_back(stream);
    return 0;
  }
  static int on_header(nghttp2_session* /*session*/, const nghttp2_frame* /*frame*/,
                       const std::uint8_t* name, std::size_t name_size, const std::uint8_t* value,
                       std::size_t value_size, std::uint8_t flags, void* user) {
    std::string text(reinterpret_cast<const char*>(value), value_size);
    if ((flags & NGHTTP2_NV_FLAG_NO_INDEX) != 0) text += " (never indexed)";
    static_cast<Server*>(user)->headers[{reinterpret_cast<const char*>(name), name_size}] = text;
    return 0;
  }
  static int on_data(nghttp2_session* /*session*/, std::uint8_t /*flags*/, std::int32_t stream,
                     const std::uint8_t* data, std::size_t size, void* user) {
    static_cast<Server*>(user)->bodies[stream].append(reinterpret_cast<const char*>(data), size);
    return 0;
  }
};

struct Seen final : H2Events {
  void on_settings() override { settings = true; }
  void on_header(std::int32_t stream, std::string_view name, std::string_view value) override {
    headers[stream][std::string(name)] = value;
  }
  void on_data(std::int32_t /*stream*/, std::string_view /*bytes*/) override {}
  void on_close(std::int32_t stream, std::uint32_t /*error*/, bool was_refused) override {
    closed.push_back(stream);
    if (was_refused) refused.push_back(stream);
  }
  void on_goaway(std::uint32_t /*error*/) override { goaway = true; }
  void on_pong() override { pong = true; }

  bool settings = false;
  bool goaway = false;
  bool pong = false;
  std::map<std::int32_t, std::map<std::string, std::string>> headers;
  std::vector<std::int32_t> closed;
  std::vector<std::int32_t> refused;
};

class Http2 : public testing::Test {
 protected:
  std::int32_t request(bool ends = true) {
    const std::vector<Header> headers{{":method", "POST"},
                                      {":scheme", "http"},
                                      {":path", "/x"},
                                      {":authority", "a"},
                                      {"token", "secret", true}};
    return client.submit(headers, "body", ends);
  }
  // Until neither has anything to say.
  void talk() {
    for (bool more = true; more;) {
      more = false;
      for (auto out = client.output(); !out.empty(); out = client.output(), more = true)
        server.receive(out);
      const std::string back = server.output();
      if (back.empty()) continue;
      ASSERT_EQ(client.receive(back), "");
      more = true;
    }
  }

  Seen seen;
  H2Session client{seen};
  Server server;
};

TEST_F(Http2, ARequestArrivesWithItsSecretsKeptOutOfTheTables) {
  const auto stream = request();
  talk();
  EXPECT_TRUE(seen.settings);
  EXPECT_EQ(server.headers[":path"], "/x");
  EXPECT_EQ(server.headers["token"], "secret (never indexed)");
  EXPECT_EQ(server.bodies[stream], "body");
  EXPECT_EQ(server.ended, std::vector{stream});
}

TEST_F(Http2, AWatchStaysOpen) {
  const auto stream = request(false);
  talk();
  EXPECT_EQ(server.bodies[stream], "body");
  EXPECT_TRUE(server.ended.empty());
  client.reset(stream);
  talk();
  EXPECT_EQ(server.resets, std::vector{stream});
  EXPECT_EQ(seen.closed, std::vector{stream});
}

TEST_F(Http2, AnAnswerInHeadersAloneEndsTheStream) {
  const auto stream = request();
  talk();
  server.answer_in_headers_alone(stream);
  talk();
  EXPECT_EQ(seen.headers[stream]["grpc-status"], "7");
  EXPECT_EQ(seen.closed, std::vector{stream});
  EXPECT_TRUE(seen.refused.empty());
}

TEST_F(Http2, GoawayRefusesWhatTheServerDidNotTake) {
  const auto taken = request();
  talk();
  const auto late = request();
  nghttp2_submit_goaway(server.session, NGHTTP2_FLAG_NONE, taken, NGHTTP2_NO_ERROR, nullptr, 0);
  const std::string out(client.output());
  ASSERT_EQ(client.receive(server.output()), "");
  EXPECT_TRUE(seen.goaway);
  EXPECT_EQ(seen.refused, std::vector{late});
  server.answer_in_headers_alone(taken);
  ASSERT_EQ(client.receive(server.output()), "");
  EXPECT_EQ(seen.closed, (std::vector{late, taken}));
}

TEST_F(Http2, ARequestAfterGoawayIsRefusedOnceAndNeverSent) {
  talk();
  nghttp2_submit_goaway(server.session, NGHTTP2_FLAG_NONE, 0, NGHTTP2_NO_ERROR, nullptr, 0);
  talk();
  const auto stream = request();
  talk();
  EXPECT_TRUE(stream < 0 || seen.refused == std::vector{stream});
  EXPECT_TRUE(server.bodies.empty());
}

TEST_F(Http2, PingsAreAnswered) {
  talk();
  EXPECT_FALSE(seen.pong);
  client.ping();
  talk();
  EXPECT_TRUE(seen.pong);
}

TEST_F(Http2, BytesThatAreNoHttp2EndTheSession) {
  talk();
  EXPECT_FALSE(client.over());
  EXPECT_EQ(client.receive("HTTP/1.1 400 Bad Request\r\n\r\n"), "");
  while (!client.output().empty()) {
  }
  EXPECT_TRUE(client.over());
}

}  // namespace
}  // namespace tooz::etcd
