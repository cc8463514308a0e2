#include "inspector/conductor/packed_text.h"

#include <openssl/evp.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace inspector {
namespace {

constexpr std::size_t kPart = 48UL * 1024;  ///< MySQL's TEXT ends at 65,535 bytes
/// Reports compress to a fifth at the quickest level already; their logs do not at any.
constexpr int kLevel = Z_BEST_SPEED;
constexpr std::size_t kMost = 1UL << 30U;  ///< nobody's report, but a bound

std::string base64(const std::string& bytes) {
  std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  out.resize(static_cast<std::size_t>(size));
  return out;
}

std::string from_base64(const std::string& text) {
  std::string out(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()),
                                   static_cast<int>(text.size()));
  if (size < 0 || static_cast<std::size_t>(size) != out.size())
    throw std::runtime_error("a text of the journal is not base64");
  return out;  // zlib finds its own end: the padding's zeros behind it do no harm
}

/// Inflates to the end of the stream.
class Inflater {
 public:
  Inflater() {
    if (inflateInit(&stream_) != Z_OK) throw std::runtime_error("zlib cannot begin");
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  std::string all(std::string& bytes) {
    stream_.next_in = reinterpret_cast<Bytef*>(bytes.data());
    stream_.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    std::array<char, 64UL * 1024> buffer{};
    int state = Z_OK;
    while (state == Z_OK && out.size() < kMost) {
      stream_.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream_.avail_out = static_cast<uInt>(buffer.size());
      state = inflate(&stream_, Z_NO_FLUSH);
      out.append(buffer.data(), buffer.size() - stream_.avail_out);
    }
    if (state != Z_STREAM_END) throw std::runtime_error("a text of the journal is damaged");
    return out;
  }

 private:
  z_stream stream_{};
};

}  // namespace

std::vector<std::string> pack(std::string_view text) {
  uLongf size = compressBound(static_cast<uLong>(text.size()));
  std::string bytes(size, '\0');
  if (compress2(reinterpret_cast<Bytef*>(bytes.data()), &size,
                reinterpret_cast<const Bytef*>(text.data()), static_cast<uLong>(text.size()),
                kLevel) != Z_OK)
    throw std::runtime_error("zlib cannot compress");
  bytes.resize(size);
  const std::string whole = base64(bytes);
  std::vector<std::string> parts;
  for (std::size_t at = 0; at < whole.size(); at += kPart)
    parts.push_back(whole.substr(at, kPart));
  return parts;
}

std::string unpack(const std::vector<std::string>& parts) {
  std::string whole;
  for (const std::string& part : parts)
    whole += part;
  std::string bytes = from_base64(whole);
  return Inflater().all(bytes);
}

}  // namespace inspector
