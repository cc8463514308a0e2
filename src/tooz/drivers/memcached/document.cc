#include "tooz/drivers/memcached/document.h"

#include "tooz/drivers/file/codec.h"
#include "tooz/random_text.h"

namespace tooz::memcached {
namespace {

constexpr std::string_view kDocument = "tooz-cc:all";
constexpr std::string_view kOrigin = "tooz-cc:origin";
constexpr auto kLongestPause = std::chrono::milliseconds(8);

Store origin_item(std::string_view origin) { return {"set", kOrigin, origin}; }

}  // namespace

Document DocumentStore::load(Connection& connection) const {
  for (;; pause(connection)) {
    if (auto document = read(connection)) return std::move(*document);
    make(connection);
    if (auto document = read(connection)) return std::move(*document);
  }
}

std::optional<Document> DocumentStore::read(Connection& connection) const {
  connection.send("gets " + std::string(kDocument) + "\r\nget " + std::string(kOrigin) + "\r\n");
  const auto found = connection.items();
  const auto hint = connection.items();
  if (found.empty()) return std::nullopt;
  auto contents = file::decode(found.front().data);
  if (!contents)
    client_.fail({"read", kDocument}, Errc::kDenied,
                 "it is of another version or not ours; `delete` it when nobody uses it");
  const std::string& origin = contents->data.origin;
  if (hint.empty() || std::string_view(hint.front().data) != origin) {
    connection.send(encode(origin_item(origin)));
    connection.line();
  }
  return Document{LeasedMap(client_.name(), std::move(contents->data)), found.front().unique};
}

// The counter begins at the time in µs, past all that was given out before. The origin is told
// first: sessions of before must not be renewed beside the new document.
void DocumentStore::make(Connection& connection) const {
  LeasedMap::Data data;
  data.origin = random_text(client_.env());
  const auto now = client_.env().wall_time().time_since_epoch();
  data.last = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  connection.send(encode(origin_item(data.origin)) +
                  encode({"add", kDocument, file::encode("", data)}));
  connection.line();
  connection.line();
}

bool DocumentStore::replace(Connection& connection, const Document& document) const {
  const Buffer bytes = file::encode("", document.map.data());
  connection.send(encode({"cas", kDocument, bytes, 0, document.unique}));
  return connection.line() == "STORED";
}

void DocumentStore::destroy(Connection& connection, const Document& document) const {
  connection.send(encode({"cas", kDocument, "", -1, document.unique}));
  connection.line();
}

std::optional<std::uint64_t> DocumentStore::version(Connection& connection) const {
  connection.send("mg " + std::string(kDocument) + " c\r\n");
  try {
    const std::string line = connection.line();  // HD c17, or EN
    if (!line.starts_with("HD c")) return std::nullopt;
    return std::stoull(line.substr(4));
  } catch (const Refused&) {
    return std::nullopt;
  } catch (const std::logic_error&) {
    throw BadReply("a number");
  }
}

void DocumentStore::pause(const Connection& connection) const {
  Env& env = client_.env();
  if (env.now() >= connection.deadline())
    throw net::TransportError("too many write at the same time");
  const auto most = static_cast<std::uint64_t>(Env::Duration(kLongestPause).count());
  env.sleep_for(Env::Duration(env.random() % most), {});
}

std::string origin_key() { return std::string(kOrigin); }

}  // namespace tooz::memcached
