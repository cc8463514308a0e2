#pragma once
#include <cstddef>
#include <memory>
#include <memory_resource>
#include <string>

namespace tooz {

/// Where the drivers that read and write all their state as one value keep it meanwhile: what is
/// large has pages of its own, which the system gets back at once. In malloc's heaps, of which each
/// thread has one, such values leave holes that are as large as they were, between what stays.
/// Thread-safe.
std::pmr::memory_resource* pages() noexcept;

/// Bytes that may be many.
class Buffer : public std::pmr::string {
 public:
  Buffer() : std::pmr::string(pages()) {}
  using std::pmr::string::operator=;
  explicit Buffer(std::string_view bytes) : std::pmr::string(bytes, pages()) {}
  explicit Buffer(std::size_t size) : std::pmr::string(size, '\0', pages()) {}
};

/// Memory for one value of many small parts, which go all at once with it. `expected`: bytes that
/// it probably takes. For one thread at a time.
std::shared_ptr<std::pmr::memory_resource> make_region(std::size_t expected);

}  // namespace tooz
