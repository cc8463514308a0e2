#pragma once
#include "tooz/drivers/leased_map.h"
#include "tooz/drivers/memcached/client.h"

namespace tooz::memcached {

/// All that there is (origin, counter, sessions, keys; long values stand apart), as it was read.
struct Document {
  LeasedMap map;
  std::uint64_t unique = 0;  ///< what cas compares
};

/// The one item that holds the Document. A change is one cas of it, so it is atomic whatever it
/// touches, and when the item is gone (evicted, flushed, restarted) everything is gone with it:
/// whoever comes next begins another origin. Beside it stands an item with the origin alone, for
/// who wants no more. Thread-safe.
class DocumentStore {
 public:
  explicit DocumentStore(Client& client) : client_(client) {}

  /// Makes one where there is none. Error{kDenied}: what stands there is not ours.
  Document load(Connection& connection) const;
  /// False: the item has changed, or is gone, since `document` was read.
  bool replace(Connection& connection, const Document& document) const;
  /// Removes it unless it has changed since.
  void destroy(Connection& connection, const Document& document) const;

  /// A number that differs as soon as the document does, but for a restart of the server; nullopt:
  /// there is no document, or the server is too old to say.
  std::optional<std::uint64_t> version(Connection& connection) const;
  /// Waits a moment before an attempt is repeated. Throws net::TransportError past the deadline.
  void pause(const Connection& connection) const;

 private:
  std::optional<Document> read(Connection& connection) const;
  void make(Connection& connection) const;

  Client& client_;
};

/// Of the item with the origin of the document that was made or loaded last, by whoever.
std::string origin_key();

}  // namespace tooz::memcached
