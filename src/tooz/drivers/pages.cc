#include "tooz/drivers/pages.h"

#include <sys/mman.h>

#include <algorithm>
#include <new>

namespace tooz {
namespace {

constexpr std::size_t kLarge =
    16 << 10;  ///< from here on pages of its own are worth two system calls
constexpr std::size_t kLeast = 512;

class Pages final : public std::pmr::memory_resource {
 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    if (size < kLarge) return std::pmr::new_delete_resource()->allocate(size, alignment);
    void* at = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) throw std::bad_alloc();
    return at;
  }
  void do_deallocate(void* at, std::size_t size, std::size_t alignment) override {
    if (size < kLarge)
      std::pmr::new_delete_resource()->deallocate(at, size, alignment);
    else
      ::munmap(at, size);
  }
  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

}  // namespace

std::pmr::memory_resource* pages() noexcept {
  static Pages all;
  return &all;
}

std::shared_ptr<std::pmr::memory_resource> make_region(std::size_t expected) {
  return std::make_shared<std::pmr::monotonic_buffer_resource>(std::max(expected, kLeast), pages());
}

}  // namespace tooz
