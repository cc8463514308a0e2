#include "tooz/drivers/redis/reply.h"

#include <hiredis/hiredis.h>

namespace tooz::redis {
namespace {

// Of one list. hiredis makes room for as many elements as a list promises, before any has come.
constexpr int kMostElements = 1 << 20;

redisReplyObjectFunctions functions_of_hiredis() {
  const std::unique_ptr<redisReader, decltype(&redisReaderFree)> reader(redisReaderCreate(),
                                                                        redisReaderFree);
  if (!reader) throw std::bad_alloc();
  return *reader->fn;
}

void* make_list(const redisReadTask* task, int size) {
  static const redisReplyObjectFunctions kTheirs = functions_of_hiredis();
  return size < 0 || size > kMostElements ? nullptr : kTheirs.createArray(task, size);
}

redisReplyObjectFunctions* bounded_functions() {
  static redisReplyObjectFunctions ours = [] {
    auto functions = functions_of_hiredis();
    functions.createArray = make_list;
    return functions;
  }();
  return &ours;
}

struct FreeReply {
  void operator()(redisReply* reply) const noexcept { freeReplyObject(reply); }
};

Reply convert(const redisReply& from) {
  Reply reply;
  switch (from.type) {
    case REDIS_REPLY_STRING:
    case REDIS_REPLY_STATUS:
      reply.kind = Reply::Kind::kText;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_ERROR:
      reply.kind = Reply::Kind::kError;
      reply.text.assign(from.str, from.len);
      break;
    case REDIS_REPLY_INTEGER:
      reply.kind = Reply::Kind::kInteger;
      reply.integer = from.integer;
      break;
    case REDIS_REPLY_ARRAY:
      reply.kind = Reply::Kind::kArray;
      reply.elements.reserve(from.elements);
      for (std::size_t i = 0; i < from.elements; ++i)
        reply.elements.push_back(convert(*from.element[i]));
      break;
    default:
      break;
  }
  return reply;
}

}  // namespace

void ReplyReader::Free::operator()(redisReader* reader) const noexcept { redisReaderFree(reader); }

ReplyReader::ReplyReader() : reader_(redisReaderCreateWithFunctions(bounded_functions())) {
  if (!reader_) throw std::bad_alloc();
}
ReplyReader::~ReplyReader() = default;

void ReplyReader::feed(std::string_view bytes) {
  if (redisReaderFeed(reader_.get(), bytes.data(), bytes.size()) != REDIS_OK)
    throw BadReply(reader_->errstr);
}

std::optional<Reply> ReplyReader::next() {
  void* made = nullptr;
  if (redisReaderGetReply(reader_.get(), &made) != REDIS_OK) throw BadReply(reader_->errstr);
  if (made == nullptr) return std::nullopt;
  const std::unique_ptr<redisReply, FreeReply> reply(static_cast<redisReply*>(made));
  return convert(*reply);
}

std::string encode(std::span<const std::string_view> command) {
  std::vector<const char*> words;
  std::vector<std::size_t> sizes;
  for (const std::string_view word : command) {
    words.push_back(word.data() != nullptr ? word.data() : "");
    sizes.push_back(word.size());
  }
  char* formatted = nullptr;
  const int size = redisFormatCommandArgv(&formatted, static_cast<int>(words.size()), words.data(),
                                          sizes.data());
  if (size < 0) throw std::bad_alloc();
  std::string bytes(formatted, static_cast<std::size_t>(size));
  redisFreeCommand(formatted);
  return bytes;
}

}  // namespace tooz::redis
