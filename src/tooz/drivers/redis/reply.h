#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct redisReader;

namespace tooz::redis {

/// What a server answers to one command.
struct Reply {
  enum class Kind { kNil, kInteger, kText, kError, kArray };
  Kind kind = Kind::kNil;
  std::int64_t integer = 0;
  std::string text;  ///< of kText and kError
  std::vector<Reply> elements;

  /// Whether it is an error that begins with this word.
  bool is_error(std::string_view word) const {
    return kind == Kind::kError && text.starts_with(word);
  }
};

/// Bytes that no Redis sends, or an answer of a shape that the command does not have.
class BadReply : public std::runtime_error {
 public:
  explicit BadReply(const std::string& why) : std::runtime_error("not understood: " + why) {}
};

/// Makes replies of a stream of bytes, by hiredis' parser.
class ReplyReader {
 public:
  ReplyReader();
  ~ReplyReader();
  ReplyReader(const ReplyReader&) = delete;
  ReplyReader& operator=(const ReplyReader&) = delete;

  void feed(std::string_view bytes);  ///< throws BadReply
  /// The next whole one; nullopt: more bytes are needed. Throws BadReply, then it is of no more
  /// use.
  std::optional<Reply> next();

 private:
  struct Free {
    void operator()(redisReader* reader) const noexcept;
  };
  std::unique_ptr<redisReader, Free> reader_;
};

/// A command as it is sent.
std::string encode(std::span<const std::string_view> command);

}  // namespace tooz::redis
