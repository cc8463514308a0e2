#include "tooz/drivers/memcached_wire/protocol.h"

#include <charconv>

namespace tooz::memcached {
namespace {

constexpr std::string_view kEnd = "\r\n";
constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kLargestItem = std::size_t{128} << 20;  // more than any server allows

// The line that begins at `at`, without its end; nullopt: it is not whole.
std::optional<std::string_view> line_at(std::string_view buffer, std::size_t at) {
  const auto end = buffer.find(kEnd, at);
  if (end == std::string_view::npos) {
    if (buffer.size() - at > kLongestLine) throw BadReply("a line without end");
    return std::nullopt;
  }
  return buffer.substr(at, end - at);
}

std::string_view next_word(std::string_view& line) {
  const auto space = line.find(' ');
  const std::string_view word = line.substr(0, space);
  line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
  return word;
}

template <class Number>
Number number_of(std::string_view text) {
  Number number{};
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed != std::errc{} || end != text.data() + text.size()) throw BadReply("no number");
  return number;
}

bool is_error(std::string_view line) {
  return line == "ERROR" || line.starts_with("CLIENT_ERROR") || line.starts_with("SERVER_ERROR");
}

void refuse_error(Buffer& buffer, std::string_view line) {
  if (!is_error(line)) return;
  const std::string text(line);
  buffer.erase(0, buffer.find(kEnd) + kEnd.size());
  throw Refused(text);
}

struct Header {
  Item item;
  std::size_t size = 0;
};

// VALUE key flags size [unique]
Header header_of(std::string_view line) {
  if (next_word(line) != "VALUE") throw BadReply("an item");
  Header header;
  header.item.key = next_word(line);
  next_word(line);
  header.size = number_of<std::size_t>(next_word(line));
  if (header.item.key.empty() || header.size > kLargestItem) throw BadReply("an item");
  if (!line.empty()) header.item.unique = number_of<std::uint64_t>(line);
  return header;
}

}  // namespace

std::optional<std::string> take_line(Buffer& buffer) {
  const auto line = line_at(buffer, 0);
  if (!line) return std::nullopt;
  refuse_error(buffer, *line);
  std::string taken(*line);
  buffer.erase(0, taken.size() + kEnd.size());
  return taken;
}

std::optional<std::vector<Item>> take_items(Buffer& buffer) {
  const std::string_view all = buffer;
  std::vector<Item> items;
  std::size_t at = 0;
  for (;;) {
    const auto line = line_at(all, at);
    if (!line) return std::nullopt;
    if (at == 0) refuse_error(buffer, *line);
    at += line->size() + kEnd.size();
    if (*line == "END") break;
    Header header = header_of(*line);
    if (all.size() - at < header.size + kEnd.size()) return std::nullopt;
    if (all.substr(at + header.size, kEnd.size()) != kEnd) throw BadReply("the end of an item");
    header.item.data = all.substr(at, header.size);
    items.push_back(std::move(header.item));
    at += header.size + kEnd.size();
  }
  buffer.erase(0, at);
  return items;
}

std::optional<std::int64_t> take_time(Buffer& buffer) {
  std::optional<std::int64_t> time;
  std::size_t at = 0;
  for (;;) {
    const auto line = line_at(buffer, at);
    if (!line) return std::nullopt;
    if (at == 0) refuse_error(buffer, *line);
    at += line->size() + kEnd.size();
    if (*line == "END") break;
    std::string_view rest = *line;
    if (next_word(rest) != "STAT") throw BadReply("statistics");
    if (next_word(rest) == "time") time = number_of<std::int64_t>(rest);
  }
  if (!time) throw BadReply("statistics without time");
  buffer.erase(0, at);
  return time;
}

Buffer encode(const Store& store) {
  Buffer text(store.verb);
  text.append(" ").append(store.key).append(" 0 ");
  text += std::to_string(store.seconds) + " " + std::to_string(store.data.size());
  if (store.verb == "cas") text += " " + std::to_string(store.unique);
  text.append(kEnd).append(store.data).append(kEnd);
  return text;
}

}  // namespace tooz::memcached
