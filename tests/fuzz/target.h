#pragma once
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace fuzz {

/// A parser of what others send or have stored, given any bytes. It returns, whatever they are.
/// Throws Broken when what came out is not what the parser promises; any other exception that
/// leaves it is a mistake too.
struct Target {
  std::string_view name;  ///< of its folder in corpus/ as well
  void (*run)(std::string_view bytes);
};

/// All of this program.
std::span<const Target> targets() noexcept;

class Broken : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

inline void expect(bool holds, const char* what) {
  if (!holds) throw Broken(what);
}

/// Calls `parse`, which may refuse the bytes by an exception of one of these types.
template <class... Refusals, class Parse>
void refusable(Parse parse) {
  if constexpr (sizeof...(Refusals) == 0) {
    parse();
  } else {
    []<class First, class... Rest>(Parse& p, First*, Rest*...) {
      try {
        refusable<Rest...>(p);
      } catch (const First&) {
        return;
      }
    }(parse, static_cast<Refusals*>(nullptr)...);
  }
}

}  // namespace fuzz
