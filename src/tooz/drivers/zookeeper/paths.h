#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tooz::zookeeper {

/// Where the driver keeps what, below its root node:
///
///   keys/d<segment>/…/k<leaf>  one node for each key. The key is cut at its slashes: what ends
///                              with a slash is a folder, a container node that the server removes
///                              when it has been empty for a while; the rest is the leaf, with the
///                              key's identity and its value.
///   ids/<identity>             stands while that writing of a key stands
///   counters/<depth>-<number>  its version grows with each key made in one of its folders
///   sessions/<number>          ephemeral: how to take a session over
///   origin                     a text by chance
///
/// In names, every byte that is not a letter, a digit or one of `-_.` is written as `%xx`.
class Paths {
 public:
  explicit Paths(std::string root) : root_(std::move(root)) {}

  /// The persistent nodes that everything needs, parents first.
  std::vector<std::string> foundations() const;

  std::string origin() const { return root_ + "/origin"; }
  std::string session(std::int64_t id) const;
  std::string identity(std::string_view id) const;
  std::string key(std::string_view key) const;
  /// The folder that a key or a prefix is cut to; `""` is the folder of everything.
  std::string folder(std::string_view key) const;
  /// The folders on the way to the one of `key`, from outside to inside, without the outermost,
  /// which always stands.
  std::vector<std::string> folders(std::string_view key) const;
  /// The counters that the making of `key` raises: of each folder it is in, down to kDepth.
  std::vector<std::string> counters(std::string_view key) const;
  /// The one that tells whether anything was made under `prefix`.
  std::string counter(std::string_view prefix) const;

 private:
  std::string root_;
};

/// `key` without what follows its last slash.
std::string_view folder_of(std::string_view key);
std::string_view leaf_of(std::string_view key);

std::string escaped(std::string_view bytes);
std::optional<std::string> unescaped(std::string_view text);  ///< nullopt: not written by escaped()

}  // namespace tooz::zookeeper
