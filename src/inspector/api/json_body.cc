#include "inspector/api/json_body.h"

#include "inspector/error.h"
#include "inspector/processing/python_repr.h"
#include "inspector/read_json.h"
#include "inspector/utf8.h"

#include <boost/json.hpp>
#include <memory>
#include <mutex>
#include <new>
#include <optional>

namespace inspector {
namespace {

constexpr std::string_view kExpected = "Invalid data: expected a JSON object, got ";

/// Memory from the heap, and no more than a limit of it.
class Limited final : public boost::container::pmr::memory_resource {
 public:
  explicit Limited(std::size_t limit) : left_(limit) {}

 private:
  // The parser asks for no more alignment than any object of the heap has.
  void* do_allocate(std::size_t size, std::size_t /*alignment*/) override {
    if (size > left_) throw std::bad_alloc();
    void* memory = ::operator new(size);
    left_ -= size;
    return memory;
  }
  void do_deallocate(void* memory, std::size_t size, std::size_t /*alignment*/) override {
    left_ += size;
    ::operator delete(memory);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  std::size_t left_;
};

/// Where a report lies. Fresh memory costs the system a fault for each page, together nearly as
/// much as parsing into it, so one block is kept for the next big report.
class ReportMemory {
 public:
  ReportMemory(std::size_t body, std::size_t most)
      // The analyzer does not see that the last shared_ptr ends it, and takes the block for lost.
      // NOLINTNEXTLINE(clang-analyzer-cplusplus.NewDeleteLeaks)
      : block_(body >= kBig && most > kBlock ? take() : nullptr),
        limited_(block_ ? most - kBlock : most),
        pieces_(block_ ? boost::json::monotonic_resource(block_.get(), kBlock, &limited_)
                       : boost::json::monotonic_resource(body, &limited_)) {}
  ~ReportMemory() {
    if (!block_) return;
    const std::lock_guard lock(mutex);
    kept = std::move(block_);
  }
  ReportMemory(const ReportMemory&) = delete;
  ReportMemory& operator=(const ReportMemory&) = delete;

  Limited& scratch() noexcept { return limited_; }
  boost::json::monotonic_resource& pieces() noexcept { return pieces_; }

 private:
  static constexpr std::size_t kBig = 128UL * 1024, kBlock = 8UL * 1024 * 1024;
  using Block = std::unique_ptr<unsigned char[]>;

  static Block take() {
    const std::lock_guard lock(mutex);
    return kept ? std::move(kept) : std::make_unique_for_overwrite<unsigned char[]>(kBlock);
  }

  static inline std::mutex mutex;
  static inline Block kept;

  Block block_;
  Limited limited_;
  boost::json::monotonic_resource pieces_;
};

Error not_an_object(std::string_view what) {
  return {Errc::kBadRequest, std::string(kExpected) + std::string(what)};
}

Error not_json(std::string_view body, std::size_t at, const boost::json::error_code& why) {
  if (why == boost::json::error::too_deep)
    return {Errc::kBadRequest,
            "Invalid data: JSON nested deeper than " + std::to_string(kMaxDepth) + " levels"};
  if (!valid_utf8(body)) return {Errc::kBadRequest, "Invalid data: not valid UTF-8"};
  return not_an_object("text that is not JSON (" + why.message() + " at byte " +
                       std::to_string(at) + ")");
}

/// Where the parser stopped, and why, if it did not like the text.
struct Outcome {
  std::size_t read = 0;
  boost::json::error_code why;
};

Outcome write(boost::json::parser& parser, std::string_view body,
              const boost::json::storage_ptr& memory) {
  Outcome outcome;
  try {
    parser.reset(memory);
    outcome.read = parser.write(body, outcome.why);
  } catch (const std::bad_alloc&) {
    throw Error(Errc::kBadRequest, "Invalid data: takes too much memory");
  }
  return outcome;
}

/// Also what Python's json module takes and JSON does not know: ramdisks are written in Python.
Outcome write_leniently(boost::json::parser& parser, std::string_view body,
                        const boost::json::storage_ptr& memory) {
  const Outcome outcome = write(parser, body, memory);
  if (!outcome.why || outcome.why == boost::json::error::too_deep) return outcome;
  const std::optional<std::string> strict = strict_json(body);
  if (!strict) return outcome;
  const Outcome second = write(parser, *strict, memory);
  return second.why && second.why != boost::json::error::too_deep ? outcome : second;
}

/// @param scratch what the parser needs itself
/// @param memory  of the result
boost::json::object parse(std::string_view body, std::string_view not_json_text,
                          const boost::json::storage_ptr& scratch,
                          const boost::json::storage_ptr& memory) {
  if (body.empty()) throw not_an_object(not_json_text.empty() ? "an empty body" : not_json_text);
  boost::json::parse_options options;
  options.max_depth = kMaxDepth;
  boost::json::parser parser(scratch, options);
  const auto [read, why] = write_leniently(parser, body, memory);
  if (why && why != boost::json::error::too_deep && !not_json_text.empty())
    throw not_an_object(not_json_text);
  if (why) throw not_json(body, read, why);
  boost::json::value value = parser.release();
  if (!value.is_object()) throw not_an_object(python_type(value));
  return std::move(value.get_object());
}

}  // namespace

boost::json::object parse_object(std::string_view body, std::string_view not_json_text,
                                 std::size_t max_memory) {
  const auto memory = boost::json::make_shared_resource<Limited>(max_memory);
  // A copy: what goes on to other threads must not share this one's memory.
  return {parse(body, not_json_text, memory, memory), boost::json::storage_ptr()};
}

ParsedReport parse_report(std::string_view body, std::size_t max_memory) {
  const auto memory = std::make_shared<ReportMemory>(body.size(), max_memory);
  return {memory, parse(body, "", &memory->scratch(), &memory->pieces()), body.size()};
}

}  // namespace inspector
